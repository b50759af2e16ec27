//! Codes at sign-in: good once, and not to be guessed.

use chrono::TimeDelta;
use domain::account::Role;
use services::identity::{
    SecondStep, links, second_step,
    sign_in::{CODE_PATIENCE, FAILURES_TO_LOCK, change_password, complete},
};
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use uuid::Uuid;

use super::{PASSWORD, Person, next_step, told};
use crate::support::{World, at_once, email, password};

#[sqlx::test(migrations = "../migrations")]
async fn whoever_has_enrolled_signs_in_with_a_password_and_a_code(db: PgPool) {
    let world = World::new(db).await;
    let person = Person::enrolled(&world, Role::Admin).await;
    next_step(&world);
    assert_eq!(person.attempt(&world.s, "000000").await, "wrong");
    let proved = person.password_proved(&world.s).await;
    let account = complete(&world.s, &proved, &person.code(world.s.now()))
        .await
        .unwrap();
    assert_eq!(account.id, person.account.id);
    assert_eq!(account.second_step, SecondStep::On);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_code_is_good_for_the_step_before_and_after_and_never_twice(db: PgPool) {
    let world = World::new(db).await;
    let person = Person::enrolled(&world, Role::Manager).await;
    let s = &world.s;
    // The first code was used to enrol.
    assert_eq!(person.attempt(s, &person.code(s.now())).await, "wrong");
    let ahead = person.code(s.now() + TimeDelta::seconds(30));
    assert_eq!(person.attempt(s, &ahead).await, "in");
    next_step(&world);
    assert_eq!(person.attempt(s, &ahead).await, "wrong");
    let behind = person.code(s.now() + TimeDelta::seconds(30));
    world.clock.advance(TimeDelta::seconds(60));
    assert_eq!(person.attempt(s, &behind).await, "in");
    let late = person.code(s.now() + TimeDelta::seconds(30));
    world.clock.advance(TimeDelta::seconds(90));
    assert_eq!(person.attempt(s, &late).await, "wrong");
}

#[sqlx::test(migrations = "../migrations")]
async fn one_code_sent_50_times_at_once_signs_in_once(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::wide(options).await;
    let person = Person::enrolled(&world, Role::Admin).await;
    next_step(&world);
    let proved = person.password_proved(&world.s).await;
    let code = person.code(world.s.now());
    let answers = at_once((0..50).map(|_| {
        let (s, proved, code) = (world.s.clone(), proved.clone(), code.clone());
        async move { told(complete(&s, &proved, &code).await) }
    }))
    .await;
    let entered = answers.iter().filter(|answer| **answer == "in").count();
    assert_eq!(entered, 1, "{answers:?}");
    let noted = "select count(*) from audit_log where action = 'second_step.sign_in'";
    assert_eq!(world.count(noted).await, 1);
    world.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn one_code_is_used_up_once_however_many_statements_use_it(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::wide(options).await;
    let person = Person::enrolled(&world, Role::Admin).await;
    let user = Uuid::from(person.account.id);
    let recovery: String = sqlx::query_scalar("select code_hash from recovery_codes limit 1")
        .fetch_one(world.db())
        .await
        .unwrap();
    for step_or_recovery in [None, Some(recovery)] {
        let answers = at_once((0..50).map(|_| {
            let (db, recovery) = (world.db().clone(), step_or_recovery.clone());
            async move {
                let use_it = "select use_second_step($1, (select secret from second_steps where user_id = $1),
                    case when $2::text is null then 99999999 end, $2, now())";
                sqlx::query_scalar::<_, bool>(use_it)
                    .bind(user)
                    .bind(recovery)
                    .fetch_one(&db)
                    .await
                    .unwrap()
            }
        }))
        .await;
        assert_eq!(answers.iter().filter(|used| **used).count(), 1);
    }
    world.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn each_recovery_code_signs_in_once(db: PgPool) {
    let world = World::new(db).await;
    let person = Person::enrolled(&world, Role::Admin).await;
    assert_eq!(person.recovery.len(), 10);
    let typed = person.recovery[0].grouped().to_lowercase();
    assert_eq!(person.attempt(&world.s, &typed).await, "in");
    assert_eq!(person.attempt(&world.s, &typed).await, "wrong");
    let standing = second_step::standing(&world.s, person.insider()).await;
    assert_eq!(standing.unwrap().active.unwrap().recovery_codes_left, 9);
    // They are their owner's alone.
    let other = Person::enrolled(&world, Role::Admin).await;
    let theirs = person.recovery[1].grouped();
    assert_eq!(other.attempt(&world.s, &theirs).await, "wrong");
}

#[sqlx::test(migrations = "../migrations")]
async fn wrong_codes_lock_the_address_and_the_right_password_does_not_wipe_them_out(db: PgPool) {
    let world = World::new(db).await;
    let person = Person::enrolled(&world, Role::Admin).await;
    next_step(&world);
    let proved = person.password_proved(&world.s).await;
    for _ in 1..FAILURES_TO_LOCK {
        assert_eq!(person.attempt(&world.s, "000000").await, "wrong");
    }
    person.password_proved(&world.s).await;
    assert_eq!(person.attempt(&world.s, "000000").await, "wrong");
    let code = person.code(world.s.now());
    let locked = complete(&world.s, &proved, &code).await;
    assert_eq!(told(locked), "locked");
    assert_eq!(person.attempt(&world.s, &code).await, "locked");
    let noted =
        "select count(*) from audit_log where action = 'second_step.lock' and actor_id is null";
    assert_eq!(world.count(noted).await, 1);
    world.clock.advance(TimeDelta::minutes(30));
    let code = person.code(world.s.now());
    assert_eq!(person.attempt(&world.s, &code).await, "in");
}

#[sqlx::test(migrations = "../migrations")]
async fn of_50_wrong_codes_at_once_five_are_looked_at(_: PgPoolOptions, options: PgConnectOptions) {
    let world = World::wide(options).await;
    let person = Person::enrolled(&world, Role::Admin).await;
    let proved = person.password_proved(&world.s).await;
    let answers = at_once((0..50).map(|_| {
        let (s, proved) = (world.s.clone(), proved.clone());
        async move { told(complete(&s, &proved, "000000").await) }
    }))
    .await;
    let looked_at = answers.iter().filter(|answer| **answer == "wrong").count();
    assert_eq!(looked_at, 5, "{answers:?}");
    world.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_right_password_waits_five_minutes_and_not_beyond_a_change_of_it(db: PgPool) {
    let world = World::new(db).await;
    let person = Person::enrolled(&world, Role::Admin).await;
    let proved = person.password_proved(&world.s).await;
    world.clock.advance(CODE_PATIENCE);
    let code = person.code(world.s.now());
    let late = complete(&world.s, &proved, &code).await;
    assert_eq!(told(late), "too late");

    let proved = person.password_proved(&world.s).await;
    let new = password("otra lluvia distinta");
    change_password(&world.s, person.account.id, PASSWORD, &new)
        .await
        .unwrap();
    assert_eq!(told(complete(&world.s, &proved, &code).await), "too late");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_new_password_does_not_take_the_second_step_away(db: PgPool) {
    let world = World::new(db).await;
    let person = Person::enrolled(&world, Role::Admin).await;
    let mailed = links::request_reset(&world.s, &email(&person.account.email)).await;
    let token = mailed.unwrap().unwrap().token;
    links::reset_password(&world.s, token.as_str(), &password(PASSWORD))
        .await
        .unwrap();
    next_step(&world);
    assert_eq!(person.attempt(&world.s, "000000").await, "wrong");
    let code = person.code(world.s.now());
    assert_eq!(person.attempt(&world.s, &code).await, "in");
}
