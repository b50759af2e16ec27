//! Offers from spreadsheets.

use chrono::TimeDelta;
use chrono_tz::America::Mexico_City;
use domain::{
    fields::FieldProblem,
    ids::ImportId,
    offers::{OfferDraft, OfferStatus},
};
use services::{
    identity::actors::Manager,
    offers::{
        import::{HEAVIEST, Imported, Refusal, Review, import, purge, review, upload},
        manage, own, table,
    },
};
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::support::{Shop, World, at_once};

const NAMES: &str = "name,description,category,points_cost,valid_from,valid_to";
const TWO: &str = "Té,Verde.,food,90,2026-01-01 00:00,2027-01-01 00:00
Pan dulce,Del día.,food,60,2026-01-01 00:00,2027-01-01 00:00";

fn made(made: i32, changed: i32) -> Imported {
    Imported { made, changed }
}

async fn uploaded(world: &World, manager: Manager, text: &str) -> ImportId {
    let id = world.s.new_id().into();
    let file = text.as_bytes().to_vec();
    upload(&world.s, manager, id, file, Mexico_City)
        .await
        .unwrap();
    id
}

async fn exported(world: &World, shop: &Shop) -> String {
    let own = own::all(&world.s, shop.manager).await.unwrap();
    String::from_utf8(table::write(&own, "https://x.test").unwrap()).unwrap()
}

/// What is wrong with a file, by column.
async fn flaws(world: &World, manager: Manager, text: &str) -> Vec<(u64, String, FieldProblem)> {
    let id = uploaded(world, manager, text).await;
    let Err(Refusal::Flawed(flaws)) = import(&world.s, manager, id).await else {
        panic!("no flaws");
    };
    let told = |flaw: table::Flaw| (flaw.line, flaw.column.unwrap_or_default(), flaw.problem);
    flaws.into_iter().map(told).collect()
}

#[sqlx::test(migrations = "../migrations")]
async fn a_file_is_looked_at_first_and_its_rows_become_drafts_in_their_order(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let id = uploaded(
        &world,
        shop.manager,
        &format!("{NAMES}\n{}", TWO.replace("Té", "Té verde")),
    )
    .await;
    let Some(Review::Ready { rows, before }) = review(&world.s, shop.manager, id).await.unwrap()
    else {
        panic!("not ready");
    };
    assert_eq!((rows.len(), before), (2, None));
    assert_eq!(world.count("select count(*) from offers").await, 1);
    assert_eq!(
        import(&world.s, shop.manager, id).await.unwrap(),
        made(2, 0)
    );
    let (own, _) = manage::list(&world.s, shop.manager, None, None)
        .await
        .unwrap();
    let names: Vec<_> = own
        .iter()
        .map(|own| (own.name.as_str(), own.status))
        .collect();
    let (draft, active) = (OfferStatus::Draft, OfferStatus::Active);
    let expected = [
        ("Coffee", active),
        ("Té verde", draft),
        ("Pan dulce", draft),
    ];
    assert!(
        names.iter().all(|name| expected.contains(name)),
        "{names:?}"
    );
    let place = |name| names.iter().position(|(is, _)| *is == name);
    assert!(place("Té verde") < place("Pan dulce"));
    let told = world
        .count("select count(*) from audit_log where action = 'offer.import' and details->>'made' = '2'")
        .await;
    assert_eq!(told, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_file_that_is_sent_many_times_at_once_is_imported_once(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::wide(options).await;
    let shop = world.shop(world.draft()).await;
    let text = format!("{NAMES}\n{}", TWO.replace("Té", "Té verde"));
    let id: ImportId = world.s.new_id().into();
    let ends = at_once((0..8).map(|_| {
        let (s, file) = (world.s.clone(), text.clone().into_bytes());
        async move {
            upload(&s, shop.manager, id, file, Mexico_City).await?;
            import(&s, shop.manager, id).await
        }
    }))
    .await;
    for end in ends {
        assert_eq!(end.unwrap(), made(2, 0));
    }
    assert_eq!(world.count("select count(*) from offers").await, 3);
    // Another upload of the same file is told of the first.
    let again = uploaded(&world, shop.manager, &text).await;
    let found = review(&world.s, shop.manager, again).await.unwrap();
    assert!(matches!(found, Some(Review::Ready { before: Some(at), .. }) if at == world.s.now()));
    world.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_was_exported_and_edited_changes_the_offers_it_names(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let gone = world.offer(shop.manager, world.draft()).await;
    manage::set_status(&world.s, shop.manager, gone, OfferStatus::Archived)
        .await
        .unwrap();
    let text = exported(&world, &shop).await;
    assert_eq!(text.lines().count(), 2, "{text}");
    let dearer = text
        .replace("Coffee", "Coffee, large")
        .replace(",100,", ",150,");
    let dearer = dearer.replace("Coffee, large", "\"Coffee, large\"");
    let id = uploaded(&world, shop.manager, &dearer).await;
    assert_eq!(
        import(&world.s, shop.manager, id).await.unwrap(),
        made(0, 1)
    );
    let now = manage::open(&world.s, shop.manager, shop.offer).await;
    let now = now.unwrap().unwrap();
    assert_eq!((now.status, now.version), (OfferStatus::Active, 3));
    let expected = OfferDraft {
        name: "Coffee, large".into(),
        points_cost: crate::support::points(150),
        ..world.draft()
    };
    assert_eq!(now.draft, expected);
    // It was written before this change: it would take it back.
    let told = flaws(&world, shop.manager, &text).await;
    assert_eq!(told, [(2, "version".to_owned(), FieldProblem::Outdated)]);
    // Who leaves the version out has chosen to.
    let blind = exported(&world, &shop)
        .await
        .replace(",3,\"Coffee", ",,\"Coffee");
    let id = uploaded(&world, shop.manager, &blind).await;
    assert_eq!(
        import(&world.s, shop.manager, id).await.unwrap(),
        made(0, 1)
    );
}

#[sqlx::test(migrations = "../migrations")]
async fn one_bad_row_keeps_all_others_out(db: PgPool) {
    let world = World::new(db).await;
    let stocked = OfferDraft {
        stock_quantity: Some(5),
        ..world.draft()
    };
    let (shop, other) = (world.shop(stocked).await, world.shop(world.draft()).await);
    let consumer = world.consumer(500).await;
    for _ in 0..3 {
        world.redeem(consumer, shop.offer).await;
    }
    let text = exported(&world, &shop).await;
    let fresh = ",,Té verde,Frío.,,food,90,,,,2026-01-01 00:00,2027-01-01 00:00,,,";
    let told = flaws(
        &world,
        shop.manager,
        &format!("{}{fresh}", text.replace(",5,", ",2,")),
    )
    .await;
    let taken = FieldProblem::BelowTaken { taken: 3 };
    assert_eq!(told, [(2, "stock_quantity".to_owned(), taken)]);
    // Another merchant's offer is as good as none.
    let told = flaws(&world, other.manager, &format!("{text}{fresh}")).await;
    assert_eq!(
        told,
        [(2, "offer_id".to_owned(), FieldProblem::UnknownOffer)]
    );
    let archived = world.offer(shop.manager, world.draft()).await;
    let text = exported(&world, &shop).await;
    manage::set_status(&world.s, shop.manager, archived, OfferStatus::Archived)
        .await
        .unwrap();
    let told = flaws(&world, shop.manager, &text).await;
    assert!(
        told.iter()
            .any(|(_, column, problem)| column == "offer_id" && *problem == FieldProblem::Archived),
        "{told:?}"
    );
    assert_eq!(world.count("select count(*) from offers").await, 3);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_changes_between_the_look_and_the_import_stops_it_all(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let id = uploaded(&world, shop.manager, &exported(&world, &shop).await).await;
    let stale = "select import_offers($1, $2, null, null, now(), array[$3, gen_random_uuid()], array[1, null],
        array['Uno', 'Dos'], array['x', 'y'], array['', ''], array['food', 'food'], array[1, 2],
        array[null, null]::integer[], array[1, 1], array[15, 15], array[now(), now()],
        array[now() + interval '1 day', now() + interval '1 day'])";
    let refused = sqlx::query(stale)
        .bind(uuid::Uuid::from(id))
        .bind(uuid::Uuid::from(shop.merchant))
        .bind(uuid::Uuid::from(shop.offer))
        .execute(world.db())
        .await
        .unwrap_err();
    let code = refused.into_database_error().unwrap();
    assert_eq!(code.code().as_deref(), Some("40001"));
    assert_eq!(world.count("select count(*) from offers").await, 1);
    // Nothing was used up: the file can still be imported.
    assert_eq!(
        import(&world.s, shop.manager, id).await.unwrap(),
        made(0, 1)
    );
}

#[sqlx::test(migrations = "../migrations")]
async fn a_file_is_its_merchants_own_and_forgotten_a_day_later(db: PgPool) {
    let world = World::new(db).await;
    let (shop, other) = (
        world.shop(world.draft()).await,
        world.shop(world.draft()).await,
    );
    let id = uploaded(&world, shop.manager, NAMES).await;
    assert!(review(&world.s, other.manager, id).await.unwrap().is_none());
    let refused = import(&world.s, other.manager, id).await;
    assert!(matches!(refused, Err(Refusal::NotFound)));
    assert_eq!(purge(&world.s).await.unwrap(), 0);
    world.clock.advance(TimeDelta::hours(25));
    assert_eq!(purge(&world.s).await.unwrap(), 1);
    assert!(review(&world.s, shop.manager, id).await.unwrap().is_none());
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_no_text_is_not_kept(db: PgPool) {
    let world = World::new(db).await;
    let manager = world.manager(world.merchant().await).await;
    for (file, problem) in [
        (b" \n".to_vec(), FieldProblem::Required),
        (b"caf\xe9".to_vec(), FieldProblem::NotUnicode),
        (b"a\0b".to_vec(), FieldProblem::NotATable),
        (
            vec![b'x'; HEAVIEST + 1],
            FieldProblem::TooHeavy { megabytes: 2 },
        ),
    ] {
        let id = world.s.new_id().into();
        let refused = upload(&world.s, manager, id, file, Mexico_City).await;
        assert!(matches!(refused, Err(Refusal::Unreadable(it)) if it == problem));
    }
    assert_eq!(world.count("select count(*) from offer_imports").await, 0);
}
