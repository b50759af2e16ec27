//! How often a consumer may redeem: counted by the statement that redeems.

use chrono::TimeDelta;
use domain::ids::OfferId;
use services::{
    Services,
    identity::actors::Consumer,
    limits::{self, Standing, TooMany},
    offers::{
        cancel::cancel,
        redeem::{self, Refusal, Told},
    },
};
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::support::{World, at_once, redeems};

async fn ask(world: &World, consumer: Consumer, offer: OfferId) -> Told {
    redeem::ask(&world.s, consumer, offer, world.key(), None).await
}

/// What is told of a limit: the most, what remains, the seconds until there is room.
fn figures(standing: Standing) -> (u32, u32, i64) {
    (standing.most, standing.remaining, standing.wait())
}

fn refused(told: &Told) -> (u32, u32, i64) {
    match &told.answer {
        Err(Refusal::TooMany(TooMany(standing))) => figures(*standing),
        other => panic!("not too many: {other:?}"),
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn the_eleventh_redeem_within_an_hour_waits_until_the_first_is_an_hour_old(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(5_000).await;
    let neighbour = world.consumer(5_000).await;
    for made in 1..=10 {
        let told = ask(&world, consumer, shop.offer).await;
        assert!(told.answer.is_ok());
        assert_eq!(figures(told.standing.unwrap()).1, 10 - made);
        world.clock.advance(TimeDelta::minutes(1));
    }
    // Ten minutes have passed.
    let first = redeem_one_more(&world, consumer, shop.offer).await;
    assert_eq!(first, (10, 0, 50 * 60));
    assert_eq!(
        figures(ask(&world, neighbour, shop.offer).await.standing.unwrap()).1,
        9
    );
    world.clock.advance(TimeDelta::seconds(50 * 60 - 1));
    assert_eq!(
        redeem_one_more(&world, consumer, shop.offer).await,
        (10, 0, 1)
    );
    world.clock.advance(TimeDelta::seconds(1));
    assert!(ask(&world, consumer, shop.offer).await.answer.is_ok());
    assert_eq!(
        redeem_one_more(&world, consumer, shop.offer).await,
        (10, 0, 60)
    );
    assert_eq!(world.balance(consumer).await, (5_000 - 1_100, 1_100));
    world.assert_ledger_sound().await;
}

async fn redeem_one_more(world: &World, consumer: Consumer, offer: OfferId) -> (u32, u32, i64) {
    refused(&ask(world, consumer, offer).await)
}

#[sqlx::test(migrations = "../migrations")]
async fn the_thirty_first_within_a_day_waits_until_the_first_is_a_day_old(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(5_000).await;
    for made in 0..30 {
        let told = ask(&world, consumer, shop.offer).await;
        assert!(told.answer.is_ok(), "{made}");
        world.clock.advance(TimeDelta::minutes(20));
    }
    let left = 14 * 60 * 60;
    assert_eq!(
        redeem_one_more(&world, consumer, shop.offer).await,
        (30, 0, left)
    );
    world.clock.advance(TimeDelta::seconds(left - 1));
    assert_eq!(
        redeem_one_more(&world, consumer, shop.offer).await,
        (30, 0, 1)
    );
    world.clock.advance(TimeDelta::seconds(1));
    assert!(ask(&world, consumer, shop.offer).await.answer.is_ok());
    world.assert_ledger_sound().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_taken_back_counts_and_what_was_refused_or_sent_again_does_not(db: PgPool) {
    let world = World::under(redeems(2), db).await;
    let mut scarce = world.draft();
    scarce.stock_quantity = Some(1);
    let shop = world.shop(scarce).await;
    let other = world.offer(shop.manager, world.draft()).await;
    let consumer = world.consumer(5_000).await;
    let key = world.key();
    let redeem = async |offer| redeem::ask(&world.s, consumer, offer, key, None).await;

    let made = redeem(shop.offer).await;
    assert_eq!(figures(made.standing.unwrap()), (2, 1, 24 * 60 * 60));
    let made = made.answer.unwrap().redemption;
    let sold_out = ask(&world, consumer, shop.offer).await;
    assert!(matches!(sold_out.answer, Err(Refusal::OutOfStock)));
    assert_eq!(figures(sold_out.standing.unwrap()).1, 1);
    cancel(&world.s, consumer, made, None, None).await.unwrap();
    assert!(ask(&world, consumer, other).await.answer.is_ok());
    assert_eq!(redeem_one_more(&world, consumer, other).await.1, 0);
    // The same request is the same redemption, however often it comes.
    for _ in 0..20 {
        let again = redeem(shop.offer).await;
        assert_eq!(figures(again.standing.unwrap()).1, 0);
        let again = again.answer.unwrap();
        assert!(again.replayed && again.redemption == made);
    }
    assert!(matches!(
        redeem(other).await.answer,
        Err(Refusal::KeyReused)
    ));
    world.assert_ledger_sound().await;
}

/// Of redeems by one consumer at the same moment, how many were made and how many were too many.
async fn race(
    world: &World,
    instances: &[Services],
    offer: OfferId,
    count: usize,
) -> (usize, usize) {
    let consumer = world.consumer(50_000).await;
    let answers = at_once((0..count).map(|n| {
        let (s, key) = (instances[n % instances.len()].clone(), world.key());
        async move { redeem::redeem(&s, consumer, offer, key, None).await }
    }))
    .await;
    let made = answers.iter().filter(|answer| answer.is_ok()).count();
    let too_many = answers
        .iter()
        .filter(|answer| matches!(answer, Err(Refusal::TooMany(_))));
    (made, too_many.count())
}

#[sqlx::test(migrations = "../migrations")]
async fn of_30_redeems_at_once_exactly_10_are_made_on_one_instance_or_many(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::wide(options).await;
    let mut draft = world.draft();
    draft.stock_quantity = Some(1_000);
    let shop = world.shop(draft).await;
    // On one, those that wait go to the database together.
    let one = [world.s.clone()];
    assert_eq!(race(&world, &one, shop.offer, 30).await, (10, 20));
    let many: Vec<_> = (0..30)
        .map(|n| world.another_instance(2_000 + n, TimeDelta::zero()))
        .collect();
    assert_eq!(race(&world, &many, shop.offer, 30).await, (10, 20));
    assert_eq!(world.stock_taken(shop.offer).await, 20);
    world.assert_ledger_sound().await;
    world.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_terminal_has_its_own_count_and_whoever_has_none_is_counted_in_person(db: PgPool) {
    let world = World::new(db).await;
    let merchant = world.merchant().await;
    let people = [
        world.attendant(merchant).await,
        world.attendant(merchant).await,
    ];
    for _ in 0..30 {
        limits::validate(&world.s, people[0].into()).unwrap();
    }
    let TooMany(standing) = limits::validate(&world.s, people[0].into()).unwrap_err();
    assert_eq!(figures(standing), (30, 0, 60));
    let left = limits::validate(&world.s, people[1].into()).unwrap();
    assert_eq!(figures(left), (30, 29, 60));
    for _ in 1..10 {
        world.clock.advance(TimeDelta::minutes(1));
        for _ in 0..30 {
            limits::validate(&world.s, people[0].into()).unwrap();
        }
    }
    // 300 in nine minutes.
    world.clock.advance(TimeDelta::minutes(1));
    let TooMany(standing) = limits::validate(&world.s, people[0].into()).unwrap_err();
    assert_eq!(figures(standing), (300, 0, 50 * 60));
}
