//! Pictures, copies and tables of a merchant's own offers.

use domain::account::Role;
use reqwest::header::{ACCEPT_LANGUAGE, HeaderMap, HeaderValue};
use serde_json::{Value, json};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::client::{Program, assert_problem};
use crate::support::{Answer, LIMITLESS, Shop, TestServer, photo};

impl Program {
    /// Sends a file under a name.
    async fn send_file(
        &self,
        (method, path): (&str, &str),
        key: &str,
        kind: &str,
        file: &[u8],
    ) -> Answer {
        let request = self
            .request(method, path)
            .header("idempotency-key", key)
            .header("content-type", kind);
        Answer::of(request.body(file.to_vec())).await
    }
}

async fn shop_with_offer(server: &TestServer) -> (Shop, String) {
    let town = server.town();
    let shop = town.shop().await;
    let offer = town.offer(&shop, LIMITLESS).await;
    (shop, offer)
}

#[sqlx::test(migrations = "../migrations")]
async fn every_reply_about_an_offer_tells_where_its_picture_is(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let (shop, offer) = shop_with_offer(&server).await;
    let till = server.till_of(&shop).await;
    let admin = server.town().someone(Role::Admin, None).await;
    let admin = server.acting_for(admin).await;
    let path = format!("/merchant/offers/{offer}/image");
    let replies = async || {
        let mut told = Vec::new();
        for (program, path) in [
            (&till, "/rewards/offers"),
            (&till, "/merchant/offers"),
            (&admin, "/admin/offers"),
        ] {
            // The list of rewards is open to anyone.
            let program = if path.starts_with("/rewards") {
                &server.stranger()
            } else {
                program
            };
            let list = program.get(path).await.json();
            told.push(list["items"][0]["image"].clone());
            let one = program.get(&format!("{path}/{offer}")).await.json();
            told.push(one["image"].clone());
        }
        told
    };
    assert_eq!(replies().await, vec![Value::Null; 6]);
    let put =
        async |key: &str, file: &[u8]| till.send_file(("PUT", &path), key, "image/png", file).await;
    let set = put("p-1", &photo(50)).await;
    assert_eq!(set.status, 200, "{}", set.text);
    let image = set.json()["image"].clone();
    let address = image.as_str().unwrap().to_owned();
    assert!(address.starts_with(&format!("{}/images/", server.url)));
    assert_eq!(replies().await, vec![image; 6]);
    let loaded = reqwest::get(&address).await.unwrap();
    assert_eq!(loaded.status(), 200);
    // The same again is the same answer; the same name for another picture is refused.
    assert_eq!(put("p-1", &photo(50)).await.text, set.text);
    assert_problem(
        &put("p-1", &photo(250)).await,
        409,
        "IDEMPOTENCY_KEY_REUSED",
    );
    let gone = till.send("DELETE", &path, "d-1", &json!({})).await;
    assert_eq!((gone.status, &gone.json()["image"]), (200, &Value::Null));
    assert_eq!(replies().await, vec![Value::Null; 6]);
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_picture_is_taken_by_what_it_holds_and_for_ones_own_offer_alone(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let (shop, offer) = shop_with_offer(&server).await;
    let (other, _) = shop_with_offer(&server).await;
    let till = server.till_of(&shop).await;
    let path = format!("/merchant/offers/{offer}/image");
    let at = ("PUT", path.as_str());
    let svg = till.send_file(at, "k-1", "image/png", b"<svg/>").await;
    assert_problem(&svg, 422, "VALIDATION_ERROR");
    let field = &svg.json()["fields"][0];
    assert_eq!(
        (&field["field"], &field["problem"]),
        (&json!("image"), &json!("not_a_picture"))
    );
    // A wrong name of the kind does not matter, but it has to be one of a picture.
    let named = till.send_file(at, "k-2", "image/webp", &photo(9)).await;
    assert_eq!(named.status, 200, "{}", named.text);
    let json = till.send_file(at, "k-3", "application/json", b"{}").await;
    assert_problem(&json, 415, "UNSUPPORTED_MEDIA_TYPE");
    let heavy = vec![0; 8 * 1024 * 1024 + 1];
    let heavy = till.send_file(at, "k-4", "image/png", &heavy).await;
    assert_problem(&heavy, 422, "VALIDATION_ERROR");
    let huge = vec![0; 10 * 1024 * 1024];
    let huge = till.send_file(at, "k-5", "image/png", &huge).await;
    assert_problem(&huge, 413, "CONTENT_TOO_LARGE");
    // Other operations take no more than before.
    let long = json!({ "name": "x".repeat(300_000) });
    assert_problem(
        &till.post("/merchant/offers", long).await,
        413,
        "CONTENT_TOO_LARGE",
    );
    let unnamed = till.request("PUT", &path).body(photo(9));
    assert_problem(&Answer::of(unnamed).await, 422, "VALIDATION_ERROR");

    let foreign = server.till_of(&other).await;
    let attendant = server.acting_for(shop.attendant).await;
    for (program, status, code) in [
        (foreign, 404, "NOT_FOUND"),
        (attendant, 403, "FORBIDDEN"),
        (server.stranger(), 401, "UNAUTHORIZED"),
    ] {
        let answer = program.send_file(at, "k-1", "image/png", &photo(9)).await;
        assert_problem(&answer, status, code);
        let answer = program.send("DELETE", &path, "k-2", &json!({})).await;
        assert_problem(&answer, status, code);
        let copy = path.replace("/image", "/copy");
        let answer = program.send("POST", &copy, "k-3", &json!({})).await;
        assert_problem(&answer, status, code);
    }
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_copy_is_made_once_under_one_name_in_the_callers_language(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let (shop, offer) = shop_with_offer(&server).await;
    let till = server.till_of(&shop).await;
    let path = format!("/merchant/offers/{offer}/copy");
    let first = till.send("POST", &path, "c-1", &json!({})).await;
    assert_eq!(first.status, 201, "{}", first.text);
    let made = first.json();
    assert_eq!(
        (&made["name"], &made["status"], &made["points_cost"]),
        (&json!("Coffee (copy)"), &json!("draft"), &json!(100))
    );
    let again = till.send("POST", &path, "c-1", &json!({})).await;
    assert_eq!(again.text, first.text);
    let spanish = HeaderMap::from_iter([(ACCEPT_LANGUAGE, HeaderValue::from_static("es-MX"))]);
    let spanish = till
        .request("POST", &path)
        .header("idempotency-key", "c-2")
        .headers(spanish);
    assert_eq!(Answer::of(spanish).await.json()["name"], "Coffee (copia)");
    assert_eq!(server.town().count("select count(*) from offers").await, 3);
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_table_goes_out_and_comes_in_whole_or_not_at_all(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let (shop, offer) = shop_with_offer(&server).await;
    let (other, _) = shop_with_offer(&server).await;
    let till = server.till_of(&shop).await;
    let table = till.get("/merchant/offers/export").await;
    assert_eq!(table.status, 200);
    assert!(table.text.starts_with('\u{feff}') && table.text.contains(&offer));
    let more = format!(
        "{},,Jugo verde,Del día.,,food,90,,,,2026-01-01T00:00:00Z,2099-01-01T00:00,,,\n",
        table.text.replace("Coffee", "Espresso")
    );
    let at = ("POST", "/merchant/offers/import");
    let first = till
        .send_file(at, "t-1", "text/csv; charset=utf-8", more.as_bytes())
        .await;
    assert_eq!(first.status, 200, "{}", first.text);
    assert_eq!(first.json(), json!({ "made": 1, "changed": 1 }));
    let again = till.send_file(at, "t-1", "text/csv", more.as_bytes()).await;
    assert_eq!(again.text, first.text);
    let stale = till.send_file(at, "t-2", "text/csv", more.as_bytes()).await;
    assert_problem(&stale, 422, "VALIDATION_ERROR");
    assert_eq!(stale.json()["fields"][0]["field"], "2.version");
    let foreign = server.till_of(&other).await;
    let refused = foreign
        .send_file(at, "t-3", "text/csv", table.text.as_bytes())
        .await;
    assert_problem(&refused, 422, "VALIDATION_ERROR");
    let field = &refused.json()["fields"][0];
    assert_eq!(
        (&field["field"], &field["problem"]),
        (&json!("2.offer_id"), &json!("unknown_offer"))
    );
    let json = till.send_file(at, "t-4", "application/json", b"{}").await;
    assert_problem(&json, 415, "UNSUPPORTED_MEDIA_TYPE");
    let attendant = server.acting_for(shop.attendant).await;
    let refused = attendant
        .send_file(at, "t-5", "text/csv", more.as_bytes())
        .await;
    assert_problem(&refused, 403, "FORBIDDEN");
    let refused = attendant.get("/merchant/offers/export").await;
    assert_problem(&refused, 403, "FORBIDDEN");
    assert_eq!(server.town().count("select count(*) from offers").await, 3);
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_over_or_sold_out_is_told_even_while_it_is_paused(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let (shop, offer) = shop_with_offer(&server).await;
    sqlx::query(
        "update offers set status = 'paused', stock_quantity = 1, stock_taken = 1,
             valid_from = now() - interval '2 days', valid_to = now() - interval '1 day'",
    )
    .execute(server.db())
    .await
    .unwrap();
    let till = server.till_of(&shop).await;
    for (program, path) in [
        (server.stranger(), format!("/rewards/offers/{offer}")),
        (till, format!("/merchant/offers/{offer}")),
    ] {
        let told = program.get(&path).await.json();
        for (field, is) in [
            ("is_available", false),
            ("is_expired", true),
            ("is_sold_out", true),
        ] {
            assert_eq!(told[field], is, "{path} {field}");
        }
    }
    server.stop().await;
}
