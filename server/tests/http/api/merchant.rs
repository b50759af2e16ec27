//! What merchants do.

use serde_json::{Value, json};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::client::{Program, assert_problem};
use crate::support::{LIMITLESS, TestServer};

pub async fn validate(till: &Program, code: &str) -> Value {
    let answer = till
        .post("/merchant/validate", json!({ "code": code }))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

pub fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("{name} of {value}"))
}

#[sqlx::test(migrations = "../migrations")]
async fn a_code_is_validated_and_confirmed_once_with_the_proof_that_validating_gave(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let shop = town.shop().await;
    let offer = town.offer(&shop, LIMITLESS).await;
    let (member, till) = (server.member(500).await, server.till_of(&shop).await);
    let made = member.redeem(&offer).await;
    let confirm = format!("/merchant/confirm/{}", text(&made, "redemption_id"));
    for code in [
        "redemption_code",
        "short_code",
        "redemption_id",
        "qr_landing_url",
    ] {
        let found = validate(&till, text(&made, code)).await;
        assert_eq!(
            (&found["valid"], &found["redemption"]["can_confirm"]),
            (&json!(true), &json!(true))
        );
    }
    let ticket = validate(&till, text(&made, "short_code")).await;
    let body = json!({ "token": text(&ticket, "token"), "employee_id": "E-17" });
    let first = till.send("POST", &confirm, "k-1", &body).await;
    assert_eq!(
        (first.status, &first.json()["status"]),
        (200, &json!("confirmed"))
    );
    // The same again is the same answer; the same name for something else is refused.
    assert_eq!(
        till.send("POST", &confirm, "k-1", &body).await.text,
        first.text
    );
    let other = json!({ "token": text(&ticket, "token") });
    assert_problem(
        &till.send("POST", &confirm, "k-1", &other).await,
        409,
        "IDEMPOTENCY_KEY_REUSED",
    );
    let again = till.send("POST", &confirm, "k-2", &body).await;
    assert_problem(&again, 409, "CODE_ALREADY_USED");
    assert_eq!(again.json()["confirmed_by_you"], true);
    assert!(again.json()["confirmed_at"].is_string());
    let seen = validate(&till, text(&made, "redemption_code")).await;
    assert_eq!(
        (&seen["valid"], &seen["code"]),
        (&json!(false), &json!("CODE_ALREADY_USED"))
    );
    let employee =
        "select details ->> 'employee' from audit_log where action = 'redemption.attend'";
    assert_eq!(town.text(employee).await, "E-17");
    town.assert_ledger_sound().await;
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_code_that_is_not_valid_is_answered_with_valid_false(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let shop = town.shop().await;
    let till = server.till_of(&shop).await;
    let made = server
        .member(500)
        .await
        .redeem(&town.offer(&shop, LIMITLESS).await)
        .await;
    for nonsense in ["", "hello", "LUMS-0000-0000-0000", "ABC234"] {
        let found = validate(&till, nonsense).await;
        assert_eq!(
            (&found["valid"], &found["code"]),
            (&json!(false), &json!("INVALID_CODE"))
        );
        assert_eq!(found["token"], Value::Null);
        assert!(!text(&found, "message").is_empty());
    }
    for code in ["redemption_code", "redemption_id"] {
        let body = json!({ "code": text(&made, code), "token": "made-up" });
        let found = till.post("/merchant/validate", body).await.json();
        assert_eq!(
            (&found["valid"], &found["code"]),
            (&json!(false), &json!("INVALID_TOKEN"))
        );
    }
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn validate_and_confirm_refuse_another_merchants_codes(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let (shop, other) = (town.shop().await, town.shop().await);
    let made = server
        .member(500)
        .await
        .redeem(&town.offer(&shop, LIMITLESS).await)
        .await;
    let (own, foreign) = (server.till_of(&shop).await, server.till_of(&other).await);
    for code in [
        "redemption_code",
        "short_code",
        "redemption_id",
        "qr_landing_url",
    ] {
        let found = validate(&foreign, text(&made, code)).await;
        assert_eq!(
            (&found["valid"], &found["code"]),
            (&json!(false), &json!("INVALID_CODE")),
            "{code}"
        );
        assert_eq!(found["redemption"], Value::Null);
    }
    let confirm = format!("/merchant/confirm/{}", text(&made, "redemption_id"));
    let ticket = validate(&own, text(&made, "short_code")).await;
    let link = text(&made, "qr_landing_url");
    let (_, fresh) = link.split_once("?t=").unwrap();
    let refused = foreign.post(&confirm, json!({ "token": fresh })).await;
    assert_problem(&refused, 404, "INVALID_CODE");
    let refused = foreign
        .post(&confirm, json!({ "token": text(&ticket, "token") }))
        .await;
    assert_problem(&refused, 403, "INVALID_TOKEN");
    assert_eq!(
        town.text("select status::text from redemptions").await,
        "pending"
    );
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn confirm_does_not_work_without_the_token_check_that_validate_makes(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let shop = town.shop().await;
    let made = server
        .member(500)
        .await
        .redeem(&town.offer(&shop, LIMITLESS).await)
        .await;
    let (till, second) = (server.till_of(&shop).await, server.till_of(&shop).await);
    let confirm = format!("/merchant/confirm/{}", text(&made, "redemption_id"));
    let ticket = validate(&second, text(&made, "short_code")).await;
    for body in [
        json!({}),
        json!({ "token": "" }),
        json!({ "token": "made-up" }),
        json!({ "token": text(&made, "redemption_code") }),
        json!({ "token": text(&ticket, "token") }),
    ] {
        assert_problem(&till.post(&confirm, body).await, 403, "INVALID_TOKEN");
    }
    let (_, fresh) = text(&made, "qr_landing_url").split_once("?t=").unwrap();
    let nobodys = "01890000-0000-7000-8000-000000000000";
    let body = json!({ "token": fresh, "terminal_id": nobodys });
    assert_problem(&till.post(&confirm, body).await, 422, "VALIDATION_ERROR");
    let done = till.post(&confirm, json!({ "token": fresh })).await;
    assert_eq!(done.status, 200, "{}", done.text);
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_merchants_offers_are_written_edited_and_archived_by_managers_and_keys_alone(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let (shop, other) = (town.shop().await, town.shop().await);
    let till = server.till_of(&shop).await;
    let offer = json!({
        "name": "Car wash", "description": "With wax.", "category": "car_wash", "points_cost": 300,
        "valid_from": "2020-01-01T00:00:00Z", "valid_to": "2099-01-01T00:00:00Z",
    });
    let made = till.send("POST", "/merchant/offers", "o-1", &offer).await;
    assert_eq!(
        (made.status, &made.json()["status"]),
        (201, &json!("draft")),
        "{}",
        made.text
    );
    assert_eq!(
        till.send("POST", "/merchant/offers", "o-1", &offer)
            .await
            .text,
        made.text
    );
    assert_eq!(town.count("select count(*) from offers").await, 1);
    let path = format!("/merchant/offers/{}", text(&made.json(), "offer_id"));
    let active = till.post(&format!("{path}/activate"), json!({})).await;
    assert_eq!(
        (&active.json()["status"], &active.json()["is_available"]),
        (&json!("active"), &json!(true))
    );
    let stale = json!({ "version": 1, "offer": offer });
    assert_problem(
        &till.send("PUT", &path, "e-1", &stale).await,
        409,
        "EDIT_CONFLICT",
    );
    let edit = json!({ "version": active.json()["version"], "offer": offer });
    assert_eq!(till.send("PUT", &path, "e-2", &edit).await.status, 200);
    let held = server
        .member(500)
        .await
        .redeem(text(&made.json(), "offer_id"))
        .await;
    let refused = till.send("DELETE", &path, "d-1", &json!({})).await;
    assert_problem(&refused, 409, "OFFER_HAS_PENDING_REDEMPTIONS");
    assert_eq!(refused.json()["pending"], 1);
    assert!(held["redemption_id"].is_string());
    assert_eq!(
        till.post(&format!("{path}/pause"), json!({})).await.json()["status"],
        "paused"
    );
    let foreign = server.till_of(&other).await;
    assert_problem(&foreign.get(&path).await, 404, "NOT_FOUND");
    assert_problem(
        &foreign.send("PUT", &path, "e-3", &edit).await,
        404,
        "NOT_FOUND",
    );
    assert_eq!(
        foreign.get("/merchant/offers").await.json()["items"],
        json!([])
    );
    assert_eq!(
        till.get("/merchant/offers?status=paused").await.json()["items"][0]["pending"],
        1
    );
    let manager = server.acting_for(shop.manager).await;
    assert_eq!(manager.get(&path).await.status, 200);
    let attendant = server.acting_for(shop.attendant).await;
    assert_problem(&attendant.get(&path).await, 403, "FORBIDDEN");
    let nonsense = json!({
        "name": "x", "description": "", "category": "car_wash", "points_cost": 0,
        "valid_from": "2099-01-01T00:00:00Z", "valid_to": "2020-01-01T00:00:00Z",
    });
    let refused = till.post("/merchant/offers", nonsense).await;
    assert_problem(&refused, 422, "VALIDATION_ERROR");
    assert_eq!(
        refused.json()["fields"].as_array().unwrap().len(),
        4,
        "{}",
        refused.text
    );
    server.stop().await;
}
