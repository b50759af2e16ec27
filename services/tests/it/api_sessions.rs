//! Refresh tokens: each is good once.

use chrono::TimeDelta;
use services::{
    Services,
    identity::{
        api_sessions::{REFRESH_LIFETIME, Refusal, Tokens, close, open, purge, renew},
        end_all_sessions,
        jwt::authenticate,
    },
};
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::support::{World, at_once};

async fn opened(world: &World) -> Tokens {
    let account = world.consumer_account(0).await;
    open(&world.s, &account).await.unwrap()
}

/// What a try to renew came to, in one word.
async fn tried(s: &Services, refresh: &str) -> &'static str {
    match renew(s, refresh).await {
        Ok(_) => "renewed",
        Err(Refusal::Ended) => "ended",
        Err(Refusal::Reused) => "reused",
        Err(Refusal::Fault(fault)) => panic!("{fault:?}"),
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_session_is_renewed_week_by_week(db: PgPool) {
    let world = World::new(db).await;
    let mut tokens = opened(&world).await;
    for _ in 0..3 {
        world
            .clock
            .advance(REFRESH_LIFETIME - TimeDelta::microseconds(1));
        tokens = renew(&world.s, &tokens.refresh).await.unwrap();
        assert!(authenticate(&world.s, &tokens.access).await.is_ok());
    }
    world.clock.advance(REFRESH_LIFETIME);
    assert_eq!(tried(&world.s, &tokens.refresh).await, "ended");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_refresh_token_used_twice_ends_its_session_and_no_other(db: PgPool) {
    let world = World::new(db).await;
    let account = world.consumer_account(0).await;
    let first = open(&world.s, &account).await.unwrap();
    let other = open(&world.s, &account).await.unwrap();
    let second = renew(&world.s, &first.refresh).await.unwrap();
    assert_eq!(tried(&world.s, &first.refresh).await, "reused");
    assert_eq!(tried(&world.s, &second.refresh).await, "ended");
    assert!(authenticate(&world.s, &second.access).await.is_err());
    assert!(authenticate(&world.s, &first.access).await.is_err());
    assert!(authenticate(&world.s, &other.access).await.is_ok());
    assert_eq!(tried(&world.s, &other.refresh).await, "renewed");
    // Noted once, however often it is tried.
    assert_eq!(tried(&world.s, &first.refresh).await, "reused");
    let noted = "select count(*) from audit_log where action = 'session.reuse'";
    assert_eq!(world.count(noted).await, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn of_twenty_uses_at_once_one_succeeds_and_the_session_ends(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::wide(options).await;
    for _ in 0..5 {
        let tokens = opened(&world).await;
        let answers = at_once((0..20).map(|_| {
            let (s, refresh) = (world.s.clone(), tokens.refresh.clone());
            async move { renew(&s, &refresh).await }
        }))
        .await;
        let mut renewed = answers.iter().filter_map(|answer| answer.as_ref().ok());
        let next = renewed.next().unwrap();
        assert!(renewed.next().is_none());
        let reused = |answer: &&Result<Tokens, Refusal>| matches!(answer, Err(Refusal::Reused));
        assert_eq!(answers.iter().filter(reused).count(), 19);
        assert_eq!(tried(&world.s, &next.refresh).await, "ended");
        assert!(authenticate(&world.s, &next.access).await.is_err());
    }
    world.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_closed_session_stays_closed_and_an_unknown_one_is_no_error(db: PgPool) {
    let world = World::new(db).await;
    let tokens = opened(&world).await;
    for refresh in [tokens.refresh.as_str(), &tokens.refresh, "unknown"] {
        close(&world.s, refresh).await.unwrap();
    }
    assert_eq!(tried(&world.s, &tokens.refresh).await, "ended");
    assert!(authenticate(&world.s, &tokens.access).await.is_err());
    assert_eq!(tried(&world.s, "unknown").await, "ended");
    let noted = "select count(*) from audit_log where action in ('session.open', 'session.close')";
    assert_eq!(world.count(noted).await, 2);
}

#[sqlx::test(migrations = "../migrations")]
async fn ending_all_sessions_ends_refresh_tokens(db: PgPool) {
    let world = World::new(db).await;
    let account = world.consumer_account(0).await;
    let tokens = open(&world.s, &account).await.unwrap();
    end_all_sessions(&world.s, account.id).await.unwrap();
    assert_eq!(tried(&world.s, &tokens.refresh).await, "ended");
}

#[sqlx::test(migrations = "../migrations")]
async fn refresh_tokens_are_kept_as_hashes_alone(db: PgPool) {
    let world = World::new(db).await;
    let tokens = opened(&world).await;
    let plain = format!(
        "select count(*) from refresh_tokens where convert_from(token_hash, 'LATIN1') = '{}'",
        tokens.refresh
    );
    assert_eq!(world.count(&plain).await, 0);
    let length = "select max(octet_length(token_hash))::bigint from refresh_tokens";
    assert_eq!(world.count(length).await, 32);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_used_refresh_token_is_known_as_used_until_it_would_have_expired(db: PgPool) {
    let world = World::new(db).await;
    let tokens = opened(&world).await;
    world.clock.advance(TimeDelta::days(6));
    let next = renew(&world.s, &tokens.refresh).await.unwrap();
    world
        .clock
        .advance(TimeDelta::days(1) - TimeDelta::microseconds(1));
    assert_eq!(purge(&world.s).await.unwrap(), 0);
    assert_eq!(tried(&world.s, &tokens.refresh).await, "reused");
    world.clock.advance(TimeDelta::microseconds(1));
    assert_eq!(purge(&world.s).await.unwrap(), 1);
    assert_eq!(tried(&world.s, &next.refresh).await, "ended");
    world.clock.advance(TimeDelta::days(7));
    assert_eq!(purge(&world.s).await.unwrap(), 1);
    assert_eq!(world.count("select count(*) from api_sessions").await, 0);
}
