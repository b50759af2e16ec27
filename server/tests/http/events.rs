//! What an open redemption page hears.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::{Events, LIMITLESS, TestServer};

/// Longest wait for news.
const SECOND: Duration = Duration::from_secs(1);

#[sqlx::test(migrations = "../migrations")]
async fn the_owners_page_gets_its_qr_at_once_and_hears_of_the_confirmation_within_a_second(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let shop = town.shop().await;
    let offer = town.offer(&shop, LIMITLESS).await;
    let owner = server.consumer(200).await;
    let mut streams = Vec::new();
    for _ in 0..2 {
        let id = town.redemption(&owner, &offer).await;
        let mut events = Events::of(&owner, &id).await;
        let (name, drawing) = events.within_a_second().await.unwrap();
        assert_eq!(name, "qr");
        assert!(drawing.starts_with("<svg") && drawing.ends_with("</svg>"));
        streams.push((id, events));
    }
    let (id, mut confirmed) = streams.remove(0);
    let (other, mut cancelled) = streams.remove(0);
    let attendant = server.signed_in(shop.attendant).await;
    let good = attendant.ask("/api/till/validate", &[("code", &id)]).await;
    let ticket = good.json()["confirm"]["ticket"]
        .as_str()
        .unwrap()
        .to_owned();
    let fields = [("redemption", id.as_str()), ("ticket", &ticket)];
    let start = Instant::now();
    assert_eq!(
        attendant.ask("/api/till/confirm", &fields).await.tone(),
        "done"
    );
    assert_eq!(confirmed.within_a_second().await.unwrap().0, "settled");
    assert!(start.elapsed() < SECOND);
    // Nothing more will happen, so the stream ends.
    assert_eq!(confirmed.within_a_second().await, None);
    owner.ask("/api/offers/cancel", &[("id", &other)]).await;
    assert_eq!(cancelled.within_a_second().await.unwrap().0, "settled");
    // Whoever opens it afterwards is told at once.
    let mut late = Events::of(&owner, &id).await;
    assert_eq!(late.within_a_second().await.unwrap().0, "settled");
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn open_streams_do_not_keep_the_server_from_stopping(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let offer = town.offer(&town.shop().await, LIMITLESS).await;
    let mut streams = Vec::new();
    // More streams than the pool has connections: they hold none while they wait.
    for _ in 0..4 {
        let owner = server.consumer(100).await;
        let id = town.redemption(&owner, &offer).await;
        for _ in 0..5 {
            let mut events = Events::of(&owner, &id).await;
            assert_eq!(events.within_a_second().await.unwrap().0, "qr");
            streams.push(events);
        }
        assert_eq!(owner.get("/wallet").await.status, 200);
    }
    let start = Instant::now();
    server.stop().await;
    assert!(start.elapsed() < SECOND);
    for mut events in streams {
        assert_eq!(events.within_a_second().await, None);
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_stream_ends_when_its_person_ends_all_sessions(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let shop = town.shop().await;
    let offer = town.offer(&shop, LIMITLESS).await;
    let owner = server.consumer(100).await;
    let id = town.redemption(&owner, &offer).await;
    let mut events = Events::of(&owner, &id).await;
    assert_eq!(events.within_a_second().await.unwrap().0, "qr");
    owner
        .submit("/account", "/api/identity/sign-out-everywhere", &[])
        .await;
    // Whatever happens to the redemption next, the lost device does not hear of it.
    let cancel = format!("update redemptions set status = 'expired' where id = '{id}'");
    sqlx::query(&cancel).execute(server.db()).await.unwrap();
    sqlx::query("select pg_notify('redemption', $1 || ' expired')")
        .bind(&id)
        .execute(server.db())
        .await
        .unwrap();
    assert_eq!(events.within_a_second().await, None);
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn with_too_many_pages_open_the_oldest_stream_waits_for_its_turn(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let offer = town.offer(&town.shop().await, LIMITLESS).await;
    let (owner, neighbour) = (server.consumer(100).await, server.consumer(100).await);
    let theirs = town.redemption(&neighbour, &offer).await;
    let mut other = Events::of(&neighbour, &theirs).await;
    assert_eq!(other.within_a_second().await.unwrap().0, "qr");
    let id = town.redemption(&owner, &offer).await;
    let mut streams = VecDeque::new();
    for _ in 0..9 {
        let mut events = Events::of(&owner, &id).await;
        assert_eq!(events.within_a_second().await.unwrap().0, "qr");
        streams.push_back(events);
    }
    // The oldest has ended and is told to come back later; the others hear what happens.
    let mut oldest = streams.pop_front().unwrap();
    assert_eq!(oldest.within_a_second().await, None);
    assert_eq!(oldest.retry.as_deref(), Some("30000"));
    owner.ask("/api/offers/cancel", &[("id", &id)]).await;
    for mut events in streams {
        assert_eq!(events.within_a_second().await.unwrap().0, "settled");
    }
    // Nobody else's stream gave way.
    neighbour
        .ask("/api/offers/cancel", &[("id", &theirs)])
        .await;
    assert_eq!(other.within_a_second().await.unwrap().0, "settled");
    server.stop().await;
}
