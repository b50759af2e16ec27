//! Signing up, signing in, and the lock against guessing.

use chrono::TimeDelta;
use domain::{
    account::Role,
    fields::{FieldProblem, Problems},
    locale::Locale,
};
use services::{
    Fault, Services,
    identity::{
        self,
        sign_in::{ChangeRefusal, FAILURES_TO_LOCK, LOCK, Refusal, change_password, sign_in},
        sign_up::{self, SignUp, SignedUp, sign_up},
    },
};
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::support::{World, at_once, email, name, password};

const ANA: &str = "ana@world.test";
const PASSWORD: &str = "lluvia sobre surtidor";

fn form(address: &str) -> SignUp {
    SignUp {
        email: email(address),
        name: name("Ana"),
        password: password(PASSWORD),
        locale: Locale::Es,
        referral: None,
    }
}

async fn signed_up(s: &Services) -> SignedUp {
    sign_up(s, &form(ANA)).await.unwrap()
}

/// What a try at signing in came to, in one word.
async fn attempt(s: &Services, address: &str, password: &str) -> &'static str {
    match sign_in(s, &email(address), password).await {
        Ok(_) => "in",
        Err(Refusal::Wrong) => "wrong",
        Err(Refusal::Locked { until }) if until == s.now() + LOCK => "locked from now",
        Err(Refusal::Locked { .. }) => "locked",
        Err(other) => panic!("{other:?}"),
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn whoever_signs_up_is_a_consumer_and_can_sign_in(db: PgPool) {
    let world = World::new(db).await;
    let made = signed_up(&world.s).await;
    let account = sign_in(&world.s, &email(" ANA@World.test "), PASSWORD)
        .await
        .unwrap();
    assert_eq!(account.id, made.user);
    assert_eq!(
        (account.role, account.email_verified),
        (Role::Consumer, false)
    );
    let same = identity::account(&world.s, made.user, made.session_epoch)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(same.email, ANA);
    let accounts = "select count(*) from accounts a join users u on u.id = a.user_id
        where u.email = 'ana@world.test'";
    assert_eq!(world.count(accounts).await, 3);
}

#[sqlx::test(migrations = "../migrations")]
async fn of_two_sign_ups_with_one_address_at_once_one_succeeds(db: PgPool) {
    let world = World::new(db).await;
    let answers = at_once(["ana@world.test", "Ana@World.Test"].map(|address| {
        let s = world.s.clone();
        async move { sign_up(&s, &form(address)).await }
    }))
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    let taken = Problems::one("email", FieldProblem::Taken);
    assert!(answers.iter().any(
        |answer| matches!(answer, Err(sign_up::Refusal::Invalid(problems)) if *problems == taken)
    ));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_common_password_is_refused_before_anything_is_stored(db: PgPool) {
    let world = World::new(db).await;
    let common = SignUp {
        password: password("password1"),
        ..form(ANA)
    };
    let refused = sign_up(&world.s, &common).await;
    let problem = Problems::one("password", FieldProblem::TooCommon);
    assert!(matches!(refused, Err(sign_up::Refusal::Invalid(problems)) if problems == problem));
    let people = "select count(*) from users where role = 'consumer'";
    assert_eq!(world.count(people).await, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn five_failures_lock_known_and_unknown_addresses_alike(db: PgPool) {
    let world = World::new(db).await;
    signed_up(&world.s).await;
    let mut stories = Vec::new();
    for address in [ANA, "nobody@world.test"] {
        let mut story = Vec::new();
        for _ in 0..=FAILURES_TO_LOCK {
            story.push(attempt(&world.s, address, "not the password").await);
        }
        stories.push(story);
    }
    let expected = [
        "wrong",
        "wrong",
        "wrong",
        "wrong",
        "wrong",
        "locked from now",
    ];
    assert_eq!(stories, [expected, expected]);
    assert_eq!(attempt(&world.s, ANA, PASSWORD).await, "locked from now");

    world.clock.advance(LOCK - TimeDelta::microseconds(1));
    assert_eq!(attempt(&world.s, ANA, PASSWORD).await, "locked");
    world.clock.advance(TimeDelta::microseconds(1));
    assert_eq!(attempt(&world.s, ANA, PASSWORD).await, "in");
}

#[sqlx::test(migrations = "../migrations")]
async fn the_right_password_wipes_out_the_failures_before_it(db: PgPool) {
    let world = World::new(db).await;
    signed_up(&world.s).await;
    for _ in 0..2 {
        for _ in 0..FAILURES_TO_LOCK - 1 {
            assert_eq!(attempt(&world.s, ANA, "wrong").await, "wrong");
        }
        assert_eq!(attempt(&world.s, ANA, PASSWORD).await, "in");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn failures_are_forgotten_after_half_an_hour(db: PgPool) {
    let world = World::new(db).await;
    for _ in 0..FAILURES_TO_LOCK - 1 {
        assert_eq!(attempt(&world.s, ANA, "wrong").await, "wrong");
    }
    world.clock.advance(LOCK);
    for _ in 0..FAILURES_TO_LOCK {
        assert_eq!(attempt(&world.s, ANA, "wrong").await, "wrong");
    }
    assert_eq!(attempt(&world.s, ANA, "wrong").await, "locked from now");
}

#[sqlx::test(migrations = "../migrations")]
async fn of_50_guesses_at_once_five_are_looked_at(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::wide(options).await;
    signed_up(&world.s).await;
    let answers = at_once((0..50).map(|n| {
        let s = world.s.clone();
        async move { attempt(&s, ANA, &format!("guess {n}")).await }
    }))
    .await;
    let looked_at = answers.iter().filter(|answer| **answer == "wrong").count();
    let locked = answers
        .iter()
        .filter(|answer| **answer == "locked from now")
        .count();
    assert_eq!((looked_at, locked), (5, 45), "{answers:?}");
    world.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_try_that_nobody_had_time_to_look_at_does_not_count(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::wide(options).await;
    // More at once than may wait for their turn.
    let answers = at_once((0..60).map(|n| {
        let s = world.s.clone();
        async move { sign_in(&s, &email(&format!("guest{n}@world.test")), "guess").await }
    }))
    .await;
    let busy = answers
        .iter()
        .filter(|answer| matches!(answer, Err(Refusal::Fault(Fault::Busy))))
        .count();
    assert!(busy > 0, "{answers:?}");
    let counted = world.count("select sum(failures) from sign_in_attempts");
    assert_eq!(counted.await, 60 - i64::try_from(busy).unwrap());
    world.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_new_password_ends_all_sessions_and_replaces_the_old(db: PgPool) {
    let world = World::new(db).await;
    let made = signed_up(&world.s).await;
    let new = password("otra lluvia distinta");
    let refused = change_password(&world.s, made.user, "not it", &new).await;
    let wrong = Problems::one("current_password", FieldProblem::WrongPassword);
    assert!(matches!(refused, Err(ChangeRefusal::Invalid(problems)) if problems == wrong));
    let refused = change_password(&world.s, made.user, PASSWORD, &password("12345678")).await;
    let common = Problems::one("new_password", FieldProblem::TooCommon);
    assert!(matches!(refused, Err(ChangeRefusal::Invalid(problems)) if problems == common));

    let epoch = change_password(&world.s, made.user, PASSWORD, &new)
        .await
        .unwrap();
    let account = async |epoch| identity::account(&world.s, made.user, epoch).await.unwrap();
    assert!(account(made.session_epoch).await.is_none());
    assert!(account(epoch).await.is_some());
    assert_eq!(attempt(&world.s, ANA, PASSWORD).await, "wrong");
    assert_eq!(attempt(&world.s, ANA, new.reveal()).await, "in");
}

#[sqlx::test(migrations = "../migrations")]
async fn ending_all_sessions_ends_them_and_nothing_else(db: PgPool) {
    let world = World::new(db).await;
    let account = world.consumer_account(0).await;
    let other = world.consumer_account(0).await;
    identity::end_all_sessions(&world.s, account.id)
        .await
        .unwrap();
    let at = async |id, epoch| identity::account(&world.s, id, epoch).await.unwrap();
    assert!(at(account.id, 0).await.is_none());
    assert_eq!(at(account.id, 1).await.unwrap().session_epoch, 1);
    assert!(at(other.id, 0).await.is_some());
}

#[sqlx::test(migrations = "../migrations")]
async fn a_stolen_session_cannot_guess_the_current_password_for_long(db: PgPool) {
    let world = World::new(db).await;
    let made = signed_up(&world.s).await;
    let new = password("otra lluvia distinta");
    for _ in 0..FAILURES_TO_LOCK {
        let refused = change_password(&world.s, made.user, "not it", &new).await;
        assert!(matches!(refused, Err(ChangeRefusal::Invalid(_))));
    }
    let refused = change_password(&world.s, made.user, PASSWORD, &new).await;
    assert!(matches!(refused, Err(ChangeRefusal::Locked { .. })));
}
