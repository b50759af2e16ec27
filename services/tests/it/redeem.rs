//! What a redeem is refused for, one at a time.

use chrono::TimeDelta;
use domain::{ids::OfferId, offers::OfferStatus};
use services::offers::{
    manage,
    redeem::{Refusal, redeem},
};
use sqlx::PgPool;

use crate::support::World;

#[sqlx::test(migrations = "../migrations")]
async fn only_an_active_offer_within_its_window_can_be_redeemed(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(1_000).await;
    let refusal = async |offer: OfferId| {
        redeem(&world.s, consumer, offer, world.key(), None)
            .await
            .unwrap_err()
    };

    let unknown = world.s.new_id().into();
    assert!(matches!(refusal(unknown).await, Refusal::NotFound));
    let draft = manage::create(&world.s, shop.manager, &world.draft())
        .await
        .unwrap();
    assert!(matches!(refusal(draft).await, Refusal::NotFound));
    for status in [OfferStatus::Paused, OfferStatus::Archived] {
        let offer = world.offer(shop.manager, world.draft()).await;
        manage::set_status(&world.s, shop.manager, offer, status)
            .await
            .unwrap();
        assert!(matches!(refusal(offer).await, Refusal::NotAvailable));
    }

    let now = world.s.now();
    let mut later = world.draft();
    later.valid_from = now + TimeDelta::seconds(1);
    let later = world.offer(shop.manager, later).await;
    assert!(matches!(refusal(later).await, Refusal::NotAvailable));
    let mut over = world.draft();
    over.valid_to = now;
    let over = world.offer(shop.manager, over).await;
    assert!(matches!(refusal(over).await, Refusal::NotAvailable));

    assert_eq!(world.balance(consumer).await, (1_000, 0));
    world.clock.advance(TimeDelta::seconds(1));
    world.redeem(consumer, later).await;
    world.assert_ledger_sound().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_key_is_used_up_by_success_alone(db: PgPool) {
    let world = World::new(db).await;
    let mut draft = world.draft();
    draft.max_per_user = 1;
    let shop = world.shop(draft).await;
    let other = world.offer(shop.manager, world.draft()).await;
    let consumer = world.consumer(1_000).await;
    let key = world.key();
    let redeem = async |offer, key| redeem(&world.s, consumer, offer, key, None).await;

    let first = world.redeem(consumer, shop.offer).await;
    let refused = redeem(shop.offer, key).await;
    assert!(matches!(refused, Err(Refusal::LimitReached { limit: 1 })));
    services::offers::cancel::cancel(&world.s, consumer, first, None, None)
        .await
        .unwrap();
    assert!(!redeem(shop.offer, key).await.unwrap().replayed);
    assert!(redeem(shop.offer, key).await.unwrap().replayed);
    assert!(matches!(redeem(other, key).await, Err(Refusal::KeyReused)));
    world.assert_ledger_sound().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn two_consumers_may_use_the_same_key(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let key = world.key();
    for consumer in world.consumers(2, 100).await {
        let redeemed = redeem(&world.s, consumer, shop.offer, key, None)
            .await
            .unwrap();
        assert!(!redeemed.replayed);
    }
    world.assert_ledger_sound().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn nobody_pays_a_price_they_have_not_seen(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(1_000).await;
    let seen = world.draft().points_cost;
    let mut dearer = world.draft();
    dearer.points_cost = (seen.get() + 1).try_into().unwrap();
    let version = manage::open(&world.s, shop.manager, shop.offer)
        .await
        .unwrap()
        .unwrap()
        .version;
    manage::edit(&world.s, shop.manager, shop.offer, version, &dearer)
        .await
        .unwrap();

    let key = world.key();
    let refused = redeem(&world.s, consumer, shop.offer, key, Some(seen)).await;
    assert!(
        matches!(refused, Err(Refusal::PriceChanged { required }) if required == dearer.points_cost)
    );
    assert_eq!(world.balance(consumer).await, (1_000, 0));
    redeem(
        &world.s,
        consumer,
        shop.offer,
        key,
        Some(dearer.points_cost),
    )
    .await
    .unwrap();
    world.assert_ledger_sound().await;
}
