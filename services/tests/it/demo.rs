//! The demo's data is there once, and works.

use domain::account::Role;
use services::{
    demo::{Loaded, PASSWORD, load},
    identity::{
        actors::{Actor, Consumer},
        sign_in::sign_in,
    },
    offers::browse::{Filter, list},
    wallet,
};
use sqlx::PgPool;

use crate::support::{World, at_once, email};

const COUNTS: &str = "select array[
    (select count(*) from merchants), (select count(*) from users where email like '%@demo.test'),
    (select count(*) from offers), (select count(*) from stations), (select count(*) from station_prices),
    (select count(*) from transfers)]";

async fn counts(world: &World) -> Vec<i64> {
    sqlx::query_scalar(COUNTS)
        .fetch_one(world.db())
        .await
        .unwrap()
}

#[sqlx::test(migrations = "../migrations")]
async fn loading_twice_leaves_one_set(db: PgPool) {
    let world = World::new(db).await;
    assert_eq!(load(&world.s).await.unwrap(), Loaded::Now);
    let once = counts(&world).await;
    assert!(once.iter().all(|count| *count > 0), "{once:?}");
    assert_eq!(load(&world.s).await.unwrap(), Loaded::Before);
    assert_eq!(counts(&world).await, once);
    world.assert_ledger_sound().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn loading_twice_at_once_leaves_one_set(db: PgPool) {
    let world = World::new(db).await;
    let loaded = at_once((10..12).map(|seed| {
        let s = world.another_instance(seed, chrono::TimeDelta::zero());
        async move { load(&s).await.unwrap() }
    }))
    .await;
    let now = loaded.iter().filter(|loaded| **loaded == Loaded::Now);
    assert_eq!(now.count(), 1, "{loaded:?}");
    assert_eq!(counts(&world).await[..3], [2, 5, 10]);
    world.assert_ledger_sound().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn all_four_can_sign_in_and_the_consumer_can_redeem(db: PgPool) {
    let world = World::new(db).await;
    load(&world.s).await.unwrap();
    for &role in Role::ALL {
        let address = email(&format!("{role}@demo.test"));
        let account = sign_in(&world.s, &address, PASSWORD).await.unwrap();
        assert_eq!(account.role, role);
        let Some(consumer) = Consumer::of(&account) else {
            continue;
        };
        let balance = wallet::balance(&world.s, consumer).await.unwrap();
        let offers = list(&world.s, &Filter::default()).await.unwrap().offers;
        let payable = offers
            .iter()
            .find(|offer| offer.points_cost <= balance.available)
            .unwrap();
        world.redeem(consumer, payable.id).await;
    }
    world.assert_ledger_sound().await;
}
