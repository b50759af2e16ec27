//! Many at once, over real connections.

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::{Answer, Browser, Form, LIMITLESS, Terms, TestServer, Told, Wire, at_once};

/// Everyone redeems at the same moment, by the form, each with a key; a person may be there several times.
async fn redeem_at_once(crowd: Vec<(Browser, String)>, offer: &str) -> Vec<Answer> {
    let offer = offer.to_owned();
    at_once(crowd.into_iter().map(|(browser, key)| {
        let offer = offer.clone();
        async move { browser.redeem(&offer, &key).await }
    }))
    .await
}

fn redeemed(answers: &[Answer]) -> Vec<String> {
    answers.iter().filter_map(Answer::redemption).collect()
}

fn assert_all_are_redirects(answers: &[Answer]) {
    let others: Vec<_> = answers.iter().filter(|it| it.status != 302).collect();
    assert!(others.is_empty(), "{others:?}");
}

#[sqlx::test(migrations = "../migrations")]
async fn of_two_hundred_consumers_twenty_get_the_last_twenty_units(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::wide(&options).await;
    let town = server.town();
    let terms = Terms {
        stock: Some(20),
        per_person: 1,
        ..LIMITLESS
    };
    let offer = town.offer(&town.shop().await, terms).await;
    let mut crowd = Vec::new();
    for _ in 0..200 {
        crowd.push((server.consumer(100).await, town.key()));
    }
    let answers = redeem_at_once(crowd.clone(), &offer).await;
    assert_all_are_redirects(&answers);
    let mut ids = redeemed(&answers);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 20);
    for ((browser, _), answer) in crowd.iter().zip(&answers).take(40) {
        let page = browser.get(&answer.location()).await;
        let refused = page.text.contains("The last one just went.");
        assert_eq!(refused, answer.redemption().is_none());
    }
    let debits = "select count(*) from transfers where kind = 'redeem'";
    assert_eq!(town.count(debits).await, 20);
    let taken = "select stock_taken::bigint from offers";
    assert_eq!(town.count(taken).await, 20);
    town.assert_ledger_sound().await;
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn of_a_thousand_parallel_redeems_of_the_last_hundred_units_a_hundred_succeed_and_none_fails(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    const CONNECTIONS: usize = 200;
    const ON_EACH: usize = 5;
    let server = TestServer::start(&options).await;
    let town = server.town();
    let terms = Terms {
        stock: Some(100),
        per_person: 1,
        ..LIMITLESS
    };
    let offer = town.offer(&town.shop().await, terms).await;
    let mut wires = Vec::new();
    for _ in 0..CONNECTIONS {
        let mut sessions = Vec::new();
        for _ in 0..ON_EACH {
            let user = town.consumer(100).await;
            sessions.push((town.session(user).await, town.key()));
        }
        wires.push((Wire::open(&server.url).await, sessions));
    }
    let answers = at_once(wires.into_iter().map(|(mut wire, sessions)| {
        let offer = offer.clone();
        async move {
            // All are on their way before any answer is waited for.
            for (session, key) in &sessions {
                let form = Form {
                    session,
                    action: "/api/offers/redeem",
                    fields: &[("offer", &offer), ("key", key)],
                    is_plain: true,
                };
                wire.send(&form).await;
            }
            let mut told = Vec::new();
            for _ in sessions {
                told.push(wire.answer().await.unwrap());
            }
            told
        }
    }))
    .await
    .concat();
    assert_eq!(answers.len(), CONNECTIONS * ON_EACH);
    let redeemed = answers
        .iter()
        .filter(|it| it.redemption().is_some())
        .count();
    let refused = |it: &&Told| it.status == 302 && it.location.contains("/offers?");
    assert_eq!(
        (redeemed, answers.iter().filter(refused).count()),
        (100, 900)
    );
    assert_eq!(town.count("select count(*) from redemptions").await, 100);
    assert_eq!(
        town.count("select stock_taken::bigint from offers").await,
        100
    );
    town.assert_ledger_sound().await;
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn who_can_pay_for_three_gets_three_of_fifty_at_once(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::wide(&options).await;
    let town = server.town();
    let offer = town.offer(&town.shop().await, LIMITLESS).await;
    let user = town.consumer(399).await;
    let mut crowd = Vec::new();
    for _ in 0..50 {
        crowd.push((server.signed_in(user).await, town.key()));
    }
    let answers = redeem_at_once(crowd, &offer).await;
    assert_all_are_redirects(&answers);
    assert_eq!(redeemed(&answers).len(), 3);
    let left = "select balance from accounts where kind = 'available'
                and user_id = (select distinct consumer_id from redemptions)";
    assert_eq!(town.count(left).await, 99);
    town.assert_ledger_sound().await;
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_same_key_fifty_times_at_once_is_one_redemption_and_fifty_equal_answers(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::wide(&options).await;
    let town = server.town();
    let offer = town.offer(&town.shop().await, LIMITLESS).await;
    let user = town.consumer(10_000).await;
    let key = town.key();
    let mut crowd = Vec::new();
    for _ in 0..50 {
        crowd.push((server.signed_in(user).await, key.clone()));
    }
    let mut ids = redeemed(&redeem_at_once(crowd, &offer).await);
    assert_eq!(ids.len(), 50);
    ids.dedup();
    assert_eq!(ids.len(), 1);
    assert_eq!(town.count("select count(*) from redemptions").await, 1);
    town.assert_ledger_sound().await;
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn twenty_sign_ups_with_one_address_make_one_account(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::wide(&options).await;
    let answers = at_once((0..20).map(|n| {
        let browser = server.browser();
        async move {
            let name = format!("Ana {n}");
            let fields = [
                ("name", name.as_str()),
                ("email", "ana@town.test"),
                ("password", "surtidor de lluvia"),
            ];
            browser.ask("/api/identity/sign-up", &fields).await
        }
    }))
    .await;
    let mut codes: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    codes.sort_unstable();
    assert_eq!(codes[0], 200);
    assert!(codes[1..].iter().all(|code| *code == 422), "{codes:?}");
    assert_eq!(server.town().count("select count(*) from users").await, 1);
    server.stop().await;
}
