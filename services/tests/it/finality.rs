//! What is over stays over, and gives back what it took once.

use chrono::TimeDelta;
use domain::redemptions::RedemptionStatus;
use services::offers::{
    cancel::{Refusal, cancel},
    expire::expire_due,
};
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::{Shop, World};

async fn stocked(world: &World) -> Shop {
    let mut draft = world.draft();
    draft.stock_quantity = Some(10);
    world.shop(draft).await
}

#[sqlx::test(migrations = "../migrations")]
async fn cancelling_twice_gives_points_and_stock_back_once(db: PgPool) {
    let world = World::new(db).await;
    let shop = stocked(&world).await;
    let consumer = world.consumer(500).await;
    world.redeem(consumer, shop.offer).await;
    let redemption = world.redeem(consumer, shop.offer).await;
    assert_eq!(world.balance(consumer).await, (300, 200));
    assert_eq!(world.stock_taken(shop.offer).await, 2);

    cancel(&world.s, consumer, redemption, None, None)
        .await
        .unwrap();
    let again = cancel(&world.s, consumer, redemption, None, None).await;
    let cancelled = RedemptionStatus::Cancelled;
    assert!(matches!(again, Err(Refusal::Final(status)) if status == cancelled));
    assert_eq!(world.balance(consumer).await, (400, 100));
    assert_eq!(world.stock_taken(shop.offer).await, 1);
    world.assert_ledger_sound().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn nobody_cancels_the_redemption_of_another(db: PgPool) {
    let world = World::new(db).await;
    let shop = stocked(&world).await;
    let [ana, bea] = [world.consumer(500).await, world.consumer(500).await];
    let redemption = world.redeem(ana, shop.offer).await;
    let refused = cancel(&world.s, bea, redemption, None, None).await;
    assert!(matches!(refused, Err(Refusal::NotFound)));
    assert_eq!(world.balance(ana).await, (400, 100));
    world.assert_ledger_sound().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn expiry_gives_points_and_stock_back_once_and_not_too_early(db: PgPool) {
    let world = World::new(db).await;
    let shop = stocked(&world).await;
    let consumer = world.consumer(500).await;
    let redemption = world.redeem(consumer, shop.offer).await;

    world
        .clock
        .advance(TimeDelta::minutes(15) - TimeDelta::microseconds(1));
    assert_eq!(expire_due(&world.s).await.unwrap(), 0);
    world.clock.advance(TimeDelta::microseconds(1));
    assert_eq!(expire_due(&world.s).await.unwrap(), 1);
    assert_eq!(expire_due(&world.s).await.unwrap(), 0);
    assert_eq!(world.balance(consumer).await, (500, 0));
    assert_eq!(world.stock_taken(shop.offer).await, 0);

    let refused = cancel(&world.s, consumer, redemption, None, None).await;
    let expired = RedemptionStatus::Expired;
    assert!(matches!(refused, Err(Refusal::Final(status)) if status == expired));
    world.assert_ledger_sound().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_redemption_that_cannot_be_expired_does_not_hold_up_the_others(db: PgPool) {
    let world = World::new(db).await;
    let shop = stocked(&world).await;
    let [broken, sound] = [world.consumer(500).await, world.consumer(500).await];
    world.redeem(broken, shop.offer).await;
    world.clock.advance(TimeDelta::seconds(1));
    world.redeem(sound, shop.offer).await;
    let reserve = async |points: i64| {
        sqlx::query("update accounts set balance = $2 where user_id = $1 and kind = 'reserved'")
            .bind(Uuid::from(broken.user()))
            .bind(points)
            .execute(world.db())
            .await
            .unwrap();
    };
    reserve(0).await;
    world.clock.advance(TimeDelta::minutes(15));
    assert_eq!(expire_due(&world.s).await.unwrap(), 1);
    assert_eq!(world.balance(sound).await, (500, 0));
    assert_eq!(world.balance(broken).await, (400, 0));
    assert_eq!(expire_due(&world.s).await.unwrap(), 0);
    // Once mended it is expired like any other.
    reserve(100).await;
    assert_eq!(expire_due(&world.s).await.unwrap(), 1);
    assert_eq!(world.balance(broken).await, (500, 0));
    world.assert_ledger_sound().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_was_redeemed_without_stock_gives_none_back(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(500).await;
    let before = world.redeem(consumer, shop.offer).await;
    let mut draft = world.draft();
    draft.stock_quantity = Some(5);
    services::offers::manage::edit(&world.s, shop.manager, shop.offer, 2, &draft)
        .await
        .unwrap();
    world.redeem(consumer, shop.offer).await;
    cancel(&world.s, consumer, before, None, None)
        .await
        .unwrap();
    assert_eq!(world.stock_taken(shop.offer).await, 1);
    world.assert_ledger_sound().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_confirmed_redemption_stays_so_even_for_plain_sql(db: PgPool) {
    let world = World::new(db).await;
    let shop = stocked(&world).await;
    let consumer = world.consumer(500).await;
    let redemption = world.redeem(consumer, shop.offer).await;
    world.confirm(shop.attendant, redemption).await;

    let refused = cancel(&world.s, consumer, redemption, None, None).await;
    let confirmed = RedemptionStatus::Confirmed;
    assert!(matches!(refused, Err(Refusal::Final(status)) if status == confirmed));
    world.clock.advance(TimeDelta::days(1));
    assert_eq!(expire_due(&world.s).await.unwrap(), 0);
    for change in [
        "status = 'cancelled', confirmed_at = null, confirmed_by = null, cancelled_at = now()",
        "status = 'expired', confirmed_at = null, confirmed_by = null",
        "status = 'pending', confirmed_at = null, confirmed_by = null",
        "confirmed_at = now()",
    ] {
        let sql = format!("update redemptions set {change} where id = $1");
        let refused = sqlx::query(&sql)
            .bind(Uuid::from(redemption))
            .execute(world.db())
            .await;
        let error = refused.unwrap_err().to_string();
        assert!(error.contains("is confirmed"), "{error}");
    }
    assert_eq!(world.balance(consumer).await, (400, 0));
    assert_eq!(world.stock_taken(shop.offer).await, 1);
    world.assert_ledger_sound().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn transfers_can_be_neither_changed_nor_removed(db: PgPool) {
    let world = World::new(db).await;
    world.consumer(500).await;
    for sql in [
        "update transfers set amount = 1",
        "delete from transfers",
        "truncate transfers cascade",
    ] {
        let refused = sqlx::query(sql).execute(world.db()).await;
        let error = refused.unwrap_err().to_string();
        assert!(error.contains("permission denied"), "{sql}: {error}");
    }
    world.assert_ledger_sound().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn no_balance_goes_below_zero(db: PgPool) {
    let world = World::new(db).await;
    let consumer = world.consumer(500).await;
    let refused = sqlx::query(
        "select post_transfer($1, (select id from accounts where user_id = $2 and kind = 'available'),
             (select id from accounts where kind = 'issuance'), 501, 'bonus', null, now())",
    )
    .bind(world.s.new_id())
    .bind(Uuid::from(consumer.user()))
    .execute(world.db())
    .await;
    let error = refused.unwrap_err().to_string();
    assert!(error.contains("accounts_balance_not_negative"), "{error}");
    world.assert_ledger_sound().await;
}
