//! A merchant's webhooks.

use std::time::Duration;

use reqwest::header::{ETAG, IF_NONE_MATCH};
use serde_json::{Value, json};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::client::assert_problem;
use crate::support::{Answer, TestServer};

fn hook() -> Value {
    json!({ "url": "http://127.0.0.1:9/in", "events": ["redemption.confirmed", "offer.sold_out"] })
}

fn path_of(made: &Answer) -> String {
    let id = made.json()["webhook_id"].as_str().unwrap().to_owned();
    format!("/merchant/webhooks/{id}")
}

#[sqlx::test(migrations = "../migrations")]
async fn a_webhooks_secret_is_told_to_who_made_it_and_to_nobody_else(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let shop = server.town().shop().await;
    let manager = server.acting_for(shop.manager).await;
    let made = manager
        .send("POST", "/merchant/webhooks", "w-1", &hook())
        .await;
    assert_eq!(made.status, 201, "{}", made.text);
    let webhook = made.json();
    let secret = webhook["secret"].as_str().unwrap();
    assert!(secret.starts_with("whsec_"));
    // Its last four characters, without what only fills up.
    let told = secret.trim_end_matches('=');
    assert_eq!(webhook["secret_hint"], told[told.len() - 4..]);
    assert_eq!(webhook["enabled"], true);

    // A lost answer is told again, and is the same webhook.
    let again = manager
        .send("POST", "/merchant/webhooks", "w-1", &hook())
        .await;
    assert_eq!((again.status, &again.text), (201, &made.text));
    let count = "select count(*) from webhook_endpoints";
    assert_eq!(server.town().count(count).await, 1);
    let kept = "select string_agg(r::text, '') from named_requests r";
    assert!(!server.town().text(kept).await.contains(&secret[6..]));

    for path in ["/merchant/webhooks".to_owned(), path_of(&made)] {
        let seen = manager.get(&path).await;
        assert_eq!(seen.status, 200);
        assert!(!seen.text.contains(&secret[6..]), "{}", seen.text);
    }
    let rotate = format!("{}/rotate-secret", path_of(&made));
    let rotated = manager.send("POST", &rotate, "w-2", &json!({})).await;
    assert_eq!(rotated.status, 200);
    assert_ne!(rotated.json()["secret"], secret);
    assert!(rotated.json()["previous_secret_until"].is_string());
    let again = manager.send("POST", &rotate, "w-2", &json!({})).await;
    assert_eq!(again.text, rotated.text);
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_webhook_is_changed_as_a_whole_and_deleted(_: PgPoolOptions, options: PgConnectOptions) {
    let server = TestServer::start(&options).await;
    let shop = server.town().shop().await;
    let till = server.till_of(&shop).await;
    let made = till.post("/merchant/webhooks", hook()).await;
    let path = path_of(&made);
    let edit =
        json!({ "url": "https://pos.test/b", "events": ["accrual.created"], "enabled": false });
    let saved = till.send("PUT", &path, "e-1", &edit).await;
    assert_eq!(saved.status, 200, "{}", saved.text);
    for (name, value) in edit.as_object().unwrap() {
        assert_eq!(&saved.json()[name], value);
    }
    assert_eq!(saved.json(), till.get(&path).await.json());

    let list = till.get("/merchant/webhooks").await;
    assert_eq!(
        list.json(),
        json!({ "items": [saved.json()], "next_cursor": null })
    );
    let request = till.request("GET", "/merchant/webhooks");
    let same = Answer::of(request.header(IF_NONE_MATCH, list.header(ETAG))).await;
    assert_eq!(same.status, 304);

    for (name, status) in [("d-1", 200), ("d-1", 200), ("d-2", 404)] {
        let deleted = till.send("DELETE", &path, name, &json!({})).await;
        assert_eq!(deleted.status, status, "{}", deleted.text);
    }
    assert_problem(&till.get(&path).await, 404, "NOT_FOUND");
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_a_webhook_cannot_be_is_told_by_field_and_ten_are_enough(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let shop = server.town().shop().await;
    let manager = server.acting_for(shop.manager).await;
    let with = |name: &str, value: Value| {
        let mut hook = hook();
        hook[name] = value;
        hook
    };
    for (body, field) in [
        (with("url", "".into()), "url"),
        (with("url", "ftp://pos.test/".into()), "url"),
        (with("url", "https://ana@pos.test/".into()), "url"),
        (
            with("url", format!("https://a/{}", "x".repeat(500)).into()),
            "url",
        ),
        (with("events", json!([])), "events"),
        (with("events", json!(["no.such"])), "events.0"),
        (with("secret", "mine".into()), "secret"),
    ] {
        let refused = manager.post("/merchant/webhooks", body).await;
        assert_problem(&refused, 422, "VALIDATION_ERROR");
        let told = refused.json()["fields"][0]["field"].to_string();
        assert!(told.contains(field.trim_end_matches(".0")), "{told}");
    }
    for _ in 0..10 {
        assert_eq!(manager.post("/merchant/webhooks", hook()).await.status, 201);
    }
    let refused = manager.post("/merchant/webhooks", hook()).await;
    assert_problem(&refused, 409, "TOO_MANY_WEBHOOKS");
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn deliveries_come_page_by_page_and_are_sent_anew(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let shop = server.town().shop().await;
    let manager = server.acting_for(shop.manager).await;
    let made = manager.post("/merchant/webhooks", hook()).await;
    let path = path_of(&made);
    let mut sent = Vec::new();
    for name in ["t-1", "t-2", "t-3", "t-3"] {
        let test = manager
            .send("POST", &format!("{path}/test"), name, &json!({}))
            .await;
        assert_eq!(test.status, 202, "{}", test.text);
        sent.push(test.json()["delivery_id"].clone());
    }
    // The same name is the same test.
    let again = sent.pop().unwrap();
    assert_eq!(sent[2], again);
    sent.reverse();
    // Nobody listens there: each is tried, and waits.
    let untried = "select count(*) from webhook_deliveries where attempts = 0 or lease is not null";
    while server.town().count(untried).await > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let dead =
        "update webhook_deliveries set status = 'dead', next_attempt_at = null, attempts = 7,
        last_attempt_at = now(), response_status = 500 where id = ";
    let dead = format!("{dead} '{}'", sent[2].as_str().unwrap());
    sqlx::query(&dead).execute(server.db()).await.unwrap();

    let ids = |page: &Value| -> Vec<Value> {
        let items = page["items"].as_array().unwrap().iter();
        items.map(|it| it["delivery_id"].clone()).collect()
    };
    let list = format!("{path}/deliveries");
    let first = manager.get(&format!("{list}?limit=2")).await.json();
    assert_eq!(ids(&first), sent[..2]);
    assert_eq!(first["items"][0]["type"], "webhook.test");
    let next = first["next_cursor"].as_str().unwrap();
    let last = manager.get(&format!("{list}?limit=2&cursor={next}")).await;
    assert_eq!(ids(&last.json()), sent[2..]);
    assert_eq!(last.json()["next_cursor"], Value::Null);
    let narrowed = manager.get(&format!("{list}?status=dead")).await.json();
    assert_eq!(ids(&narrowed), sent[2..]);
    assert_eq!(narrowed["items"][0]["response_status"], 500);
    for query in ["status=lost", "limit=0", "cursor=x", "page=2"] {
        let refused = manager.get(&format!("{list}?{query}")).await;
        assert_problem(&refused, 422, "VALIDATION_ERROR");
    }

    let replay = format!(
        "/merchant/webhooks/deliveries/{}/replay",
        sent[2].as_str().unwrap()
    );
    assert_eq!(manager.post(&replay, json!({})).await.status, 202);
    let narrowed = manager.get(&format!("{list}?status=dead")).await.json();
    assert_eq!(ids(&narrowed), [] as [Value; 0]);
    server.stop().await;
}
