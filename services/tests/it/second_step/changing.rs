//! Enrolling, changing, and doing without.

use domain::account::Role;
use services::{
    identity::{
        self, SecondStep,
        actors::{Actor, Admin, Insider, Manager},
        second_step::{self, Enrolment, Refusal, Reset, activate, begin, disable},
        sign_in::{self, complete},
    },
    merchants,
};
use sqlx::PgPool;
use uuid::Uuid;

use super::{PASSWORD, Person, code, is_wrong_code, is_wrong_password, next_step};
use crate::support::{World, email, in_production};

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
