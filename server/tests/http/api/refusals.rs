//! Refusals that need a redemption past its end.

use serde_json::{Value, json};
use services::offers::expire::expire_due;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::client::{Program, assert_problem};
use crate::support::{LIMITLESS, TestServer};

async fn looked_up(till: &Program, made: &Value) -> Value {
    let body = json!({ "code": made["redemption_id"] });
    till.post("/merchant/validate", body).await.json()
}

#[sqlx::test(migrations = "../migrations")]
async fn what_was_taken_back_or_ran_out_of_time_is_said_to_be_that(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let shop = town.shop().await;
    let offer = town.offer(&shop, LIMITLESS).await;
    let (member, till) = (server.member(500).await, server.till_of(&shop).await);
    let (cancelled, expired) = (member.redeem(&offer).await, member.redeem(&offer).await);
    let id = |made: &Value| made["redemption_id"].as_str().unwrap().to_owned();
    let tickets = [
        looked_up(&till, &cancelled).await["token"].clone(),
        looked_up(&till, &expired).await["token"].clone(),
    ];
    let cancel = format!("/rewards/cancel/{}", id(&cancelled));
    let why = json!({ "reason": "The queue is too long" });
    let done = member.post(&cancel, why).await.json();
    assert_eq!(
        (&done["points_refunded"], &done["new_balance"]),
        (&json!(100), &json!(400))
    );
    let passed = format!(
        "update redemptions set created_at = created_at - interval '1 hour', expires_at = now() - interval '1 second'
         where id = '{}'",
        id(&expired)
    );
    sqlx::query(&passed).execute(server.db()).await.unwrap();
    assert_eq!(expire_due(&server.s).await.unwrap(), 1);

    for (made, ticket, status, code) in [
        (&cancelled, &tickets[0], 409, "CODE_CANCELLED"),
        (&expired, &tickets[1], 410, "CODE_EXPIRED"),
    ] {
        let seen = looked_up(&till, made).await;
        assert_eq!(
            (&seen["valid"], &seen["code"]),
            (&json!(false), &json!(code))
        );
        let confirm = format!("/merchant/confirm/{}", id(made));
        let refused = till.post(&confirm, json!({ "token": ticket })).await;
        assert_problem(&refused, status, code);
        let cancel = format!("/rewards/cancel/{}", id(made));
        assert_problem(&member.post(&cancel, json!({})).await, status, code);
    }
    let seen = looked_up(&till, &cancelled).await;
    assert_eq!(
        seen["redemption"]["cancellation_reason"],
        "The queue is too long"
    );
    assert!(seen["redemption"]["cancelled_at"].is_string());
    let own = member
        .get(&format!("/rewards/history/{}", id(&cancelled)))
        .await
        .json();
    assert_eq!(own["cancellation_reason"], "The queue is too long");
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_confirmed_redemption_says_by_whom(_: PgPoolOptions, options: PgConnectOptions) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let shop = town.shop().await;
    let member = server.member(500).await;
    let made = member.redeem(&town.offer(&shop, LIMITLESS).await).await;
    let attendant = server.acting_for(shop.attendant).await;
    let token = looked_up(&attendant, &made).await["token"].clone();
    let id = made["redemption_id"].as_str().unwrap();
    let confirm = format!("/merchant/confirm/{id}");
    let done = attendant.post(&confirm, json!({ "token": token })).await;
    assert_eq!(done.status, 200, "{}", done.text);
    let by = json!(shop.attendant);
    let own = member.get(&format!("/rewards/history/{id}")).await.json();
    assert_eq!(own["confirmed_by"], by);
    assert_eq!(
        (&own["redemption_code"], &own["short_code"]),
        (&Value::Null, &Value::Null)
    );
    let seen = looked_up(&server.till_of(&shop).await, &made).await;
    assert_eq!(seen["redemption"]["confirmed_by"], by);
    assert_eq!(seen["redemption"]["confirmed_by_you"], false);
    server.stop().await;
}
