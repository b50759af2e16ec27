//! The use cases of Surtidor, one module per context, each with its private SQL.
//!
//! Nothing here knows HTTP, HTML or Leptos. A use case takes [`Services`], a typed actor where one is
//! needed, and values that `domain` has checked; it answers with what happened or with a typed refusal.

pub mod analytics;
pub mod audit;
pub mod db;
pub mod demo;
pub mod entropy;
pub mod idempotency;
pub mod identity;
pub mod limits;
pub mod mail;
pub mod merchants;
pub mod offers;
pub mod paging;
pub mod secret;
pub mod spreadsheet;
pub mod stations;
pub mod time;
pub mod wallet;
pub mod webhooks;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use sqlx::PgPool;
use uuid::Uuid;

use crate::{
    entropy::Entropy,
    identity::{jwt, passwords::Hasher},
    limits::Limits,
    mail::Mailer,
    offers::{pictures::Darkroom, redeem::Lanes, watch::Watch},
    secret::Secret,
    time::Clock,
    wallet::rules::Rules,
};

/// What the use cases work with. Cheap to clone; one per process.
#[derive(Clone)]
pub struct Services {
    pub(crate) db: PgPool,
    pub(crate) clock: Clock,
    pub(crate) entropy: Entropy,
    pub(crate) hasher: Hasher,
    pub(crate) darkroom: Darkroom,
    pub(crate) qr_secret: Arc<Secret>,
    pub(crate) jwt_keys: Arc<jwt::Keys>,
    pub(crate) mfa_secret: Arc<Secret>,
    pub(crate) admins_need_second_step: bool,
    pub(crate) rules: Arc<Rules>,
    pub(crate) limits: Limits,
    pub(crate) redeems: Lanes,
    pub(crate) watch: Watch,
    pub(crate) webhooks: webhooks::Client,
    /// Where letters go.
    pub mailer: Mailer,
}

/// What a process decides about its [`Services`].
pub struct Parts {
    /// The pool, as [`db::connect`] makes it.
    pub db: PgPool,
    /// The system's clock, or a test's.
    pub clock: Clock,
    /// The system's randomness, or a test's.
    pub entropy: Entropy,
    /// Signs the tokens in QR codes and the till's tickets.
    pub qr_secret: Secret,
    /// Sign and check the tokens of programs.
    pub jwt_keys: jwt::Keys,
    /// Seals the secrets of second steps.
    pub mfa_secret: Secret,
    /// Whether admins can do nothing before they have a second step.
    pub admins_need_second_step: bool,
    /// How points are earned.
    pub rules: Rules,
    /// How often what may be done.
    pub limits: limits::Rules,
    /// Where letters go.
    pub mailer: Mailer,
    /// Calls merchants' systems.
    pub webhooks: webhooks::Client,
}

impl Services {
    /// Puts the parts together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self {
            redeems: Lanes::over(&parts.db),
            db: parts.db,
            clock: parts.clock,
            entropy: parts.entropy,
            hasher: Hasher::new(),
            darkroom: Darkroom::new(),
            qr_secret: Arc::new(parts.qr_secret),
            jwt_keys: Arc::new(parts.jwt_keys),
            mfa_secret: Arc::new(parts.mfa_secret),
            admins_need_second_step: parts.admins_need_second_step,
            rules: Arc::new(parts.rules),
            limits: Limits::new(parts.limits),
            watch: Watch::new(),
            webhooks: parts.webhooks,
            mailer: parts.mailer,
        }
    }

    /// The current time.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// A new version 7 UUID: its time from the clock, the rest from the random source.
    #[must_use]
    pub fn new_id(&self) -> Uuid {
        self.entropy.uuid_v7(self.now())
    }

    /// How points are earned.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The public keys that others check our tokens with.
    #[must_use]
    pub fn published_keys(&self) -> jwt::Jwks {
        self.jwt_keys.published()
    }

    /// The pool, for what stands beside the use cases: sessions and health.
    #[must_use]
    pub fn db(&self) -> &PgPool {
        &self.db
    }
}

/// What no caller can mend: the database failed or an invariant broke.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database answered with an error.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// Too much of something costly is going on; trying again soon helps.
    #[error("too busy")]
    Busy,
    /// A row or a value is not as an invariant says.
    #[error("broken invariant: {0}")]
    Broken(&'static str),
}

/// Lets `?` make an error of the database the `Fault` of a refusal.
macro_rules! from_database {
    ($refusal:ty) => {
        impl From<sqlx::Error> for $refusal {
            fn from(error: sqlx::Error) -> Self {
                Self::Fault(error.into())
            }
        }
    };
}
pub(crate) use from_database;

/// What PostgreSQL answers while it stops, starts or is full (its manual, appendix A): too many connections,
/// ended by an administrator, ended by a crash, cannot connect now.
const PASSING: [&str; 4] = ["53300", "57P01", "57P02", "57P03"];

impl Fault {
    /// Whether trying again in a moment may help.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        use sqlx::Error::{Database, Io, PoolClosed, PoolTimedOut};
        match self {
            Self::Busy | Self::Database(PoolTimedOut | PoolClosed | Io(_)) => true,
            Self::Database(Database(error)) => error
                .code()
                .is_some_and(|code| PASSING.contains(&code.as_ref())),
            Self::Database(_) | Self::Broken(_) => false,
        }
    }
}

/// A stored name as the value it stands for.
pub(crate) fn stored<T: std::str::FromStr>(name: &str) -> Result<T, Fault> {
    name.parse()
        .map_err(|_| Fault::Broken("a stored name is one of its type's"))
}
