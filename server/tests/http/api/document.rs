//! The OpenAPI document: whole, and true.

use serde_json::Value;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::TestServer;

/// As it is served.
pub async fn document(server: &TestServer) -> Value {
    server.browser().get("/api/openapi.json").await.json()
}

/// Every operation: method, path, what is said of it.
pub fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().iter();
            methods.map(move |(method, it)| (method.to_uppercase(), path.clone(), it.clone()))
        })
        .collect()
}

#[sqlx::test(migrations = "../migrations")]
async fn the_document_tells_every_operation_with_its_refusals(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let document = document(&server).await;
    assert_eq!(document["openapi"], "3.1.0");
    let operations = operations(&document);
    let mut ids: Vec<_> = operations
        .iter()
        .map(|(_, _, it)| it["operationId"].to_string())
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), operations.len());
    for (method, path, it) in &operations {
        assert!(it["summary"].is_string(), "{method} {path}");
        assert!(it["responses"]["429"].is_object(), "{method} {path}");
        for (status, response) in it["responses"].as_object().unwrap() {
            let headers = &resolved(&document, response)["headers"];
            for name in ["Limit", "Remaining", "Reset"] {
                let header = &headers[format!("X-RateLimit-{name}")];
                let header = resolved(&document, header);
                assert_eq!(header["required"], true, "{method} {path} {status}");
            }
            let waits = headers["Retry-After"]["required"] == true;
            assert_eq!(waits, status == "429", "{method} {path} {status}");
        }
    }
    assert_refers_to_nothing_missing(&document, &document);
    server.stop().await;
}

/// A part of the document that may be a reference to another.
pub fn resolved<'a>(document: &'a Value, part: &'a Value) -> &'a Value {
    match part["$ref"].as_str() {
        Some(place) => document.pointer(place.trim_start_matches('#')).unwrap(),
        None => part,
    }
}

fn assert_refers_to_nothing_missing(document: &Value, part: &Value) {
    if let Some(place) = part["$ref"].as_str() {
        let there = document.pointer(place.trim_start_matches('#'));
        assert!(there.is_some(), "{place}");
    }
    let parts: Box<dyn Iterator<Item = &Value>> = match part {
        Value::Array(items) => Box::new(items.iter()),
        Value::Object(members) => Box::new(members.values()),
        _ => return,
    };
    parts.for_each(|part| assert_refers_to_nothing_missing(document, part));
}

#[sqlx::test(migrations = "../migrations")]
async fn the_document_can_be_read_as_a_page_without_scripts(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let page = server.browser().get("/api/docs").await;
    assert_eq!(page.status, 200);
    assert!(
        page.text
            .contains("<code>POST /api/v1/rewards/redeem</code>"),
        "{}",
        page.text
    );
    assert!(page.text.contains("id=\"INSUFFICIENT_BALANCE\""));
    assert!(!page.text.contains("<script") && !page.text.contains("style="));
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'"));
    server.stop().await;
}
