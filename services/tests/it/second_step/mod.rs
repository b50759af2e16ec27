//! The second step of signing in.

mod changing;
mod signing_in;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    account::{Role, StaffRole},
    fields::FieldProblem,
    second_step::RecoveryCode,
};
use services::{
    Services,
    identity::{
        self, Account,
        actors::{Actor, Insider},
        links,
        second_step::{Refusal, activate, begin},
        sign_in::{self, Proved, complete},
    },
};
use totp_rs::{Builder, Secret};

use crate::support::{World, email, password};

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
                world.staff_account(merchant, StaffRole::Manager).await
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

/// Waits for the app to show another code.
fn next_step(world: &World) {
    world.clock.advance(TimeDelta::seconds(30));
}
