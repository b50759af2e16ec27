//! What consumers do.

use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::client::assert_problem;
use crate::support::{LIMITLESS, Terms, TestServer};

#[sqlx::test(migrations = "../migrations")]
async fn redeeming_answers_with_everything_that_a_program_shows(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let offer = town.offer(&town.shop().await, LIMITLESS).await;
    let member = server.member(250).await;
    let made = member.redeem(&offer).await;
    assert_eq!(made["new_balance"], 150);
    assert_eq!(made["points_spent"], 100);
    assert_eq!(made["status"], "pending");
    assert_eq!(made["offer_name"], "Coffee");
    let code = made["redemption_code"].as_str().unwrap();
    assert_eq!(code, town.text("select code from redemptions").await);
    assert!(made["short_code"].as_str().unwrap().len() == 6);
    let link = made["qr_landing_url"].as_str().unwrap();
    assert!(link.starts_with(&format!("{}/r/{code}?t=", server.url)));
    for field in [
        "redemption_id",
        "merchant_name",
        "expires_at",
        "qr_image_url",
    ] {
        assert!(made[field].is_string(), "{field}");
    }
    // The picture is the owner's alone, and goes with the redemption.
    let picture = format!("/rewards/qr/{code}.png");
    let png = member.request("GET", &picture).send().await.unwrap();
    assert_eq!(png.headers()[CONTENT_TYPE], "image/png");
    assert!(png.bytes().await.unwrap().starts_with(b"\x89PNG"));
    let other = server.member(0).await;
    assert_problem(&other.get(&picture).await, 404, "NOT_FOUND");
    let path = format!(
        "/rewards/history/{}",
        made["redemption_id"].as_str().unwrap()
    );
    assert_eq!(member.get(&path).await.json()["redemption_code"], code);
    assert_problem(&other.get(&path).await, 404, "NOT_FOUND");
    let cancel = format!(
        "/rewards/cancel/{}",
        made["redemption_id"].as_str().unwrap()
    );
    assert_problem(&other.post(&cancel, json!({})).await, 404, "NOT_FOUND");
    let cancelled = member
        .post(&cancel, json!({ "reason": "Too long a queue" }))
        .await;
    assert_eq!(
        cancelled.json(),
        json!({ "points_refunded": 100, "new_balance": 250 })
    );
    assert_problem(&member.get(&picture).await, 404, "NOT_FOUND");
    let seen = member.get(&path).await.json();
    assert_eq!(seen["status"], "cancelled");
    assert_eq!(seen["cancellation_reason"], "Too long a queue");
    assert_eq!(seen["redemption_code"], Value::Null);
    assert_problem(
        &member.post(&cancel, json!({})).await,
        409,
        "CODE_CANCELLED",
    );
    town.assert_ledger_sound().await;
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn every_refusal_to_redeem_has_its_code_and_figures(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let shop = town.shop().await;
    let dear = Terms {
        cost: 1_250,
        ..LIMITLESS
    };
    let single = Terms {
        stock: Some(1),
        ..LIMITLESS
    };
    let once = Terms {
        per_person: 1,
        ..LIMITLESS
    };
    let (dear, single, once) = (
        town.offer(&shop, dear).await,
        town.offer(&shop, single).await,
        town.offer(&shop, once).await,
    );
    let paused = town.offer(&shop, LIMITLESS).await;
    town.text(&format!(
        "update offers set status = 'paused' where id = '{paused}' returning name"
    ))
    .await;
    let (rich, member) = (server.member(9_000).await, server.member(1_000).await);
    rich.redeem(&single).await;
    rich.redeem(&once).await;
    let try_ = async |program: &super::client::Program, offer: &str| {
        program
            .post("/rewards/redeem", json!({ "offer_id": offer }))
            .await
    };
    let refused = try_(&member, &dear).await;
    assert_problem(&refused, 409, "INSUFFICIENT_BALANCE");
    let figures = refused.json();
    assert_eq!(
        (&figures["required"], &figures["available"]),
        (&json!(1_250), &json!(1_000))
    );
    assert_problem(&try_(&member, &single).await, 409, "OUT_OF_STOCK");
    assert_problem(&try_(&rich, &once).await, 409, "MAX_REDEMPTIONS_REACHED");
    assert_problem(&try_(&rich, &paused).await, 409, "OFFER_NOT_AVAILABLE");
    let nobodys = "01890000-0000-7000-8000-000000000000";
    assert_problem(&try_(&rich, nobodys).await, 404, "NOT_FOUND");
    assert_problem(&try_(&server.stranger(), &dear).await, 401, "UNAUTHORIZED");
    let attendant = server.acting_for(shop.attendant).await;
    assert_problem(&try_(&attendant, &dear).await, 403, "FORBIDDEN");
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn offers_are_filtered_sorted_and_come_page_by_page(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let (shop, other) = (town.shop().await, town.shop().await);
    for cost in [100, 200, 300, 400, 500] {
        town.offer(&shop, Terms { cost, ..LIMITLESS }).await;
    }
    town.offer(
        &other,
        Terms {
            cost: 50,
            ..LIMITLESS
        },
    )
    .await;
    let anyone = server.stranger();
    let costs = |page: &Value| -> Vec<i64> {
        let items = page["items"].as_array().unwrap().iter();
        items
            .map(|it| it["points_cost"].as_i64().unwrap())
            .collect()
    };
    let mut seen = Vec::new();
    let mut path = format!(
        "/rewards/offers?sort=cost_asc&limit=2&merchant_id={}",
        shop.merchant
    );
    loop {
        let page = anyone.get(&path).await.json();
        seen.extend(costs(&page));
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        let (first, _) = path.split_once("&cursor=").unwrap_or((&path, ""));
        path = format!("{first}&cursor={cursor}");
    }
    assert_eq!(seen, [100, 200, 300, 400, 500]);
    let page = anyone
        .get("/rewards/offers?min_cost=200&max_cost=400&sort=cost_desc&category=food&q=cof")
        .await;
    assert_eq!(costs(&page.json()), [400, 300, 200]);
    let none = anyone.get("/rewards/offers?category=fuel").await.json();
    assert_eq!(none, json!({ "items": [], "next_cursor": null }));
    // Only a consumer has a standing.
    let offer = &page.json()["items"][0];
    assert_eq!(offer["user_can_redeem"], Value::Null);
    let path = format!("/rewards/offers/{}", offer["offer_id"].as_str().unwrap());
    let seen = server.member(450).await.get(&path).await.json();
    assert_eq!(seen["user_can_redeem"], true);
    assert_eq!(
        (&seen["user_balance"], &seen["user_redemptions_count"]),
        (&json!(450), &json!(0))
    );
    for bad in [
        "limit=0",
        "limit=101",
        "limit=x",
        "sort=best",
        "cursor=x",
        "min_cost=-1",
        "colour=red",
    ] {
        let refused = anyone.get(&format!("/rewards/offers?{bad}")).await;
        assert_problem(&refused, 422, "VALIDATION_ERROR");
        let field = bad.split('=').next().unwrap();
        assert_eq!(
            refused.json()["fields"][0]["field"],
            field,
            "{}",
            refused.text
        );
    }
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn points_and_what_moved_them_are_the_callers_own(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let offer = town.offer(&town.shop().await, LIMITLESS).await;
    let (member, other) = (server.member(500).await, server.member(0).await);
    member.redeem(&offer).await;
    member.redeem(&offer).await;
    let balance = member.get("/rewards/balance").await.json();
    let figures = ["available", "pending", "reserved", "total"].map(|name| balance[name].as_i64());
    assert_eq!(figures, [300, 0, 200, 500].map(Some));
    assert_eq!(balance["next_expiration"]["amount"], 300);
    assert_eq!(balance["lots"][0]["remaining"], 300);
    assert_eq!(other.get("/rewards/balance").await.json()["total"], 0);
    let moved = member.get("/rewards/transfers?limit=2").await.json();
    assert_eq!(moved["items"][0]["amount"], -100);
    let rest = format!(
        "/rewards/transfers?cursor={}",
        moved["next_cursor"].as_str().unwrap()
    );
    let rest = member.get(&rest).await.json();
    assert_eq!(
        (&rest["items"][0]["kind"], &rest["next_cursor"]),
        (&json!("bonus"), &Value::Null)
    );
    let came = member
        .get("/rewards/transfers?direction=in&kind=bonus")
        .await
        .json();
    assert_eq!(came["items"].as_array().unwrap().len(), 1);
    let waiting = member
        .get("/rewards/history?status=pending&limit=1")
        .await
        .json();
    assert_eq!(waiting["items"].as_array().unwrap().len(), 1);
    assert!(waiting["next_cursor"].is_string());
    let used = member.get("/rewards/history?status=confirmed").await.json();
    assert_eq!(used["items"], json!([]));
    let stats = member.get("/rewards/stats").await.json();
    assert_eq!(
        (&stats["points_earned"], &stats["pending"]),
        (&json!(500), &json!(2))
    );
    assert_eq!(stats["favourite_category"], "food");
    for path in ["balance", "transfers", "history", "stats"] {
        let path = format!("/rewards/{path}");
        assert_problem(&server.stranger().get(&path).await, 401, "UNAUTHORIZED");
    }
    server.stop().await;
}
