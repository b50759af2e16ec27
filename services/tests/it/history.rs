//! What the consumer, and a stranger with a code, sees of a redemption.

use chrono::TimeDelta;
use domain::{
    codes::RedemptionCode,
    ids::RedemptionId,
    redemptions::{RedemptionStatus, TOKEN_WINDOW_SECONDS},
};
use services::{
    identity::actors::{Actor, Consumer},
    offers::{
        cancel::cancel,
        expire::expire_due,
        history::{Filter, detail, landing, list},
    },
};
use sqlx::PgPool;

use crate::support::{World, redeems};

use RedemptionStatus::{Cancelled, Confirmed, Expired, Pending};

#[sqlx::test(migrations = "../migrations")]
async fn codes_are_shown_while_pending_and_never_after(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(500).await;
    let [used, cancelled, expired] = [
        world.redeem(consumer, shop.offer).await,
        world.redeem(consumer, shop.offer).await,
        world.redeem(consumer, shop.offer).await,
    ];
    let seen = async |redemption: RedemptionId| {
        let detail = detail(&world.s, consumer, redemption).await.unwrap();
        let detail = detail.unwrap();
        (detail.status, detail.codes.is_some())
    };
    assert_eq!(seen(used).await, (Pending, true));
    world.confirm(shop.attendant, used).await;
    assert_eq!(seen(used).await, (Confirmed, false));
    cancel(&world.s, consumer, cancelled, None, None)
        .await
        .unwrap();
    assert_eq!(seen(cancelled).await, (Cancelled, false));
    world.clock.advance(TimeDelta::minutes(15));
    assert_eq!(seen(expired).await, (Expired, false), "before the job");
    expire_due(&world.s).await.unwrap();
    assert_eq!(seen(expired).await, (Expired, false), "after the job");
}

#[sqlx::test(migrations = "../migrations")]
async fn the_token_changes_with_its_window_and_the_codes_do_not(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(500).await;
    let redemption = world.redeem(consumer, shop.offer).await;
    let before = world.codes(consumer, redemption).await;
    let wait = before.rotates_at - world.s.now();
    assert!(wait > TimeDelta::zero() && wait.num_seconds() <= TOKEN_WINDOW_SECONDS);
    world.clock.advance(wait);
    let after = world.codes(consumer, redemption).await;
    assert_ne!(after.token, before.token);
    assert_eq!(
        (after.code, after.short_code),
        (before.code, before.short_code)
    );
}

#[sqlx::test(migrations = "../migrations")]
async fn a_redemption_does_not_exist_for_another_consumer(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let [ana, bea] = [world.consumer(500).await, world.consumer(500).await];
    let redemption = world.redeem(ana, shop.offer).await;
    assert!(detail(&world.s, bea, redemption).await.unwrap().is_none());
    let page = list(&world.s, bea, Filter::default()).await.unwrap();
    assert!(page.redemptions.is_empty() && page.next.is_none());
}

#[sqlx::test(migrations = "../migrations")]
async fn the_landing_page_tells_offer_and_status_but_never_the_owner(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let account = world.consumer_account(500).await;
    sqlx::query("update users set name = 'Quetzalli Ñandú' where id = $1")
        .bind(uuid::Uuid::from(account.id))
        .execute(world.db())
        .await
        .unwrap();
    let consumer = Consumer::of(&account).unwrap();
    let redemption = world.redeem(consumer, shop.offer).await;
    let code = world.codes(consumer, redemption).await.code;
    let see = async || landing(&world.s, &code).await.unwrap().unwrap();

    let shown = see().await;
    assert_eq!(
        (shown.offer_name.as_str(), shown.status),
        ("Coffee", Pending)
    );
    let everything = format!("{shown:?}");
    for secret in [
        "Quetzalli",
        "Ñandú",
        &account.email,
        &account.id.to_string(),
    ] {
        assert!(!everything.contains(secret), "{secret} in {everything}");
    }
    world.clock.advance(TimeDelta::minutes(15));
    assert_eq!(see().await.status, Expired);
    let unknown = RedemptionCode::from_random(7);
    assert!(landing(&world.s, &unknown).await.unwrap().is_none());
}

#[sqlx::test(migrations = "../migrations")]
async fn the_history_pages_through_every_redemption_once_newest_first(db: PgPool) {
    let world = World::under(redeems(1_000), db).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(10_000).await;
    let mut expected = Vec::new();
    for _ in 0..41 {
        expected.insert(0, world.redeem(consumer, shop.offer).await);
        world.clock.advance(TimeDelta::seconds(1));
    }
    let mut listed = Vec::new();
    let mut after = None;
    loop {
        let filter = Filter {
            after,
            ..Filter::default()
        };
        let page = list(&world.s, consumer, filter).await.unwrap();
        assert!(page.redemptions.len() <= 20);
        listed.extend(page.redemptions.iter().map(|summary| summary.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(listed, expected);
}
