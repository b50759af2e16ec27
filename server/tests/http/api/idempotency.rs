//! The names that callers give to their requests.

use domain::account::Role;
use serde_json::json;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::client::assert_problem;
use crate::support::{Answer, LIMITLESS, TestServer};

#[sqlx::test(migrations = "../migrations")]
async fn a_request_that_changes_something_needs_a_name(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let offer = town.offer(&town.shop().await, LIMITLESS).await;
    let member = server.member(500).await;
    let body = json!({ "offer_id": offer });
    let nameless = Answer::of(member.request("POST", "/rewards/redeem").json(&body)).await;
    assert_problem(&nameless, 422, "VALIDATION_ERROR");
    assert_eq!(nameless.json()["fields"][0]["field"], "Idempotency-Key");
    for bad in ["", "two words", &"x".repeat(65)] {
        let refused = member.send("POST", "/rewards/redeem", bad, &body).await;
        assert_problem(&refused, 422, "VALIDATION_ERROR");
    }
    assert_eq!(town.count("select count(*) from redemptions").await, 0);
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_redeem_is_replayed_by_its_name_and_the_name_is_the_callers_own(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let shop = town.shop().await;
    let (offer, other) = (
        town.offer(&shop, LIMITLESS).await,
        town.offer(&shop, LIMITLESS).await,
    );
    let (member, neighbour) = (server.member(500).await, server.member(500).await);
    let body = json!({ "offer_id": offer });
    let first = member.send("POST", "/rewards/redeem", "k", &body).await;
    let again = member.send("POST", "/rewards/redeem", "k", &body).await;
    assert_eq!(
        (again.status, &again.json()["redemption_id"]),
        (201, &first.json()["redemption_id"])
    );
    let reused = member
        .send(
            "POST",
            "/rewards/redeem",
            "k",
            &json!({ "offer_id": other }),
        )
        .await;
    assert_problem(&reused, 409, "IDEMPOTENCY_KEY_REUSED");
    let theirs = neighbour.send("POST", "/rewards/redeem", "k", &body).await;
    assert_ne!(
        theirs.json()["redemption_id"],
        first.json()["redemption_id"]
    );
    // Cancelling has names of its own.
    let cancel = format!(
        "/rewards/cancel/{}",
        first.json()["redemption_id"].as_str().unwrap()
    );
    let reason = json!({ "reason": "No time" });
    let done = member.send("POST", &cancel, "c", &reason).await;
    assert_eq!(
        member.send("POST", &cancel, "c", &reason).await.text,
        done.text
    );
    let reused = member.send("POST", &cancel, "c", &json!({})).await;
    assert_problem(&reused, 409, "IDEMPOTENCY_KEY_REUSED");
    town.assert_ledger_sound().await;
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_refusal_is_replayed_too_and_a_claim_of_the_dead_is_taken_over(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let user = town.someone(Role::Admin, None).await;
    let admin = server.acting_for(user).await;
    let new = json!({ "name": "Norte" });
    let made = admin.send("POST", "/admin/merchants", "k-1", &new).await;
    let refused = admin.send("POST", "/admin/merchants", "k-2", &new).await;
    assert_problem(&refused, 422, "VALIDATION_ERROR");
    town.text("update merchants set name = 'Sur' returning name")
        .await;
    let again = admin.send("POST", "/admin/merchants", "k-2", &new).await;
    assert_problem(&again, 422, "VALIDATION_ERROR");
    assert_eq!(
        admin
            .send("POST", "/admin/merchants", "k-1", &new)
            .await
            .text,
        made.text
    );
    // Somebody has begun and not answered yet.
    let open = "update named_requests set status = null, answer = null, claimed_at = now() where name = 'k-1'
                returning name";
    town.text(open).await;
    let busy = admin.send("POST", "/admin/merchants", "k-1", &new).await;
    assert_problem(&busy, 409, "REQUEST_IN_PROGRESS");
    assert_eq!(busy.header(reqwest::header::RETRY_AFTER), "5");
    town.text("update named_requests set claimed_at = now() - interval '2 minutes' returning name")
        .await;
    let taken_over = admin.send("POST", "/admin/merchants", "k-1", &new).await;
    assert_eq!(taken_over.json()["merchant_id"], made.json()["merchant_id"]);
    assert_eq!(town.count("select count(*) from merchants").await, 1);
    server.stop().await;
}
