//! What a manager may do with the merchant's offers.

use domain::{
    fields::{FieldProblem, Problems},
    offers::{Availability, OfferDraft, OfferStatus},
};
use services::offers::{
    browse::{self, preview},
    cancel::cancel,
    history,
    manage::{Refusal, copy, create, edit, list, open, set_status},
};
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use uuid::Uuid;

use crate::support::{World, at_once, points};

use OfferStatus::{Active, Archived, Draft, Paused};

#[sqlx::test(migrations = "../migrations")]
async fn what_was_saved_is_opened_as_it_was(db: PgPool) {
    let world = World::new(db).await;
    let manager = world.manager(world.merchant().await).await;
    let draft = OfferDraft {
        terms: "One per visit.".into(),
        stock_quantity: Some(7),
        ..world.draft()
    };
    let offer = create(&world.s, manager, &draft).await.unwrap();
    let opened = open(&world.s, manager, offer).await.unwrap().unwrap();
    assert_eq!(opened.draft, draft);
    assert_eq!(
        (opened.status, opened.version, opened.stock_taken),
        (Draft, 1, 0)
    );
}

#[sqlx::test(migrations = "../migrations")]
async fn the_second_of_two_edits_of_one_version_is_told_of_the_conflict(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let version = open(&world.s, shop.manager, shop.offer)
        .await
        .unwrap()
        .unwrap()
        .version;
    let edit = async |name: &str| {
        let draft = OfferDraft {
            name: name.into(),
            ..world.draft()
        };
        edit(&world.s, shop.manager, shop.offer, version, &draft).await
    };
    edit("First").await.unwrap();
    assert!(matches!(edit("Second").await, Err(Refusal::Conflict)));
    let now = open(&world.s, shop.manager, shop.offer).await.unwrap();
    assert_eq!(now.unwrap().draft.name, "First");
}

#[sqlx::test(migrations = "../migrations")]
async fn the_quantity_cannot_go_below_what_is_taken(db: PgPool) {
    let world = World::new(db).await;
    let stocked = |units| OfferDraft {
        stock_quantity: Some(units),
        ..world.draft()
    };
    let shop = world.shop(stocked(5)).await;
    let consumer = world.consumer(500).await;
    for _ in 0..3 {
        world.redeem(consumer, shop.offer).await;
    }
    let version = async || {
        let opened = open(&world.s, shop.manager, shop.offer).await.unwrap();
        opened.unwrap().version
    };
    let refused = edit(
        &world.s,
        shop.manager,
        shop.offer,
        version().await,
        &stocked(2),
    )
    .await;
    let problem = Problems::one("stock_quantity", FieldProblem::BelowTaken { taken: 3 });
    assert!(matches!(refused, Err(Refusal::Invalid(problems)) if problems == problem));
    edit(
        &world.s,
        shop.manager,
        shop.offer,
        version().await,
        &stocked(3),
    )
    .await
    .unwrap();
    let (own, _) = list(&world.s, shop.manager, None, None).await.unwrap();
    assert_eq!(
        (own[0].stock_remaining, own[0].availability),
        (Some(0), Availability::SoldOut)
    );
}

#[sqlx::test(migrations = "../migrations")]
async fn what_a_consumer_holds_stays_as_it_was_redeemed(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(500).await;
    let redemption = world.redeem(consumer, shop.offer).await;
    let dearer = OfferDraft {
        name: "Tea".into(),
        points_cost: points(900),
        ..world.draft()
    };
    edit(&world.s, shop.manager, shop.offer, 2, &dearer)
        .await
        .unwrap();
    let held = history::detail(&world.s, consumer, redemption)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (held.offer_name.as_str(), held.points_spent),
        ("Coffee", points(100))
    );
    cancel(&world.s, consumer, redemption, None, None)
        .await
        .unwrap();
    assert_eq!(world.balance(consumer).await, (500, 0));
    world.assert_ledger_sound().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_offer_with_pending_redemptions_is_not_archived(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(500).await;
    let first = world.redeem(consumer, shop.offer).await;
    let second = world.redeem(consumer, shop.offer).await;
    let archive = async || set_status(&world.s, shop.manager, shop.offer, Archived).await;
    assert!(matches!(
        archive().await,
        Err(Refusal::Pending { pending: 2 })
    ));
    cancel(&world.s, consumer, first, None, None).await.unwrap();
    assert!(matches!(
        archive().await,
        Err(Refusal::Pending { pending: 1 })
    ));
    world.confirm(shop.attendant, second).await;
    archive().await.unwrap();
    let refused = edit(&world.s, shop.manager, shop.offer, 3, &world.draft()).await;
    assert!(matches!(refused, Err(Refusal::WrongStatus(Archived))));
}

#[sqlx::test(migrations = "../migrations")]
async fn every_change_of_status_is_as_the_rules_say(db: PgPool) {
    let world = World::new(db).await;
    let manager = world.manager(world.merchant().await).await;
    for (from, path) in [
        (Draft, [].as_slice()),
        (Active, &[Active]),
        (Paused, &[Active, Paused]),
        (Archived, &[Archived]),
    ] {
        for &to in OfferStatus::ALL {
            let offer = create(&world.s, manager, &world.draft()).await.unwrap();
            for &step in path {
                set_status(&world.s, manager, offer, step).await.unwrap();
            }
            let answer = set_status(&world.s, manager, offer, to).await;
            let now = open(&world.s, manager, offer).await.unwrap().unwrap();
            if from == to || from.may_become(to) {
                assert!(answer.is_ok(), "{from} to {to}: {answer:?}");
                assert_eq!(now.status, to);
            } else {
                assert!(
                    matches!(answer, Err(Refusal::WrongStatus(status)) if status == from),
                    "{from} to {to}: {answer:?}"
                );
                assert_eq!(now.status, from);
            }
        }
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn what_holds_codes_may_be_paused_and_a_refusal_leaves_the_version(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(500).await;
    world.redeem(consumer, shop.offer).await;
    set_status(&world.s, shop.manager, shop.offer, Paused)
        .await
        .unwrap();
    let version = async || {
        let opened = open(&world.s, shop.manager, shop.offer).await.unwrap();
        opened.unwrap().version
    };
    let before = version().await;
    let refused = set_status(&world.s, shop.manager, shop.offer, Archived).await;
    assert!(matches!(refused, Err(Refusal::Pending { pending: 1 })));
    // What is so already is no change either.
    set_status(&world.s, shop.manager, shop.offer, Paused)
        .await
        .unwrap();
    assert_eq!(version().await, before);
}

#[sqlx::test(migrations = "../migrations")]
async fn another_merchants_offer_does_not_exist_for_a_manager(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let stranger = world.manager(world.merchant().await).await;
    let (own, _) = list(&world.s, stranger, None, None).await.unwrap();
    assert!(own.is_empty());
    assert!(
        open(&world.s, stranger, shop.offer)
            .await
            .unwrap()
            .is_none()
    );
    let edited = edit(&world.s, stranger, shop.offer, 2, &world.draft()).await;
    assert!(matches!(edited, Err(Refusal::NotFound)));
    let paused = set_status(&world.s, stranger, shop.offer, Paused).await;
    assert!(matches!(paused, Err(Refusal::NotFound)));
    let copied = copy(
        &world.s,
        stranger,
        shop.offer,
        world.s.new_id().into(),
        "(copy)",
    )
    .await;
    assert!(matches!(copied, Err(Refusal::NotFound)));
    // Nor has the offer's own merchant anything to be copied over.
    let onto = copy(&world.s, stranger, shop.offer, shop.offer, "(copy)").await;
    assert!(matches!(onto, Err(Refusal::NotFound)));
    let shown = preview(&world.s, stranger, shop.offer).await.unwrap();
    assert!(shown.is_none());
}

#[sqlx::test(migrations = "../migrations")]
async fn the_managers_list_counts_its_own_redemptions_with_archived_offers_last(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    let other = world.shop(world.draft()).await;
    let gone = world.offer(shop.manager, world.draft()).await;
    set_status(&world.s, shop.manager, gone, Archived)
        .await
        .unwrap();
    let consumer = world.consumer(5_000).await;
    let confirmed = world.redeem(consumer, shop.offer).await;
    world.confirm(shop.attendant, confirmed).await;
    for offer in [shop.offer, shop.offer, other.offer] {
        world.redeem(consumer, offer).await;
    }
    let (own, next) = list(&world.s, shop.manager, None, None).await.unwrap();
    assert_eq!(next, None);
    let counts: Vec<_> = own
        .iter()
        .map(|own| (own.id, own.pending, own.confirmed))
        .collect();
    assert_eq!(counts, [(shop.offer, 2, 1), (gone, 0, 0)]);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_managers_list_pages_through_each_offer_exactly_once(db: PgPool) {
    let world = World::new(db).await;
    let manager = world.manager(world.merchant().await).await;
    let mut made = Vec::new();
    for n in 0..45 {
        let offer = create(&world.s, manager, &world.draft()).await.unwrap();
        if n % 5 == 0 {
            set_status(&world.s, manager, offer, Archived)
                .await
                .unwrap();
        }
        // Several were made at one moment.
        if n % 3 == 0 {
            world.clock.advance(chrono::TimeDelta::microseconds(1));
        }
        made.push(offer);
    }
    let (mut listed, mut after, mut pages) = (Vec::new(), None, 0);
    loop {
        let (page, next) = list(&world.s, manager, None, after).await.unwrap();
        pages += 1;
        listed.extend(page);
        after = next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!((pages, listed.len()), (3, 45));
    let (drafts, next) = list(&world.s, manager, Some(Draft), None).await.unwrap();
    assert!(drafts.len() == 20 && drafts.iter().all(|own| own.status == Draft));
    assert!(next.is_some());
    let (gone, next) = list(&world.s, manager, Some(Archived), None).await.unwrap();
    assert!(gone.len() == 9 && gone.iter().all(|own| own.status == Archived));
    assert_eq!(next, None);
    let living = listed.iter().position(|own| own.status == Archived);
    assert_eq!(living, Some(36));
    assert!(listed[36..].iter().all(|own| own.status == Archived));
    let mut ids: Vec<_> = listed.iter().map(|own| own.id).collect();
    ids.sort();
    made.sort();
    assert_eq!(ids, made);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_copy_is_a_draft_with_the_same_terms_made_once_however_often_it_is_asked_for(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::wide(options).await;
    let stocked = OfferDraft {
        stock_quantity: Some(5),
        terms: "One per visit.".into(),
        ..world.draft()
    };
    let shop = world.shop(stocked.clone()).await;
    world.redeem(world.consumer(500).await, shop.offer).await;
    let id = world.s.new_id().into();
    let copies = at_once((0..8).map(|_| {
        let s = world.s.clone();
        async move { copy(&s, shop.manager, shop.offer, id, "(copia)").await }
    }));
    assert!(copies.await.iter().all(Result::is_ok));
    assert_eq!(world.count("select count(*) from offers").await, 2);
    let made = open(&world.s, shop.manager, id).await.unwrap().unwrap();
    assert_eq!((made.status, made.stock_taken), (Draft, 0));
    let expected = OfferDraft {
        name: "Coffee (copia)".into(),
        ..stocked
    };
    assert_eq!(made.draft, expected);
    world.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_draft_is_previewed_as_if_it_were_published_and_nobody_else_sees_it(db: PgPool) {
    let world = World::new(db).await;
    let manager = world.manager(world.merchant().await).await;
    let offer = create(&world.s, manager, &world.draft()).await.unwrap();
    let shown = preview(&world.s, manager, offer).await.unwrap().unwrap();
    assert_eq!(
        (shown.name.as_str(), shown.availability),
        ("Coffee", Availability::Available)
    );
    let seen = browse::detail(&world.s, offer, None).await.unwrap();
    assert!(seen.is_none());
    set_status(&world.s, manager, offer, Archived)
        .await
        .unwrap();
    let shown = preview(&world.s, manager, offer).await.unwrap().unwrap();
    assert_eq!(shown.availability, Availability::Withheld);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_becomes_of_an_offer_stands_in_the_audit_log(db: PgPool) {
    let world = World::new(db).await;
    let shop = world.shop(world.draft()).await;
    edit(&world.s, shop.manager, shop.offer, 2, &world.draft())
        .await
        .unwrap();
    // What changes nothing is not written down.
    set_status(&world.s, shop.manager, shop.offer, Active)
        .await
        .unwrap();
    edit(&world.s, shop.manager, shop.offer, 2, &world.draft())
        .await
        .unwrap_err();
    let told: Vec<(String, Option<Uuid>, String)> = sqlx::query_as(
        "select action, actor_id, details::text from audit_log where subject_id = $1 order by action",
    )
    .bind(Uuid::from(shop.offer))
    .fetch_all(world.db())
    .await
    .unwrap();
    let by = Some(Uuid::from(shop.manager.user()));
    let of = |action: &str, details: &str| (action.to_owned(), by, details.to_owned());
    assert_eq!(
        told,
        [
            of("offer.create", r#"{"points_cost": 100}"#),
            of("offer.edit", r#"{"points_cost": 100}"#),
            of("offer.set_status", r#"{"to": "active", "from": "draft"}"#),
        ]
    );
}
