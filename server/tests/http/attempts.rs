//! Forms that fail come back with what was wrong and what was typed.

use domain::account::Role;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::{LIMITLESS, TestServer};

const SECRET: &str = "Hunter2-hunter2";

#[sqlx::test(migrations = "../migrations")]
async fn a_failed_sign_in_comes_back_with_the_address_typed_and_without_the_password(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let browser = server.browser();
    let fields = [
        ("email", "ana@town.test"),
        ("password", SECRET),
        ("next", "/wallet"),
    ];
    let (to, page) = browser
        .submit_and_follow("/sign-in?next=%2Fwallet", "/api/identity/sign-in", &fields)
        .await;
    let start = format!("{}/sign-in?next=%2Fwallet&", server.url);
    assert!(to.starts_with(&start), "{to}");
    assert_eq!(page.status, 200);
    assert!(page.text.contains("E-mail or password is not right."));
    assert_eq!(page.input("email"), Some("ana@town.test"));
    assert!(page.text.contains("name=\"next\" value=\"/wallet\""));
    assert_eq!(page.input("password"), Some(""));
    assert_secret_is_nowhere(&to, &page.text);
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_failed_sign_up_marks_its_fields_and_keeps_name_and_address(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    server
        .town()
        .person("taken@town.test", Role::Consumer, None)
        .await;
    let browser = server.browser();
    for (email, password, problem) in [
        ("no address", SECRET, "field-email-error"),
        ("taken@town.test", SECRET, "field-email-error"),
        ("new@town.test", "short", "field-password-error"),
        ("new@town.test", "password", "field-password-error"),
    ] {
        let fields = [
            ("name", "Ana \"<b>\" García"),
            ("email", email),
            ("password", password),
        ];
        let (to, page) = browser
            .submit_and_follow("/sign-up", "/api/identity/sign-up", &fields)
            .await;
        assert!(page.text.contains(&format!("id=\"{problem}\"")), "{email}");
        assert_eq!(page.input("email"), Some(email));
        assert_eq!(page.input("name"), Some("Ana &quot;&lt;b&gt;&quot; García"));
        assert_eq!(page.input("password"), Some(""));
        assert_secret_is_nowhere(&to, &page.text);
        assert!(!page.text.contains("<b>"));
    }
    let people = server.town().count("select count(*) from users").await;
    assert_eq!(people, 1);
    server.stop().await;
}

/// Neither plainly nor as base64 at any of its three alignments.
fn assert_secret_is_nowhere(address: &str, page: &str) {
    for shape in ["unter2", "dW50ZXIy", "VudGVyM", "1bnRlcj"] {
        assert!(!address.contains(shape), "{address}");
        assert!(!page.contains(shape), "{shape} in {page}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_second_failure_replaces_the_first_and_does_not_pile_up_in_the_address(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let browser = server.browser();
    let mut page = "/sign-up".to_owned();
    let mut lengths = Vec::new();
    for (email, name) in [("one", ""), ("two", "Ana"), ("six", "Ana")] {
        let fields = [("name", name), ("email", email), ("password", SECRET)];
        let (to, shown) = browser
            .submit_and_follow(&page, "/api/identity/sign-up", &fields)
            .await;
        assert_eq!(shown.input("email"), Some(email));
        let marked = shown.text.contains("id=\"field-name-error\"");
        assert_eq!(marked, name.is_empty());
        lengths.push(to.len());
        page = to;
    }
    assert_eq!(lengths[1], lengths[2]);
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_offers_long_texts_survive_failure_after_failure(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let shop = town.shop().await;
    let offer = town.offer(&shop, LIMITLESS).await;
    let manager = server.signed_in(shop.manager).await;
    let (description, terms) = ("d".repeat(1_000), "t".repeat(4_000));
    let mut page = "/manage/offers/new".to_owned();
    for _ in 0..3 {
        let fields = [
            ("offer[name]", "Café"),
            ("offer[description]", &description),
            ("offer[terms]", &terms),
            ("offer[category]", "food"),
            ("offer[points_cost]", "none"),
            ("offer[stock_quantity]", ""),
            ("offer[max_per_user]", "1"),
            ("offer[lifetime_minutes]", "15"),
            ("valid_from", "2026-01-01T00:00"),
            ("valid_to", "2027-01-01T00:00"),
        ];
        let (to, shown) = manager
            .submit_and_follow(&page, "/api/offers/save", &fields)
            .await;
        assert_eq!(shown.status, 200);
        assert!(shown.text.contains(&terms), "{to}");
        assert!(shown.text.contains("id=\"field-offer[points_cost]-error\""));
        // Of a page with a longer address a browser tells but the origin (W3C Referrer Policy).
        assert!(to.len() < 4_096, "{to}");
        page = to;
    }
    // Whoever else opens the address sees nothing of it, and neither does the manager after a success.
    let colleague = server.signed_in(shop.manager).await;
    assert!(!colleague.get(&page).await.text.contains(&terms));
    let fields = [("id", offer.as_str()), ("status", "paused")];
    let paused = manager
        .submit(&page, "/api/offers/set-status", &fields)
        .await;
    assert_eq!(paused.location(), format!("/manage/offers/{offer}?saved=1"));
    assert!(!manager.get(&page).await.text.contains(&terms));
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_made_up_error_in_the_address_shows_no_text_of_its_own(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let path = "/sign-in?__path=%2Fapi%2Fidentity%2Fsign-in&__err=";
    for error in ["", "%%%", "bm90IGpzb24=", "eyJjb2RlIjoiSEFDS0VEIn0="] {
        let page = server.browser().get(&format!("{path}{error}")).await;
        assert_eq!(page.status, 200, "{error}");
        assert!(!page.text.contains("HACKED"));
    }
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_offers_form_says_in_which_zone_its_times_are(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let shop = server.town().shop().await;
    let manager = server.signed_in(shop.manager).await;
    let home = manager.get("/manage/offers/new").await;
    assert_eq!(home.text.matches("Times of America/Mexico City").count(), 2);
    assert_eq!(home.input("zone"), Some("America/Mexico_City"));
    manager.keep_cookie("tz=America/Tijuana");
    let told = manager.get("/manage/offers/new").await;
    assert_eq!(told.text.matches("Times of America/Tijuana").count(), 2);
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_failed_save_does_not_hide_a_colleagues_edit(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let shop = town.shop().await;
    let offer = town.offer(&shop, LIMITLESS).await;
    let page = format!("/manage/offers/{offer}");
    let manager = server.signed_in(shop.manager).await;
    let save = async |page: &str, cost: &str, version: &str| {
        let fields = [
            ("id", offer.as_str()),
            ("version", version),
            ("zone", "America/Tijuana"),
            ("offer[name]", "Café"),
            ("offer[description]", "Recién hecho"),
            ("offer[terms]", ""),
            ("offer[category]", "food"),
            ("offer[points_cost]", cost),
            ("offer[stock_quantity]", ""),
            ("offer[max_per_user]", "1"),
            ("offer[lifetime_minutes]", "15"),
            ("valid_from", "2026-01-01T00:00"),
            ("valid_to", "2027-01-01T00:00"),
        ];
        manager
            .submit_and_follow(page, "/api/offers/save", &fields)
            .await
    };
    let opened = manager
        .get(&page)
        .await
        .input("version")
        .unwrap()
        .to_owned();
    let (again, failed) = save(&page, "none", &opened).await;
    // A colleague saves meanwhile.
    save(&page, "120", &opened).await;
    let kept = failed.input("version").unwrap();
    assert_eq!(kept, opened);
    assert_eq!(failed.input("zone"), Some("America/Tijuana"));
    assert!(failed.text.contains("Times of America/Tijuana"));
    let (_, told) = save(&again, "130", kept).await;
    assert!(told.text.contains("Someone else saved changes"));
    let cost = format!("select points_cost from offers where id = '{offer}'");
    assert_eq!(town.count(&cost).await, 120);
    // Told of it, the manager saves on top of it.
    let (to, _) = save(&page, "130", told.input("version").unwrap()).await;
    assert!(to.ends_with("?saved=1"), "{to}");
    assert_eq!(town.count(&cost).await, 130);
    server.stop().await;
}
