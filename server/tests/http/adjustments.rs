//! Adjustments by admins' forms.

use domain::account::Role;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::{Answer, Browser, TestServer};

const PAGE: &str = "/admin/adjustments";
const ASK: &str = "/api/adjustments/request";
const DECIDE: &str = "/api/adjustments/decide";

async fn admin(server: &TestServer) -> Browser {
    let admin = server.town().someone(Role::Admin, None).await;
    server.signed_in(admin).await
}

/// Sends the page's own form, with the id that it holds.
async fn ask(browser: &Browser, amount: &str, reason: &str) -> (String, Answer) {
    let page = browser.get(PAGE).await;
    let id = page.input("id").unwrap().to_owned();
    ask_as(browser, &id, "ana@town.test", amount, reason).await
}

async fn ask_as(
    browser: &Browser,
    id: &str,
    email: &str,
    amount: &str,
    reason: &str,
) -> (String, Answer) {
    let fields = [
        ("id", id),
        ("email", email),
        ("amount", amount),
        ("reason", reason),
        ("lot", "gift"),
    ];
    browser.submit_and_follow(PAGE, ASK, &fields).await
}

async fn available(server: &TestServer) -> i64 {
    server
        .town()
        .count(
            "select a.balance from accounts a join users u on u.id = a.user_id
             where a.kind = 'available' and u.email = 'ana@town.test'",
        )
        .await
}

#[sqlx::test(migrations = "../migrations")]
async fn a_small_adjustment_moves_points_at_once_and_once_however_often_its_form_is_sent(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    town.person("ana@town.test", Role::Consumer, None).await;
    let browser = admin(&server).await;
    let id = browser.get(PAGE).await.input("id").unwrap().to_owned();
    for _ in 0..2 {
        let (to, page) = ask_as(&browser, &id, "Ana@Town.test", "40", "Sold twice").await;
        assert_eq!(to, "/admin/adjustments?done=applied");
        assert!(page.text.contains("ana@town.test") && page.text.contains("+40"));
    }
    assert_eq!(available(&server).await, 40);
    // The same id for something else is no retry.
    let (_, page) = ask_as(&browser, &id, "ana@town.test", "41", "Sold twice").await;
    assert!(page.text.contains("used for something else"));
    let (_, page) = ask(&browser, "-15", "Typed wrong").await;
    assert!(page.text.contains("−15"));
    assert_eq!(available(&server).await, 25);
    town.assert_ledger_sound().await;
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_large_adjustment_waits_for_another_admin(_: PgPoolOptions, options: PgConnectOptions) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    town.person("ana@town.test", Role::Consumer, None).await;
    let (first, second) = (admin(&server).await, admin(&server).await);
    let (to, page) = ask(&first, "1001", "A whole month").await;
    assert_eq!(to, "/admin/adjustments?done=waiting");
    assert!(!page.text.contains(">Approve<") && page.text.contains("Withdraw"));
    let id = town.text("select id::text from adjustments").await;
    let decide = async |browser: &Browser, approve: &str| {
        let fields = [("id", id.as_str()), ("approve", approve)];
        browser.submit_and_follow(PAGE, DECIDE, &fields).await
    };
    let (_, page) = decide(&first, "true").await;
    assert!(page.text.contains("Another admin has to approve this."));
    assert_eq!(available(&server).await, 0);
    assert!(second.get(PAGE).await.text.contains(">Approve<"));
    for _ in 0..2 {
        let (to, _) = decide(&second, "true").await;
        assert_eq!(to, "/admin/adjustments?done=applied");
    }
    assert_eq!(available(&server).await, 1_001);
    let (_, page) = decide(&first, "false").await;
    assert!(page.text.contains("That cannot be done any more"));
    town.assert_ledger_sound().await;
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_form_that_is_refused_comes_back_with_all_that_was_typed(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    server
        .town()
        .person("ana@town.test", Role::Consumer, None)
        .await;
    let browser = admin(&server).await;
    let key = server.town().key();
    for (email, amount, reason, told) in [
        ("nobody@town.test", "40", "Sold twice", "We found nobody."),
        ("ana@town.test", "0", "Sold twice", "Type a whole number"),
        ("ana@town.test", "40", "x", "Type at least 3 characters."),
        (
            "ana@town.test",
            "-40",
            "Sold twice",
            "There are not that many points",
        ),
    ] {
        let (_, page) = ask_as(&browser, &key, email, amount, reason).await;
        assert!(page.text.contains(told), "{told}: {}", page.text);
        assert_eq!(page.input("email"), Some(email));
        assert_eq!(page.input("amount"), Some(amount));
        assert!(
            page.text.contains(&format!(">{reason}</textarea>")),
            "{}",
            page.text
        );
        assert!(page.text.contains("value=\"gift\" selected"));
    }
    assert_eq!(
        server
            .town()
            .count("select count(*) from adjustments")
            .await,
        0
    );
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_list_is_narrowed_by_status_and_paged(_: PgPoolOptions, options: PgConnectOptions) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    town.person("ana@town.test", Role::Consumer, None).await;
    let browser = admin(&server).await;
    for n in 1..=21 {
        let key = town.key();
        ask_as(
            &browser,
            &key,
            "ana@town.test",
            &(100 + n).to_string(),
            "Sold twice",
        )
        .await;
    }
    ask(&browser, "5000", "A whole year").await;
    let applied = browser.get("/admin/adjustments?status=applied").await.text;
    assert!(applied.contains("+121") && !applied.contains("+101<") && !applied.contains("+5,000"));
    let next = applied
        .split("href=\"")
        .find(|link| link.contains("after="))
        .and_then(|link| link.split('"').next())
        .unwrap()
        .replace("&amp;", "&");
    assert!(next.starts_with("/admin/adjustments?status=applied&after="));
    let rest = browser.get(&next).await.text;
    assert!(rest.contains("+101") && !rest.contains("+102"));
    let waiting = browser.get("/admin/adjustments?status=waiting").await.text;
    assert!(waiting.contains("+5,000") && !waiting.contains("+121"));
    let rejected = browser.get("/admin/adjustments?status=rejected").await.text;
    assert!(rejected.contains("None in that state"));
    server.stop().await;
}
