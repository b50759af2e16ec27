//! What holds for every operation: problems, names of requests, tags, no cookies.

use reqwest::header::{ALLOW, CONTENT_LANGUAGE, ETAG, IF_NONE_MATCH, WWW_AUTHENTICATE};
use serde_json::json;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::client::assert_problem;
use crate::support::{Answer, LIMITLESS, TestServer};

#[sqlx::test(migrations = "../migrations")]
async fn whatever_cannot_be_read_is_a_problem_and_never_a_page(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let member = server.member(500).await;
    let post = |kind: &str, body: String| {
        let request = member.request("POST", "/rewards/redeem");
        let request = request
            .header("idempotency-key", "k")
            .header("accept", "text/html");
        Answer::of(request.header("content-type", kind).body(body))
    };
    let json = "application/json";
    for (kind, body, status, code) in [
        (json, "{".to_owned(), 400, "MALFORMED_REQUEST"),
        (json, "[]".into(), 422, "VALIDATION_ERROR"),
        (json, "{}".into(), 422, "VALIDATION_ERROR"),
        (json, r#"{"offer_id": 7}"#.into(), 422, "VALIDATION_ERROR"),
        (
            json,
            r#"{"offer_id": "01890000-0000-7000-8000-000000000000", "tip": 1}"#.into(),
            422,
            "VALIDATION_ERROR",
        ),
        ("text/plain", "{}".into(), 415, "UNSUPPORTED_MEDIA_TYPE"),
        (
            json,
            format!("\"{}\"", "x".repeat(300_000)),
            413,
            "CONTENT_TOO_LARGE",
        ),
    ] {
        assert_problem(&post(kind, body).await, status, code);
    }
    for path in [
        "/rewards/offers/none",
        "/rewards/history/%00",
        "/rewards/qr/none.png",
        "/nowhere",
        "/rewards",
    ] {
        assert_problem(&member.get(path).await, 404, "NOT_FOUND");
    }
    let refused = Answer::of(member.request("PATCH", "/rewards/redeem")).await;
    assert_problem(&refused, 405, "METHOD_NOT_ALLOWED");
    assert_eq!(refused.header(ALLOW), "POST");
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn problems_are_told_in_the_callers_language_and_by_the_requests_name(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let ask = |language: &str, id: &str| {
        let url = format!("{}/api/v1/rewards/balance", server.url);
        let request = reqwest::Client::new().get(url);
        Answer::of(
            request
                .header("accept-language", language)
                .header("x-request-id", id),
        )
    };
    let spanish = ask("es-MX", "my-7").await;
    assert_eq!(spanish.json()["title"], "Falta identificarse");
    assert_eq!(spanish.header(CONTENT_LANGUAGE), "es");
    assert_eq!(spanish.header(WWW_AUTHENTICATE), "Bearer");
    assert_eq!(spanish.json()["request_id"], "my-7");
    assert_eq!(spanish.headers["x-request-id"], "my-7");
    let english = ask("en", &"x".repeat(65)).await;
    assert_eq!(english.json()["title"], "Sign in first");
    let made = english.headers["x-request-id"].to_str().unwrap();
    assert_eq!(english.json()["request_id"], made);
    assert_eq!(made.len(), 36);
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_browsers_session_opens_nothing_and_no_origin_is_asked_for(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let offer = town.offer(&town.shop().await, LIMITLESS).await;
    let browser = server.consumer(500).await;
    let request = browser.bare("POST", "/api/v1/rewards/redeem");
    let request = request
        .header("idempotency-key", "k")
        .json(&json!({ "offer_id": offer }));
    assert_problem(&Answer::of(request).await, 401, "UNAUTHORIZED");
    let member = server.member(500).await;
    let request = member.request("POST", "/rewards/redeem");
    let request = request
        .header("origin", "https://elsewhere.example")
        .header("idempotency-key", "k");
    let answer = Answer::of(request.json(&json!({ "offer_id": offer }))).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    assert!(answer.cookies().is_empty());
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_has_not_changed_is_not_sent_again(_: PgPoolOptions, options: PgConnectOptions) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let shop = town.shop().await;
    town.offer(&shop, LIMITLESS).await;
    let anyone = server.stranger();
    let first = anyone.get("/rewards/offers").await;
    let tag = first.header(ETAG).to_owned();
    assert!(tag.starts_with("W/\""), "{tag}");
    let ask = || {
        let request = anyone.request("GET", "/rewards/offers");
        Answer::of(request.header(IF_NONE_MATCH, tag.clone()))
    };
    let same = ask().await;
    assert_eq!(
        (same.status, same.text.as_str(), same.header(ETAG)),
        (304, "", tag.as_str())
    );
    town.offer(&shop, LIMITLESS).await;
    assert_eq!(ask().await.status, 200);
    server.stop().await;
}
