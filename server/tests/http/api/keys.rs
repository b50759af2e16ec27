//! A merchant's API keys.

use serde_json::{Value, json};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::client::assert_problem;
use crate::support::TestServer;

#[sqlx::test(migrations = "../migrations")]
async fn a_key_is_made_by_a_manager_shown_to_nobody_else_and_revoked(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let shop = town.shop().await;
    let manager = server.acting_for(shop.manager).await;
    let new = json!({ "name": "Till 1" });
    let made = manager.send("POST", "/merchant/keys", "k-1", &new).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let made_key = made.json();
    let key = made_key["api_key"].as_str().unwrap();
    assert_eq!(made_key["hint"], key[key.len() - 4..]);
    assert_eq!(made_key["last_used_at"], Value::Null);

    // A lost answer is told again to who named the request, out of what tells nobody else anything.
    let again = manager.send("POST", "/merchant/keys", "k-1", &new).await;
    assert_eq!((again.status, &again.text), (201, &made.text));
    let rows = "select string_agg(row, '') from (
        select k::text as row from api_keys k union all select r::text from named_requests r
        union all select a::text from audit_log a) as everything";
    assert!(!town.text(rows).await.contains(&key[4..]));

    let program = server.keyed(key);
    assert_eq!(program.get("/merchant/stats").await.status, 200);
    let listed = manager.get("/merchant/keys").await;
    assert!(!listed.text.contains(key), "{}", listed.text);
    let item = &listed.json()["items"][0];
    assert_eq!(item["key_id"], made_key["key_id"]);
    assert!(item["last_used_at"].is_string() && item["revoked_at"].is_null());

    let path = format!("/merchant/keys/{}", made_key["key_id"].as_str().unwrap());
    for (name, status) in [("r-1", 200), ("r-1", 200), ("r-2", 200)] {
        let revoked = manager.send("DELETE", &path, name, &json!({})).await;
        assert_eq!(revoked.status, status);
        assert!(revoked.json()["revoked_at"].is_string());
    }
    assert_problem(&program.get("/merchant/stats").await, 401, "UNAUTHORIZED");
    let actions =
        "select string_agg(action, ' ' order by id) from audit_log where action like 'key.%'";
    assert_eq!(town.text(actions).await, "key.create key.revoke");
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn keys_come_page_by_page_and_need_a_name(_: PgPoolOptions, options: PgConnectOptions) {
    let server = TestServer::start(&options).await;
    let shop = server.town().shop().await;
    let manager = server.acting_for(shop.manager).await;
    for name in ["One", "Two", "Three"] {
        manager
            .post("/merchant/keys", json!({ "name": name }))
            .await;
    }
    let names = |page: &Value| -> Vec<String> {
        let items = page["items"].as_array().unwrap().iter();
        items
            .map(|it| it["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let first = manager.get("/merchant/keys?limit=2").await.json();
    assert_eq!(names(&first), ["Three", "Two"]);
    let next = first["next_cursor"].as_str().unwrap();
    let last = manager
        .get(&format!("/merchant/keys?limit=2&cursor={next}"))
        .await;
    assert_eq!(names(&last.json()), ["One"]);
    assert_eq!(last.json()["next_cursor"], Value::Null);
    for name in ["", " ", &"x".repeat(61)] {
        let refused = manager
            .post("/merchant/keys", json!({ "name": name }))
            .await;
        assert_problem(&refused, 422, "VALIDATION_ERROR");
        assert_eq!(refused.json()["fields"][0]["field"], "name");
    }
    for query in ["limit=0", "limit=101", "cursor=x", "page=2"] {
        let refused = manager.get(&format!("/merchant/keys?{query}")).await;
        assert_problem(&refused, 422, "VALIDATION_ERROR");
    }
    server.stop().await;
}
