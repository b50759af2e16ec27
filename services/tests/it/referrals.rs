//! Referrals: both sides are rewarded, once, when the one who was referred has come to a till.

use services::{
    identity::actors::Consumer,
    wallet::referrals::{reward_due, standing},
};
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use uuid::Uuid;

use crate::support::{World, at_once};

/// Two consumers, the first of whom brought the second.
async fn friends(world: &World) -> (Consumer, Consumer) {
    let (ana, bea) = (world.consumer(0).await, world.consumer(100).await);
    sqlx::query("insert into referrals (referrer_id, referred_id, created_at) values ($1, $2, $3)")
        .bind(Uuid::from(ana.user()))
        .bind(Uuid::from(bea.user()))
        .bind(world.s.now())
        .execute(world.db())
        .await
        .unwrap();
    (ana, bea)
}

#[sqlx::test(migrations = "../migrations")]
async fn nothing_is_due_before_the_first_confirmed_redemption(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let (ana, bea) = friends(&world).await;
    let redemption = world.redeem(bea, shop.offer).await;
    assert_eq!(reward_due(&world.s).await.unwrap(), 0);
    world.confirm(shop.attendant, redemption).await;
    assert_eq!(reward_due(&world.s).await.unwrap(), 1);
    assert_eq!(world.balance(ana).await, (100, 0));
    assert_eq!(world.balance(bea).await, (50, 0));
    let standing = standing(&world.s, ana).await.unwrap();
    assert_eq!(
        (standing.signed_up, standing.rewarded, standing.earned.get()),
        (1, 1, 100)
    );
    world.assert_ledger_sound().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn ten_runs_at_once_reward_a_referral_once(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::wide(options).await;
    let shop = world.shop(world.draft()).await;
    let mut pairs = Vec::new();
    for _ in 0..10 {
        let (ana, bea) = friends(&world).await;
        let redemption = world.redeem(bea, shop.offer).await;
        world.confirm(shop.attendant, redemption).await;
        pairs.push((ana, bea));
    }
    let rewarded = at_once((0..10).map(|_| {
        let s = world.s.clone();
        async move { reward_due(&s).await.unwrap() }
    }))
    .await;
    assert_eq!(rewarded.iter().sum::<u64>(), 10);
    for (ana, bea) in pairs {
        assert_eq!(world.balance(ana).await, (100, 0));
        assert_eq!(world.balance(bea).await, (50, 0));
    }
    world.assert_ledger_sound().await;
    world.close().await;
}
