//! The points of a sale: credited once, within the day's cap, and taken back.

use chrono::TimeDelta;
use domain::{codes::MemberPresented, earning::Receipt, money::Money};
use services::{
    Services,
    identity::actors::Consumer,
    offers::cancel::cancel,
    wallet::{
        accruals::{Accrued, Refusal, ReverseRefusal, Sale, accrue, recent, reverse},
        balance, members,
    },
};
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::support::{Shop, World, at_once};

/// A sale of so many pesos to a consumer.
async fn sale(s: &Services, consumer: Consumer, pesos: i64, receipt: &str) -> Sale {
    Sale {
        member: member(s, consumer).await,
        amount: Money::try_from(pesos * 100).unwrap(),
        receipt: Receipt::try_from(receipt).unwrap(),
    }
}

async fn member(s: &Services, consumer: Consumer) -> MemberPresented {
    MemberPresented {
        code: members::code(s, consumer).await.unwrap(),
        token: None,
    }
}

async fn sold(
    world: &World,
    shop: &Shop,
    consumer: Consumer,
    pesos: i64,
    receipt: &str,
) -> Accrued {
    let sale = sale(&world.s, consumer, pesos, receipt).await;
    accrue(&world.s, shop.attendant.into(), &sale, None)
        .await
        .unwrap()
}

#[sqlx::test(migrations = "../migrations")]
async fn a_sale_brings_a_point_for_every_hundred_pesos(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(0).await;
    let accrued = sold(&world, &shop, consumer, 850, "A-1").await;
    assert_eq!((accrued.points.get(), accrued.balance.get()), (8, 8));
    assert_eq!(world.balance(consumer).await, (8, 0));
    let own = recent(&world.s, shop.merchant, shop.attendant.user(), 10)
        .await
        .unwrap();
    assert_eq!(
        (own[0].receipt.as_str(), own[0].sale_minor),
        ("A-1", 85_000)
    );
    world.assert_ledger_sound().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_merchant_can_have_a_rule_of_its_own(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(0).await;
    sqlx::query("update merchants set minor_per_point = 1000")
        .execute(world.db())
        .await
        .unwrap();
    let accrued = sold(&world, &shop, consumer, 850, "A-1").await;
    assert_eq!(accrued.points.get(), 85);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_same_receipt_again_is_answered_as_the_first_time(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(0).await;
    let first = sold(&world, &shop, consumer, 850, "a 1").await;
    let again = sold(&world, &shop, consumer, 850, "A1").await;
    assert_eq!((again.accrual, again.replayed), (first.accrual, true));
    assert_eq!(world.balance(consumer).await, (8, 0));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_receipt_serves_neither_another_member_nor_another_amount(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let (ana, bea) = (world.consumer(0).await, world.consumer(0).await);
    sold(&world, &shop, ana, 850, "A-1").await;
    for (who, pesos) in [(bea, 850), (ana, 900)] {
        let sale = sale(&world.s, who, pesos, "A-1").await;
        let refused = accrue(&world.s, shop.attendant.into(), &sale, None).await;
        assert!(matches!(refused, Err(Refusal::ReceiptUsed { .. })));
    }
    assert_eq!(world.balance(bea).await, (0, 0));
    // Another merchant's numbers are its own.
    let other = world.shop(world.draft()).await;
    assert!(!sold(&world, &other, bea, 850, "A-1").await.replayed);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_stale_or_altered_member_qr_brings_nothing(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(0).await;
    let code = members::code(&world.s, consumer).await.unwrap();
    let link = members::qr_link(&world.s, "https://rewards.example", &code);
    let mut sale = sale(&world.s, consumer, 850, "A-1").await;
    for altered in [
        format!("{link}x"),
        link.split('?').next().unwrap().to_owned(),
    ] {
        sale.member = altered.parse().unwrap();
        let refused = accrue(&world.s, shop.attendant.into(), &sale, None).await;
        assert!(matches!(refused, Err(Refusal::InvalidToken)), "{altered}");
    }
    sale.member = link.parse().unwrap();
    world.clock.advance(TimeDelta::seconds(61));
    let refused = accrue(&world.s, shop.attendant.into(), &sale, None).await;
    assert!(matches!(refused, Err(Refusal::InvalidToken)));
    world.clock.advance(TimeDelta::seconds(-61));
    assert!(
        accrue(&world.s, shop.attendant.into(), &sale, None)
            .await
            .is_ok()
    );
}

#[sqlx::test(migrations = "../migrations")]
async fn a_code_that_is_nobodys_or_staffs_is_unknown(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(0).await;
    let staff: String =
        sqlx::query_scalar("select member_code from users where role = 'attendant'")
            .fetch_one(world.db())
            .await
            .unwrap();
    for code in [staff.as_str(), "AAAAAAAAAA"] {
        let mut sale = sale(&world.s, consumer, 850, "A-1").await;
        sale.member = code.parse().unwrap();
        let refused = accrue(&world.s, shop.attendant.into(), &sale, None).await;
        assert!(matches!(refused, Err(Refusal::UnknownMember)));
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_day_brings_ten_thousand_points_at_most_and_the_next_begins_anew(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(0).await;
    let first = sold(&world, &shop, consumer, 990_000, "A-1").await;
    assert_eq!(first.points.get(), 9_900);
    // By now the tier is silver: 220 points are due, of which the day has room for 100.
    let second = sold(&world, &shop, consumer, 20_000, "A-2").await;
    assert_eq!((second.due.get(), second.points.get()), (220, 100));
    assert_eq!(
        sold(&world, &shop, consumer, 500, "A-3").await.points.get(),
        0
    );
    world.clock.advance(TimeDelta::days(1));
    assert_eq!(
        sold(&world, &shop, consumer, 10_000, "A-4")
            .await
            .points
            .get(),
        110
    );
    world.assert_ledger_sound().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_tier_is_left_when_its_points_are_a_year_old(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(5_000).await;
    assert_eq!(
        sold(&world, &shop, consumer, 10_000, "A-1")
            .await
            .multiplier,
        110
    );
    world.clock.advance(TimeDelta::days(366));
    assert_eq!(
        sold(&world, &shop, consumer, 10_000, "A-2")
            .await
            .multiplier,
        100
    );
}

#[sqlx::test(migrations = "../migrations")]
async fn the_same_receipt_fifty_times_at_once_brings_its_points_once(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::wide(options).await;
    let shop = world.shop(world.draft()).await;
    let consumers = world.consumers(2, 0).await;
    let mut calls = Vec::new();
    for n in 0..50 {
        // Two members' tills hold the same receipt: one of them gets it.
        let sale = sale(&world.s, consumers[n % 2], 850, "A-1").await;
        let (s, operator) = (world.s.clone(), shop.attendant.into());
        calls.push(async move { accrue(&s, operator, &sale, None).await });
    }
    let answers = at_once(calls).await;
    let fresh = answers.iter().flatten().filter(|answer| !answer.replayed);
    assert_eq!(fresh.count(), 1);
    let used = answers
        .iter()
        .filter(|answer| matches!(answer, Err(Refusal::ReceiptUsed { .. })));
    assert_eq!(used.count(), 25);
    assert_eq!(answers.iter().flatten().count(), 25, "{answers:?}");
    assert_eq!(world.count("select count(*) from accruals").await, 1);
    world.assert_ledger_sound().await;
    world.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn fifty_sales_at_once_stay_within_the_days_cap(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::wide(options).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(0).await;
    let mut calls = Vec::new();
    for n in 0..50 {
        let sale = sale(&world.s, consumer, 40_000, &format!("A-{n}")).await;
        let (s, operator) = (world.s.clone(), shop.attendant.into());
        calls.push(async move {
            accrue(&s, operator, &sale, None)
                .await
                .unwrap()
                .points
                .get()
        });
    }
    let credited: i64 = at_once(calls).await.iter().sum();
    assert_eq!(credited, 10_000);
    assert_eq!(world.balance(consumer).await, (10_000, 0));
    world.assert_ledger_sound().await;
    world.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_reversed_sale_takes_its_points_back_once(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(10).await;
    let accrued = sold(&world, &shop, consumer, 5_000, "A-1").await;
    let reversed = reverse(&world.s, shop.attendant.into(), accrued.accrual)
        .await
        .unwrap();
    assert_eq!((reversed.taken_back.get(), reversed.owed.get()), (50, 0));
    let again = reverse(&world.s, shop.attendant.into(), accrued.accrual)
        .await
        .unwrap();
    assert!(again.replayed);
    assert_eq!(world.balance(consumer).await, (10, 0));
    let sale = sale(&world.s, consumer, 5_000, "A-1").await;
    let refused = accrue(&world.s, shop.attendant.into(), &sale, None).await;
    assert!(matches!(refused, Err(Refusal::Reversed)));
    world.assert_ledger_sound().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn points_of_a_reversed_sale_that_were_spent_are_owed_and_paid_by_the_next(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(0).await;
    let accrued = sold(&world, &shop, consumer, 12_000, "A-1").await;
    let redemption = world.redeem(consumer, shop.offer).await;
    let reversed = reverse(&world.s, shop.attendant.into(), accrued.accrual)
        .await
        .unwrap();
    assert_eq!((reversed.taken_back.get(), reversed.owed.get()), (20, 100));
    let owed = async || balance(&world.s, consumer).await.unwrap().owed.get();
    assert_eq!(owed().await, 100);
    sold(&world, &shop, consumer, 3_000, "A-2").await;
    assert_eq!(
        (owed().await, world.balance(consumer).await),
        (70, (0, 100))
    );
    // What comes back from a cancelled redemption pays, too.
    cancel(&world.s, consumer, redemption, None, None)
        .await
        .unwrap();
    assert_eq!((owed().await, world.balance(consumer).await), (0, (30, 0)));
    world.assert_ledger_sound().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn another_merchant_cannot_reverse_a_sale(db: PgPool) {
    let world = World::new(db).await;
    let (shop, other) = (
        world.shop(world.draft()).await,
        world.shop(world.draft()).await,
    );
    let consumer = world.consumer(0).await;
    let accrued = sold(&world, &shop, consumer, 850, "A-1").await;
    let refused = reverse(&world.s, other.attendant.into(), accrued.accrual).await;
    assert!(matches!(refused, Err(ReverseRefusal::NotFound)));
    assert_eq!(world.balance(consumer).await, (8, 0));
}

#[sqlx::test(migrations = "../migrations")]
async fn every_sale_and_reversal_stands_in_the_audit_log_which_nobody_alters(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(0).await;
    let accrued = sold(&world, &shop, consumer, 850, "A-1").await;
    world.clock.advance(TimeDelta::milliseconds(1));
    reverse(&world.s, shop.attendant.into(), accrued.accrual)
        .await
        .unwrap();
    let actions: Vec<String> = sqlx::query_scalar(
        "select action from audit_log where action like 'accrual.%' order by id",
    )
    .fetch_all(world.db())
    .await
    .unwrap();
    assert_eq!(actions, ["accrual.create", "accrual.reverse"]);
    for sql in [
        "update audit_log set action = 'a.b'",
        "delete from audit_log",
        "truncate audit_log",
    ] {
        let refused = sqlx::query(sql).execute(world.db()).await;
        let error = refused.unwrap_err().to_string();
        assert!(error.contains("permission denied"), "{error}");
    }
}
