//! Short codes: one meaning per merchant at any time.

use std::collections::HashSet;

use chrono::TimeDelta;
use services::offers::redeem::redeem;
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use uuid::Uuid;

use crate::support::{Shop, World, at_once, redeems};

/// Calls the database's redeem with short codes of the test's choosing.
async fn redeem_as(world: World, shop: &Shop, shorts: Vec<Vec<String>>) -> (World, Vec<String>) {
    let mut calls = Vec::new();
    for candidates in shorts {
        let consumer = world.consumer(100).await;
        let ids: [Uuid; 4] = std::array::from_fn(|_| world.s.new_id());
        let (db, now, offer) = (world.db().clone(), world.s.now(), Uuid::from(shop.offer));
        calls.push(async move {
            let outcome: Result<String, sqlx::Error> = sqlx::query_scalar(
                "select outcome from redeem($1, $2, $3, $4, $5, $6, $7, null, 10, 30, $8)",
            )
            .bind(ids[0])
            .bind(ids[1])
            .bind(Uuid::from(consumer.user()))
            .bind(offer)
            .bind(ids[2])
            .bind(ids[3].to_string())
            .bind(candidates)
            .bind(now)
            .fetch_one(&db)
            .await;
            match outcome {
                Ok(outcome) => outcome,
                Err(sqlx::Error::Database(error)) => error.constraint().unwrap().to_owned(),
                Err(error) => panic!("{error}"),
            }
        });
    }
    let outcomes = at_once(calls).await;
    (world, outcomes)
}

#[sqlx::test(migrations = "../migrations")]
async fn of_50_redeems_at_once_one_gets_the_short_code_they_all_want(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::wide(options).await;
    let shop = world.shop(world.draft()).await;
    let (world, outcomes) = redeem_as(world, &shop, vec![vec!["ABC234".into()]; 50]).await;
    let got = outcomes
        .iter()
        .filter(|outcome| *outcome == "redeemed")
        .count();
    assert_eq!(got, 1, "{outcomes:?}");
    assert!(
        outcomes.iter().all(
            |outcome| ["redeemed", "no_short_code", "redemptions_short_code_key"]
                .contains(&outcome.as_str())
        ),
        "{outcomes:?}"
    );
    world.assert_ledger_sound().await;
    world.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_short_code_that_is_taken_gives_way_to_the_next_candidate(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let (taken, free) = ("ABC234".to_owned(), "DEF567".to_owned());
    let (world, _) = redeem_as(world, &shop, vec![vec![taken.clone()]]).await;
    let (world, outcomes) = redeem_as(world, &shop, vec![vec![taken.clone(), free]]).await;
    assert_eq!(outcomes, ["redeemed"]);
    let (world, outcomes) = redeem_as(world, &shop, vec![vec![taken.clone()]]).await;
    assert_eq!(outcomes, ["no_short_code"]);

    // Another merchant may have it, and so may this one once it is free again.
    let other = world.shop(world.draft()).await;
    let (world, outcomes) = redeem_as(world, &other, vec![vec![taken.clone()]]).await;
    assert_eq!(outcomes, ["redeemed"]);
    world.clock.advance(TimeDelta::minutes(15));
    services::offers::expire::expire_due(&world.s)
        .await
        .unwrap();
    let (world, outcomes) = redeem_as(world, &shop, vec![vec![taken]]).await;
    assert_eq!(outcomes, ["redeemed"]);
    world.assert_ledger_sound().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn two_instances_that_draw_the_same_codes_at_once_both_succeed(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::wide(options).await;
    let shop = world.shop(world.draft()).await;
    for round in 0..20 {
        let consumers = world.consumers(2, 100).await;
        let redeemed = at_once(consumers.into_iter().map(|consumer| {
            let twin = world.another_instance(100 + round, TimeDelta::zero());
            let key = world.key();
            async move {
                redeem(&twin, consumer, shop.offer, key, None)
                    .await
                    .unwrap()
            }
        }))
        .await;
        assert_ne!(redeemed[0].redemption, redeemed[1].redemption);
    }
    world.assert_ledger_sound().await;
    world.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn no_two_pending_redemptions_of_a_merchant_share_a_code(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::wide_under(redeems(1_000), options).await;
    let shop = world.shop(world.draft()).await;
    let consumers = world.consumers(4, 10_000).await;
    let redeemed = at_once((0..200).map(|n| {
        let (s, key, consumer) = (world.s.clone(), world.key(), consumers[n % 4]);
        async move {
            let redeemed = redeem(&s, consumer, shop.offer, key, None).await.unwrap();
            (consumer, redeemed.redemption)
        }
    }))
    .await;
    let mut short = HashSet::new();
    let mut full = HashSet::new();
    for (consumer, redemption) in redeemed {
        let codes = world.codes(consumer, redemption).await;
        short.insert(codes.short_code);
        full.insert(codes.code);
    }
    assert_eq!((short.len(), full.len()), (200, 200));
    world.assert_ledger_sound().await;
    world.close().await;
}
