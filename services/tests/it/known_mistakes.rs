//! Mistakes that earlier systems of this kind made, each with the test that keeps it out. The numbers are
//! those of the list in docs/known-mistakes.md, which also names the tests that live elsewhere.

use std::{net::IpAddr, num::NonZeroUsize};

use chrono::TimeDelta;
use domain::codes::Presented;
use services::{
    limits,
    offers::{
        cancel::{self, cancel},
        expire::expire_due,
        redeem::{self, redeem},
        till::{Refusal, confirm, validate},
    },
};
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::support::{World, at_once};

#[sqlx::test(migrations = "../migrations")]
async fn mistake_3_validate_and_confirm_accepted_another_merchants_codes(db: PgPool) {
    let world = World::new(db).await;
    let (own, other) = (
        world.shop(world.draft()).await,
        world.shop(world.draft()).await,
    );
    let consumer = world.consumer(100).await;
    let redemption = world.redeem(consumer, own.offer).await;
    let codes = world.codes(consumer, redemption).await;
    for code in [
        codes.code.to_string(),
        codes.short_code.to_string(),
        redemption.to_string(),
    ] {
        let presented: Presented = code.parse().unwrap();
        let refused = validate(&world.s, other.attendant, &presented).await;
        assert!(matches!(refused, Err(Refusal::InvalidCode)), "{code}");
    }
    let ticket = world.ticket(own.attendant, redemption).await;
    let refused = confirm(&world.s, other.attendant, redemption, &ticket, None).await;
    assert!(refused.is_err());
    assert_eq!(world.balance(consumer).await, (0, 100));
}

#[sqlx::test(migrations = "../migrations")]
async fn mistake_4_confirm_worked_without_the_token_check_that_validate_made(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(100).await;
    let redemption = world.redeem(consumer, shop.offer).await;
    for made_up in ["", "0", "9999999999.AAAAAAAAAAAAAAAAAAAAAA"] {
        let refused = confirm(&world.s, shop.attendant, redemption, made_up, None).await;
        assert!(matches!(refused, Err(Refusal::InvalidTicket)), "{made_up}");
    }
    assert_eq!(world.balance(consumer).await, (0, 100));
}

#[sqlx::test(migrations = "../migrations")]
async fn mistake_7_short_codes_were_not_unique(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(300).await;
    for _ in 0..3 {
        world.redeem(consumer, shop.offer).await;
    }
    let refused = sqlx::query("update redemptions set short_code = 'ABC234'")
        .execute(world.db())
        .await;
    let error = refused.unwrap_err().to_string();
    assert!(error.contains("redemptions_short_code_key"), "{error}");
}

#[sqlx::test(migrations = "../migrations")]
async fn mistake_9_cancel_restored_the_stock_twice(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::wide(options).await;
    let mut draft = world.draft();
    draft.stock_quantity = Some(10);
    let shop = world.shop(draft).await;
    let consumer = world.consumer(300).await;
    world.redeem(consumer, shop.offer).await;
    let redemption = world.redeem(consumer, shop.offer).await;
    let answers = at_once((0..30).map(|_| {
        let s = world.s.clone();
        async move { cancel(&s, consumer, redemption, None, None).await }
    }))
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert!(
        answers
            .iter()
            .all(|answer| matches!(answer, Ok(_) | Err(cancel::Refusal::Final(_))))
    );
    assert_eq!(world.stock_taken(shop.offer).await, 1);
    assert_eq!(world.balance(consumer).await, (200, 100));
    world.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn mistake_10_expiry_restored_neither_stock_nor_points(db: PgPool) {
    let world = World::new(db).await;
    let mut draft = world.draft();
    draft.stock_quantity = Some(10);
    let shop = world.shop(draft).await;
    let consumer = world.consumer(100).await;
    world.redeem(consumer, shop.offer).await;
    world.clock.advance(TimeDelta::minutes(15));
    assert_eq!(expire_due(&world.s).await.unwrap(), 1);
    assert_eq!(world.stock_taken(shop.offer).await, 0);
    assert_eq!(world.balance(consumer).await, (100, 0));
}

#[sqlx::test(migrations = "../migrations")]
async fn mistake_11_the_rate_limiter_let_everything_through_when_its_store_was_down(db: PgPool) {
    let rules = limits::Rules {
        remembered: NonZeroUsize::MIN,
        ..limits::Rules::default()
    };
    let world = World::under(rules, db).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(100).await;
    let addresses = ["192.0.2.1", "192.0.2.2"].map(|text| text.parse::<IpAddr>().unwrap().into());

    // In memory: nobody new is counted any more, so nobody new is let in, until there is room again.
    let other = world.attendant(shop.merchant).await;
    let known = || {
        limits::sign_in(&world.s, addresses[0]).is_ok()
            && limits::validate(&world.s, shop.attendant.into()).is_ok()
    };
    let new = || {
        limits::sign_in(&world.s, addresses[1]).is_ok()
            || limits::validate(&world.s, other.into()).is_ok()
    };
    assert!(known() && !new() && known());
    let told = limits::sign_in(&world.s, addresses[1]).unwrap_err();
    assert_eq!((told.0.remaining, told.0.wait()), (0, 60 * 60));
    // Pages, where nothing is at stake, stay open.
    assert!(
        addresses
            .iter()
            .all(|it| limits::general(&world.s, *it).is_ok())
    );
    world.clock.advance(TimeDelta::hours(1));
    assert!(limits::sign_in(&world.s, addresses[1]).is_ok());

    // In the database: nothing is redeemed that is not counted.
    world.s.db().close().await;
    let refused = redeem(&world.s, consumer, shop.offer, world.key(), None).await;
    assert!(matches!(refused, Err(redeem::Refusal::Fault(_))));
}

#[sqlx::test(migrations = "../migrations")]
async fn mistake_13_points_were_deducted_twice_by_two_triggers(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(500).await;
    let redemption = world.redeem(consumer, shop.offer).await;
    assert_eq!(world.balance(consumer).await, (400, 100));
    world.confirm(shop.attendant, redemption).await;
    assert_eq!(world.balance(consumer).await, (400, 0));
    // No trigger writes to the ledger: what moves points is called by name.
    let writing = "select count(*) from pg_trigger t join pg_proc p on p.oid = t.tgfoid
        where not t.tgisinternal and (p.prosrc ilike '%transfers%' or p.prosrc ilike '%set balance%')";
    assert_eq!(world.count(writing).await, 0);
}
