//! What a consumer sees of their points.

use std::collections::HashSet;

use services::{
    offers::cancel::cancel,
    wallet::{Filter, TransferKind, movements},
};
use sqlx::PgPool;

use crate::support::{World, redeems};

use TransferKind::{Bonus, Cancel, Redeem};

#[sqlx::test(migrations = "../migrations")]
async fn the_balance_follows_redeem_cancel_and_confirm(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(250).await;
    assert_eq!(world.balance(consumer).await, (250, 0));
    let first = world.redeem(consumer, shop.offer).await;
    let second = world.redeem(consumer, shop.offer).await;
    assert_eq!(world.balance(consumer).await, (50, 200));
    cancel(&world.s, consumer, first, None, None).await.unwrap();
    assert_eq!(world.balance(consumer).await, (150, 100));
    world.confirm(shop.attendant, second).await;
    assert_eq!(world.balance(consumer).await, (150, 0));
    world.assert_ledger_sound().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn movements_tell_what_came_and_went_and_what_for(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(250).await;
    let tick = || world.clock.advance(chrono::TimeDelta::seconds(1));
    tick();
    let redemption = world.redeem(consumer, shop.offer).await;
    tick();
    cancel(&world.s, consumer, redemption, None, None)
        .await
        .unwrap();
    let page = movements(&world.s, consumer, Filter::default())
        .await
        .unwrap();
    let told: Vec<_> = page
        .movements
        .iter()
        .map(|movement| (movement.kind, movement.incoming, movement.amount.get()))
        .collect();
    assert_eq!(
        told,
        [
            (Cancel, true, 100),
            (Redeem, false, 100),
            (Bonus, true, 250)
        ]
    );
    let coffee = Some((redemption, "Coffee".to_owned()));
    let reasons: Vec<_> = page
        .movements
        .into_iter()
        .map(|movement| movement.redemption)
        .collect();
    assert_eq!(reasons, [coffee.clone(), coffee, None]);
}

#[sqlx::test(migrations = "../migrations")]
async fn movements_page_through_each_exactly_once(db: PgPool) {
    let world = World::under(redeems(1_000), db).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(10_000).await;
    // With the bonus 61, in and out mixed, many within one moment.
    for n in 0..30 {
        let redemption = world.redeem(consumer, shop.offer).await;
        cancel(&world.s, consumer, redemption, None, None)
            .await
            .unwrap();
        if n % 7 == 0 {
            world.clock.advance(chrono::TimeDelta::seconds(1));
        }
    }
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = movements(
            &world.s,
            consumer,
            Filter {
                after,
                ..Filter::default()
            },
        )
        .await
        .unwrap();
        assert!(page.movements.len() <= 20);
        seen.extend(page.movements.into_iter().map(|movement| movement.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 61);
    assert_eq!(seen.iter().collect::<HashSet<_>>().len(), 61);
    assert!(seen.is_sorted_by(|a, b| a > b));
}
