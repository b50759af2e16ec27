//! A merchant's figures.

use serde_json::json;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::{
    client::assert_problem,
    merchant::{text, validate},
};
use crate::support::{LIMITLESS, TestServer};

#[sqlx::test(migrations = "../migrations")]
async fn merchant_statistics_count_only_their_own_redemptions(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let (shop, other) = (town.shop().await, town.shop().await);
    let (own, foreign) = (
        town.offer(&shop, LIMITLESS).await,
        town.offer(&other, LIMITLESS).await,
    );
    let member = server.member(5_000).await;
    let made = member.redeem(&own).await;
    for _ in 0..3 {
        member.redeem(&foreign).await;
    }
    let till = server.till_of(&shop).await;
    let ticket = validate(&till, text(&made, "short_code")).await;
    let confirm = format!("/merchant/confirm/{}", text(&made, "redemption_id"));
    till.post(&confirm, json!({ "token": text(&ticket, "token") }))
        .await;
    let stats = till.get("/merchant/stats").await.json();
    assert_eq!(
        (&stats["today"]["total"], &stats["today"]["confirmed"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(stats["month"]["points"], 100);
    let all = till.get("/merchant/analytics?range=week").await.json();
    assert_eq!(
        (
            &all["summary"]["total"],
            &all["week_over_week"]["current"]["total"]
        ),
        (&json!(1), &json!(1))
    );
    assert_eq!(all["by_day"].as_array().unwrap().len(), 7);
    assert_eq!(all["popular_offers"][0]["offer_id"], own.as_str());
    assert_eq!(all["latest"].as_array().unwrap().len(), 1);
    let csv = till.get("/merchant/reports/export?range=today").await;
    assert_eq!(csv.text.lines().count(), 2, "{}", csv.text);
    assert!(csv.text.contains(&own) && !csv.text.contains(&foreign));
    assert_eq!(
        till.get("/merchant/pending").await.json()["items"],
        json!([])
    );
    let theirs = server
        .till_of(&other)
        .await
        .get("/merchant/pending?limit=2")
        .await
        .json();
    assert_eq!(theirs["items"].as_array().unwrap().len(), 2);
    assert!(theirs["next_cursor"].is_string());
    for bad in [
        "range=custom",
        "range=custom&from=2026-02-02&to=2026-02-01",
        "from=2020-01-01&to=2026-01-01",
    ] {
        let refused = till.get(&format!("/merchant/analytics?{bad}")).await;
        assert_problem(&refused, 422, "VALIDATION_ERROR");
    }
    server.stop().await;
}
