//! Pictures of offers.

use std::io::Cursor;

use chrono::TimeDelta;
use domain::{
    fields::FieldProblem,
    images::{ImageHash, Picture},
    offers::OfferStatus,
};
use image::{ImageFormat, Rgb, RgbImage};
use services::offers::{
    browse::{self, Filter, detail, preview},
    catalogue, manage, own,
    pictures::{bytes, purge, remove, set},
};
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::support::{Shop, World, at_once};

/// A photo of one colour.
fn photo(red: u8) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    RgbImage::from_pixel(1_000, 800, Rgb([red, 90, 40]))
        .write_to(&mut file, ImageFormat::Png)
        .unwrap();
    file.into_inner()
}

async fn shown(world: &World, shop: &Shop) -> Option<Picture> {
    let opened = manage::open(&world.s, shop.manager, shop.offer).await;
    opened.unwrap().unwrap().picture
}

async fn kept(world: &World) -> i64 {
    world.count("select count(*) from images").await
}

async fn is_there(world: &World, hash: ImageHash) -> bool {
    bytes(&world.s, hash).await.unwrap().is_some()
}

#[sqlx::test(migrations = "../migrations")]
async fn an_offers_picture_is_shown_wherever_the_offer_is_small_in_lists(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    assert_eq!(shown(&world, &shop).await, None);
    set(&world.s, shop.manager, shop.offer, photo(200))
        .await
        .unwrap();
    let large = shown(&world, &shop).await.unwrap();
    assert_eq!((large.width, large.height), (1_000, 800));
    let seen = bytes(&world.s, large.hash).await.unwrap().unwrap();
    assert_eq!(image::guess_format(&seen).unwrap(), ImageFormat::Jpeg);
    let page = detail(&world.s, shop.offer, None).await.unwrap().unwrap();
    assert_eq!(page.picture, Some(large));
    let page = preview(&world.s, shop.manager, shop.offer).await.unwrap();
    assert_eq!(page.unwrap().picture, Some(large));
    let entry = catalogue::get(&world.s, shop.offer, None).await.unwrap();
    assert_eq!(entry.unwrap().picture, Some(large));
    let own = own::get(&world.s, shop.manager, shop.offer).await.unwrap();
    assert_eq!(own.unwrap().picture, Some(large));

    let listed = browse::list(&world.s, &Filter::default()).await.unwrap();
    let small = listed.offers[0].picture.unwrap();
    assert_eq!((small.width, small.height), (640, 512));
    assert!(is_there(&world, small.hash).await);
    let (own, _) = manage::list(&world.s, shop.manager, None, None)
        .await
        .unwrap();
    assert_eq!(own[0].picture, Some(small));
    let told = world
        .count("select count(*) from audit_log where action = 'offer.set_image'")
        .await;
    assert_eq!(told, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_same_picture_is_kept_once_and_copied_with_its_offer(db: PgPool) {
    let world = World::new(db).await;
    let (shop, other) = (
        world.shop(world.draft()).await,
        world.shop(world.draft()).await,
    );
    for shop in [&shop, &other, &shop] {
        set(&world.s, shop.manager, shop.offer, photo(200))
            .await
            .unwrap();
    }
    assert_eq!(kept(&world).await, 2);
    let copy = world.s.new_id().into();
    manage::copy(&world.s, shop.manager, shop.offer, copy, "(copy)")
        .await
        .unwrap();
    let copied = manage::open(&world.s, shop.manager, copy).await.unwrap();
    assert_eq!(copied.unwrap().picture, shown(&world, &other).await);
}

#[sqlx::test(migrations = "../migrations")]
async fn only_the_offers_own_merchant_may_change_its_picture_and_not_once_it_is_archived(
    db: PgPool,
) {
    let world = World::new(db).await;
    let (shop, other) = (
        world.shop(world.draft()).await,
        world.shop(world.draft()).await,
    );
    let refused = set(&world.s, other.manager, shop.offer, photo(20)).await;
    assert!(matches!(refused, Err(manage::Refusal::NotFound)));
    set(&world.s, shop.manager, shop.offer, photo(20))
        .await
        .unwrap();
    let refused = remove(&world.s, other.manager, shop.offer).await;
    assert!(matches!(refused, Err(manage::Refusal::NotFound)));
    manage::set_status(&world.s, shop.manager, shop.offer, OfferStatus::Archived)
        .await
        .unwrap();
    let refused = [
        set(&world.s, shop.manager, shop.offer, photo(160)).await,
        remove(&world.s, shop.manager, shop.offer).await,
    ];
    for refused in refused {
        assert!(matches!(
            refused,
            Err(manage::Refusal::WrongStatus(OfferStatus::Archived))
        ));
    }
    assert!(shown(&world, &shop).await.is_some());
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_no_picture_is_refused_and_the_old_one_stays(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    set(&world.s, shop.manager, shop.offer, photo(20))
        .await
        .unwrap();
    let before = shown(&world, &shop).await;
    let refused = set(&world.s, shop.manager, shop.offer, b"<svg/>".to_vec()).await;
    let Err(manage::Refusal::Invalid(problems)) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(problems.of("image"), Some(&FieldProblem::NotAPicture));
    assert_eq!(shown(&world, &shop).await, before);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_picture_that_nothing_shows_is_deleted_a_day_later(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    set(&world.s, shop.manager, shop.offer, photo(20))
        .await
        .unwrap();
    let first = shown(&world, &shop).await.unwrap().hash;
    set(&world.s, shop.manager, shop.offer, photo(160))
        .await
        .unwrap();
    let second = shown(&world, &shop).await.unwrap().hash;
    assert_eq!(purge(&world.s).await.unwrap(), 0);
    world.clock.advance(TimeDelta::hours(25));
    assert_eq!(purge(&world.s).await.unwrap(), 1);
    assert!(!is_there(&world, first).await && is_there(&world, second).await);
    // Then what was made of it for cards.
    assert_eq!(purge(&world.s).await.unwrap(), 1);
    assert_eq!(kept(&world).await, 2);
    remove(&world.s, shop.manager, shop.offer).await.unwrap();
    // To take away what is not there is no change.
    remove(&world.s, shop.manager, shop.offer).await.unwrap();
    assert_eq!(shown(&world, &shop).await, None);
    // Whoever uploads it again at the last moment keeps it.
    world.clock.advance(TimeDelta::hours(1));
    set(&world.s, shop.manager, shop.offer, photo(160))
        .await
        .unwrap();
    remove(&world.s, shop.manager, shop.offer).await.unwrap();
    assert_eq!(purge(&world.s).await.unwrap(), 0);
    world.clock.advance(TimeDelta::hours(25));
    assert_eq!(purge(&world.s).await.unwrap(), 1);
    assert_eq!(purge(&world.s).await.unwrap(), 1);
    assert_eq!(kept(&world).await, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn uploads_and_deletions_of_one_picture_at_the_same_moment_lose_nothing(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::wide(options).await;
    let shop = world.shop(world.draft()).await;
    for round in 0..3 {
        set(&world.s, shop.manager, shop.offer, photo(7))
            .await
            .unwrap();
        remove(&world.s, shop.manager, shop.offer).await.unwrap();
        world.clock.advance(TimeDelta::hours(25));
        let ends = at_once((0..6).map(|n| {
            let s = world.s.clone();
            async move {
                if n % 2 == 0 {
                    set(&s, shop.manager, shop.offer, photo(7)).await.map(drop)
                } else {
                    purge(&s).await.map(drop).map_err(Into::into)
                }
            }
        }))
        .await;
        assert!(ends.iter().all(Result::is_ok), "{round}: {ends:?}");
        let hash = shown(&world, &shop).await.unwrap().hash;
        assert!(is_there(&world, hash).await);
    }
    world.close().await;
}
