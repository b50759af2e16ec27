//! Many programs at once.

use domain::account::Role;
use serde_json::{Value, json};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::{Answer, LIMITLESS, Terms, TestServer, at_once};

#[sqlx::test(migrations = "../migrations")]
async fn fifty_equal_redeems_at_once_are_one_redemption_and_fifty_equal_answers(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::wide(&options).await;
    let town = server.town();
    let offer = town.offer(&town.shop().await, LIMITLESS).await;
    let member = server.member(10_000).await;
    let answers = at_once((0..50).map(|_| {
        let (member, body) = (member.clone(), json!({ "offer_id": offer }));
        async move {
            member
                .send("POST", "/rewards/redeem", "the-same", &body)
                .await
        }
    }))
    .await;
    assert_all_equal(&answers, 201);
    assert_eq!(town.count("select count(*) from redemptions").await, 1);
    town.assert_ledger_sound().await;
    server.stop().await;
}

/// That all say the same, but for the QR's token, which may have changed in between.
fn assert_all_equal(answers: &[Answer], status: u16) {
    let told = |answer: &Answer| -> Value {
        assert_eq!(answer.status, status, "{}", answer.text);
        let mut body = answer.json();
        if let Some(body) = body.as_object_mut() {
            body.remove("qr_landing_url");
        }
        body
    };
    let first = told(&answers[0]);
    assert!(answers.iter().all(|answer| told(answer) == first));
}

#[sqlx::test(migrations = "../migrations")]
async fn fifty_equal_orders_of_any_kind_make_one_thing(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::wide(&options).await;
    let town = server.town();
    let admin = server
        .acting_for(town.someone(Role::Admin, None).await)
        .await;
    let answers = at_once((0..50).map(|_| {
        let admin = admin.clone();
        let body = json!({ "name": "Norte" });
        async move {
            admin
                .send("POST", "/admin/merchants", "the-same", &body)
                .await
        }
    }))
    .await;
    let (made, busy): (Vec<_>, Vec<_>) = answers.into_iter().partition(|it| it.status == 201);
    assert!(
        busy.iter().all(|it| it.code() == "REQUEST_IN_PROGRESS"),
        "{busy:?}"
    );
    assert_all_equal(&made, 201);
    assert_eq!(town.count("select count(*) from merchants").await, 1);
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_sale_that_is_sent_fifty_times_at_once_brings_points_once(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::wide(&options).await;
    let town = server.town();
    let shop = town.shop().await;
    let user = town.consumer(0).await;
    let code = town
        .text(&format!(
            "select member_code from users where id = '{user}'"
        ))
        .await;
    let till = server.till_of(&shop).await;
    let answers = at_once((0..50).map(|_| {
        let till = till.clone();
        let sale = json!({ "member": code, "amount": 100_000, "receipt": "A-1" });
        async move {
            till.send("POST", "/merchant/accruals", "the-same", &sale)
                .await
        }
    }))
    .await;
    assert_all_equal(&answers, 201);
    assert_eq!(town.count("select count(*) from accruals").await, 1);
    town.assert_ledger_sound().await;
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn of_two_hundred_programs_one_hundred_get_the_last_hundred_units(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::wide(&options).await;
    let town = server.town();
    let terms = Terms {
        stock: Some(100),
        per_person: 1,
        ..LIMITLESS
    };
    let offer = town.offer(&town.shop().await, terms).await;
    let mut crowd = Vec::new();
    for _ in 0..200 {
        crowd.push(server.member(100).await);
    }
    let answers = at_once(crowd.into_iter().map(|member| {
        let body = json!({ "offer_id": offer });
        async move { member.send("POST", "/rewards/redeem", "mine", &body).await }
    }))
    .await;
    let made = answers.iter().filter(|it| it.status == 201).count();
    let refused = answers
        .iter()
        .filter(|it| it.code() == "OUT_OF_STOCK")
        .count();
    assert_eq!((made, refused), (100, 100));
    town.assert_ledger_sound().await;
    server.stop().await;
}
