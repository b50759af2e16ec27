//! PINs: how a merchant's people sign in at a shared terminal, as attendants and nothing else.

use chrono::{DateTime, Utc};
use domain::{
    account::Role,
    ids::{TerminalId, UserId},
    terminals::Pin,
};
use uuid::Uuid;

use super::{
    Account, SecondStep,
    actors::Attendant,
    sign_in::{ChangeRefusal, FAILURES_TO_LOCK, LOCK, check_current, wrong_password},
    terminals::Terminal,
};
use crate::{Fault, Services};

/// Someone who can sign in at a terminal.
#[derive(Clone, Debug)]
pub struct Person {
    /// Who.
    pub id: UserId,
    /// The name they are shown by.
    pub name: String,
}

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Not their PIN, or nobody who has one here.
    #[error("wrong PIN")]
    Wrong,
    /// Too many failures for this person.
    #[error("locked until {until}")]
    Locked {
        /// When the next try is allowed.
        until: DateTime<Utc>,
    },
    /// Not a refusal but a fault.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::from_database!(Refusal);

/// Since when a person has their PIN, if they have one.
///
/// # Errors
/// When the database fails.
pub async fn since(s: &Services, attendant: Attendant) -> Result<Option<DateTime<Utc>>, Fault> {
    Ok(sqlx::query_scalar!(
        "select set_at from pins where user_id = $1",
        Uuid::from(attendant.user())
    )
    .fetch_optional(&s.db)
    .await?)
}

/// Gives a person who knows their password a PIN, in place of an earlier one.
///
/// # Errors
/// A wrong password, or a fault.
pub async fn set(
    s: &Services,
    attendant: Attendant,
    current_password: &str,
    pin: &Pin,
) -> Result<(), ChangeRefusal> {
    let user = Uuid::from(attendant.user());
    let row = sqlx::query!("select email, password_hash from users where id = $1", user)
        .fetch_one(&s.db)
        .await?;
    let hash = row.password_hash.as_deref();
    check_current(s, &row.email, hash, current_password).await?;
    let hash = s.hasher.hash_pin(&s.entropy, pin).await?;
    // Only while they still work there: a PIN is gone once its person is.
    sqlx::query_scalar!(
        "with saved as (
             insert into pins (user_id, pin_hash, set_at, window_started_at)
             select id, $2, $3, $3 from users where id = $1 and merchant_id = $4
             on conflict (user_id) do update set pin_hash = excluded.pin_hash, set_at = excluded.set_at,
                 failures = 0, locked_until = null
             returning user_id
         )
         select saved.user_id from saved, audit($3, saved.user_id, null, $4, 'pin.set', saved.user_id, '{}')",
        user,
        hash,
        s.now(),
        Uuid::from(attendant.merchant()),
    )
    .fetch_optional(&s.db)
    .await?
    .map(|_| ())
    .ok_or_else(|| wrong_password().into())
}

/// Who can sign in at a terminal, by name.
///
/// # Errors
/// When the database fails.
pub async fn people(s: &Services, terminal: &Terminal) -> Result<Vec<Person>, Fault> {
    let rows = sqlx::query!(
        "select u.id, u.name from pins p join users u on u.id = p.user_id
         where u.merchant_id = $1 and u.role in ('attendant', 'manager') order by lower(u.name), u.id",
        Uuid::from(terminal.merchant()),
    )
    .fetch_all(&s.db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Person {
            id: row.id.into(),
            name: row.name,
        })
        .collect())
}

/// Checks a person's PIN at a terminal of their merchant. The answer is the epoch to open a session in.
///
/// A try counts as a failure before the PIN is looked at and is struck out when it was right, so that many
/// tries at once get no more than their five.
///
/// # Errors
/// A wrong PIN, a locked one, or a fault.
pub async fn sign_in(
    s: &Services,
    terminal: &Terminal,
    user: UserId,
    pin: &str,
) -> Result<i32, Refusal> {
    let hash = count_try(s, terminal, user).await?;
    match s.hasher.verify(Some(&hash), pin.trim()).await {
        Ok(true) => let_in(s, terminal, user).await,
        Ok(false) => {
            lock_after_enough(s, terminal, user).await?;
            Err(Refusal::Wrong)
        }
        Err(fault) => {
            take_back_try(s, user).await?;
            Err(fault.into())
        }
    }
}

async fn count_try(s: &Services, terminal: &Terminal, user: UserId) -> Result<String, Refusal> {
    let (now, user) = (s.now(), Uuid::from(user));
    let merchant = Uuid::from(terminal.merchant());
    let hash = sqlx::query_scalar!(
        "update pins p set
             failures = case when p.window_started_at <= $4 then 1 else p.failures + 1 end,
             window_started_at = case when p.window_started_at <= $4 then $3 else p.window_started_at end,
             locked_until = null
         from users u
         where p.user_id = $1 and u.id = p.user_id and u.merchant_id = $2 and u.role in ('attendant', 'manager')
             and (p.locked_until is null or p.locked_until <= $3)
             and (p.failures < $5 or p.window_started_at <= $4)
         returning p.pin_hash",
        user,
        merchant,
        now,
        now - LOCK,
        FAILURES_TO_LOCK,
    )
    .fetch_optional(&s.db)
    .await?;
    if let Some(hash) = hash {
        return Ok(hash);
    }
    // As many as may be wrong are being looked at, when there is no lock yet.
    let until = sqlx::query_scalar!(
        r#"select coalesce(p.locked_until, $3) as "until!" from pins p join users u on u.id = p.user_id
           where p.user_id = $1 and u.merchant_id = $2"#,
        user,
        merchant,
        now + LOCK,
    )
    .fetch_optional(&s.db)
    .await?;
    Err(until.map_or(Refusal::Wrong, |until| Refusal::Locked { until }))
}

/// Locks a PIN whose last failure was one too many.
async fn lock_after_enough(s: &Services, terminal: &Terminal, user: UserId) -> Result<(), Fault> {
    let now = s.now();
    sqlx::query!(
        "with locked as (
             update pins set locked_until = $2 where user_id = $1 and failures >= $3 and locked_until is null
             returning user_id
         )
         select audit($4, null, null, $5, 'pin.lock', user_id, jsonb_build_object('terminal', $6::uuid)) from locked",
        Uuid::from(user),
        now + LOCK,
        FAILURES_TO_LOCK,
        now,
        Uuid::from(terminal.merchant()),
        Uuid::from(terminal.id()),
    )
    .execute(&s.db)
    .await?;
    Ok(())
}

async fn let_in(s: &Services, terminal: &Terminal, user: UserId) -> Result<i32, Refusal> {
    sqlx::query_scalar!(
        "with cleared as (
             update pins set failures = 0, locked_until = null where user_id = $1 returning user_id
         )
         select u.session_epoch from cleared join users u on u.id = cleared.user_id and u.merchant_id = $3,
             audit($2, u.id, null, u.merchant_id, 'pin.sign_in', u.id, jsonb_build_object('terminal', $4::uuid))",
        Uuid::from(user),
        s.now(),
        Uuid::from(terminal.merchant()),
        Uuid::from(terminal.id()),
    )
    .fetch_optional(&s.db)
    .await?
    .ok_or(Refusal::Wrong)
}

/// Strikes out a try whose PIN nobody had time to look at, and the lock it may have brought.
async fn take_back_try(s: &Services, user: UserId) -> Result<(), Fault> {
    sqlx::query!(
        "update pins set failures = failures - 1, locked_until = null where user_id = $1 and failures > 0",
        Uuid::from(user)
    )
    .execute(&s.db)
    .await?;
    Ok(())
}

/// The account of a session that was opened in `epoch` with a PIN: an attendant's, for as long as the person
/// works there, has ended no sessions, and the terminal is in use.
///
/// # Errors
/// When the database fails.
pub async fn account(
    s: &Services,
    user: UserId,
    epoch: i32,
    terminal: TerminalId,
) -> Result<Option<Account>, Fault> {
    let row = sqlx::query!(
        r#"select u.id, u.email, u.name, u.merchant_id, u.email_verified_at is not null as "email_verified!",
               u.session_epoch
           from users u join terminals t on t.id = $3 and t.merchant_id = u.merchant_id and t.retired_at is null
           where u.id = $1 and u.session_epoch = $2 and u.role in ('attendant', 'manager')"#,
        Uuid::from(user),
        epoch,
        Uuid::from(terminal),
    )
    .fetch_optional(&s.db)
    .await?;
    Ok(row.map(|row| Account {
        id: row.id.into(),
        email: row.email,
        name: row.name,
        role: Role::Attendant,
        merchant: row.merchant_id.map(Into::into),
        email_verified: row.email_verified,
        session_epoch: row.session_epoch,
        till_only: true,
        second_step: SecondStep::Off,
    }))
}
