//! Redeeming by a plain form.

use reqwest::header::LOCATION;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::{LIMITLESS, Terms, TestServer};

#[sqlx::test(migrations = "../migrations")]
async fn the_offers_own_form_leads_to_the_redemption_with_its_code_and_qr(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let offer = town.offer(&town.shop().await, LIMITLESS).await;
    let consumer = server.consumer(250).await;
    let page = consumer.get(&format!("/offers/{offer}")).await;
    assert_eq!(page.input("offer"), Some(offer.as_str()));
    let answer = consumer.redeem(&offer, page.input("key").unwrap()).await;
    let redemption = answer.redemption().unwrap();
    let ticket = consumer.get(&answer.location()).await;
    let code = town.text("select code from redemptions").await;
    let short = town.text("select short_code from redemptions").await;
    assert!(ticket.text.contains(&code) && ticket.text.contains(&short));
    assert!(ticket.text.contains("<svg"));
    let listed = consumer.get("/redemptions").await;
    assert!(listed.text.contains(&redemption));
    // What is left is told, and the next form has a key of its own.
    let again = consumer.get(&format!("/offers/{offer}")).await;
    assert!(again.text.contains("150"));
    assert_ne!(again.input("key"), page.input("key"));
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn whoever_goes_back_after_redeeming_is_told_that_one_is_waiting(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let offer = town.offer(&town.shop().await, LIMITLESS).await;
    let (consumer, neighbour) = (server.consumer(300).await, server.consumer(300).await);
    let path = format!("/offers/{offer}");
    let redemption = town.redemption(&consumer, &offer).await;
    let link = format!("href=\"/redemptions/{redemption}\"");
    let back = consumer.get(&path).await;
    let notice = back.text.find("You have one waiting").unwrap();
    let button = back.text.find("Redeem another one for 100 Lumis").unwrap();
    assert!(notice < button && back.text.contains(&link));
    assert!(!back.text.contains("Redeem for"));
    // It is theirs alone, in whatever language, and until it is not waiting any more.
    let fresh = neighbour.get(&path).await;
    assert!(fresh.text.contains("Redeem for 100 Lumis"));
    assert!(!fresh.text.contains("waiting") && !fresh.text.contains(&link));
    consumer.keep_cookie("locale=es");
    let spanish = consumer.get(&path).await;
    assert!(spanish.text.contains("Ya tienes una por usar"));
    assert!(spanish.text.contains("Canjear otra por 100 Lumis"));
    let cancel = [("id", redemption.as_str())];
    consumer.ask("/api/offers/cancel", &cancel).await;
    let over = consumer.get(&path).await;
    assert!(over.text.contains("Canjear por 100 Lumis"));
    assert!(!over.text.contains(&link));
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_same_form_sent_again_leads_to_the_same_redemption(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let shop = town.shop().await;
    let (offer, other) = (
        town.offer(&shop, LIMITLESS).await,
        town.offer(&shop, LIMITLESS).await,
    );
    let consumer = server.consumer(1_000).await;
    let key = town.key();
    let first = consumer.redeem(&offer, &key).await.redemption();
    assert!(first.is_some());
    assert_eq!(consumer.redeem(&offer, &key).await.redemption(), first);
    // The key of one offer does not redeem another.
    let refused = consumer.redeem(&other, &key).await;
    let page = consumer.get(refused.header(LOCATION)).await;
    assert!(
        page.text
            .contains("This request was used for something else.")
    );
    // Another person's key is another key.
    let neighbour = server.consumer(1_000).await;
    let own = neighbour.redeem(&offer, &key).await.redemption();
    assert!(own.is_some() && own != first);
    assert_eq!(town.count("select count(*) from redemptions").await, 2);
    town.assert_ledger_sound().await;
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn every_refusal_is_shown_on_the_offers_page_with_its_figures(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let shop = town.shop().await;
    let dear = Terms {
        cost: 1_250,
        ..LIMITLESS
    };
    let single = Terms {
        stock: Some(1),
        ..LIMITLESS
    };
    let twice = Terms {
        per_person: 2,
        ..LIMITLESS
    };
    let (dear, single, twice) = (
        town.offer(&shop, dear).await,
        town.offer(&shop, single).await,
        town.offer(&shop, twice).await,
    );
    let (rich, consumer) = (server.consumer(9_000).await, server.consumer(1_000).await);
    town.redemption(&rich, &single).await;
    for _ in 0..2 {
        town.redemption(&rich, &twice).await;
    }
    for (browser, offer, code, figures, words) in [
        (
            &consumer,
            &dear,
            "INSUFFICIENT_BALANCE",
            r#"{"available":1000,"required":1250}"#,
            "You are 250 short: you have 1,000.",
        ),
        (
            &consumer,
            &single,
            "OUT_OF_STOCK",
            "null",
            "The last one just went.",
        ),
        (
            &rich,
            &twice,
            "MAX_REDEMPTIONS_REACHED",
            r#"{"limit":2}"#,
            "You have redeemed it 2 times",
        ),
    ] {
        let key = town.key();
        let refused = browser.redeem(offer, &key).await;
        assert_eq!(refused.status, 302);
        let page = browser.get(&refused.location()).await;
        assert_eq!(page.status, 200);
        assert!(page.text.contains(words), "{code}: {}", page.text);
        let fields = [("offer", offer.as_str()), ("key", key.as_str())];
        let told = browser.ask("/api/offers/redeem", &fields).await;
        assert_eq!((told.status, told.code().as_str()), (409, code));
        assert_eq!(told.json()["figures"].to_string(), figures);
    }
    assert_eq!(town.count("select count(*) from redemptions").await, 3);
    town.assert_ledger_sound().await;
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn nonsense_in_the_form_is_refused_as_such(_: PgPoolOptions, options: PgConnectOptions) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let offer = town.offer(&town.shop().await, LIMITLESS).await;
    let consumer = server.consumer(1_000).await;
    let key = town.key();
    let nonsense: [&[(&str, &str)]; 5] = [
        &[],
        &[("offer", &offer)],
        &[("offer", &offer), ("key", "one")],
        &[("offer", "' or 1=1 --"), ("key", &key)],
        &[("offer", &offer), ("key", &key), ("key", &key)],
    ];
    for fields in nonsense {
        let told = consumer.ask("/api/offers/redeem", fields).await;
        assert_eq!(told.status, 422, "{fields:?}: {}", told.text);
        assert_eq!(told.code(), "VALIDATION_ERROR", "{fields:?}");
        let page = format!("/offers/{offer}");
        let sent = consumer.submit(&page, "/api/offers/redeem", fields).await;
        assert_eq!(sent.status, 302, "{fields:?}");
        assert!(sent.redemption().is_none(), "{fields:?}");
    }
    assert_eq!(town.count("select count(*) from redemptions").await, 0);
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_redemption_is_its_owners_alone(_: PgPoolOptions, options: PgConnectOptions) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let offer = town.offer(&town.shop().await, LIMITLESS).await;
    let (owner, other) = (server.consumer(100).await, server.consumer(100).await);
    let redemption = town.redemption(&owner, &offer).await;
    let path = format!("/redemptions/{redemption}");
    assert_eq!(owner.get(&path).await.status, 200);
    assert_eq!(other.get(&path).await.status, 404);
    let cancel = [("id", redemption.as_str())];
    assert_eq!(other.ask("/api/offers/cancel", &cancel).await.status, 404);
    let done = owner.submit(&path, "/api/offers/cancel", &cancel).await;
    assert_eq!(done.location(), path);
    // Twice cancelled is cancelled, and the points are back once.
    let again = owner.submit(&path, "/api/offers/cancel", &cancel).await;
    assert_eq!(again.location(), path);
    assert!(
        owner
            .redeem(&offer, &town.key())
            .await
            .redemption()
            .is_some()
    );
    town.assert_ledger_sound().await;
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_stranger_at_the_landing_page_learns_nothing_of_the_owner(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let shop = town.shop().await;
    let offer = town.offer(&shop, LIMITLESS).await;
    let owner = server.consumer(100).await;
    let redemption = town.redemption(&owner, &offer).await;
    let (code, short, email, user) = (
        town.text("select code from redemptions").await,
        town.text("select short_code from redemptions").await,
        town.text("select u.email from users u join redemptions r on r.consumer_id = u.id")
            .await,
        town.text("select consumer_id::text from redemptions").await,
    );
    let path = format!("/r/{code}?t=stale");
    for browser in [
        server.browser(),
        server.consumer(0).await,
        server.signed_in(town.shop().await.attendant).await,
    ] {
        let page = browser.get(&path).await;
        assert_eq!(page.status, 200);
        assert!(page.text.contains("Coffee"));
        // The visitor's own name stands in the header; the owner's is not counted twice.
        let own = browser.get("/offers").await.text.matches("Ximena").count();
        assert_eq!(page.text.matches("Ximena").count(), own);
        for secret in [&short, &email, &user, &redemption] {
            assert!(!page.text.contains(secret.as_str()), "{secret}");
        }
    }
    for nothing in ["/r/LUMS-0000-0000-0000", "/r/none", "/r/%00"] {
        assert_eq!(server.browser().get(nothing).await.status, 404, "{nothing}");
    }
    server.stop().await;
}
