//! Webhooks as their merchant runs them, and what they tell of.

use chrono::TimeDelta;
use domain::{
    codes::MemberPresented,
    earning::Receipt,
    fields::FieldProblem,
    money::Money,
    webhooks::{DeliveryStatus, EventKind, WebhookUrl},
};
use services::{
    offers::{cancel::cancel, expire::expire_due},
    paging::Limit,
    wallet::{
        accruals::{Sale, accrue},
        members,
    },
    webhooks::{self, Refusal, runner},
};
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{
    receiver::{Receiver, send_due},
    support::{World, at_once},
};

#[sqlx::test(migrations = "../migrations")]
async fn every_change_is_told_once_and_tells_nothing_of_the_consumer(db: PgPool) {
    let world = World::new(db).await;
    let mut draft = world.draft();
    draft.stock_quantity = Some(3);
    let shop = world.shop(draft).await;
    let consumer = world.consumer(500).await;
    let receiver = Receiver::start().await;
    let (_, secret) = webhooks::create(&world.s, shop.manager, &receiver.draft(EventKind::ALL))
        .await
        .unwrap();

    let confirmed = world.redeem(consumer, shop.offer).await;
    let codes = world.codes(consumer, confirmed).await;
    world.confirm(shop.attendant, confirmed).await;
    let cancelled = world.redeem(consumer, shop.offer).await;
    world.redeem(consumer, shop.offer).await;
    cancel(&world.s, consumer, cancelled, None, None)
        .await
        .unwrap();
    world.clock.advance(TimeDelta::minutes(15));
    expire_due(&world.s).await.unwrap();
    let code = members::code(&world.s, consumer).await.unwrap();
    let sale = Sale {
        member: MemberPresented { code, token: None },
        amount: Money::try_from(85_000).unwrap(),
        receipt: Receipt::try_from("A-1").unwrap(),
    };
    for _ in 0..2 {
        accrue(&world.s, shop.attendant.into(), &sale, None)
            .await
            .unwrap();
    }

    let sent = send_due(&world.s).await;
    assert_eq!(sent, [DeliveryStatus::Delivered; 8]);
    assert_eq!(send_due(&world.s).await, []);
    assert_eq!(
        receiver.kinds(),
        [
            "accrual.created",
            "offer.sold_out",
            "redemption.cancelled",
            "redemption.confirmed",
            "redemption.created",
            "redemption.created",
            "redemption.created",
            "redemption.expired",
        ]
    );
    let private = [
        consumer.user().to_string(),
        codes.code.to_string(),
        codes.short_code.to_string(),
        "@world.test".to_owned(),
        "code".to_owned(),
        "consumer".to_owned(),
    ];
    for told in receiver.received() {
        assert_eq!(told.signatures(), [told.signed_with(&secret)]);
        let (json, id) = (told.json(), &told.headers["webhook-id"]);
        assert_eq!(json["event_id"].as_str(), Some(id.as_str()));
        assert_eq!(json["version"], 1);
        for secret in &private {
            assert!(!told.body.contains(secret), "{secret}: {}", told.body);
        }
        if told.kind() == "redemption.confirmed" {
            assert_eq!(json["aggregate_id"], confirmed.to_string());
            assert_eq!(json["data"]["redemption_id"], confirmed.to_string());
            assert_eq!(json["data"]["points_spent"], 100);
            assert_eq!(json["data"]["status"], "confirmed");
            assert_eq!(json["timestamp"], "2026-01-15T12:00:00.000000Z");
        }
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_change_that_is_rolled_back_leaves_no_event(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let receiver = Receiver::start().await;
    webhooks::create(&world.s, shop.manager, &receiver.draft(EventKind::ALL))
        .await
        .unwrap();
    let redemption = world.redeem(world.consumer(100).await, shop.offer).await;
    let change = "update redemptions set status = 'expired' where status = 'pending'";

    let mut transaction = world.db().begin().await.unwrap();
    let done = sqlx::query(change).execute(&mut *transaction).await;
    assert_eq!(done.unwrap().rows_affected(), 1);
    transaction.rollback().await.unwrap();

    send_due(&world.s).await;
    assert_eq!(receiver.kinds(), ["redemption.created"]);
    let told = &receiver.received()[0];
    assert_eq!(told.json()["aggregate_id"], redemption.to_string());
    assert_eq!(world.count("select count(*) from webhook_events").await, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn nothing_is_written_that_nobody_asked_for(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let receiver = Receiver::start().await;
    let other = world.shop(world.draft()).await;
    webhooks::create(&world.s, other.manager, &receiver.draft(EventKind::ALL))
        .await
        .unwrap();
    let mut off = receiver.draft(EventKind::ALL);
    off.enabled = false;
    for draft in [off, receiver.draft(&[EventKind::RedemptionExpired])] {
        webhooks::create(&world.s, shop.manager, &draft)
            .await
            .unwrap();
    }
    world.redeem(world.consumer(100).await, shop.offer).await;
    assert_eq!(world.count("select count(*) from webhook_events").await, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn merchants_see_and_touch_only_their_own(db: PgPool) {
    let world = World::new(db).await;
    let (shop, stranger) = (
        world.shop(world.draft()).await,
        world.shop(world.draft()).await.manager,
    );
    let receiver = Receiver::start().await;
    let draft = receiver.draft(EventKind::ALL);
    let s = &world.s;
    let (made, secret) = webhooks::create(s, shop.manager, &draft).await.unwrap();
    assert!(secret.ends_with(&format!("{}=", made.secret_hint)));
    let delivery = webhooks::send_test(s, shop.manager, made.id).await.unwrap();

    let none: Limit = Limit::default();
    assert_eq!(webhooks::list(s, stranger).await.unwrap(), []);
    let refusals = [
        webhooks::get(s, stranger, made.id).await.err(),
        webhooks::edit(s, stranger, made.id, &draft).await.err(),
        webhooks::delete(s, stranger, made.id).await.err(),
        webhooks::rotate_secret(s, stranger, made.id).await.err(),
        webhooks::send_test(s, stranger, made.id).await.err(),
        webhooks::deliveries(s, stranger, made.id, None, None, none)
            .await
            .err(),
        webhooks::replay(s, stranger, delivery).await.err(),
    ];
    for refusal in refusals {
        assert!(matches!(refusal, Some(Refusal::NotFound)), "{refusal:?}");
    }
    assert_eq!(webhooks::list(s, shop.manager).await.unwrap(), [made]);
    assert_eq!(send_due(s).await, [DeliveryStatus::Delivered]);
    assert_eq!(receiver.kinds(), ["webhook.test"]);
}

#[sqlx::test(migrations = "../migrations")]
async fn everything_done_to_a_webhook_is_in_the_audit_log(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let receiver = Receiver::start().await;
    let draft = receiver.draft(&[EventKind::OfferSoldOut]);
    let (s, by) = (&world.s, shop.manager);
    let (made, _) = webhooks::create(s, by, &draft).await.unwrap();
    let mut off = draft.clone();
    off.enabled = false;
    assert!(!webhooks::edit(s, by, made.id, &off).await.unwrap().enabled);
    webhooks::rotate_secret(s, by, made.id).await.unwrap();
    let delivery = webhooks::send_test(s, by, made.id).await.unwrap();
    webhooks::replay(s, by, delivery).await.unwrap();
    webhooks::delete(s, by, made.id).await.unwrap();
    let actions: Vec<String> = sqlx::query_scalar(
        "select action from audit_log where subject_id = $1 and merchant_id = $2 and actor_id = $3 order by action",
    )
    .bind(uuid::Uuid::from(made.id))
    .bind(uuid::Uuid::from(shop.merchant))
    .bind(uuid::Uuid::from(by.user()))
    .fetch_all(world.db())
    .await
    .unwrap();
    assert_eq!(
        actions,
        [
            "webhook.create",
            "webhook.delete",
            "webhook.edit",
            "webhook.replay",
            "webhook.rotate",
            "webhook.test"
        ]
    );
    assert_eq!(
        world.count("select count(*) from webhook_deliveries").await,
        0
    );
}

#[sqlx::test(migrations = "../migrations")]
async fn a_merchant_has_at_most_ten_webhooks_however_many_are_made_at_once(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::wide(options).await;
    let shop = world.shop(world.draft()).await;
    let receiver = Receiver::start().await;
    let made = at_once((0..30).map(|_| {
        let (s, draft) = (world.s.clone(), receiver.draft(EventKind::ALL));
        async move { webhooks::create(&s, shop.manager, &draft).await }
    }))
    .await;
    let (good, bad): (Vec<_>, Vec<_>) = made.into_iter().partition(Result::is_ok);
    assert_eq!(good.len(), 10);
    assert!(
        bad.iter()
            .all(|refused| matches!(refused, Err(Refusal::TooMany)))
    );
    world.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_webhook_without_events_is_refused(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let mut draft = Receiver::start().await.draft(&[]);
    draft.url = WebhookUrl::try_from("https://hooks.example/".to_owned()).unwrap();
    let Err(Refusal::Invalid(problems)) = webhooks::create(&world.s, shop.manager, &draft).await
    else {
        panic!("taken");
    };
    assert_eq!(problems.of("events"), Some(&FieldProblem::Required));
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_old_is_deleted_and_what_waits_is_kept(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let receiver = Receiver::start().await;
    let draft = receiver.draft(EventKind::ALL);
    let (s, by) = (&world.s, shop.manager);
    let (made, _) = webhooks::create(s, by, &draft).await.unwrap();
    webhooks::send_test(s, by, made.id).await.unwrap();
    send_due(s).await;
    receiver.answer("410 Gone");
    webhooks::send_test(s, by, made.id).await.unwrap();
    assert_eq!(send_due(s).await, [DeliveryStatus::Dead]);
    webhooks::send_test(s, by, made.id).await.unwrap();
    for (days, left) in [(30, 3), (1, 2), (59, 2), (1, 1)] {
        world.clock.advance(TimeDelta::days(days));
        runner::purge(s).await.unwrap();
        for table in ["webhook_deliveries", "webhook_events"] {
            let count = format!("select count(*) from {table}");
            assert_eq!(world.count(&count).await, left, "{table}");
        }
    }
}
