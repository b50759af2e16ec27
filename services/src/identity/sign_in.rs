//! Signing in, and the lock against guessing.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    account::{Email, Password},
    fields::{FieldProblem, Problems},
    ids::UserId,
};
use uuid::Uuid;

use super::{Account, passwords};
use crate::{Fault, Services, stored};

/// Failures in a row that lock an address.
pub const FAILURES_TO_LOCK: i32 = 5;
/// How long an address stays locked, and how long a failure is remembered.
pub const LOCK: TimeDelta = TimeDelta::minutes(30);

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
    /// Not a refusal but a fault.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<sqlx::Error> for Refusal {
    fn from(error: sqlx::Error) -> Self {
        Self::Fault(error.into())
    }
}

/// Checks an address and a password.
///
/// # Errors
/// A wrong pair, a locked address, or a fault.
pub async fn sign_in(s: &Services, email: &Email, password: &str) -> Result<Account, Refusal> {
    let row = sqlx::query!(
        r#"select id, name, password_hash, role::text as "role!", merchant_id,
               email_verified_at is not null as "email_verified!", session_epoch
           from users where email = $1"#,
        email.as_str(),
    )
    .fetch_optional(&s.db)
    .await?;
    let hash = row.as_ref().and_then(|row| row.password_hash.as_deref());
    let right = guarded_verify(s, email.as_str(), hash, password).await?;
    let Some(row) = row.filter(|_| right) else {
        return Err(Refusal::Wrong);
    };
    Ok(Account {
        id: row.id.into(),
        email: email.as_str().to_owned(),
        name: row.name,
        role: stored(&row.role)?,
        merchant: row.merchant_id.map(Into::into),
        email_verified: row.email_verified,
        session_epoch: row.session_epoch,
        till_only: false,
    })
}

/// Whether the password is the one that was hashed, within the tries that an address has.
///
/// A try counts as a failure before the password is looked at and is struck out when it was right, so
/// that many tries at once get no more than their five.
async fn guarded_verify(
    s: &Services,
    email: &str,
    hash: Option<&str>,
    password: &str,
) -> Result<bool, Refusal> {
    count_try(s, email).await?;
    match s.hasher.verify(hash, password).await {
        Ok(true) => {
            forget_failures(s, email).await?;
            Ok(true)
        }
        Ok(false) => Ok(false),
        Err(fault) => {
            take_back_try(s, email).await?;
            Err(fault.into())
        }
    }
}

async fn count_try(s: &Services, email: &str) -> Result<(), Refusal> {
    let now = s.now();
    let counted = sqlx::query!(
        "insert into sign_in_attempts as a (email, failures, window_started_at) values ($1, 1, $2)
         on conflict (email) do update set
             failures = case when a.window_started_at <= $3 then 1 else a.failures + 1 end,
             window_started_at = case when a.window_started_at <= $3 then $2 else a.window_started_at end,
             locked_until = case when a.window_started_at > $3 and a.failures + 1 >= $4 then $5::timestamptz end
         where a.locked_until is null or a.locked_until <= $2
         returning failures",
        email,
        now,
        now - LOCK,
        FAILURES_TO_LOCK,
        now + LOCK,
    )
    .fetch_optional(&s.db)
    .await?;
    if counted.is_some() {
        return Ok(());
    }
    let until = sqlx::query_scalar!(
        "select locked_until from sign_in_attempts where email = $1",
        email,
    )
    .fetch_optional(&s.db)
    .await?
    .flatten();
    Err(Refusal::Locked {
        until: until.unwrap_or(now),
    })
}

/// Strikes out a try whose password nobody had time to look at, and the lock it may have brought.
async fn take_back_try(s: &Services, email: &str) -> Result<(), Fault> {
    sqlx::query!(
        "update sign_in_attempts set failures = failures - 1, locked_until = null
         where email = $1 and failures > 0",
        email
    )
    .execute(&s.db)
    .await?;
    Ok(())
}

async fn forget_failures(s: &Services, email: &str) -> Result<(), Fault> {
    sqlx::query!("delete from sign_in_attempts where email = $1", email)
        .execute(&s.db)
        .await?;
    Ok(())
}

/// Deletes failures that no longer count. The answer is how many.
///
/// # Errors
/// When the database fails.
pub async fn purge(s: &Services) -> Result<u64, Fault> {
    let now = s.now();
    let done = sqlx::query!(
        "delete from sign_in_attempts
         where window_started_at <= $1 and (locked_until is null or locked_until <= $2)",
        now - LOCK,
        now,
    )
    .execute(&s.db)
    .await?;
    Ok(done.rows_affected())
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

impl From<sqlx::Error> for ChangeRefusal {
    fn from(error: sqlx::Error) -> Self {
        Self::Fault(error.into())
    }
}

/// Refuses whoever does not know the password of the person they are signed in as.
pub(super) async fn check_current(
    s: &Services,
    email: &str,
    hash: Option<&str>,
    current: &str,
) -> Result<(), ChangeRefusal> {
    let wrong = || {
        let problem = FieldProblem::WrongPassword;
        ChangeRefusal::Invalid(Problems::one("current_password", problem))
    };
    match guarded_verify(s, email, hash, current).await {
        Ok(true) => Ok(()),
        Ok(false) | Err(Refusal::Wrong) => Err(wrong()),
        Err(Refusal::Locked { until }) => Err(ChangeRefusal::Locked { until }),
        Err(Refusal::Fault(fault)) => Err(fault.into()),
    }
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
        "update users set password_hash = $2, session_epoch = session_epoch + 1
         where id = $1 and password_hash is not distinct from $3 returning session_epoch",
        Uuid::from(user),
        hash,
        row.password_hash,
    )
    .fetch_optional(&s.db)
    .await?
    .ok_or_else(|| invalid("current_password", FieldProblem::WrongPassword))
}
