//! One-time links: good once, for a while, until replaced.

use chrono::TimeDelta;
use domain::{
    fields::{FieldProblem, Problems},
    ids::UserId,
};
use services::identity::{
    self,
    links::{
        Refusal, purge, request_reset, request_verification, reset_is_open, reset_password,
        verify_email,
    },
    sign_in::sign_in,
};
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::support::{World, at_once, email, password};

const NEW: &str = "lluvia sobre surtidor";

/// Someone's address, and the token of a link mailed to them.
async fn reset_link(world: &World) -> (UserId, String, String) {
    let account = world.consumer_account(0).await;
    let token = token_for(world, &account.email).await;
    (account.id, account.email, token)
}

async fn token_for(world: &World, address: &str) -> String {
    let mailed = request_reset(&world.s, &email(address)).await.unwrap();
    mailed.unwrap().token.as_str().to_owned()
}

async fn verified(world: &World, user: UserId, epoch: i32) -> bool {
    let account = identity::account(&world.s, user, epoch).await.unwrap();
    account.unwrap().email_verified
}

#[sqlx::test(migrations = "../migrations")]
async fn a_reset_sets_the_password_proves_the_address_and_ends_all_sessions(db: PgPool) {
    let world = World::new(db).await;
    let (user, address, token) = reset_link(&world).await;
    assert!(reset_is_open(&world.s, &token).await.unwrap());
    reset_password(&world.s, &token, &password(NEW))
        .await
        .unwrap();
    assert!(
        identity::account(&world.s, user, 0)
            .await
            .unwrap()
            .is_none()
    );
    let account = sign_in(&world.s, &email(&address), NEW).await.unwrap();
    assert!(account.email_verified);
    assert_eq!(account.session_epoch, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_reset_lifts_the_lock_of_its_address(db: PgPool) {
    let world = World::new(db).await;
    let (_, address, token) = reset_link(&world).await;
    for _ in 0..6 {
        assert!(sign_in(&world.s, &email(&address), "wrong").await.is_err());
    }
    reset_password(&world.s, &token, &password(NEW))
        .await
        .unwrap();
    assert!(sign_in(&world.s, &email(&address), NEW).await.is_ok());
}

#[sqlx::test(migrations = "../migrations")]
async fn a_reset_link_works_once_even_five_times_at_once(db: PgPool) {
    let world = World::new(db).await;
    let (_, _, token) = reset_link(&world).await;
    let answers = at_once((0..5).map(|_| {
        let (s, token) = (world.s.clone(), token.clone());
        async move { reset_password(&s, &token, &password(NEW)).await }
    }))
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    let again = reset_password(&world.s, &token, &password(NEW)).await;
    assert!(matches!(again, Err(Refusal::Spent)));
    assert!(!reset_is_open(&world.s, &token).await.unwrap());
}

#[sqlx::test(migrations = "../migrations")]
async fn a_refused_password_leaves_the_reset_link_good(db: PgPool) {
    let world = World::new(db).await;
    let (_, _, token) = reset_link(&world).await;
    let refused = reset_password(&world.s, &token, &password("password")).await;
    let common = Problems::one("password", FieldProblem::TooCommon);
    assert!(matches!(refused, Err(Refusal::Invalid(problems)) if problems == common));
    assert!(reset_is_open(&world.s, &token).await.unwrap());
}

#[sqlx::test(migrations = "../migrations")]
async fn a_replaced_or_old_reset_link_is_spent(db: PgPool) {
    let world = World::new(db).await;
    let (_, address, first) = reset_link(&world).await;
    let second = token_for(&world, &address).await;
    let refused = reset_password(&world.s, &first, &password(NEW)).await;
    assert!(matches!(refused, Err(Refusal::Spent)));
    assert!(reset_is_open(&world.s, &second).await.unwrap());
    world.clock.advance(TimeDelta::hours(1));
    assert!(!reset_is_open(&world.s, &second).await.unwrap());
    let refused = reset_password(&world.s, &second, &password(NEW)).await;
    assert!(matches!(refused, Err(Refusal::Spent)));
}

#[sqlx::test(migrations = "../migrations")]
async fn of_resets_requested_at_once_one_link_stays_good(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::wide(options).await;
    let account = world.consumer_account(0).await;
    let tokens = at_once((0..20).map(|_| {
        let (s, address) = (world.s.clone(), email(&account.email));
        async move { request_reset(&s, &address).await.unwrap().unwrap().token }
    }))
    .await;
    let mut open = 0;
    for token in tokens {
        open += i32::from(reset_is_open(&world.s, token.as_str()).await.unwrap());
    }
    assert_eq!(open, 1);
    world.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn nobody_is_mailed_for_an_unknown_address(db: PgPool) {
    let world = World::new(db).await;
    let mailed = request_reset(&world.s, &email("nobody@world.test")).await;
    assert!(mailed.unwrap().is_none());
}

#[sqlx::test(migrations = "../migrations")]
async fn a_verification_link_proves_the_address_and_may_be_followed_twice(db: PgPool) {
    let world = World::new(db).await;
    let account = world.consumer_account(0).await;
    let token = request_verification(&world.s, account.id).await.unwrap();
    assert!(!verified(&world, account.id, 0).await);
    for _ in 0..2 {
        verify_email(&world.s, token.as_str()).await.unwrap();
        assert!(verified(&world, account.id, 0).await);
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_verification_link_is_refused_when_unknown_replaced_or_old(db: PgPool) {
    let world = World::new(db).await;
    let account = world.consumer_account(0).await;
    let replaced = request_verification(&world.s, account.id).await.unwrap();
    let old = request_verification(&world.s, account.id).await.unwrap();
    world.clock.advance(TimeDelta::hours(48));
    for token in ["unknown", replaced.as_str(), old.as_str()] {
        let refused = verify_email(&world.s, token).await;
        assert!(matches!(refused, Err(Refusal::Spent)));
    }
    assert!(!verified(&world, account.id, 0).await);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_link_serves_its_own_purpose_alone(db: PgPool) {
    let world = World::new(db).await;
    let (user, _, reset) = reset_link(&world).await;
    let verify = request_verification(&world.s, user).await.unwrap();
    assert!(matches!(
        verify_email(&world.s, &reset).await,
        Err(Refusal::Spent)
    ));
    assert!(!reset_is_open(&world.s, verify.as_str()).await.unwrap());
    assert!(reset_is_open(&world.s, &reset).await.unwrap());
}

#[sqlx::test(migrations = "../migrations")]
async fn a_used_links_record_is_kept_until_it_would_have_expired(db: PgPool) {
    let world = World::new(db).await;
    let (_, address, first) = reset_link(&world).await;
    let second = token_for(&world, &address).await;
    reset_password(&world.s, &second, &password(NEW))
        .await
        .unwrap();
    world
        .clock
        .advance(TimeDelta::hours(1) - TimeDelta::microseconds(1));
    assert_eq!(purge(&world.s).await.unwrap(), 0);
    for token in [&first, &second] {
        assert!(!reset_is_open(&world.s, token).await.unwrap());
    }
    world.clock.advance(TimeDelta::microseconds(1));
    assert_eq!(purge(&world.s).await.unwrap(), 2);
}
