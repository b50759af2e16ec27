//! Redeems of one offer that wait at the same moment and go to the database together.

use std::time::Duration;

use chrono::TimeDelta;
use domain::{
    ids::{IdempotencyKey, OfferId},
    webhooks::EventKind,
};
use services::{
    Services,
    identity::actors::Consumer,
    offers::redeem::{Redeemed, Refusal, redeem, settled},
    wallet, webhooks,
};
use sqlx::{
    Postgres, Transaction,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::support::{World, at_once, points};

type Answer = Result<Redeemed, Refusal>;

/// Keeps redeems of an offer from getting on until it is dropped.
async fn hold<'a>(world: &World, offer: OfferId) -> Transaction<'a, Postgres> {
    let mut held = world.db().begin().await.unwrap();
    sqlx::query("update offers set version = version where id = $1")
        .bind(Uuid::from(offer))
        .execute(&mut *held)
        .await
        .unwrap();
    held
}

/// Starts a redeem. When the next is started, this one is in the queue.
async fn start(
    s: &Services,
    consumer: Consumer,
    offer: OfferId,
    key: IdempotencyKey,
) -> JoinHandle<Answer> {
    let s = s.clone();
    let running = tokio::spawn(async move { redeem(&s, consumer, offer, key, None).await });
    // One thread runs all tasks of a test, in their order.
    tokio::task::yield_now().await;
    running
}

/// How many statements made the redemptions.
async fn commits(world: &World) -> i64 {
    let sql = "select count(distinct xmin::text) from redemptions";
    world.count(sql).await
}

#[sqlx::test(migrations = "../migrations")]
async fn what_waits_goes_with_one_commit_and_each_is_answered_as_if_it_were_alone(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::wide(options).await;
    let mut draft = world.draft();
    (draft.stock_quantity, draft.max_per_user) = (Some(5), 2);
    let shop = world.shop(draft).await;
    let other = world.offer(shop.manager, world.draft()).await;
    let rich = world.consumers(4, 1_000).await;
    let poor = world.consumer(99).await;
    let (replayed, reused) = (world.key(), world.key());
    redeem(&world.s, rich[3], other, reused, None)
        .await
        .unwrap();

    let held = hold(&world, shop.offer).await;
    let mut running = Vec::new();
    for (consumer, key) in [
        // By itself, as nobody is there yet; the others gather.
        (rich[0], world.key()),
        (rich[1], replayed),
        (poor, world.key()),
        (rich[1], world.key()),
        (rich[1], replayed),
        (rich[1], world.key()),
        (rich[3], reused),
        (rich[2], world.key()),
        (rich[2], world.key()),
        (rich[3], world.key()),
    ] {
        running.push(start(&world.s, consumer, shop.offer, key).await);
    }
    drop(held);
    let mut told = Vec::new();
    let mut made = Vec::new();
    for one in running {
        told.push(match one.await.unwrap() {
            Ok(redeemed) => {
                made.push(redeemed.redemption);
                let replayed = if redeemed.replayed {
                    "replayed"
                } else {
                    "redeemed"
                };
                format!("{replayed} {}", redeemed.available)
            }
            Err(refusal) => refusal.to_string(),
        });
    }
    let expected = [
        "redeemed 900",
        "redeemed 900",
        "costs 100, 99 available",
        "redeemed 800",
        "replayed 800",
        "limit of 2 reached",
        "the idempotency key was used for something else",
        "redeemed 900",
        "redeemed 800",
        "out of stock",
    ];
    assert_eq!(told, expected);
    assert_eq!(made[1], made[3]);
    // The other offer's, the one that went alone, and all that had gathered.
    assert_eq!(commits(&world).await, 3);
    assert_eq!(world.stock_taken(shop.offer).await, 5);
    world.assert_ledger_sound().await;
    world.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_waits_loses_what_is_past_its_date_and_takes_its_stock_by_one_update(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::wide(options).await;
    let mut draft = world.draft();
    (draft.stock_quantity, draft.lifetime_minutes) = (Some(8), 43_200);
    draft.valid_to = world.s.now() + TimeDelta::days(1_000);
    let shop = world.shop(draft).await;
    let expired = world.consumers(6, 150).await;
    world.clock.advance(TimeDelta::days(400));
    let mut consumers = world.consumers(10, 150).await;
    for consumer in &expired[..4] {
        let s = &world.s;
        wallet::grant_bonus(s, world.db(), consumer.user(), points(100), s.now())
            .await
            .unwrap();
    }
    consumers.extend(&expired);
    for sql in [
        "create table updates (taken integer not null)",
        "create function note_update() returns trigger language plpgsql as
         'begin insert into updates values (new.stock_taken - old.stock_taken); return null; end'",
        "create trigger note_update after update of stock_taken on offers
         for each row execute function note_update()",
    ] {
        sqlx::query(sql).execute(world.db()).await.unwrap();
    }
    let held = hold(&world, shop.offer).await;
    let mut running = Vec::new();
    // The one that goes alone has nothing that is past its date; in the queue those who have come first.
    for n in std::iter::once(0).chain((1..16).rev()) {
        running.push(start(&world.s, consumers[n], shop.offer, world.key()).await);
    }
    drop(held);
    let mut told = Vec::new();
    for one in running {
        told.push(match one.await.unwrap() {
            Ok(redeemed) => redeemed.available.get(),
            Err(Refusal::InsufficientBalance { available, .. }) => available.get() - 1_000,
            Err(Refusal::OutOfStock) => -1,
            Err(other) => panic!("{other}"),
        });
    }
    // Two who have nothing left, four whose new points just pay, and three of the others for the last units.
    let expected = [
        50, -1_000, -1_000, 0, 0, 0, 0, 50, 50, 50, -1, -1, -1, -1, -1, -1,
    ];
    assert_eq!(told, expected);
    let updates = "select count(*) from updates where taken in (1, 7)";
    assert_eq!(world.count(updates).await, 2);
    assert_eq!(world.count("select sum(taken) from updates").await, 8);
    let expiries = "select count(*) from transfers where kind = 'lot_expiry'";
    assert_eq!(world.count(expiries).await, 6);
    assert_eq!(world.stock_taken(shop.offer).await, 8);
    world.assert_ledger_sound().await;
    world.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn one_consumer_who_cannot_be_served_does_not_spoil_it_for_the_others(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::wide(options).await;
    let mut draft = world.draft();
    draft.stock_quantity = Some(100);
    let shop = world.shop(draft).await;
    let consumers = world.consumers(20, 100).await;
    let poisoned = world.consumer(0).await;
    sqlx::query("delete from accounts where user_id = $1")
        .bind(Uuid::from(poisoned.user()))
        .execute(world.db())
        .await
        .unwrap();
    let held = hold(&world, shop.offer).await;
    let mut running = Vec::new();
    for (n, consumer) in consumers.into_iter().enumerate() {
        running.push(start(&world.s, consumer, shop.offer, world.key()).await);
        if n == 10 {
            let fault = start(&world.s, poisoned, shop.offer, world.key()).await;
            running.push(fault);
        }
    }
    drop(held);
    let (mut redeemed, mut faults) = (0, 0);
    for one in running {
        match one.await.unwrap() {
            Ok(_) => redeemed += 1,
            Err(Refusal::Fault(_)) => faults += 1,
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!((redeemed, faults), (20, 1));
    assert_eq!(world.stock_taken(shop.offer).await, 20);
    world.assert_ledger_sound().await;
    world.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn callers_who_go_away_neither_lose_nor_double_their_redeem_nor_harm_the_others(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::wide(options).await;
    let mut draft = world.draft();
    draft.stock_quantity = Some(1_000);
    let shop = world.shop(draft).await;
    let consumers = world.consumers(30, 1_000).await;
    let keys: Vec<_> = consumers.iter().map(|_| world.key()).collect();
    let held = hold(&world, shop.offer).await;
    let mut running = Vec::new();
    for (consumer, key) in consumers.iter().zip(&keys) {
        running.push(start(&world.s, *consumer, shop.offer, *key).await);
    }
    for (n, one) in running.iter().enumerate() {
        if n % 3 == 0 {
            one.abort();
        }
    }
    drop(held);
    for (n, one) in running.into_iter().enumerate() {
        assert_eq!(one.await.is_ok(), n % 3 != 0);
    }
    settled(&world.s).await;
    assert_eq!(world.count("select count(*) from redemptions").await, 30);
    for (consumer, key) in consumers.into_iter().zip(keys) {
        let again = redeem(&world.s, consumer, shop.offer, key, None)
            .await
            .unwrap();
        assert!(again.replayed);
        assert_eq!(again.available, points(900));
    }
    world.assert_ledger_sound().await;
    world.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn codes_that_collide_with_those_of_another_instance_are_drawn_anew(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::wide(options).await;
    let mut draft = world.draft();
    draft.stock_quantity = Some(1_000);
    let shop = world.shop(draft).await;
    // Twins draw the same identifiers and codes.
    let twins = [7, 7].map(|seed| world.another_instance(seed, TimeDelta::zero()));
    let mut running = Vec::new();
    for _ in 0..30 {
        for twin in &twins {
            let (s, consumer, key) = (twin.clone(), world.consumer(100).await, world.key());
            running.push(async move { redeem(&s, consumer, shop.offer, key, None).await });
        }
    }
    for answer in at_once(running).await {
        answer.unwrap();
    }
    assert_eq!(world.stock_taken(shop.offer).await, 60);
    world.assert_ledger_sound().await;
    world.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn of_a_thousand_on_three_instances_a_hundred_get_the_last_hundred_units(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::wide(options).await;
    let mut draft = world.draft();
    draft.stock_quantity = Some(100);
    let shop = world.shop(draft).await;
    let told = webhooks::Draft {
        url: String::from("https://shop.example/events")
            .try_into()
            .unwrap(),
        events: vec![EventKind::OfferSoldOut],
        enabled: true,
    };
    webhooks::create(&world.s, shop.manager, &told)
        .await
        .unwrap();
    let instances = [3, 4, 5].map(|seed| world.another_instance(seed, TimeDelta::zero()));
    let consumers = world.consumers(250, 1_000).await;
    let mut running = Vec::new();
    for n in 0..1_000 {
        let (s, consumer, key) = (instances[n % 3].clone(), consumers[n % 250], world.key());
        running.push(async move { redeem(&s, consumer, shop.offer, key, None).await });
    }
    let answers = at_once(running).await;
    let redeemed = answers.iter().filter(|it| it.is_ok()).count();
    let sold_out = answers
        .iter()
        .filter(|it| matches!(it, Err(Refusal::OutOfStock)));
    assert_eq!((redeemed, sold_out.count()), (100, 900));
    assert_eq!(world.stock_taken(shop.offer).await, 100);
    // That it is sold out is told once, whichever batch took the last unit.
    let events = "select count(*) from webhook_events where occurred_at = '2026-01-15T12:00:00Z'";
    assert_eq!(world.count(events).await, 1);
    // Few commits for many redemptions.
    assert!(commits(&world).await < 50);
    world.assert_ledger_sound().await;
    world.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_lone_redeem_waits_for_nobody(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::wide(options).await;
    let mut draft = world.draft();
    draft.stock_quantity = Some(100);
    let shop = world.shop(draft.clone()).await;
    let other = world.offer(shop.manager, draft).await;
    let consumers = world.consumers(2, 1_000).await;
    let held = hold(&world, shop.offer).await;
    let stuck = start(&world.s, consumers[0], shop.offer, world.key()).await;
    // Another offer's redeem goes by the one that is stuck.
    let free = redeem(&world.s, consumers[1], other, world.key(), None);
    tokio::time::timeout(Duration::from_secs(5), free)
        .await
        .unwrap()
        .unwrap();
    assert!(!stuck.is_finished());
    drop(held);
    stuck.await.unwrap().unwrap();
    world.assert_ledger_sound().await;
    world.close().await;
}
