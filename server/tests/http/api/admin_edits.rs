//! What those who run the programme change at a merchant's.

use domain::account::Role;
use serde_json::json;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::client::assert_problem;
use crate::support::{LIMITLESS, TestServer};

#[sqlx::test(migrations = "../migrations")]
async fn a_merchant_is_renamed_to_what_no_other_is_called(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let (shop, other) = (town.shop().await, town.shop().await);
    let admin = town.someone(Role::Admin, None).await;
    let admin = server.acting_for(admin).await;
    let path = format!("/admin/merchants/{}", shop.merchant);
    let name = json!({ "name": "El Faro" });
    let renamed = admin.send("PATCH", &path, "n-1", &name).await;
    assert_eq!(renamed.json()["name"], "El Faro", "{}", renamed.text);
    assert_eq!(admin.get(&path).await.json(), renamed.json());
    let elsewhere = format!("/admin/merchants/{}", other.merchant);
    let taken = json!({ "name": "EL FARO" });
    let refused = admin.send("PATCH", &elsewhere, "n-2", &taken).await;
    assert_problem(&refused, 422, "VALIDATION_ERROR");
    assert_eq!(refused.json()["fields"][0]["problem"], "taken");
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn people_are_invited_made_managers_and_taken_off_a_merchant(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let (shop, other) = (town.shop().await, town.shop().await);
    let admin = town.someone(Role::Admin, None).await;
    let admin = server.acting_for(admin).await;
    let members = format!("/admin/merchants/{}/members", shop.merchant);
    let mara = json!({ "name": "Mara", "email": "mara@town.test", "role": "attendant" });
    let made = admin.send("POST", &members, "m-1", &mara).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let again = admin.send("POST", &members, "m-1", &mara).await;
    assert_eq!(again.text, made.text);
    let invited = made.json();
    assert_eq!(
        (&invited["role"], &invited["has_signed_up"]),
        (&json!("attendant"), &json!(false))
    );
    let letters = "select count(*) from one_time_tokens";
    assert_eq!(town.count(letters).await, 1);
    assert_problem(&admin.post(&members, mara).await, 422, "VALIDATION_ERROR");
    let nobody = json!({ "name": "", "email": "?", "role": "attendant" });
    let refused = admin.post(&members, nobody).await;
    assert_eq!(refused.json()["fields"].as_array().unwrap().len(), 2);
    let owner = json!({ "name": "Mara", "email": "m@town.test", "role": "admin" });
    assert_problem(&admin.post(&members, owner).await, 422, "VALIDATION_ERROR");

    let attendant = server.acting_for(shop.attendant).await;
    assert_eq!(attendant.get("/merchant/offers").await.status, 403);
    let member = format!("{members}/{}", shop.attendant);
    let manager = json!({ "role": "manager" });
    let changed = admin.send("PATCH", &member, "r-1", &manager).await;
    assert_eq!(changed.json()["role"], "manager", "{}", changed.text);
    assert_eq!(attendant.get("/merchant/offers").await.status, 200);
    let elsewhere = format!(
        "/admin/merchants/{}/members/{}",
        other.merchant, shop.attendant
    );
    for method in ["PATCH", "DELETE"] {
        let body = if method == "PATCH" {
            &manager
        } else {
            &json!({})
        };
        let refused = admin.send(method, &elsewhere, method, body).await;
        assert_problem(&refused, 404, "NOT_FOUND");
    }
    let gone = admin.send("DELETE", &member, "d-1", &json!({})).await;
    assert_eq!(
        gone.json()["people"].as_array().unwrap().len(),
        2,
        "{}",
        gone.text
    );
    assert_problem(
        &attendant.get("/merchant/offers").await,
        401,
        "UNAUTHORIZED",
    );
    let actions =
        "select string_agg(action, ' ' order by id) from audit_log where action like 'member.%'";
    assert_eq!(
        town.text(actions).await,
        "member.add member.set_role member.remove"
    );
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_station_goes_from_one_merchant_to_another(_: PgPoolOptions, options: PgConnectOptions) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let (shop, other) = (town.shop().await, town.shop().await);
    let admin = town.someone(Role::Admin, None).await;
    let admin = server.acting_for(admin).await;
    let station = town.station(&shop).await;
    let at = |merchant| format!("/admin/merchants/{merchant}/stations/{station}");
    let not_theirs = admin
        .send("DELETE", &at(other.merchant), "s-1", &json!({}))
        .await;
    assert_problem(&not_theirs, 404, "NOT_FOUND");
    let given = admin
        .send("PUT", &at(other.merchant), "s-2", &json!({}))
        .await;
    assert_eq!(
        given.json()["assigned_stations"][0]["station_id"],
        station.as_str(),
        "{}",
        given.text
    );
    let before = admin
        .get(&format!("/admin/merchants/{}", shop.merchant))
        .await;
    assert_eq!(before.json()["assigned_stations"], json!([]));
    let taken = admin
        .send("DELETE", &at(other.merchant), "s-3", &json!({}))
        .await;
    assert_eq!(taken.json()["stations"], 0, "{}", taken.text);
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn anyones_offer_is_edited_paused_and_archived_in_the_admins_name(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let shop = town.shop().await;
    let id = town.someone(Role::Admin, None).await;
    let admin = server.acting_for(id).await;
    let path = format!("/admin/offers/{}", town.offer(&shop, LIMITLESS).await);
    let offer = json!({
        "name": "Car wash", "description": "With wax.", "category": "car_wash", "points_cost": 300,
        "valid_from": "2020-01-01T00:00:00Z", "valid_to": "2099-01-01T00:00:00Z",
    });
    let edit = json!({ "version": 1, "offer": offer });
    let edited = admin.send("PUT", &path, "e-1", &edit).await;
    assert_eq!(edited.json()["name"], "Car wash", "{}", edited.text);
    let stale = admin.send("PUT", &path, "e-2", &edit).await;
    assert_problem(&stale, 409, "EDIT_CONFLICT");
    for (verb, status) in [("pause", "paused"), ("activate", "active")] {
        let changed = admin.post(&format!("{path}/{verb}"), json!({})).await;
        assert_eq!(changed.json()["status"], status);
    }
    server
        .member(500)
        .await
        .redeem(path.rsplit('/').next().unwrap())
        .await;
    let held = admin.send("DELETE", &path, "d-1", &json!({})).await;
    assert_problem(&held, 409, "OFFER_HAS_PENDING_REDEMPTIONS");
    let actions = format!(
        "select string_agg(action, ' ' order by id) from audit_log
         where actor_id = '{id}' and merchant_id = '{}'",
        shop.merchant
    );
    assert_eq!(
        town.text(&actions).await,
        "offer.edit offer.set_status offer.set_status"
    );
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn figures_are_of_all_merchants_or_of_one(_: PgPoolOptions, options: PgConnectOptions) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let (shop, other) = (town.shop().await, town.shop().await);
    let member = server.member(500).await;
    for at in [&shop, &shop, &other] {
        member.redeem(&town.offer(at, LIMITLESS).await).await;
    }
    let admin = town.someone(Role::Admin, None).await;
    let admin = server.acting_for(admin).await;
    let total = async |query: String| {
        let figures = admin
            .get(&format!("/admin/analytics?range=today{query}"))
            .await;
        figures.json()["summary"]["total"].as_i64()
    };
    assert_eq!(total(String::new()).await, Some(3));
    assert_eq!(
        total(format!("&merchant_id={}", shop.merchant)).await,
        Some(2)
    );
    assert_eq!(
        total(format!("&merchant_id={}", other.merchant)).await,
        Some(1)
    );
    server.stop().await;
}
