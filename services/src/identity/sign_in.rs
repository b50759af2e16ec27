//! Signing in, in one step or two.

mod tries;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    account::{Email, Password},
    fields::{FieldProblem, Problems},
    ids::UserId,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use self::tries::{FAILURES_TO_LOCK, LOCK, purge};
pub(super) use self::tries::{Try, What};
use super::{Account, Found, SecondStep, passwords, second_step::Evidence};
use crate::{Fault, Services, identity};

/// How long a right password waits for its second step.
pub const CODE_PATIENCE: TimeDelta = TimeDelta::minutes(5);

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Address and password do not belong together; whether the address is known stays untold.
    #[error("wrong e-mail or password")]
    Wrong,
    /// Too many failures for this address, known or not.
    #[error("locked until {until}")]
    Locked {
        /// When the next try is allowed.
        until: DateTime<Utc>,
    },
    /// The password is right, and the account has a second step.
    #[error("a code of the second step is due")]
    CodeRequired(Proved),
    /// The password was proved too long ago.
    #[error("begin again")]
    TooLate,
    /// Not a refusal but a fault.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::from_database!(Refusal);

impl From<tries::Refusal> for Refusal {
    fn from(refusal: tries::Refusal) -> Self {
        match refusal {
            tries::Refusal::Locked { until } => Self::Locked { until },
            tries::Refusal::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// A right password that waits for its second step, for a few minutes.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Proved {
    user: UserId,
    epoch: i32,
    at: DateTime<Utc>,
}

impl Proved {
    /// Whether there is time left.
    #[must_use]
    pub fn is_good(&self, s: &Services) -> bool {
        s.now() - self.at < CODE_PATIENCE
    }
}

/// Signs in with an address and a password those who have no second step.
///
/// # Errors
/// A wrong pair, a locked address, a second step that is due, or a fault.
pub async fn sign_in(s: &Services, email: &Email, password: &str) -> Result<Account, Refusal> {
    let row = sqlx::query!(
        r#"select id, name, password_hash, role::text as "role!", merchant_id,
               email_verified_at is not null as "email_verified!", session_epoch,
               has_second_step(id) as "has_second_step!"
           from users where email = $1"#,
        email.as_str(),
    )
    .fetch_optional(&s.db)
    .await?;
    let hash = row.as_ref().and_then(|row| row.password_hash.as_deref());
    let guess = Try::begin(s, email.as_str()).await?;
    let guess = guess.password(hash, password).await?;
    let (Some(guess), Some(row)) = (guess, row) else {
        return Err(Refusal::Wrong);
    };
    let found = Found {
        id: row.id,
        email: email.as_str().to_owned(),
        name: row.name,
        role: row.role,
        merchant_id: row.merchant_id,
        email_verified: row.email_verified,
        session_epoch: row.session_epoch,
        has_second_step: row.has_second_step,
    };
    let account = found.account(s)?;
    if account.second_step == SecondStep::On {
        // Failures before are forgotten with the second step alone, or codes could be guessed without end.
        guess.take_back().await?;
        return Err(Refusal::CodeRequired(Proved {
            user: account.id,
            epoch: account.session_epoch,
            at: s.now(),
        }));
    }
    if let_in(s, &account, &Evidence::default()).await? {
        Ok(account)
    } else {
        Err(Refusal::Wrong)
    }
}

/// Signs in whose password was right, with a code of their app or a recovery code. Wrong ones count as wrong passwords
/// do.
///
/// # Errors
/// A wrong code, a locked address, a password that was proved too long ago or is another one by now, or a fault.
pub async fn complete(s: &Services, proved: &Proved, typed: &str) -> Result<Account, Refusal> {
    let account = identity::account(s, proved.user, proved.epoch).await?;
    let account = account
        .filter(|_| proved.is_good(s))
        .ok_or(Refusal::TooLate)?;
    let guess = Try::begin(s, &account.email).await?;
    let guess = guess.code(account.id, typed).await?;
    let Some((guess, evidence)) = guess else {
        return Err(Refusal::Wrong);
    };
    if let_in(s, &account, &evidence).await? {
        return Ok(account);
    }
    guess.failed(What::Code).await?;
    Err(Refusal::Wrong)
}

/// Whether the account was let in: not if it or its second step is another one by now, or if the code was used.
async fn let_in(s: &Services, account: &Account, evidence: &Evidence) -> Result<bool, Fault> {
    Ok(sqlx::query_scalar!(
        r#"select sign_in($1, $2, $3, $4, $5, $6) as "let_in!""#,
        Uuid::from(account.id),
        account.session_epoch,
        evidence.secret,
        evidence.step,
        evidence.recovery,
        s.now(),
    )
    .fetch_one(&s.db)
    .await?)
}

/// Why a password or a PIN was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeRefusal {
    /// Fields that need another value.
    #[error("fields need another value")]
    Invalid(Problems),
    /// Too many wrong guesses of the current password.
    #[error("locked until {until}")]
    Locked {
        /// When the next try is allowed.
        until: DateTime<Utc>,
    },
    /// Not a refusal but a fault.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::from_database!(ChangeRefusal);

impl From<Problems> for ChangeRefusal {
    fn from(problems: Problems) -> Self {
        Self::Invalid(problems)
    }
}

impl From<tries::Refusal> for ChangeRefusal {
    fn from(refusal: tries::Refusal) -> Self {
        match refusal {
            tries::Refusal::Locked { until } => Self::Locked { until },
            tries::Refusal::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// Refuses whoever does not know the password of the person they are signed in as.
pub(super) async fn check_current(
    s: &Services,
    email: &str,
    hash: Option<&str>,
    current: &str,
) -> Result<(), ChangeRefusal> {
    match Try::begin(s, email).await?.password(hash, current).await? {
        Some(guess) => Ok(guess.right_password().await?),
        None => Err(wrong_password().into()),
    }
}

/// What is wrong with the field of the current password.
pub(super) fn wrong_password() -> Problems {
    Problems::one("current_password", FieldProblem::WrongPassword)
}

/// Changes the password of someone who knows the current one, and ends all their sessions. The answer is
/// the epoch to open a new one in.
///
/// # Errors
/// A wrong current password, a common new one, or a fault.
pub async fn change_password(
    s: &Services,
    user: UserId,
    current: &str,
    new: &Password,
) -> Result<i32, ChangeRefusal> {
    let invalid = |field, problem| ChangeRefusal::Invalid(Problems::one(field, problem));
    let row = sqlx::query!(
        "select email, name, password_hash from users where id = $1",
        Uuid::from(user)
    )
    .fetch_one(&s.db)
    .await?;
    check_current(s, &row.email, row.password_hash.as_deref(), current).await?;
    passwords::refuse_common(new, &[&row.email, &row.name])
        .map_err(|problem| invalid("new_password", problem))?;
    let hash = s.hasher.hash(&s.entropy, new).await?;
    // Only if it still is the password that was checked: of two changes at once, one is told no.
    sqlx::query_scalar!(
        "with changed as (
             update users set password_hash = $2, session_epoch = session_epoch + 1
             where id = $1 and password_hash is not distinct from $3
             returning id, merchant_id, session_epoch
         )
         select session_epoch from changed,
             audit($4, changed.id, null, changed.merchant_id, 'password.change', changed.id, '{}')",
        Uuid::from(user),
        hash,
        row.password_hash,
        s.now(),
    )
    .fetch_optional(&s.db)
    .await?
    .ok_or_else(|| wrong_password().into())
}
