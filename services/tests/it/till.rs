//! The till: what it refuses, what it says, and that looking changes nothing.

use chrono::TimeDelta;
use domain::{codes::Presented, ids::RedemptionId};
use services::{
    identity::{
        self,
        actors::{Actor, Attendant, Consumer},
    },
    offers::{
        cancel::cancel,
        expire::expire_due,
        till::{Refusal, Use, Verdict, confirm, recent, validate},
    },
};
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::{World, redeems};

/// Everything the consumer could present for a redemption.
async fn every_way(world: &World, consumer: Consumer, redemption: RedemptionId) -> Vec<Presented> {
    let codes = world.codes(consumer, redemption).await;
    vec![
        Presented::Id(redemption),
        Presented::Short(codes.short_code),
        Presented::Code {
            code: codes.code.clone(),
            token: None,
        },
        Presented::Code {
            code: codes.code,
            token: Some(codes.token),
        },
    ]
}

/// The whole of the redemptions and balances, to see that nothing changes.
async fn snapshot(world: &World) -> String {
    sqlx::query_scalar(
        "select concat((select json_agg(r order by id) from redemptions r),
             (select json_agg(a order by id) from accounts a))",
    )
    .fetch_one(world.db())
    .await
    .unwrap()
}

#[sqlx::test(migrations = "../migrations")]
async fn every_way_to_present_a_code_finds_it_at_its_own_merchant_alone(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let stranger = world.shop(world.draft()).await.attendant;
    let consumer = world.consumer(500).await;
    let redemption = world.redeem(consumer, shop.offer).await;
    let before = snapshot(&world).await;
    for presented in every_way(&world, consumer, redemption).await {
        let found = validate(&world.s, shop.attendant, &presented)
            .await
            .unwrap();
        assert_eq!(found.redemption, redemption);
        assert!(matches!(found.verdict, Verdict::Good { .. }));
        let refused = validate(&world.s, stranger, &presented).await;
        assert!(
            matches!(refused, Err(Refusal::InvalidCode)),
            "{presented:?}"
        );
    }
    assert_eq!(snapshot(&world).await, before);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_good_ticket_does_not_confirm_for_another_merchant(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let other = world.merchant().await;
    let consumer = world.consumer(500).await;
    let redemption = world.redeem(consumer, shop.offer).await;
    let ticket = world.ticket(shop.attendant, redemption).await;
    // The attendant changes employer while holding the ticket.
    sqlx::query("update users set merchant_id = $2 where id = $1")
        .bind(Uuid::from(shop.attendant.user()))
        .bind(Uuid::from(other))
        .execute(world.db())
        .await
        .unwrap();
    let account = identity::account(&world.s, shop.attendant.user(), 0)
        .await
        .unwrap()
        .unwrap();
    let moved = Attendant::of(&account).unwrap();
    let before = snapshot(&world).await;
    let refused = confirm(&world.s, moved, redemption, &ticket, None).await;
    assert!(matches!(refused, Err(Refusal::InvalidCode)));
    assert_eq!(snapshot(&world).await, before);
}

#[sqlx::test(migrations = "../migrations")]
async fn confirming_takes_ones_own_fresh_ticket_for_this_redemption(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let colleague = world.attendant(shop.merchant).await;
    let consumer = world.consumer(500).await;
    let redemption = world.redeem(consumer, shop.offer).await;
    let other = world.redeem(consumer, shop.offer).await;
    let ticket = world.ticket(shop.attendant, redemption).await;
    let (until, proof) = ticket.split_once('.').unwrap();
    let longer = format!("{}.{proof}", until.parse::<i64>().unwrap() + 60);
    let colleagues = world.ticket(colleague, redemption).await;
    let of_other = world.ticket(shop.attendant, other).await;
    let before = snapshot(&world).await;
    let refused = async |ticket: &str| {
        let answer = confirm(&world.s, shop.attendant, redemption, ticket, None).await;
        assert!(matches!(answer, Err(Refusal::InvalidTicket)), "{ticket}");
    };
    for ticket in ["", ".", "x", proof, &longer, &colleagues, &of_other] {
        refused(ticket).await;
    }
    world.clock.advance(TimeDelta::minutes(2));
    refused(&ticket).await;
    assert_eq!(snapshot(&world).await, before);

    world.confirm(shop.attendant, redemption).await;
    world.assert_ledger_sound().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_qr_token_that_is_stale_or_altered_is_refused(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(500).await;
    let redemption = world.redeem(consumer, shop.offer).await;
    let other = world.redeem(consumer, shop.offer).await;
    let codes = world.codes(consumer, redemption).await;
    let answer = async |token: &str| {
        let presented = Presented::Code {
            code: codes.code.clone(),
            token: Some(token.to_owned()),
        };
        validate(&world.s, shop.attendant, &presented).await
    };
    let mut altered = codes.token.clone().into_bytes();
    altered[3] = if altered[3] == b'A' { b'B' } else { b'A' };
    let altered = String::from_utf8(altered).unwrap();
    let of_other = world.codes(consumer, other).await.token;
    for token in [altered.as_str(), "x", of_other.as_str()] {
        assert!(matches!(answer(token).await, Err(Refusal::InvalidToken)));
    }
    world.clock.advance(TimeDelta::seconds(30));
    assert!(answer(&codes.token).await.is_ok(), "one window of grace");
    world.clock.advance(TimeDelta::seconds(30));
    assert!(matches!(
        answer(&codes.token).await,
        Err(Refusal::InvalidToken)
    ));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_code_that_is_over_is_told_apart_and_cannot_be_confirmed(db: PgPool) {
    let world = World::new(db).await;
    let mut draft = world.draft();
    draft.lifetime_minutes = 1;
    let shop = world.shop(draft).await;
    let colleague = world.attendant(shop.merchant).await;
    let consumer = world.consumer(500).await;
    let [used, cancelled, expired] = [
        world.redeem(consumer, shop.offer).await,
        world.redeem(consumer, shop.offer).await,
        world.redeem(consumer, shop.offer).await,
    ];
    let mut tickets = Vec::new();
    for redemption in [used, cancelled, expired] {
        tickets.push(world.ticket(shop.attendant, redemption).await);
    }
    let verdict = async |attendant, redemption| {
        let presented = Presented::Id(redemption);
        let found = validate(&world.s, attendant, &presented).await;
        found.unwrap().verdict
    };
    let confirm = async |redemption, ticket: &str| {
        confirm(&world.s, shop.attendant, redemption, ticket, None).await
    };

    confirm(used, &tickets[0]).await.unwrap();
    let at = world.s.now();
    cancel(&world.s, consumer, cancelled, None, None)
        .await
        .unwrap();
    world.clock.advance(TimeDelta::minutes(1));
    for _ in 0..2 {
        assert_eq!(
            verdict(shop.attendant, used).await,
            Verdict::Used(Use {
                at,
                by_you: true,
                terminal: None
            })
        );
        assert_eq!(
            verdict(colleague, used).await,
            Verdict::Used(Use {
                at,
                by_you: false,
                terminal: None
            })
        );
        assert_eq!(verdict(shop.attendant, cancelled).await, Verdict::Cancelled);
        assert_eq!(verdict(shop.attendant, expired).await, Verdict::Expired);
        assert!(matches!(
            confirm(used, &tickets[0]).await,
            Err(Refusal::Used(Use { by_you: true, .. }))
        ));
        assert!(matches!(
            confirm(cancelled, &tickets[1]).await,
            Err(Refusal::Cancelled)
        ));
        assert!(matches!(
            confirm(expired, &tickets[2]).await,
            Err(Refusal::Expired)
        ));
        // The second time after the job has come by.
        expire_due(&world.s).await.unwrap();
    }
    world.assert_ledger_sound().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_till_lists_the_attendants_own_last_ten_newest_first(db: PgPool) {
    let world = World::under(redeems(1_000), db).await;
    let shop = world.shop(world.draft()).await;
    let colleague = world.attendant(shop.merchant).await;
    let consumer = world.consumer(5_000).await;
    let mut expected = Vec::new();
    for n in 0..12 {
        let redemption = world.redeem(consumer, shop.offer).await;
        let codes = world.codes(consumer, redemption).await;
        world.confirm(shop.attendant, redemption).await;
        if n >= 2 {
            expected.insert(0, codes.short_code.as_str().to_owned());
        }
        let colleagues = world.redeem(consumer, shop.offer).await;
        world.confirm(colleague, colleagues).await;
        world.clock.advance(TimeDelta::seconds(1));
    }
    let listed: Vec<_> = recent(&world.s, shop.attendant)
        .await
        .unwrap()
        .into_iter()
        .map(|recent| recent.short_code)
        .collect();
    assert_eq!(listed, expected);
}
