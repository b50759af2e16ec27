//! The tries that an address has: the lock against guessing.
//!
//! A try counts as a failure before anything is looked at and is struck out when it was right, so that many at once get
//! no more than their five. Passwords and codes share them.

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::UserId;

use crate::{
    Fault, Services,
    identity::second_step::{self, Evidence},
};

/// Failures in a row that lock an address.
pub const FAILURES_TO_LOCK: i32 = 5;
/// How long an address stays locked, and how long a failure is remembered.
pub const LOCK: TimeDelta = TimeDelta::minutes(30);

/// Why nothing was looked at.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
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

crate::from_database!(Refusal);

/// What was wrong, as the audit log calls its lock.
#[derive(Clone, Copy)]
pub(in crate::identity) enum What {
    Password,
    Code,
}

/// A try that has been counted.
pub(in crate::identity) struct Try<'a> {
    s: &'a Services,
    email: &'a str,
}

impl<'a> Try<'a> {
    /// Counts a try of an address, known or not.
    ///
    /// # Errors
    /// A locked address, or a fault.
    pub(in crate::identity) async fn begin(
        s: &'a Services,
        email: &'a str,
    ) -> Result<Self, Refusal> {
        let now = s.now();
        let counted = sqlx::query!(
            "insert into sign_in_attempts as a (email, failures, window_started_at) values ($1, 1, $2)
             on conflict (email) do update set
                 failures = case when a.window_started_at <= $3 then 1 else a.failures + 1 end,
                 window_started_at = case when a.window_started_at <= $3 then $2 else a.window_started_at end,
                 locked_until = null
             where (a.locked_until is null or a.locked_until <= $2)
                 and (a.failures < $4 or a.window_started_at <= $3)
             returning failures",
            email,
            now,
            now - LOCK,
            FAILURES_TO_LOCK,
        )
        .fetch_optional(&s.db)
        .await?;
        if counted.is_some() {
            return Ok(Self { s, email });
        }
        let until = sqlx::query_scalar!(
            "select locked_until from sign_in_attempts where email = $1",
            email,
        )
        .fetch_optional(&s.db)
        .await?
        .flatten();
        // As many as may be wrong are being looked at, when there is no lock yet.
        Err(Refusal::Locked {
            until: until.unwrap_or(now + LOCK),
        })
    }

    /// The try, if the password is the one that was hashed.
    ///
    /// # Errors
    /// A fault; the try does not count.
    pub(in crate::identity) async fn password(
        self,
        hash: Option<&str>,
        password: &str,
    ) -> Result<Option<Self>, Fault> {
        match self.s.hasher.verify(hash, password).await {
            Ok(true) => Ok(Some(self)),
            Ok(false) => {
                self.failed(What::Password).await?;
                Ok(None)
            }
            Err(fault) => {
                self.take_back().await?;
                Err(fault)
            }
        }
    }

    /// The try with what the code proves, if it is one of the person's. It is used up by whoever acts on it.
    ///
    /// # Errors
    /// A fault; the try does not count.
    pub(in crate::identity) async fn code(
        self,
        user: UserId,
        typed: &str,
    ) -> Result<Option<(Self, Evidence)>, Fault> {
        match second_step::evidence(self.s, user, typed).await {
            Ok(Some(evidence)) => Ok(Some((self, evidence))),
            Ok(None) => {
                self.failed(What::Code).await?;
                Ok(None)
            }
            Err(fault) => {
                self.take_back().await?;
                Err(fault)
            }
        }
    }

    /// Leaves the failure, and locks the address if it was one too many.
    ///
    /// # Errors
    /// When the database fails.
    pub(in crate::identity) async fn failed(self, what: What) -> Result<(), Fault> {
        let now = self.s.now();
        sqlx::query!(
            "with locked as (
                 update sign_in_attempts set locked_until = $2
                 where email = $1 and failures >= $3 and locked_until is null returning email
             )
             select audit($4, null, null, u.merchant_id, $5, u.id, '{}') from locked join users u on u.email = locked.email",
            self.email,
            now + LOCK,
            FAILURES_TO_LOCK,
            now,
            match what {
                What::Password => "password.lock",
                What::Code => "second_step.lock",
            },
        )
        .execute(&self.s.db)
        .await?;
        Ok(())
    }

    /// Strikes the try out, and the lock that others may have brought with it; the failures before it stay.
    ///
    /// # Errors
    /// When the database fails.
    pub(in crate::identity) async fn take_back(self) -> Result<(), Fault> {
        sqlx::query!(
            "update sign_in_attempts set failures = failures - 1, locked_until = null
             where email = $1 and failures > 0",
            self.email
        )
        .execute(&self.s.db)
        .await?;
        Ok(())
    }

    /// Strikes the try out, and the failures before it, too, of whoever has nothing to prove but a password.
    ///
    /// # Errors
    /// When the database fails.
    pub(in crate::identity) async fn right_password(self) -> Result<(), Fault> {
        let forgotten = sqlx::query!(
            "delete from sign_in_attempts where email = $1 and not exists (
                 select from second_steps x join users u on u.id = x.user_id
                 where u.email = $1 and x.secret is not null)",
            self.email
        )
        .execute(&self.s.db)
        .await?;
        match forgotten.rows_affected() {
            0 => self.take_back().await,
            _ => Ok(()),
        }
    }

    /// Forgets the failures of whoever has proved everything.
    ///
    /// # Errors
    /// When the database fails.
    pub(in crate::identity) async fn forget(self) -> Result<(), Fault> {
        sqlx::query!("delete from sign_in_attempts where email = $1", self.email)
            .execute(&self.s.db)
            .await?;
        Ok(())
    }
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
