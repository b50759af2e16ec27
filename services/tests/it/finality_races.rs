//! Confirm, cancel and expire at the same moment: exactly one of them happens.

use chrono::TimeDelta;
use services::offers::{
    cancel::{self, cancel},
    expire::expire_due,
    manage, till,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::{Shop, World, at_once, redeems};

#[sqlx::test(migrations = "../migrations")]
async fn of_50_confirms_at_once_one_burns_the_code(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::wide(options).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(100).await;
    let redemption = world.redeem(consumer, shop.offer).await;
    let mut calls = Vec::new();
    for n in 0..50 {
        let attendant = if n < 5 {
            world.attendant(shop.merchant).await
        } else {
            shop.attendant
        };
        let ticket = world.ticket(attendant, redemption).await;
        let s = world.s.clone();
        calls.push(async move { till::confirm(&s, attendant, redemption, &ticket, None).await });
    }
    let answers = at_once(calls).await;
    let confirmed = answers.iter().filter(|answer| answer.is_ok()).count();
    let used = answers
        .iter()
        .filter(|answer| matches!(answer, Err(till::Refusal::Used(_))))
        .count();
    assert_eq!((confirmed, used), (1, 49), "{answers:?}");
    assert_eq!(world.balance(consumer).await, (0, 0));
    world.assert_ledger_sound().await;
    world.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn confirm_cancel_and_expire_at_once_have_one_winner(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::wide_under(redeems(1_000), options).await;
    let mut draft = world.draft();
    draft.stock_quantity = Some(1_000);
    let shop = world.shop(draft).await;
    let consumer = world.consumer(10_000).await;
    // For this instance's clock everything is due, for the other's nothing is: so all three may happen.
    let late = world.another_instance(2, TimeDelta::minutes(15));
    let mut confirmed = 0;
    for round in 0..60 {
        let redemption = world.redeem(consumer, shop.offer).await;
        let ticket = world.ticket(shop.attendant, redemption).await;
        let winners = at_once((0..3).map(|place| {
            let (s, late, ticket) = (world.s.clone(), late.clone(), ticket.clone());
            async move {
                match (place + round) % 3 {
                    0 => match till::confirm(&s, shop.attendant, redemption, &ticket, None).await {
                        Ok(_) => Some("confirmed"),
                        Err(till::Refusal::Cancelled | till::Refusal::Expired) => None,
                        Err(error) => panic!("{error:?}"),
                    },
                    1 => match cancel(&s, consumer, redemption, None, None).await {
                        Ok(_) => Some("cancelled"),
                        Err(cancel::Refusal::Final(_)) => None,
                        Err(error) => panic!("{error:?}"),
                    },
                    _ => (expire_due(&late).await.unwrap() == 1).then_some("expired"),
                }
            }
        }))
        .await;
        let winners: Vec<_> = winners.into_iter().flatten().collect();
        assert_eq!(winners.len(), 1, "{winners:?}");
        confirmed += i32::from(winners == ["confirmed"]);
        let status: String =
            sqlx::query_scalar("select status::text from redemptions order by id desc limit 1")
                .fetch_one(world.db())
                .await
                .unwrap();
        assert_eq!(status, winners[0]);
        let spent = i64::from(confirmed) * 100;
        assert_eq!(world.balance(consumer).await, (10_000 - spent, 0));
        assert_eq!(world.stock_taken(shop.offer).await, confirmed);
        world.clock.advance(TimeDelta::milliseconds(1));
    }
    world.assert_ledger_sound().await;
    world.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn ten_expiry_runs_at_once_expire_each_redemption_once(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::wide(options).await;
    let mut draft = world.draft();
    draft.stock_quantity = Some(100);
    let shop = world.shop(draft).await;
    let consumers = world.consumers(5, 1_000).await;
    for n in 0..50 {
        world.redeem(consumers[n % 5], shop.offer).await;
    }
    world.clock.advance(TimeDelta::minutes(15));
    let expired = at_once((0..10).map(|_| {
        let s = world.s.clone();
        async move { expire_due(&s).await.unwrap() }
    }))
    .await;
    assert_eq!(expired.iter().sum::<u64>(), 50, "{expired:?}");
    assert_eq!(world.stock_taken(shop.offer).await, 0);
    for consumer in consumers {
        assert_eq!(world.balance(consumer).await, (1_000, 0));
    }
    world.assert_ledger_sound().await;
    world.close().await;
}

/// Archives an offer while 20 consumers redeem it; how often it ended archived with redemptions pending.
async fn archive_against_redeems(world: &World, stock: Option<i32>) -> i64 {
    let mut draft = world.draft();
    draft.stock_quantity = stock;
    let Shop { manager, .. } = world.shop(world.draft()).await;
    let consumers = world.consumers(20, 1_000).await;
    for round in 0..20 {
        let offer = world.offer(manager, draft.clone()).await;
        at_once((0..=20).map(|place| {
            let (s, key) = (world.s.clone(), world.key());
            let consumer = consumers.get(place).copied();
            // The archiving starts a little later in every round.
            let wait = std::time::Duration::from_micros(round * 500);
            async move {
                if let Some(consumer) = consumer {
                    let _ = services::offers::redeem::redeem(&s, consumer, offer, key, None).await;
                    return;
                }
                tokio::time::sleep(wait).await;
                let archived = domain::offers::OfferStatus::Archived;
                match manage::set_status(&s, manager, offer, archived).await {
                    Ok(()) | Err(manage::Refusal::Pending { .. }) => {}
                    Err(error) => panic!("{error:?}"),
                }
            }
        }))
        .await;
    }
    world
        .count(
            "select count(distinct o.id) from offers o join redemptions r on r.offer_id = o.id
             where o.status = 'archived' and r.status = 'pending'",
        )
        .await
}

#[sqlx::test(migrations = "../migrations")]
async fn an_offer_is_never_archived_under_redeems_of_its_stock(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::wide(options).await;
    assert_eq!(archive_against_redeems(&world, Some(1_000)).await, 0);
    world.assert_ledger_sound().await;
    world.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_offer_without_stock_is_never_archived_under_redeems(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::wide(options).await;
    assert_eq!(archive_against_redeems(&world, None).await, 0);
    world.assert_ledger_sound().await;
    world.close().await;
}
