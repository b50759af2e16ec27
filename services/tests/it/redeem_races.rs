//! Many redeems at the same moment, each by an instance of its own, so that they meet in the database alone.

use chrono::TimeDelta;
use services::{
    Services,
    offers::redeem::{Redeemed, Refusal, redeem},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::{World, at_once, points};

fn instance(world: &World, n: u64) -> Services {
    world.another_instance(1_000 + n, TimeDelta::zero())
}

#[sqlx::test(migrations = "../migrations")]
async fn of_200_consumers_at_once_20_get_the_last_20_units(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::wide(options).await;
    let mut draft = world.draft();
    draft.stock_quantity = Some(20);
    let shop = world.shop(draft).await;
    let consumers = world.consumers(200, 100).await;
    let answers = at_once(consumers.iter().zip(0..).map(|(&consumer, n)| {
        let (s, key) = (instance(&world, n), world.key());
        async move { redeem(&s, consumer, shop.offer, key, None).await }
    }))
    .await;
    let redeemed = answers.iter().filter(|answer| answer.is_ok()).count();
    let sold_out = answers
        .iter()
        .filter(|answer| matches!(answer, Err(Refusal::OutOfStock)))
        .count();
    assert_eq!((redeemed, sold_out), (20, 180), "{answers:?}");
    assert_eq!(world.stock_taken(shop.offer).await, 20);
    assert_eq!(world.count("select count(*) from redemptions").await, 20);
    let debits = "select count(*) from transfers where kind = 'redeem'";
    assert_eq!(world.count(debits).await, 20);
    world.assert_ledger_sound().await;
    world.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn who_can_pay_for_3_gets_3_of_50_redeems_at_once(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::wide(options).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(399).await;
    let answers = at_once((0..50).map(|n| {
        let (s, key) = (instance(&world, n), world.key());
        async move { redeem(&s, consumer, shop.offer, key, None).await }
    }))
    .await;
    let redeemed = answers.iter().filter(|answer| answer.is_ok()).count();
    let told_why = answers
        .iter()
        .filter(|answer| {
            matches!(answer, Err(Refusal::InsufficientBalance { required, available })
                if *required == points(100) && *available == points(99))
        })
        .count();
    assert_eq!((redeemed, told_why), (3, 47), "{answers:?}");
    assert_eq!(world.balance(consumer).await, (99, 300));
    world.assert_ledger_sound().await;
    world.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn of_50_redeems_at_once_exactly_as_many_as_the_limit_succeed(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::wide(options).await;
    let mut draft = world.draft();
    draft.max_per_user = 4;
    draft.stock_quantity = Some(1_000);
    let shop = world.shop(draft).await;
    let consumer = world.consumer(100_000).await;
    let answers = at_once((0..50).map(|n| {
        let (s, key) = (instance(&world, n), world.key());
        async move { redeem(&s, consumer, shop.offer, key, None).await }
    }))
    .await;
    let redeemed = answers.iter().filter(|answer| answer.is_ok()).count();
    let refused = answers
        .iter()
        .filter(|answer| matches!(answer, Err(Refusal::LimitReached { limit: 4 })))
        .count();
    assert_eq!((redeemed, refused), (4, 46), "{answers:?}");
    assert_eq!(world.stock_taken(shop.offer).await, 4);
    world.assert_ledger_sound().await;
    world.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_same_key_50_times_at_once_makes_one_redemption(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::wide(options).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(1_000).await;
    let key = world.key();
    let answers = at_once((0..50).map(|n| {
        let s = instance(&world, n);
        async move { redeem(&s, consumer, shop.offer, key, None).await.unwrap() }
    }))
    .await;
    let first: Vec<&Redeemed> = answers.iter().filter(|answer| !answer.replayed).collect();
    assert_eq!(first.len(), 1);
    assert!(
        answers
            .iter()
            .all(|answer| answer.redemption == first[0].redemption)
    );
    assert_eq!(world.balance(consumer).await, (900, 100));
    world.assert_ledger_sound().await;
    world.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn one_key_for_two_offers_at_once_buys_one_of_them(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::wide(options).await;
    let shop = world.shop(world.draft()).await;
    let other = world.offer(shop.manager, world.draft()).await;
    let consumer = world.consumer(1_000).await;
    let key = world.key();
    let answers = at_once((0..50).map(|n| {
        let s = instance(&world, n);
        let offer = if n % 2 == 0 { shop.offer } else { other };
        async move { redeem(&s, consumer, offer, key, None).await }
    }))
    .await;
    let answered = answers.iter().filter(|answer| answer.is_ok()).count();
    let reused = answers
        .iter()
        .filter(|answer| matches!(answer, Err(Refusal::KeyReused)))
        .count();
    assert_eq!((answered, reused), (25, 25), "{answers:?}");
    assert_eq!(world.count("select count(*) from redemptions").await, 1);
    world.assert_ledger_sound().await;
    world.close().await;
}
