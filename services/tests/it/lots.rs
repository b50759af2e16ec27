//! Lots: what is spent first, what comes back, and what expires.

use chrono::TimeDelta;
use domain::{earning::LotKind, ids::AdjustmentId};
use services::{
    identity::actors::Consumer,
    offers::{cancel::cancel, redeem},
    wallet::{
        adjustments::{self, Adjustment},
        lots::{self, balance, expire_due, take_notices},
    },
};
use sqlx::PgPool;

use crate::support::World;

/// Gives points of a kind.
async fn give(world: &World, consumer: Consumer, amount: i64, lot: LotKind) {
    let id = AdjustmentId::from(world.s.new_id());
    let adjustment = Adjustment {
        amount,
        reason: "A test's gift".into(),
        lot,
    };
    adjustments::request(&world.s, world.admin, id, consumer.user(), &adjustment)
        .await
        .unwrap();
}

/// What is left of each lot, in the order in which they are spent.
async fn left(world: &World, consumer: Consumer) -> Vec<(LotKind, i64)> {
    let open = lots::open(&world.s, consumer).await.unwrap();
    open.iter()
        .map(|lot| (lot.kind, lot.remaining.get()))
        .collect()
}

#[sqlx::test(migrations = "../migrations")]
async fn what_expires_first_is_spent_first(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(80).await;
    give(&world, consumer, 50, LotKind::Gift).await;
    give(&world, consumer, 30, LotKind::Promotional).await;
    world.redeem(consumer, shop.offer).await;
    assert_eq!(left(&world, consumer).await, [(LotKind::Standard, 60)]);
    world.assert_ledger_sound().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_refund_gives_the_spent_lots_back_with_their_dates(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(80).await;
    give(&world, consumer, 30, LotKind::Promotional).await;
    let before = lots::open(&world.s, consumer).await.unwrap();
    let redemption = world.redeem(consumer, shop.offer).await;
    world.clock.advance(TimeDelta::minutes(5));
    cancel(&world.s, consumer, redemption, None, None)
        .await
        .unwrap();
    assert_eq!(lots::open(&world.s, consumer).await.unwrap(), before);
    world.assert_ledger_sound().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn points_past_their_date_can_neither_be_seen_nor_spent_before_the_job_comes(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(0).await;
    give(&world, consumer, 100, LotKind::Promotional).await;
    world.clock.advance(TimeDelta::days(93));
    assert_eq!(world.balance(consumer).await, (0, 0));
    let refused = redeem::redeem(&world.s, consumer, shop.offer, world.key(), None).await;
    assert!(matches!(
        refused,
        Err(redeem::Refusal::InsufficientBalance { available, .. }) if available.get() == 0
    ));
    world.assert_ledger_sound().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn expired_points_go_to_breakage_once(db: PgPool) {
    let world = World::new(db).await;
    let consumer = world.consumer(200).await;
    give(&world, consumer, 30, LotKind::Promotional).await;
    world.clock.advance(TimeDelta::days(93));
    assert_eq!(expire_due(&world.s).await.unwrap(), 30);
    assert_eq!(expire_due(&world.s).await.unwrap(), 0);
    let breakage = "select balance from accounts where kind = 'breakage'";
    assert_eq!(world.count(breakage).await, 30);
    assert_eq!(world.balance(consumer).await, (200, 0));
    world.assert_ledger_sound().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn points_that_come_back_after_their_date_expire(db: PgPool) {
    let world = World::new(db).await;
    let mut draft = world.draft();
    draft.lifetime_minutes = 43_200;
    let shop = world.shop(draft).await;
    let consumer = world.consumer(0).await;
    give(&world, consumer, 100, LotKind::Promotional).await;
    world.clock.advance(TimeDelta::days(80));
    let redemption = world.redeem(consumer, shop.offer).await;
    world.clock.advance(TimeDelta::days(15));
    cancel(&world.s, consumer, redemption, None, None)
        .await
        .unwrap();
    assert_eq!(world.balance(consumer).await, (0, 0));
    assert_eq!(expire_due(&world.s).await.unwrap(), 100);
    world.assert_ledger_sound().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_balance_names_what_expires_next_and_the_tier(db: PgPool) {
    let world = World::new(db).await;
    let consumer = world.consumer(4_000).await;
    give(&world, consumer, 250, LotKind::Promotional).await;
    let balance = balance(&world.s, consumer).await.unwrap();
    let next = balance.next_expiration.unwrap();
    assert_eq!(next.amount.get(), 250);
    assert_eq!((next.at - world.s.now()).num_days(), 90);
    assert_eq!(balance.tier.tier.as_str(), "bronze");
    let (tier, missing) = balance.next_tier.unwrap();
    assert_eq!((tier.tier.as_str(), missing.get()), ("silver", 750));
    assert_eq!(balance.total().get(), 4_250);
}

#[sqlx::test(migrations = "../migrations")]
async fn notices_go_out_thirty_seven_and_one_day_before_and_each_once(db: PgPool) {
    let world = World::new(db).await;
    let consumer = world.consumer(0).await;
    give(&world, consumer, 100, LotKind::Promotional).await;
    let mut told = Vec::new();
    for day in 0..95 {
        for notice in take_notices(&world.s).await.unwrap() {
            assert_eq!((notice.amount.get(), notice.locale.as_str()), (100, "es"));
            told.push(day);
        }
        assert_eq!(take_notices(&world.s).await.unwrap(), []);
        world.clock.advance(TimeDelta::days(1));
    }
    // From 15 January to 15 April are 90 days.
    assert_eq!(told, [60, 83, 89]);
}
