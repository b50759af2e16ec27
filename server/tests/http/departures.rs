//! Clients that go away in the middle of a request.

use std::time::Duration;

use sqlx::{
    Connection, PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::time::{sleep, timeout};

use crate::support::{LIMITLESS, TestServer, Wish, at_once};

const DEPARTURES: u64 = 300;
/// The last of them goes after this long, when an undisturbed answer would have come.
const LONGEST: u64 = 60_000;

#[sqlx::test(migrations = "../migrations")]
async fn clients_that_hang_up_leave_no_connection_inside_a_transaction(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    // So few connections that whatever is left behind meets the next request.
    let wish = Wish {
        connections: 4,
        ..Wish::default()
    };
    let server = TestServer::wished(&options, wish).await;
    let town = server.town();
    let offer = town.offer(&town.shop().await, LIMITLESS).await;
    let user = town.consumer(1_000_000).await;
    let mut leaving = Vec::new();
    for n in 0..DEPARTURES {
        let (browser, key) = (server.signed_in(user).await, town.key());
        // Spread evenly and out of order.
        let patience = Duration::from_micros(n * 7_919 % LONGEST);
        let offer = offer.clone();
        leaving.push(async move {
            let fields = [("offer", offer.as_str()), ("key", key.as_str())];
            let page = format!("/offers/{offer}");
            let request = browser.form(&page, "/api/offers/redeem", &fields);
            // Dropping the request closes its connection.
            timeout(patience, request.send()).await.is_ok()
        });
    }
    let mut stayed = 0u64;
    while !leaving.is_empty() {
        let some = leaving.split_off(leaving.len().saturating_sub(20));
        stayed += at_once(some).await.into_iter().map(u64::from).sum::<u64>();
    }
    assert!(stayed < DEPARTURES);
    sleep(Duration::from_millis(200)).await;

    let mut outside = PgConnection::connect_with(&options).await.unwrap();
    let inside = "select count(*) from pg_stat_activity
                  where datname = current_database() and state like 'idle in transaction%'";
    assert_eq!(town.count(inside).await, 0);
    let before = town.count("select count(*) from redemptions").await;
    let consumer = server.signed_in(user).await;
    for n in 1..=20 {
        let id = town.redemption(&consumer, &offer).await;
        // Committed: a connection that has nothing to do with the pool sees it.
        let seen: i64 = sqlx::query_scalar("select count(*) from redemptions where id = $1::uuid")
            .bind(&id)
            .fetch_one(&mut outside)
            .await
            .unwrap();
        assert_eq!(seen, 1);
        let all: i64 = sqlx::query_scalar("select count(*) from redemptions")
            .fetch_one(&mut outside)
            .await
            .unwrap();
        assert_eq!(all, before + n);
    }
    outside.close().await.unwrap();
    town.assert_ledger_sound().await;
    server.stop().await;
}
