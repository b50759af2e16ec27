//! How webhooks are sent: again until they are taken or given up, and nobody waits for another's receiver.

use std::time::Duration;

use chrono::TimeDelta;
use domain::{
    ids::WebhookId,
    webhooks::{DeliveryStatus, EventKind},
};
use services::{
    offers::watch,
    paging::Limit,
    webhooks::{self, Delivery, runner},
};
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::time::timeout;

use crate::{
    receiver::{Receiver, send_due},
    support::{Shop, World, at_once},
};

/// The product's schedule, in seconds.
const SCHEDULE: [i64; 6] = [5, 30, 120, 600, 3_600, 21_600];

async fn hooked(world: &World, receiver: &Receiver) -> (Shop, WebhookId) {
    let shop = world.shop(world.draft()).await;
    let draft = receiver.draft(EventKind::ALL);
    let (made, _) = webhooks::create(&world.s, shop.manager, &draft)
        .await
        .unwrap();
    (shop, made.id)
}

async fn newest(world: &World, shop: &Shop, webhook: WebhookId) -> Delivery {
    let limit = Limit::default();
    let (page, _) = webhooks::deliveries(&world.s, shop.manager, webhook, None, None, limit)
        .await
        .unwrap();
    page[0].clone()
}

#[sqlx::test(migrations = "../migrations")]
async fn a_failure_is_tried_again_on_schedule_then_given_up_and_can_be_replayed(db: PgPool) {
    let world = World::new(db).await;
    let receiver = Receiver::start().await;
    receiver.answer("500 Internal Server Error");
    let (shop, webhook) = hooked(&world, &receiver).await;
    world.redeem(world.consumer(100).await, shop.offer).await;

    for (number, wait) in (1..).zip(SCHEDULE) {
        assert_eq!(send_due(&world.s).await, [DeliveryStatus::Pending]);
        let delivery = newest(&world, &shop, webhook).await;
        assert_eq!(delivery.attempts, number);
        assert_eq!(delivery.response_status, Some(500));
        let planned = delivery.next_attempt_at.unwrap() - world.s.now();
        let (least, most) = (wait * 1_000, wait * 1_200);
        assert!(
            (least..=most).contains(&planned.num_milliseconds()),
            "{planned}"
        );
        world.clock.advance(planned - TimeDelta::milliseconds(1));
        assert_eq!(send_due(&world.s).await, [], "too early");
        world.clock.advance(TimeDelta::milliseconds(1));
    }
    assert_eq!(send_due(&world.s).await, [DeliveryStatus::Dead]);
    world.clock.advance(TimeDelta::days(7));
    assert_eq!(send_due(&world.s).await, []);
    let dead = newest(&world, &shop, webhook).await;
    assert_eq!((dead.attempts, dead.next_attempt_at), (7, None));
    assert_eq!(receiver.received().len(), 7);

    receiver.answer("200 OK");
    webhooks::replay(&world.s, shop.manager, dead.id)
        .await
        .unwrap();
    assert_eq!(send_due(&world.s).await, [DeliveryStatus::Delivered]);
    let received = receiver.received();
    let same = |it: &crate::receiver::Received| (it.headers["webhook-id"].clone(), it.body.clone());
    assert!(received.iter().all(|it| same(it) == same(&received[0])));
    assert_eq!(newest(&world, &shop, webhook).await.error, None);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_redirect_is_not_followed(db: PgPool) {
    let world = World::new(db).await;
    let receiver = Receiver::start().await;
    receiver.answer("307 Temporary Redirect\r\nlocation: /elsewhere");
    let (shop, webhook) = hooked(&world, &receiver).await;
    webhooks::send_test(&world.s, shop.manager, webhook)
        .await
        .unwrap();
    assert_eq!(send_due(&world.s).await, [DeliveryStatus::Pending]);
    assert_eq!(receiver.received().len(), 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_receiver_that_is_gone_is_switched_off(db: PgPool) {
    let world = World::new(db).await;
    let receiver = Receiver::start().await;
    receiver.answer("410 Gone");
    let (shop, webhook) = hooked(&world, &receiver).await;
    let consumer = world.consumer(200).await;
    world.redeem(consumer, shop.offer).await;
    assert_eq!(send_due(&world.s).await, [DeliveryStatus::Dead]);
    let gone = webhooks::get(&world.s, shop.manager, webhook)
        .await
        .unwrap();
    assert!(!gone.enabled);
    assert_eq!(gone.disabled_reason.as_deref(), Some("gone"));
    world.redeem(consumer, shop.offer).await;
    assert_eq!(send_due(&world.s).await, []);
    let again = receiver.draft(EventKind::ALL);
    let edited = webhooks::edit(&world.s, shop.manager, webhook, &again)
        .await
        .unwrap();
    assert!(edited.enabled && edited.disabled_reason.is_none());
}

#[sqlx::test(migrations = "../migrations")]
async fn for_a_day_after_a_rotation_both_secrets_sign(db: PgPool) {
    let world = World::new(db).await;
    let receiver = Receiver::start().await;
    let shop = world.shop(world.draft()).await;
    let (s, by) = (&world.s, shop.manager);
    let (made, old) = webhooks::create(s, by, &receiver.draft(EventKind::ALL))
        .await
        .unwrap();
    let (rotated, new) = webhooks::rotate_secret(s, by, made.id).await.unwrap();
    assert_eq!(
        rotated.previous_secret_until,
        Some(s.now() + webhooks::GRACE)
    );
    webhooks::send_test(s, by, made.id).await.unwrap();
    send_due(s).await;
    world.clock.advance(webhooks::GRACE);
    webhooks::send_test(s, by, made.id).await.unwrap();
    send_due(s).await;
    let [during, after] = receiver.received().try_into().unwrap();
    assert_eq!(
        during.signatures(),
        [during.signed_with(&new), during.signed_with(&old)]
    );
    assert_eq!(after.signatures(), [after.signed_with(&new)]);
    let now = webhooks::get(s, by, made.id).await.unwrap();
    assert_eq!(now.previous_secret_until, None);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_crash_after_sending_sends_again_and_only_the_lease_holder_records(db: PgPool) {
    let world = World::new(db).await;
    let receiver = Receiver::start().await;
    let (shop, webhook) = hooked(&world, &receiver).await;
    world.redeem(world.consumer(100).await, shop.offer).await;
    let lost = runner::claim(&world.s, 16).await.unwrap();
    assert_eq!(lost.len(), 1);
    assert_eq!(send_due(&world.s).await, [], "the lease holds");
    world.clock.advance(TimeDelta::seconds(30));
    assert_eq!(send_due(&world.s).await, [DeliveryStatus::Delivered]);

    // The one that was thought lost comes back and fails: what the other noted stands.
    receiver.answer("500 Internal Server Error");
    for claim in lost {
        runner::send(&world.s, claim).await.unwrap();
    }
    let delivery = newest(&world, &shop, webhook).await;
    assert_eq!(delivery.status, DeliveryStatus::Delivered);
    assert_eq!(delivery.attempts, 2);
    assert_eq!(receiver.received().len(), 2);
}

#[sqlx::test(migrations = "../migrations")]
async fn many_who_claim_at_once_share_what_is_due_and_keep_to_two_for_an_endpoint(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::wide(options).await;
    let receiver = Receiver::start().await;
    let (shop, webhook) = hooked(&world, &receiver).await;
    for _ in 0..12 {
        webhooks::send_test(&world.s, shop.manager, webhook)
            .await
            .unwrap();
    }
    for round in 1..=6 {
        let claims = at_once((0..20).map(|_| {
            let s = world.s.clone();
            async move { runner::claim(&s, 16).await.unwrap() }
        }))
        .await;
        let claims: Vec<_> = claims.into_iter().flatten().collect();
        assert_eq!(claims.len(), 2, "in round {round}");
        for claim in claims {
            runner::send(&world.s, claim).await.unwrap();
        }
    }
    let mut events: Vec<_> = receiver
        .received()
        .iter()
        .map(|it| it.headers["webhook-id"].clone())
        .collect();
    events.sort_unstable();
    events.dedup();
    assert_eq!((events.len(), receiver.received().len()), (12, 12));
    world.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_receiver_that_never_answers_delays_nobody_else(db: PgPool) {
    let world = World::new(db).await;
    let (silent, prompt) = (Receiver::start().await, Receiver::start().await);
    silent.never_answer();
    let (slow, webhook) = hooked(&world, &silent).await;
    let (quick, other) = hooked(&world, &prompt).await;
    for _ in 0..40 {
        webhooks::send_test(&world.s, slow.manager, webhook)
            .await
            .unwrap();
    }
    let listening = tokio::spawn(watch::listen(world.s.clone()));
    let running = tokio::spawn(runner::run(world.s.clone()));
    silent.has(2).await;
    let soon = async {
        for _ in 0..5 {
            webhooks::send_test(&world.s, quick.manager, other)
                .await
                .unwrap();
        }
        prompt.has(5).await;
    };
    timeout(Duration::from_secs(4), soon)
        .await
        .expect("news wakes the sender, and the other's receiver does not hold it up");
    assert_eq!(silent.received().len(), 2);
    world.close().await;
    for task in [listening, running] {
        timeout(Duration::from_secs(5), task)
            .await
            .unwrap()
            .unwrap();
    }
}
