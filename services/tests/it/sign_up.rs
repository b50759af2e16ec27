//! Signing up with a friend's code, and the language of letters.

use domain::{
    codes::MemberCode,
    earning::Receipt,
    fields::{FieldProblem, Problems},
    ids::UserId,
    locale::Locale,
    money::Money,
};
use services::{
    identity::{
        actors::Consumer,
        set_locale,
        sign_up::{Refusal, SignUp, sign_up},
    },
    wallet::{
        accruals::{Sale, accrue},
        members::code,
        referrals::{reward_due, standing},
    },
};
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use uuid::Uuid;

use crate::support::{World, at_once, email, name, password};

fn form(address: &str, referral: Option<MemberCode>) -> SignUp {
    SignUp {
        email: email(address),
        name: name("Ana"),
        password: password("lluvia sobre surtidor"),
        locale: Locale::Es,
        referral,
    }
}

async fn referrer_of(world: &World, user: UserId) -> Option<Uuid> {
    sqlx::query_scalar("select referrer_id from referrals where referred_id = $1")
        .bind(Uuid::from(user))
        .fetch_optional(world.db())
        .await
        .unwrap()
}

fn says(refusal: &Refusal, field: &str, problem: FieldProblem) -> bool {
    matches!(refusal, Refusal::Invalid(problems) if *problems == Problems::one(field, problem))
}

/// Anybody's code, an employee's too.
async fn code_of(world: &World, user: UserId) -> String {
    sqlx::query_scalar("select member_code from users where id = $1")
        .bind(Uuid::from(user))
        .fetch_one(world.db())
        .await
        .unwrap()
}

async fn own_code(world: &World, consumer: Consumer) -> MemberCode {
    code(&world.s, consumer).await.unwrap()
}

#[sqlx::test(migrations = "../migrations")]
async fn whoever_signs_up_with_a_friends_code_brings_both_points_with_their_first_sale(db: PgPool) {
    let world = World::new(db).await;
    let friend = world.consumer(0).await;
    let referral = Some(own_code(&world, friend).await);
    let new = sign_up(&world.s, &form("ana@world.test", referral))
        .await
        .unwrap();
    assert_eq!(
        referrer_of(&world, new.user).await,
        Some(friend.user().into())
    );
    assert_eq!(reward_due(&world.s).await.unwrap(), 0);

    let merchant = world.merchant().await;
    let attendant = world.attendant(merchant).await;
    let theirs = code_of(&world, new.user).await;
    let sale = Sale {
        member: theirs.parse().unwrap(),
        amount: Money::try_from("500").unwrap(),
        receipt: Receipt::try_from("A-1").unwrap(),
    };
    accrue(&world.s, attendant.into(), &sale, None)
        .await
        .unwrap();
    assert_eq!(reward_due(&world.s).await.unwrap(), 1);
    assert_eq!(world.balance(friend).await, (100, 0));
    let standing = standing(&world.s, friend).await.unwrap();
    assert_eq!((standing.signed_up, standing.rewarded), (1, 1));
    world.assert_ledger_sound().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_code_that_is_nobodys_or_an_employees_signs_nobody_up(db: PgPool) {
    let world = World::new(db).await;
    let merchant = world.merchant().await;
    let attendant = world.attendant(merchant).await;
    let employees = code_of(&world, attendant.user()).await;
    for code in ["ABCDEFGHJK", &employees] {
        let wrong = form("ana@world.test", Some(code.parse().unwrap()));
        let refusal = sign_up(&world.s, &wrong).await.unwrap_err();
        assert!(says(&refusal, "referral_code", FieldProblem::Unknown));
    }
    assert_eq!(
        world
            .count("select count(*) from users where role = 'consumer'")
            .await,
        0
    );
    let new = sign_up(&world.s, &form("ana@world.test", None))
        .await
        .unwrap();
    assert_eq!(referrer_of(&world, new.user).await, None);
}

#[sqlx::test(migrations = "../migrations")]
async fn of_many_sign_ups_with_one_address_at_once_one_counts_for_the_friend(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::wide(options).await;
    let friend = world.consumer(0).await;
    let code = own_code(&world, friend).await;
    let answers = at_once((0..4).map(|_| {
        let (s, form) = (world.s.clone(), form("ana@world.test", Some(code.clone())));
        async move { sign_up(&s, &form).await }
    }))
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    for refusal in answers.iter().filter_map(|answer| answer.as_ref().err()) {
        assert!(says(refusal, "email", FieldProblem::Taken));
    }
    assert_eq!(standing(&world.s, friend).await.unwrap().signed_up, 1);
    world.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_language_of_letters_is_that_of_the_sign_up_until_another_is_chosen(db: PgPool) {
    let world = World::new(db).await;
    let english = SignUp {
        locale: Locale::En,
        ..form("ana@world.test", None)
    };
    let new = sign_up(&world.s, &english).await.unwrap();
    let reads = async |tag: &str| {
        let sql =
            format!("select count(*) from users where locale = '{tag}' and role = 'consumer'");
        world.count(&sql).await == 1
    };
    assert!(reads("en").await);
    set_locale(&world.s, new.user, Locale::Es).await.unwrap();
    assert!(reads("es").await);
}
