//! What anyone finds among the offers.

use std::collections::HashSet;

use chrono::TimeDelta;
use domain::{
    ids::OfferId,
    offers::{Availability, Category, OfferDraft, OfferStatus},
};
use services::{
    identity::actors::Consumer,
    offers::{
        browse::{Cursor, Filter, Sort, detail, list},
        cancel::cancel,
        manage,
    },
};
use sqlx::PgPool;

use crate::support::{World, points};

async fn names(world: &World, filter: Filter) -> Vec<String> {
    let page = list(&world.s, &filter).await.unwrap();
    page.offers.into_iter().map(|offer| offer.name).collect()
}

fn text(text: &str) -> Filter {
    Filter {
        text: Some(text.into()),
        ..Filter::default()
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn text_is_found_whatever_its_accents_and_case(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    for (name, description) in [
        ("Café de olla", "Con canela y piloncillo."),
        ("Lavado", "Encerado a mano, atención rápida."),
    ] {
        let draft = OfferDraft {
            name: name.into(),
            description: description.into(),
            ..world.draft()
        };
        world.offer(shop.manager, draft).await;
    }
    for (wanted, found) in [
        ("cafe", "Café de olla"),
        ("CAFÉ DE", "Café de olla"),
        ("  rapida ", "Lavado"),
        ("atencion", "Lavado"),
    ] {
        assert_eq!(names(&world, text(wanted)).await, [found], "{wanted}");
    }
    assert_eq!(names(&world, text("merchant 0")).await.len(), 3);
    assert_eq!(names(&world, text("   ")).await.len(), 3);
    for nothing in ["%", "_", "mate", "'"] {
        assert!(names(&world, text(nothing)).await.is_empty(), "{nothing}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn the_list_is_narrowed_by_category_merchant_and_cost(db: PgPool) {
    let world = World::new(db).await;
    let cheap = OfferDraft {
        name: "Cheap".into(),
        points_cost: points(50),
        category: Category::Shop,
        ..world.draft()
    };
    let first = world.shop(cheap).await;
    let dear = OfferDraft {
        name: "Dear".into(),
        points_cost: points(51),
        ..world.draft()
    };
    let second = world.shop(dear).await;
    let category = Filter {
        category: Some(Category::Shop),
        ..Filter::default()
    };
    assert_eq!(names(&world, category).await, ["Cheap"]);
    let merchant = Filter {
        merchant: Some(second.merchant),
        ..Filter::default()
    };
    assert_eq!(names(&world, merchant).await, ["Dear"]);
    let max_cost = Filter {
        max_cost: Some(points(50)),
        ..Filter::default()
    };
    assert_eq!(names(&world, max_cost).await, ["Cheap"]);
    let all = Filter {
        text: Some("large".into()),
        category: Some(Category::Shop),
        merchant: Some(first.merchant),
        max_cost: Some(points(50)),
        ..Filter::default()
    };
    assert_eq!(names(&world, all).await, ["Cheap"]);
}

#[sqlx::test(migrations = "../migrations")]
async fn every_sort_pages_through_each_offer_exactly_once(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    for n in 1..45 {
        // Several share a cost, and several a moment.
        let draft = OfferDraft {
            points_cost: points(100 + i64::from(n % 4)),
            ..world.draft()
        };
        world.offer(shop.manager, draft).await;
        if n % 3 == 0 {
            world.clock.advance(TimeDelta::microseconds(1));
        }
    }
    let mut newest = Vec::new();
    for sort in [Sort::Newest, Sort::CostAscending, Sort::CostDescending] {
        let mut filter = Filter {
            sort,
            ..Filter::default()
        };
        let mut listed = Vec::new();
        let mut pages = 0;
        loop {
            let page = list(&world.s, &filter).await.unwrap();
            assert!(page.offers.len() <= 20);
            pages += 1;
            listed.extend(page.offers);
            let Some(next) = page.next else { break };
            // As it goes through a link.
            filter.after = Cursor::from_text(&next.to_text());
            assert_eq!(filter.after, Some(next));
        }
        assert_eq!((pages, listed.len()), (3, 45), "{sort:?}");
        let distinct: HashSet<OfferId> = listed.iter().map(|offer| offer.id).collect();
        assert_eq!(distinct.len(), 45, "{sort:?}");
        let costs: Vec<_> = listed.iter().map(|offer| offer.points_cost).collect();
        match sort {
            Sort::Newest => newest = listed.iter().map(|offer| offer.id).collect(),
            Sort::CostAscending => assert!(costs.is_sorted()),
            Sort::CostDescending => assert!(costs.is_sorted_by(|a, b| a >= b)),
        }
    }
    let created: Vec<chrono::DateTime<chrono::Utc>> = sqlx::query_scalar(
        "select created_at from unnest($1::uuid[]) with ordinality as listed (id, place)
         join offers using (id) order by place",
    )
    .bind(newest.into_iter().map(uuid::Uuid::from).collect::<Vec<_>>())
    .fetch_all(world.db())
    .await
    .unwrap();
    assert!(created.is_sorted_by(|a, b| a >= b));
}

#[sqlx::test(migrations = "../migrations")]
async fn only_what_is_on_now_is_listed(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let now = world.s.now();
    let named = |name: &str| OfferDraft {
        name: name.into(),
        ..world.draft()
    };
    manage::create(&world.s, shop.manager, &named("Draft"))
        .await
        .unwrap();
    for status in [OfferStatus::Paused, OfferStatus::Archived] {
        let offer = world.offer(shop.manager, named("Withheld")).await;
        manage::set_status(&world.s, shop.manager, offer, status)
            .await
            .unwrap();
    }
    let over = OfferDraft {
        valid_to: now,
        ..named("Over")
    };
    world.offer(shop.manager, over).await;
    let begins = OfferDraft {
        valid_from: now + TimeDelta::microseconds(1),
        ..named("Soon")
    };
    world.offer(shop.manager, begins).await;
    assert_eq!(names(&world, Filter::default()).await, ["Coffee"]);
    world.clock.advance(TimeDelta::microseconds(1));
    assert_eq!(names(&world, Filter::default()).await.len(), 2);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_sold_out_offer_stays_listed_until_a_unit_comes_back(db: PgPool) {
    let world = World::new(db).await;
    let draft = OfferDraft {
        stock_quantity: Some(1),
        ..world.draft()
    };
    let shop = world.shop(draft).await;
    let consumer = world.consumer(500).await;
    let standing = async || {
        let page = list(&world.s, &Filter::default()).await.unwrap();
        let detail = detail(&world.s, shop.offer, None).await.unwrap().unwrap();
        assert_eq!(page.offers[0].availability, detail.availability);
        assert_eq!(page.offers[0].stock_remaining, detail.stock_remaining);
        (detail.availability, detail.stock_remaining)
    };
    assert_eq!(standing().await, (Availability::Available, Some(1)));
    let redemption = world.redeem(consumer, shop.offer).await;
    assert_eq!(standing().await, (Availability::SoldOut, Some(0)));
    cancel(&world.s, consumer, redemption, None, None)
        .await
        .unwrap();
    assert_eq!(standing().await, (Availability::Available, Some(1)));
}

#[sqlx::test(migrations = "../migrations")]
async fn the_detail_shows_the_viewers_own_standing(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let [ana, bea] = [world.consumer(500).await, world.consumer(70).await];
    let confirmed = world.redeem(ana, shop.offer).await;
    world.confirm(shop.attendant, confirmed).await;
    world.redeem(ana, shop.offer).await;
    let cancelled = world.redeem(ana, shop.offer).await;
    cancel(&world.s, ana, cancelled, None, None).await.unwrap();

    for (viewer, balance, redeemed) in [(ana, 300, 2), (bea, 70, 0)] {
        let detail = detail(&world.s, shop.offer, Some(viewer.user()))
            .await
            .unwrap()
            .unwrap();
        let viewer = detail.viewer.unwrap();
        assert_eq!(
            (viewer.balance, viewer.redeemed),
            (points(balance), redeemed)
        );
    }
    let stranger = detail(&world.s, shop.offer, None).await.unwrap().unwrap();
    assert!(stranger.viewer.is_none());
}

#[sqlx::test(migrations = "../migrations")]
async fn a_draft_has_no_page_and_a_paused_offer_says_it_is_withheld(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let draft = manage::create(&world.s, shop.manager, &world.draft())
        .await
        .unwrap();
    assert!(detail(&world.s, draft, None).await.unwrap().is_none());
    manage::set_status(&world.s, shop.manager, shop.offer, OfferStatus::Paused)
        .await
        .unwrap();
    let paused = detail(&world.s, shop.offer, None).await.unwrap().unwrap();
    assert_eq!(paused.availability, Availability::Withheld);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_viewer_is_told_of_the_redemption_that_waits_for_the_till(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let other = world.offer(shop.manager, world.draft()).await;
    let [ana, bea] = [world.consumer(500).await, world.consumer(500).await];
    let waiting = async |consumer: Consumer| {
        let detail = detail(&world.s, shop.offer, Some(consumer.user())).await;
        detail.unwrap().unwrap().viewer.unwrap().waiting
    };
    world.redeem(ana, other).await;
    assert_eq!(waiting(ana).await, None);
    let first = world.redeem(ana, shop.offer).await;
    assert_eq!(waiting(ana).await, Some(first));
    world.clock.advance(TimeDelta::minutes(1));
    let newest = world.redeem(ana, shop.offer).await;
    assert_eq!(waiting(ana).await, Some(newest));
    assert_eq!(waiting(bea).await, None);
    world.confirm(shop.attendant, newest).await;
    assert_eq!(waiting(ana).await, Some(first));
    // Its time is over, though the job has not come to it yet.
    world.clock.advance(TimeDelta::minutes(14));
    assert_eq!(waiting(ana).await, None);
}
