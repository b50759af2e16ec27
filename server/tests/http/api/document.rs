//! The OpenAPI document: whole, and true.

use domain::account::Role;
use serde_json::Value;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::client::Program;
use crate::support::{Answer, LIMITLESS, Shop, TestServer};

async fn document(server: &TestServer) -> Value {
    server.browser().get("/api/openapi.json").await.json()
}

/// Every operation: method, path, what is said of it.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().iter();
            methods.map(move |(method, it)| (method.to_uppercase(), path.clone(), it.clone()))
        })
        .collect()
}

#[sqlx::test(migrations = "../migrations")]
async fn the_document_lists_every_operation_with_its_refusals(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let document = document(&server).await;
    assert_eq!(document["openapi"], "3.1.0");
    let operations = operations(&document);
    let names: Vec<_> = operations
        .iter()
        .map(|(method, path, _)| format!("{method} {}", path.trim_start_matches("/api/v1")))
        .collect();
    for expected in [
        "GET /rewards/offers",
        "GET /rewards/offers/{id}",
        "GET /rewards/balance",
        "GET /rewards/transfers",
        "GET /rewards/history",
        "GET /rewards/history/{id}",
        "GET /rewards/stats",
        "GET /rewards/qr/{code}.png",
        "POST /rewards/redeem",
        "POST /rewards/cancel/{id}",
        "POST /merchant/validate",
        "POST /merchant/confirm/{id}",
        "POST /merchant/accruals",
        "POST /merchant/accruals/{id}/reverse",
        "GET /merchant/stats",
        "GET /merchant/analytics",
        "GET /merchant/pending",
        "GET /merchant/reports/export",
        "GET /merchant/offers",
        "POST /merchant/offers",
        "GET /merchant/offers/{id}",
        "PUT /merchant/offers/{id}",
        "DELETE /merchant/offers/{id}",
        "POST /merchant/offers/{id}/activate",
        "POST /merchant/offers/{id}/pause",
        "GET /admin/merchants",
        "POST /admin/merchants",
        "GET /admin/merchants/{id}",
        "GET /admin/offers",
        "GET /admin/offers/{id}",
        "GET /admin/users",
        "GET /admin/users/{id}",
        "GET /admin/adjustments",
        "POST /admin/adjustments",
        "POST /admin/adjustments/{id}/approve",
        "POST /admin/adjustments/{id}/reject",
        "GET /admin/audit",
        "GET /admin/reports",
    ] {
        assert!(
            names.iter().any(|name| name == expected),
            "{expected} is missing"
        );
    }
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
    }
    assert_refers_to_nothing_missing(&document, &document);
    server.stop().await;
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

/// The things that the document's examples speak of.
async fn town_of_the_examples(server: &TestServer, shop: &Shop) {
    let town = server.town();
    let offer = town.offer(shop, LIMITLESS).await;
    let user = town.consumer(5_000).await;
    for sql in [
        format!("update offers set id = '01890000-0000-7000-8000-00000000000a' where id = '{offer}'"),
        "insert into merchants (id, name, created_at)
         values ('01890000-0000-7000-8000-00000000000d', 'Example', now())".to_owned(),
        "insert into users (id, email, name, role, created_at, member_code)
         values ('01890000-0000-7000-8000-00000000000e', 'e@town.test', 'E', 'consumer', now(), 'ABCDEFGHJK')".to_owned(),
        format!("insert into adjustments (id, user_id, amount, reason, lot, requested_by, requested_at, needs_second)
         values ('01890000-0000-7000-8000-00000000000f', '{user}', 5000, 'A prize', 'standard', '{user}', now(), true)"),
    ] {
        sqlx::query(&sql).execute(server.db()).await.unwrap();
    }
}

/// The body of an operation's example, from the operation or from its schema.
fn example(document: &Value, operation: &Value) -> Option<Value> {
    let content = &operation["requestBody"]["content"]["application/json"];
    if !content["example"].is_null() {
        return Some(content["example"].clone());
    }
    let place = content["schema"]["$ref"].as_str()?;
    let schema = document.pointer(place.trim_start_matches('#'))?;
    Some(schema["example"].clone()).filter(|it| !it.is_null())
}

#[sqlx::test(migrations = "../migrations")]
async fn the_documents_examples_run(_: PgPoolOptions, options: PgConnectOptions) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let shop = town.shop().await;
    town_of_the_examples(&server, &shop).await;
    let document = document(&server).await;
    let member = server.member(5_000).await;
    let admin = server
        .acting_for(town.someone(Role::Admin, None).await)
        .await;
    let till = server.till_of(&shop).await;
    let mut run = 0;
    for (method, path, it) in operations(&document) {
        let tag = it["tags"][0].as_str().unwrap_or_default();
        let (program, path): (&Program, _) = match tag {
            "rewards" => (&member, path.trim_start_matches("/api/v1")),
            "merchant" => (&till, path.trim_start_matches("/api/v1")),
            "admin" => (&admin, path.trim_start_matches("/api/v1")),
            _ => continue,
        };
        let body = example(&document, &it);
        // What speaks of a redemption or an accrual needs one that is made by a test; those have tests of their own.
        let spoken_of = [
            "/cancel/",
            "/history/{",
            "/qr/",
            "/confirm/",
            "/accruals/{",
            "/auth/",
        ];
        if spoken_of.iter().any(|part| path.contains(part))
            || path.contains("webhook")
            || path.contains("keys")
        {
            continue;
        }
        let mut address = path.to_owned();
        for parameter in it["parameters"].as_array().into_iter().flatten() {
            if parameter["in"] == "path" {
                let value = parameter["example"].as_str().unwrap();
                address = address.replace(
                    &format!("{{{}}}", parameter["name"].as_str().unwrap()),
                    value,
                );
            }
        }
        if address == "/admin/reports" {
            address.push_str("?type=summary");
        }
        if method == "PUT"
            || method == "DELETE"
            || address.ends_with("/activate")
            || address.ends_with("/reject")
        {
            // They undo one another; their own tests run them in order.
            continue;
        }
        assert!(
            method == "GET" || body.is_some() || it["requestBody"].is_null(),
            "{method} {path}: no example"
        );
        let key = format!("{method}{path}").replace(['{', '}'], "-");
        let request = program
            .request(&method, &address)
            .header("idempotency-key", &key[..key.len().min(64)]);
        let request = if body.is_some() {
            request.json(&body)
        } else {
            request
        };
        let answer = Answer::of(request).await;
        assert!(
            answer.status < 300,
            "{method} {address}: {} {}",
            answer.status,
            answer.text
        );
        let told = answer.status.to_string();
        assert!(
            it["responses"][&told].is_object(),
            "{method} {address} answers {told} untold"
        );
        run += 1;
    }
    assert!(run >= 20, "{run}");
    server.stop().await;
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
