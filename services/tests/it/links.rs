//! One-time links: good once, for a while, until replaced.

use chrono::TimeDelta;
use domain::{
    account::Role,
    fields::{FieldProblem, Problems},
    ids::UserId,
};
use services::identity::{
    self,
    links::{
        Issued, Refusal, purge, request_reset, request_verification, reset_is_open, reset_password,
        verify_email,
    },
    sign_in::sign_in,
    sign_up::{Invitation, invite_admin},
};
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use uuid::Uuid;

use crate::support::{World, at_once, email, name, password};

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

/// The token of a link that proves an address.
async fn verification_for(world: &World, user: UserId) -> String {
    match request_verification(&world.s, user).await.unwrap() {
        Issued::New(token) => token.as_str().to_owned(),
        Issued::Enough { next } => panic!("none before {next}"),
    }
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
async fn of_resets_requested_at_once_three_are_mailed_and_one_link_stays_good(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::wide(options).await;
    let account = world.consumer_account(0).await;
    let mailed = at_once((0..20).map(|_| {
        let (s, address) = (world.s.clone(), email(&account.email));
        async move { request_reset(&s, &address).await.unwrap() }
    }))
    .await;
    let mut open = Vec::new();
    for mailed in mailed.into_iter().flatten() {
        open.push(
            reset_is_open(&world.s, mailed.token.as_str())
                .await
                .unwrap(),
        );
    }
    assert_eq!(open.len(), 3);
    assert_eq!(open.iter().filter(|open| **open).count(), 1);
    world.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn of_two_links_asked_for_at_the_same_moment_the_later_alone_works(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::wide(options).await;
    let account = world.consumer_account(0).await;
    // Both wait for the person's row, having seen no link of the other.
    let mut held = world.db().begin().await.unwrap();
    sqlx::query("select from users where id = $1 for update")
        .bind(Uuid::from(account.id))
        .execute(&mut *held)
        .await
        .unwrap();
    let asked = [(); 2].map(|()| {
        let (s, address) = (world.s.clone(), email(&account.email));
        tokio::spawn(async move { request_reset(&s, &address).await.unwrap().unwrap() })
    });
    let waiting = "select count(*) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'";
    while world.count(waiting).await < 2 {
        tokio::task::yield_now().await;
    }
    held.commit().await.unwrap();
    let mut open = 0;
    for asked in asked {
        let token = asked.await.unwrap().token;
        open += i32::from(reset_is_open(&world.s, token.as_str()).await.unwrap());
    }
    assert_eq!(open, 1);
    world.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_person_is_mailed_three_links_of_a_kind_within_an_hour(db: PgPool) {
    let world = World::new(db).await;
    let account = world.consumer_account(0).await;
    let (address, first) = (email(&account.email), world.s.now());
    let reset = async || request_reset(&world.s, &address).await.unwrap();
    for _ in 0..2 {
        assert!(reset().await.is_some());
        world.clock.advance(TimeDelta::minutes(10));
    }
    let last = reset().await.unwrap();
    assert!(reset().await.is_none());
    // What was refused replaces nothing.
    assert!(reset_is_open(&world.s, last.token.as_str()).await.unwrap());

    // Each kind has its own, and who asks for their own is told when there will be another.
    for _ in 0..3 {
        verification_for(&world, account.id).await;
    }
    let asked = world.s.now();
    let enough = request_verification(&world.s, account.id).await.unwrap();
    assert!(matches!(enough, Issued::Enough { next } if next == asked + TimeDelta::hours(1)));

    world
        .clock
        .advance(first + TimeDelta::hours(1) - asked - TimeDelta::microseconds(1));
    assert!(reset().await.is_none());
    world.clock.advance(TimeDelta::microseconds(1));
    assert!(reset().await.is_some());
    assert!(reset().await.is_none());
}

#[sqlx::test(migrations = "../migrations")]
async fn an_admins_invitation_works_like_a_reset_for_seven_days(db: PgPool) {
    let world = World::new(db).await;
    let invite = async |address| {
        let invited = invite_admin(&world.s, &email(address), &name("Eva")).await;
        match invited.unwrap() {
            Invitation::Sent(token) => token.as_str().to_owned(),
            Invitation::Taken => panic!("{address} is taken"),
        }
    };
    let (used, late) = (
        invite("eva@world.test").await,
        invite("leo@world.test").await,
    );
    world
        .clock
        .advance(TimeDelta::days(7) - TimeDelta::microseconds(1));
    assert_eq!(purge(&world.s).await.unwrap(), 0);
    reset_password(&world.s, &used, &password(NEW))
        .await
        .unwrap();
    let account = sign_in(&world.s, &email("eva@world.test"), NEW)
        .await
        .unwrap();
    assert!(account.email_verified);
    assert_eq!(account.role, Role::Admin);
    world.clock.advance(TimeDelta::microseconds(1));
    assert!(!reset_is_open(&world.s, &late).await.unwrap());
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
    let token = verification_for(&world, account.id).await;
    assert!(!verified(&world, account.id, 0).await);
    for _ in 0..2 {
        verify_email(&world.s, &token).await.unwrap();
        assert!(verified(&world, account.id, 0).await);
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_verification_link_is_refused_when_unknown_replaced_or_old(db: PgPool) {
    let world = World::new(db).await;
    let account = world.consumer_account(0).await;
    let replaced = verification_for(&world, account.id).await;
    let old = verification_for(&world, account.id).await;
    world.clock.advance(TimeDelta::hours(48));
    for token in ["unknown", &replaced, &old] {
        let refused = verify_email(&world.s, token).await;
        assert!(matches!(refused, Err(Refusal::Spent)));
    }
    assert!(!verified(&world, account.id, 0).await);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_link_serves_its_own_purpose_alone(db: PgPool) {
    let world = World::new(db).await;
    let (user, _, reset) = reset_link(&world).await;
    let verify = verification_for(&world, user).await;
    assert!(matches!(
        verify_email(&world.s, &reset).await,
        Err(Refusal::Spent)
    ));
    assert!(!reset_is_open(&world.s, &verify).await.unwrap());
    assert!(reset_is_open(&world.s, &reset).await.unwrap());
}

#[sqlx::test(migrations = "../migrations")]
async fn known_mistake_8_a_used_links_record_is_kept_until_it_would_have_expired(db: PgPool) {
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
