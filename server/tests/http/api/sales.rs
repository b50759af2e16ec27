//! Sales that bring points.

use serde_json::json;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::{client::assert_problem, merchant::text};
use crate::support::TestServer;

#[sqlx::test(migrations = "../migrations")]
async fn a_sale_brings_points_once_and_can_be_reversed(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let (shop, other) = (town.shop().await, town.shop().await);
    let user = town.consumer(0).await;
    let code = town
        .text(&format!(
            "select member_code from users where id = '{user}'"
        ))
        .await;
    let (till, foreign) = (server.till_of(&shop).await, server.till_of(&other).await);
    let sale = json!({ "member": code, "amount": 85_000, "receipt": "A-1" });
    let first = till.send("POST", "/merchant/accruals", "s-1", &sale).await;
    assert_eq!(
        (first.status, &first.json()["points"]),
        (201, &json!(8)),
        "{}",
        first.text
    );
    assert_eq!(
        till.send("POST", "/merchant/accruals", "s-1", &sale)
            .await
            .text,
        first.text
    );
    let second = json!({ "member": code, "amount": 85_000, "receipt": "A-2" });
    let reused = till
        .send("POST", "/merchant/accruals", "s-1", &second)
        .await;
    assert_problem(&reused, 409, "IDEMPOTENCY_KEY_REUSED");
    let larger = json!({ "member": code, "amount": 95_000, "receipt": "a-1" });
    assert_problem(
        &till.post("/merchant/accruals", larger).await,
        409,
        "RECEIPT_USED",
    );
    let nobodys = json!({ "member": "ABCDEFGHJK", "amount": 1, "receipt": "A-3" });
    assert_problem(
        &till.post("/merchant/accruals", nobodys).await,
        404,
        "UNKNOWN_MEMBER",
    );
    let nothing = json!({ "member": code, "amount": 0, "receipt": "" });
    assert_problem(
        &till.post("/merchant/accruals", nothing).await,
        422,
        "VALIDATION_ERROR",
    );
    let reverse = format!(
        "/merchant/accruals/{}/reverse",
        text(&first.json(), "accrual_id")
    );
    assert_problem(&foreign.post(&reverse, json!({})).await, 404, "NOT_FOUND");
    let reversed = till.send("POST", &reverse, "r-1", &json!({})).await;
    assert_eq!(
        (&reversed.json()["taken_back"], &reversed.json()["owed"]),
        (&json!(8), &json!(0))
    );
    assert_eq!(
        till.send("POST", &reverse, "r-1", &json!({})).await.text,
        reversed.text
    );
    assert_problem(
        &till.post("/merchant/accruals", sale).await,
        409,
        "SALE_REVERSED",
    );
    assert_eq!(town.count("select count(*) from accruals").await, 1);
    town.assert_ledger_sound().await;
    server.stop().await;
}
