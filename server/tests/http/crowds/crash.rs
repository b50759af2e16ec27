//! `kill -9` in the middle of many redeems.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures::{StreamExt, stream};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use tempfile::tempdir;

use crate::support::{Browser, LIMITLESS, Program, Terms, Town, database_url, services};

const CONSUMERS: usize = 50;
const REDEEMS: i32 = 500;
/// As many are under way at any time.
const AT_ONCE: usize = 32;
/// The server dies after so many answers.
const ANSWERS: usize = 150;

/// One redeem that someone wants: who, and with which key.
struct Wanted {
    browser: Browser,
    key: String,
}

/// Sends all, as their forms do; the redemption that each answer leads to, none where no answer came.
async fn send(wanted: &[Wanted], offer: &str, answered: &Arc<AtomicUsize>) -> Vec<Option<String>> {
    let sending = wanted.iter().map(|wanted| async {
        let fields = [("offer", offer), ("key", wanted.key.as_str())];
        let page = format!("/offers/{offer}");
        let request = wanted.browser.form(&page, "/api/offers/redeem", &fields);
        let response = request.send().await.ok()?;
        assert_eq!(response.status(), 302);
        let to = response.headers()["location"].to_str().unwrap();
        let redemption = to.strip_prefix("/redemptions/").expect(to).to_owned();
        answered.fetch_add(1, Ordering::Relaxed);
        Some(redemption)
    });
    stream::iter(sending).buffered(AT_ONCE).collect().await
}

async fn wanted(town: &Town, url: &str, users: &[uuid::Uuid], keys: &[String]) -> Vec<Wanted> {
    let mut all = Vec::new();
    for (n, key) in keys.iter().enumerate() {
        all.push(Wanted {
            browser: town.signed_in(users[n % users.len()], url).await,
            key: key.clone(),
        });
    }
    all
}

#[sqlx::test(migrations = "../migrations")]
async fn after_a_kill_in_the_middle_of_five_hundred_redeems_nothing_is_half_done(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let (folder, database) = (tempdir().unwrap(), database_url(&options));
    let own = services(&options, 4).await;
    let town = Town::over(&own);
    let terms = Terms {
        stock: Some(REDEEMS),
        ..LIMITLESS
    };
    let offer = town.offer(&town.shop().await, terms).await;
    let (mut users, mut keys) = (Vec::new(), Vec::new());
    for _ in 0..CONSUMERS {
        users.push(town.consumer(100_000).await);
    }
    for _ in 0..REDEEMS {
        keys.push(town.key());
    }

    let first = Program::serve(folder.path(), &database);
    let all = wanted(&town, &first.url, &users, &keys).await;
    let answered = Arc::new(AtomicUsize::new(0));
    let killing = tokio::spawn({
        let answered = answered.clone();
        async move {
            while answered.load(Ordering::Relaxed) < ANSWERS {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            first.kill();
        }
    });
    let acknowledged: Vec<_> = send(&all, &offer, &answered).await;
    killing.await.unwrap();
    let told = acknowledged.iter().flatten().count();
    assert!((ANSWERS..keys.len()).contains(&told), "{told}");

    // The database has finished or undone what the dead server's connections were doing.
    town.until_idle().await;
    assert_nothing_is_half_done(&town).await;
    for (key, redemption) in keys.iter().zip(&acknowledged) {
        if let Some(redemption) = redemption {
            let found = format!(
                "select count(*) from redemptions r join transfers t on t.redemption_id = r.id
                 where r.id = '{redemption}' and r.idempotency_key = '{key}' and t.kind = 'redeem'"
            );
            assert_eq!(town.count(&found).await, 1, "{redemption}");
        }
    }

    let second = Program::serve(folder.path(), &database);
    let again = wanted(&town, &second.url, &users, &keys).await;
    let page = again[0].browser.get("/wallet").await;
    assert_eq!(page.status, 200);
    let repeated = send(&again, &offer, &answered).await;
    for (before, after) in acknowledged.iter().zip(&repeated) {
        assert!(after.is_some());
        assert!(before.is_none() || before == after);
    }
    let count = "select count(distinct idempotency_key) from redemptions";
    assert_eq!(town.count(count).await, i64::from(REDEEMS));
    let count = "select count(*) from redemptions";
    assert_eq!(town.count(count).await, i64::from(REDEEMS));
    assert_nothing_is_half_done(&town).await;
    second.kill();
    own.db().close().await;
}

async fn assert_nothing_is_half_done(town: &Town) {
    town.assert_ledger_sound().await;
    let lone = "select count(*) from transfers t where t.kind = 'redeem'
                and not exists (select from redemptions r where r.id = t.redemption_id)";
    assert_eq!(town.count(lone).await, 0);
    let apart = "select count(*) from offers
                 where stock_taken <> (select count(*) from redemptions)";
    assert_eq!(town.count(apart).await, 0);
}
