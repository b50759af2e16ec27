//! Adjustments: small ones at once, large ones by two.

use domain::{account::Role, earning::LotKind, ids::AdjustmentId};
use services::{
    identity::actors::{Actor, Admin},
    paging::Limit,
    wallet::adjustments::{Adjustment, AdjustmentStatus, Refusal, decide, list, request},
};
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::support::{World, at_once};

fn adjustment(amount: i64) -> Adjustment {
    Adjustment {
        amount,
        reason: "Counted wrongly".into(),
        lot: LotKind::Standard,
    }
}

async fn another_admin(world: &World) -> Admin {
    Admin::of(&world.person(Role::Admin).await).unwrap()
}

fn id(world: &World) -> AdjustmentId {
    world.s.new_id().into()
}

#[sqlx::test(migrations = "../migrations")]
async fn a_small_adjustment_moves_points_at_once_and_once(db: PgPool) {
    let world = World::new(db).await;
    let consumer = world.consumer(100).await;
    let key = id(&world);
    for _ in 0..2 {
        let status = request(
            &world.s,
            world.admin,
            key,
            consumer.user(),
            &adjustment(-40),
        )
        .await;
        assert_eq!(status.unwrap(), AdjustmentStatus::Applied);
    }
    assert_eq!(world.balance(consumer).await, (60, 0));
    let other = request(
        &world.s,
        world.admin,
        key,
        consumer.user(),
        &adjustment(-41),
    )
    .await;
    assert!(matches!(other, Err(Refusal::KeyReused)));
    world.assert_ledger_sound().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn more_than_there_is_cannot_be_taken(db: PgPool) {
    let world = World::new(db).await;
    let consumer = world.consumer(100).await;
    let refused = request(
        &world.s,
        world.admin,
        id(&world),
        consumer.user(),
        &adjustment(-101),
    )
    .await;
    assert!(matches!(refused, Err(Refusal::Insufficient)));
    assert_eq!(world.count("select count(*) from adjustments").await, 0);
    world.assert_ledger_sound().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_large_adjustment_waits_for_another_admin(db: PgPool) {
    let world = World::new(db).await;
    let consumer = world.consumer(0).await;
    let key = id(&world);
    let status = request(
        &world.s,
        world.admin,
        key,
        consumer.user(),
        &adjustment(1_001),
    )
    .await;
    assert_eq!(status.unwrap(), AdjustmentStatus::Waiting);
    assert_eq!(world.balance(consumer).await, (0, 0));
    let own = decide(&world.s, world.admin, key, true).await;
    assert!(matches!(own, Err(Refusal::Own)));
    let second = another_admin(&world).await;
    let (listed, _) = list(
        &world.s,
        second,
        Some(AdjustmentStatus::Waiting),
        None,
        Limit::default(),
    )
    .await
    .unwrap();
    assert!(listed[0].may_approve);
    decide(&world.s, second, key, true).await.unwrap();
    assert_eq!(world.balance(consumer).await, (1_001, 0));
    let late = decide(&world.s, second, key, false).await;
    assert!(matches!(late, Err(Refusal::Decided)));
    world.assert_ledger_sound().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_rejected_adjustment_moves_nothing(db: PgPool) {
    let world = World::new(db).await;
    let consumer = world.consumer(0).await;
    let key = id(&world);
    request(
        &world.s,
        world.admin,
        key,
        consumer.user(),
        &adjustment(5_000),
    )
    .await
    .unwrap();
    let second = another_admin(&world).await;
    let status = decide(&world.s, second, key, false).await.unwrap();
    assert_eq!(status, AdjustmentStatus::Rejected);
    assert_eq!(world.balance(consumer).await, (0, 0));
}

#[sqlx::test(migrations = "../migrations")]
async fn twenty_approvals_at_once_move_the_points_once(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::wide(options).await;
    let consumer = world.consumer(0).await;
    let key = id(&world);
    request(
        &world.s,
        world.admin,
        key,
        consumer.user(),
        &adjustment(5_000),
    )
    .await
    .unwrap();
    let mut admins = Vec::new();
    for _ in 0..20 {
        admins.push(another_admin(&world).await);
    }
    let answers = at_once(admins.into_iter().map(|admin| {
        let s = world.s.clone();
        async move { decide(&s, admin, key, true).await }
    }))
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert_eq!(world.balance(consumer).await, (5_000, 0));
    world.assert_ledger_sound().await;
    world.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_database_itself_refuses_an_approval_of_ones_own(db: PgPool) {
    let world = World::new(db).await;
    let consumer = world.consumer(0).await;
    let key = id(&world);
    request(
        &world.s,
        world.admin,
        key,
        consumer.user(),
        &adjustment(5_000),
    )
    .await
    .unwrap();
    let refused = sqlx::query(
        "update adjustments set status = 'applied', decided_by = requested_by, decided_at = now()",
    )
    .execute(world.db())
    .await;
    let error = refused.unwrap_err().to_string();
    assert!(error.contains("adjustments_second_person"), "{error}");
}
