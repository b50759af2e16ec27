//! The second step of signing in.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{account::Role, fields::FieldProblem, second_step::RecoveryCode};
use services::{
    Services,
    identity::{
        self, Account, SecondStep,
        actors::{Actor, Admin, Insider, Manager},
        links,
        second_step::{self, Enrolment, Refusal, Reset, activate, begin, disable},
        sign_in::{self, CODE_PATIENCE, FAILURES_TO_LOCK, Proved, change_password, complete},
    },
    merchants,
};
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use totp_rs::{Builder, Secret};
use uuid::Uuid;

use crate::support::{World, at_once, email, in_production, password};

const PASSWORD: &str = "lluvia sobre surtidor";

/// Someone with a password, and maybe an app and recovery codes.
struct Person {
    account: Account,
    app: String,
    recovery: Vec<RecoveryCode>,
}

impl Person {
    async fn new(world: &World, role: Role) -> Self {
        let account = match role {
            Role::Manager => {
                let merchant = world.merchant().await;
                world
                    .staff_account(merchant, domain::account::StaffRole::Manager)
                    .await
            }
            role => world.person(role).await,
        };
        let mailed = links::request_reset(&world.s, &email(&account.email)).await;
        let token = mailed.unwrap().unwrap().token;
        links::reset_password(&world.s, token.as_str(), &password(PASSWORD))
            .await
            .unwrap();
        Self {
            account: identity::account(&world.s, account.id, 1)
                .await
                .unwrap()
                .unwrap(),
            app: String::new(),
            recovery: Vec::new(),
        }
    }

    /// Someone who signs in with a second step. The code of now has been used.
    async fn enrolled(world: &World, role: Role) -> Self {
        let mut person = Self::new(world, role).await;
        person.app = begin(&world.s, person.insider(), PASSWORD, None)
            .await
            .unwrap()
            .secret;
        let activated = activate(&world.s, person.insider(), &person.code(world.s.now()))
            .await
            .unwrap();
        person.recovery = activated.recovery_codes;
        person.account.session_epoch = activated.session_epoch;
        person
    }

    fn insider(&self) -> Insider {
        Insider::of(&self.account).unwrap()
    }

    /// What their app shows.
    fn code(&self, at: DateTime<Utc>) -> String {
        code(&self.app, at)
    }

    async fn password_proved(&self, s: &Services) -> Proved {
        match sign_in::sign_in(s, &email(&self.account.email), PASSWORD).await {
            Err(sign_in::Refusal::CodeRequired(proved)) => proved,
            other => panic!("no code is asked for: {other:?}"),
        }
    }

    /// What password and code come to, in one word.
    async fn attempt(&self, s: &Services, typed: &str) -> &'static str {
        match sign_in::sign_in(s, &email(&self.account.email), PASSWORD).await {
            Ok(_) => "in without",
            Err(sign_in::Refusal::CodeRequired(proved)) => told(complete(s, &proved, typed).await),
            Err(refusal) => told(Err(refusal)),
        }
    }
}

fn told(answer: Result<Account, sign_in::Refusal>) -> &'static str {
    match answer {
        Ok(_) => "in",
        Err(sign_in::Refusal::Wrong) => "wrong",
        Err(sign_in::Refusal::Locked { .. }) => "locked",
        Err(sign_in::Refusal::TooLate) => "too late",
        Err(other) => panic!("{other:?}"),
    }
}

fn code(secret: &str, at: DateTime<Utc>) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let totp = Builder::new().with_secret(secret).build().unwrap();
    totp.generate(at.timestamp().try_into().unwrap())
        .to_string()
}

/// The problem of the field that a code is typed into.
fn is_wrong_code<T>(answer: &Result<T, Refusal>) -> bool {
    matches!(answer, Err(Refusal::Invalid(problems)) if problems.of("otp") == Some(&FieldProblem::WrongCode))
}

fn is_wrong_password<T>(answer: &Result<T, Refusal>) -> bool {
    let wrong = Some(&FieldProblem::WrongPassword);
    matches!(answer, Err(Refusal::Invalid(problems)) if problems.of("current_password") == wrong)
}

/// Step by step of an app.
fn next_step(world: &World) {
    world.clock.advance(TimeDelta::seconds(30));
}

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
async fn the_tables_alone_tell_neither_the_secret_nor_a_code(db: PgPool) {
    let world = World::new(db).await;
    let person = Person::enrolled(&world, Role::Admin).await;
    let waiting = begin(
        &world.s,
        person.insider(),
        PASSWORD,
        Some(&person.recovery[0].grouped()),
    )
    .await
    .unwrap();
    let rows: Vec<String> = sqlx::query_scalar(
        "select to_jsonb(x)::text from second_steps x union all select to_jsonb(c)::text from recovery_codes c
         union all select to_jsonb(l)::text from audit_log l",
    )
    .fetch_all(world.db())
    .await
    .unwrap();
    let dump = rows.join("\n");
    assert!(!dump.contains(&person.app) && !dump.contains(&waiting.secret));
    for code in &person.recovery {
        assert!(!dump.contains(code.reveal()) && !dump.contains(&code.grouped()));
    }
    // Nor does one person's row serve another.
    let other = Person::enrolled(&world, Role::Admin).await;
    sqlx::query("update second_steps set secret = (select secret from second_steps where user_id = $1) where user_id = $2")
        .bind(Uuid::from(person.account.id))
        .bind(Uuid::from(other.account.id))
        .execute(world.db())
        .await
        .unwrap();
    next_step(&world);
    let proved = other.password_proved(&world.s).await;
    let refused = complete(&world.s, &proved, &person.code(world.s.now())).await;
    assert!(matches!(refused, Err(sign_in::Refusal::Fault(_))));
}

#[sqlx::test(migrations = "../migrations")]
async fn enrolling_needs_the_password_and_a_first_code_and_ends_all_sessions(db: PgPool) {
    let world = World::new(db).await;
    let person = Person::new(&world, Role::Manager).await;
    let (s, insider) = (&world.s, person.insider());
    assert!(is_wrong_password(&begin(s, insider, "not it", None).await));
    assert!(matches!(
        activate(s, insider, "123456").await,
        Err(Refusal::Missing)
    ));
    let Enrolment { secret, uri } = begin(s, insider, PASSWORD, None).await.unwrap();
    let told = second_step::standing(s, insider).await.unwrap();
    assert_eq!(told.waiting.map(|it| it.secret), Some(secret.clone()));
    assert!(uri.starts_with("otpauth://totp/Surtidor:"), "{uri}");
    assert!(uri.contains(&format!("secret={secret}")), "{uri}");
    assert!(is_wrong_code(&activate(s, insider, "000000").await));
    // Until then a password is enough.
    assert!(
        sign_in::sign_in(s, &email(&person.account.email), PASSWORD)
            .await
            .is_ok()
    );
    let activated = activate(s, insider, &code(&secret, s.now())).await.unwrap();
    let at = async |epoch| {
        identity::account(s, person.account.id, epoch)
            .await
            .unwrap()
    };
    assert!(at(person.account.session_epoch).await.is_none());
    assert!(at(activated.session_epoch).await.is_some());
}

#[sqlx::test(migrations = "../migrations")]
async fn another_app_takes_the_place_of_the_first_with_its_first_code(db: PgPool) {
    let world = World::new(db).await;
    let person = Person::enrolled(&world, Role::Admin).await;
    let (s, insider) = (&world.s, person.insider());
    next_step(&world);
    for wrong in [None, Some("000000")] {
        let refused = begin(s, insider, PASSWORD, wrong).await;
        assert!(is_wrong_code(&refused));
    }
    let now = person.code(s.now());
    let other = begin(s, insider, PASSWORD, Some(&now)).await.unwrap();
    next_step(&world);
    assert_eq!(person.attempt(s, &person.code(s.now())).await, "in");
    assert_eq!(
        person.attempt(s, &code(&other.secret, s.now())).await,
        "wrong"
    );
    activate(s, insider, &code(&other.secret, s.now()))
        .await
        .unwrap();
    next_step(&world);
    assert_eq!(person.attempt(s, &person.code(s.now())).await, "wrong");
    assert_eq!(
        person.attempt(s, &person.recovery[3].grouped()).await,
        "wrong"
    );
    assert_eq!(person.attempt(s, &code(&other.secret, s.now())).await, "in");
}

#[sqlx::test(migrations = "../migrations")]
async fn recovery_codes_are_made_anew_for_a_password_and_a_code(db: PgPool) {
    let world = World::new(db).await;
    let person = Person::enrolled(&world, Role::Admin).await;
    let (s, insider) = (&world.s, person.insider());
    next_step(&world);
    let renew = second_step::renew_recovery_codes;
    let now = person.code(s.now());
    assert!(is_wrong_password(&renew(s, insider, "not it", &now).await));
    assert!(is_wrong_code(&renew(s, insider, PASSWORD, "000000").await));
    let codes = renew(s, insider, PASSWORD, &now).await.unwrap();
    assert!(is_wrong_code(&renew(s, insider, PASSWORD, &now).await));
    assert_eq!(
        person.attempt(s, &person.recovery[0].grouped()).await,
        "wrong"
    );
    assert_eq!(person.attempt(s, &codes[0].grouped()).await, "in");
}

#[sqlx::test(migrations = "../migrations")]
async fn it_is_switched_off_for_a_password_and_a_code_but_not_by_admins_in_production(db: PgPool) {
    let world = World::new(db).await;
    let person = Person::enrolled(&world, Role::Admin).await;
    next_step(&world);
    let now = person.code(world.s.now());
    let production = in_production(&world);
    let refused = disable(&production, person.insider(), PASSWORD, &now).await;
    assert!(matches!(refused, Err(Refusal::Needed)));
    assert!(is_wrong_code(
        &disable(&world.s, person.insider(), PASSWORD, "000000").await
    ));
    disable(&world.s, person.insider(), PASSWORD, &now)
        .await
        .unwrap();
    assert_eq!(person.attempt(&world.s, "").await, "in without");
    let left = "select (select count(*) from second_steps) + (select count(*) from recovery_codes)";
    assert_eq!(world.count(left).await, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn an_admin_in_production_can_do_nothing_before_they_have_enrolled(db: PgPool) {
    let world = World::new(db).await;
    let person = Person::new(&world, Role::Admin).await;
    let production = in_production(&world);
    let address = email(&person.account.email);
    let account = sign_in::sign_in(&production, &address, PASSWORD)
        .await
        .unwrap();
    assert_eq!(account.second_step, SecondStep::Due);
    assert!(Admin::of(&account).is_none());
    let insider = Insider::of(&account).unwrap();
    let secret = begin(&production, insider, PASSWORD, None)
        .await
        .unwrap()
        .secret;
    let first = code(&secret, production.now());
    let activated = activate(&production, insider, &first).await.unwrap();
    let account = identity::account(&production, account.id, activated.session_epoch).await;
    assert!(Admin::of(&account.unwrap().unwrap()).is_some());
    // Managers may do without.
    let manager = Person::new(&world, Role::Manager).await;
    let address = email(&manager.account.email);
    let account = sign_in::sign_in(&production, &address, PASSWORD)
        .await
        .unwrap();
    assert!(Manager::of(&account).is_some());
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

#[sqlx::test(migrations = "../migrations")]
async fn whoever_leaves_a_merchant_leaves_the_second_step_behind(db: PgPool) {
    let world = World::new(db).await;
    let person = Person::enrolled(&world, Role::Manager).await;
    let merchant = person.account.merchant.unwrap();
    merchants::remove_member(&world.s, world.admin, merchant, person.account.id)
        .await
        .unwrap();
    assert_eq!(world.count("select count(*) from second_steps").await, 0);
    assert_eq!(person.attempt(&world.s, "").await, "in without");
}

#[sqlx::test(migrations = "../migrations")]
async fn whoever_holds_the_machine_takes_a_lost_second_step_away(db: PgPool) {
    let world = World::new(db).await;
    let person = Person::enrolled(&world, Role::Admin).await;
    let reset = async |address: &str| second_step::reset(&world.s, &email(address)).await.unwrap();
    assert_eq!(reset("nobody@world.test").await, Reset::Unknown);
    assert_eq!(reset(&person.account.email).await, Reset::Done);
    assert_eq!(reset(&person.account.email).await, Reset::None);
    let ended = identity::account(&world.s, person.account.id, person.account.session_epoch).await;
    assert!(ended.unwrap().is_none());
    assert_eq!(person.attempt(&world.s, "").await, "in without");
    let noted = "select count(*) from audit_log where action = 'second_step.reset'";
    assert_eq!(world.count(noted).await, 1);
}
