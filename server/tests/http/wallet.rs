//! The wallet's page: what it shows of points, and how its history is narrowed and paged.

use chrono::TimeDelta;
use services::wallet;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use uuid::Uuid;

use crate::support::{LIMITLESS, TestServer};

/// Bonuses of these amounts, one a day, the last of them today.
async fn give(server: &TestServer, user: Uuid, amounts: impl DoubleEndedIterator<Item = i64>) {
    for (days, amount) in amounts.rev().enumerate() {
        let at = server.s.now() - TimeDelta::days(i64::try_from(days).unwrap());
        let amount = amount.try_into().unwrap();
        wallet::grant_bonus(&server.s, server.db(), user.into(), amount, at)
            .await
            .unwrap();
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn the_wallet_tells_what_is_spendable_held_awaited_and_owed(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let offer = town.offer(&town.shop().await, LIMITLESS).await;
    let user = town.consumer(1_350).await;
    let browser = server.signed_in(user).await;
    town.redemption(&browser, &offer).await;
    let admin = town.someone(domain::account::Role::Admin, None).await;
    sqlx::query(
        "insert into adjustments (id, user_id, amount, reason, lot, requested_by, requested_at, needs_second)
         values (gen_random_uuid(), $1, 2000, 'A present', 'gift', $2, now(), true)",
    )
    .bind(user)
    .bind(admin)
    .execute(server.db())
    .await
    .unwrap();
    let page = browser.get("/wallet").await.text;
    for words in [
        "1,250",
        "100 Lumis held by pending redemptions",
        "2,000 Lumis to be approved",
        "1,250 Lumis expire on",
        "Bronze tier",
        "1,350 of 5,000",
        "3,650 Lumis to go",
        "1,250 of 1,350",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("You owe"));
    sqlx::query(
        "select post_transfer(gen_random_uuid(), a.id, b.id, 40, 'owed', null, now())
         from accounts a, accounts b where a.user_id = $1 and a.kind = 'owed'
             and b.kind = 'issuance' and b.merchant_id is null",
    )
    .bind(user)
    .execute(server.db())
    .await
    .unwrap();
    assert!(
        browser
            .get("/wallet")
            .await
            .text
            .contains("You owe 40 Lumis")
    );
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_history_keeps_what_was_chosen_in_its_form_and_on_its_next_page(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let user = server.town().consumer(0).await;
    give(&server, user, 101..=125).await;
    let browser = server.signed_in(user).await;
    let chosen = "/wallet?direction=in&kind=bonus&from=2020-01-02&until=2099-12-31";
    let page = browser.get(chosen).await;
    assert!(page.text.contains("+125") && !page.text.contains("+105<"));
    assert_eq!(page.input("from"), Some("2020-01-02"));
    assert_eq!(page.input("until"), Some("2099-12-31"));
    let selected = |value: &str| page.text.contains(&format!("value=\"{value}\" selected"));
    assert!(selected("in") && selected("bonus"), "{}", page.text);
    let next = page
        .text
        .split("href=\"")
        .find(|link| link.starts_with("/wallet?") && link.contains("after="))
        .and_then(|link| link.split('"').next())
        .unwrap()
        .replace("&amp;", "&");
    for kept in [
        "direction=in",
        "kind=bonus",
        "from=2020%2D01%2D02",
        "until=2099%2D12%2D31",
        "#movements",
    ] {
        assert!(next.contains(kept), "{next}");
    }
    let rest = browser.get(&next).await.text;
    assert!(rest.contains("+105") && !rest.contains("+106"));
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_history_is_narrowed_by_direction_kind_and_whole_days(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let offer = town.offer(&town.shop().await, LIMITLESS).await;
    let user = town.consumer(0).await;
    give(&server, user, 701..=703).await;
    let browser = server.signed_in(user).await;
    browser.keep_cookie("tz=America/Mexico_City");
    town.redemption(&browser, &offer).await;
    let yesterday = (server.s.now() - TimeDelta::days(1))
        .with_timezone(&app::site::format::HOME_ZONE)
        .format("%Y-%m-%d")
        .to_string();
    let amounts = ["+701", "+702", "+703", "−100"];
    for (query, expected) in [
        (String::new(), vec!["+701", "+702", "+703", "−100"]),
        ("direction=in".into(), vec!["+701", "+702", "+703"]),
        ("direction=out".into(), vec!["−100"]),
        ("kind=redeem".into(), vec!["−100"]),
        ("kind=referral".into(), vec![]),
        (format!("from={yesterday}&until={yesterday}"), vec!["+702"]),
        // What is no choice and no date narrows nothing.
        (
            "direction=x&kind=x&from=x&after=x".into(),
            vec!["+701", "+702", "+703", "−100"],
        ),
    ] {
        let page = browser.get(&format!("/wallet?{query}")).await.text;
        let shown: Vec<_> = amounts
            .into_iter()
            .filter(|amount| page.contains(*amount))
            .collect();
        assert_eq!(shown, expected, "{query}");
    }
    let page = browser.get("/wallet?from=yesterday").await;
    assert!(page.text.contains("Choose a date.") && page.input("from") == Some("yesterday"));
    server.stop().await;
}
