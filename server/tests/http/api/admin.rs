//! What those do who run the programme.

use domain::account::Role;
use serde_json::json;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::client::assert_problem;
use crate::support::{LIMITLESS, TestServer};

#[sqlx::test(migrations = "../migrations")]
async fn admins_look_after_merchants_offers_and_people(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let shop = town.shop().await;
    let offer = town.offer(&shop, LIMITLESS).await;
    let admin = server
        .acting_for(town.someone(Role::Admin, None).await)
        .await;
    let new = json!({ "name": "Gasolinera del Norte" });
    let made = admin.send("POST", "/admin/merchants", "m-1", &new).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(
        admin
            .send("POST", "/admin/merchants", "m-1", &new)
            .await
            .text,
        made.text
    );
    let taken = admin.post("/admin/merchants", new).await;
    assert_problem(&taken, 422, "VALIDATION_ERROR");
    assert_eq!(taken.json()["fields"][0]["problem"], "taken");
    let listed = admin.get("/admin/merchants?limit=1&q=NORTE").await.json();
    assert_eq!(listed["items"][0]["name"], "Gasolinera del Norte");
    let detail = admin
        .get(&format!("/admin/merchants/{}", shop.merchant))
        .await
        .json();
    assert_eq!(detail["people"].as_array().unwrap().len(), 2);
    assert_eq!(
        admin.get("/admin/offers?status=active").await.json()["items"][0]["offer_id"],
        offer.as_str()
    );
    assert_eq!(
        admin.get(&format!("/admin/offers/{offer}")).await.json()["name"],
        "Coffee"
    );
    let staff = format!("/admin/users?merchant_id={}&role=manager", shop.merchant);
    let staff = admin.get(&staff).await.json();
    assert_eq!(staff["items"][0]["user_id"], shop.manager.to_string());
    let user = admin
        .get(&format!("/admin/users/{}", shop.manager))
        .await
        .json();
    assert_eq!(user["role"], "manager");
    let nobodys = "01890000-0000-7000-8000-000000000000";
    for what in ["merchants", "offers", "users"] {
        let path = format!("/admin/{what}/{nobodys}");
        assert_problem(&admin.get(&path).await, 404, "NOT_FOUND");
    }
    for path in [
        "merchants",
        "offers",
        "users",
        "adjustments",
        "audit",
        "reports?type=summary",
    ] {
        let path = format!("/admin/{path}");
        let manager = server.acting_for(shop.manager).await;
        assert_problem(&manager.get(&path).await, 403, "FORBIDDEN");
        assert_problem(
            &server.till_of(&shop).await.get(&path).await,
            401,
            "UNAUTHORIZED",
        );
    }
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_large_correction_waits_for_a_second_admin_and_is_in_the_audit_log(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let user = town.consumer(0).await;
    let first = server
        .acting_for(town.someone(Role::Admin, None).await)
        .await;
    let second = server
        .acting_for(town.someone(Role::Admin, None).await)
        .await;
    let small = json!({ "user_id": user, "amount": 50, "reason": "Slip lost" });
    let done = first
        .send("POST", "/admin/adjustments", "a-1", &small)
        .await;
    assert_eq!(
        (done.status, &done.json()["status"]),
        (201, &json!("applied")),
        "{}",
        done.text
    );
    assert_eq!(
        first
            .send("POST", "/admin/adjustments", "a-1", &small)
            .await
            .text,
        done.text
    );
    let large = json!({ "user_id": user, "amount": 5_000, "reason": "A prize" });
    let asked = first.post("/admin/adjustments", large).await.json();
    assert_eq!(asked["status"], "waiting");
    let path = format!(
        "/admin/adjustments/{}",
        asked["adjustment_id"].as_str().unwrap()
    );
    let own = first.post(&format!("{path}/approve"), json!({})).await;
    assert_problem(&own, 403, "SECOND_ADMIN_REQUIRED");
    let listed = second.get("/admin/adjustments?status=waiting").await.json();
    assert_eq!(listed["items"][0]["may_approve"], true);
    let applied = second.post(&format!("{path}/approve"), json!({})).await;
    assert_eq!(applied.json()["status"], "applied", "{}", applied.text);
    assert_problem(
        &first.post(&format!("{path}/reject"), json!({})).await,
        409,
        "INVALID_STATE",
    );
    let much = json!({ "user_id": user, "amount": -9_000, "reason": "Too much" });
    let asked = first.post("/admin/adjustments", much).await.json();
    let path = format!(
        "/admin/adjustments/{}",
        asked["adjustment_id"].as_str().unwrap()
    );
    let refused = second.post(&format!("{path}/approve"), json!({})).await;
    assert_problem(&refused, 409, "INSUFFICIENT_BALANCE");
    let none = json!({ "user_id": user, "amount": 0, "reason": "x" });
    assert_problem(
        &first.post("/admin/adjustments", none).await,
        422,
        "VALIDATION_ERROR",
    );
    let log = second
        .get("/admin/audit?action=adjustment.approve")
        .await
        .json();
    assert_eq!(log["items"].as_array().unwrap().len(), 1);
    let page = second.get("/admin/audit?limit=1").await.json();
    let next = format!(
        "/admin/audit?limit=1&cursor={}",
        page["next_cursor"].as_str().unwrap()
    );
    assert_ne!(second.get(&next).await.json()["items"][0], page["items"][0]);
    town.assert_ledger_sound().await;
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn reports_come_as_json_and_as_csv(_: PgPoolOptions, options: PgConnectOptions) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let shop = town.shop().await;
    let offer = town.offer(&shop, LIMITLESS).await;
    server.member(500).await.redeem(&offer).await;
    let admin = server
        .acting_for(town.someone(Role::Admin, None).await)
        .await;
    for (about, lines) in [
        ("redemptions", 1),
        ("offers", 1),
        ("merchants", 1),
        ("summary", 1),
    ] {
        let path = format!("/admin/reports?type={about}");
        let report = admin.get(&path).await.json();
        assert_eq!(report["items"].as_array().unwrap().len(), lines, "{about}");
        let csv = admin.get(&format!("{path}&format=csv")).await;
        assert_eq!(
            csv.header(reqwest::header::CONTENT_TYPE),
            "text/csv; charset=utf-8"
        );
        assert_eq!(csv.text.lines().count(), lines + 1, "{}", csv.text);
    }
    let refused = admin.get("/admin/reports?type=weather").await;
    assert_problem(&refused, 422, "VALIDATION_ERROR");
    assert_eq!(refused.json()["fields"][0]["field"], "type");
    let missing = admin.get("/admin/reports").await;
    assert_eq!(missing.json()["fields"][0]["problem"], "required");
    server.stop().await;
}
