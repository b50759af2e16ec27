//! News of a redemption reach whoever watches it.

use std::time::Duration;

use chrono::TimeDelta;
use domain::{codes::MemberPresented, earning::Receipt, money::Money};
use services::{
    offers::{
        cancel::cancel,
        expire::expire_due,
        watch::{Watcher, listen, watch, watch_earning},
    },
    wallet::{
        accruals::{Sale, accrue, reverse},
        members,
    },
};
use sqlx::{
    ConnectOptions, Connection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::{
    task::JoinHandle,
    time::{error::Elapsed, timeout},
};

use crate::support::World;

async fn told_within(mut watcher: Watcher, time: Duration) -> Result<(), Elapsed> {
    timeout(time, watcher.changed()).await
}

/// Starts to listen; returns once it does.
async fn listening(world: &World) -> JoinHandle<()> {
    // Whoever watches is told when the listening begins: something may have been missed before.
    let anything = watch(&world.s, world.s.new_id().into());
    let task = tokio::spawn(listen(world.s.clone()));
    told_within(anything, Duration::from_secs(5)).await.unwrap();
    task
}

/// The listening ends with the pool.
async fn stop(world: World, task: JoinHandle<()>) {
    world.close().await;
    timeout(Duration::from_secs(5), task)
        .await
        .unwrap()
        .unwrap();
}

#[sqlx::test(migrations = "../migrations")]
async fn a_watcher_hears_of_confirm_cancel_and_expire_within_a_second(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(500).await;
    let task = listening(&world).await;
    let second = Duration::from_secs(1);

    let redemption = world.redeem(consumer, shop.offer).await;
    let watcher = watch(&world.s, redemption);
    world.confirm(shop.attendant, redemption).await;
    told_within(watcher, second).await.expect("confirm");

    let redemption = world.redeem(consumer, shop.offer).await;
    let watcher = watch(&world.s, redemption);
    cancel(&world.s, consumer, redemption, None, None)
        .await
        .unwrap();
    told_within(watcher, second).await.expect("cancel");

    let redemption = world.redeem(consumer, shop.offer).await;
    let watcher = watch(&world.s, redemption);
    world.clock.advance(TimeDelta::minutes(15));
    expire_due(&world.s).await.unwrap();
    told_within(watcher, second).await.expect("expire");
    stop(world, task).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_watcher_is_not_woken_by_the_news_of_others(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(500).await;
    let task = listening(&world).await;
    let mine = world.redeem(consumer, shop.offer).await;
    let other = world.redeem(consumer, shop.offer).await;
    let [my_watcher, others] = [mine, other].map(|redemption| watch(&world.s, redemption));
    cancel(&world.s, consumer, other, None, None).await.unwrap();
    told_within(others, Duration::from_secs(1)).await.unwrap();
    let told = told_within(my_watcher, Duration::from_millis(50)).await;
    assert!(told.is_err());
    stop(world, task).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn listening_takes_no_connection_from_the_pool(_: PgPoolOptions, options: PgConnectOptions) {
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(5))
        .connect_with(options)
        .await
        .unwrap();
    let world = World::new(pool).await;
    let task = listening(&world).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(500).await;
    let redemption = world.redeem(consumer, shop.offer).await;
    let watcher = watch(&world.s, redemption);
    cancel(&world.s, consumer, redemption, None, None)
        .await
        .unwrap();
    told_within(watcher, Duration::from_secs(1)).await.unwrap();
    stop(world, task).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_lost_connection_is_made_again_and_watchers_are_told_to_look(db: PgPool) {
    let mut owner = db.connect_options().connect().await.unwrap();
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(500).await;
    let task = listening(&world).await;
    let redemption = world.redeem(consumer, shop.offer).await;

    let watcher = watch(&world.s, redemption);
    let ended: i64 = sqlx::query_scalar(
        "select count(pg_terminate_backend(pid)) from pg_stat_activity
         where datname = current_database() and query ilike 'listen %'",
    )
    .fetch_one(&mut owner)
    .await
    .unwrap();
    assert_eq!(ended, 1);
    owner.close().await.unwrap();
    told_within(watcher, Duration::from_secs(5)).await.unwrap();

    let mut told = false;
    for _ in 0..50 {
        // Until the new connection listens, the news of a change may be the news of the loss.
        let redemption = world.redeem(consumer, shop.offer).await;
        let watcher = watch(&world.s, redemption);
        cancel(&world.s, consumer, redemption, None, None)
            .await
            .unwrap();
        told = told_within(watcher, Duration::from_millis(200))
            .await
            .is_ok();
        if told {
            break;
        }
    }
    assert!(told);
    stop(world, task).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_member_hears_of_their_own_points_alone_and_how_many(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let (ana, bea) = (world.consumer(0).await, world.consumer(0).await);
    let task = listening(&world).await;
    let [mut hers, mut others] = [ana, bea].map(|it| watch_earning(&world.s, it.user()));
    let sale = Sale {
        member: MemberPresented {
            code: members::code(&world.s, ana).await.unwrap(),
            token: None,
        },
        amount: Money::try_from("1500").unwrap(),
        receipt: Receipt::try_from("A-1").unwrap(),
    };
    let accrued = accrue(&world.s, shop.attendant.into(), &sale, None)
        .await
        .unwrap();
    let second = Duration::from_secs(1);
    assert_eq!(timeout(second, hers.earned()).await.unwrap(), Some(15));
    reverse(&world.s, shop.attendant.into(), accrued.accrual)
        .await
        .unwrap();
    assert_eq!(timeout(second, hers.earned()).await.unwrap(), Some(-15));
    let told = timeout(Duration::from_millis(50), others.earned()).await;
    assert!(told.is_err());
    stop(world, task).await;
}
