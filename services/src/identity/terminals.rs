//! Terminals: shared devices at the counter or the pump. A device is known by a secret that its browser keeps
//! and the database has the hash of.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use domain::{
    ids::{MerchantId, StationId, TerminalId},
    terminals::TerminalName,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::actors::{Attendant, Manager, Operator};
use crate::{
    Fault, Services,
    audit::{Theirs, not_theirs},
};

/// A device that has shown the secret of a terminal in use.
#[derive(Clone, Debug)]
pub struct Terminal {
    id: TerminalId,
    merchant: MerchantId,
    name: String,
}

impl Terminal {
    /// Which one.
    #[must_use]
    pub fn id(&self) -> TerminalId {
        self.id
    }

    /// Whose it is.
    #[must_use]
    pub fn merchant(&self) -> MerchantId {
        self.merchant
    }

    /// What people call it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// A terminal in a manager's list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Which one.
    pub id: TerminalId,
    /// What people call it.
    pub name: String,
    /// The station it stands at, if that was said.
    pub station: Option<String>,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Another terminal of the merchant has the name.
    #[error("the name is taken")]
    NameTaken,
    /// The merchant has no such station.
    #[error("no such station")]
    UnknownStation,
    /// The merchant has no such terminal in use.
    #[error("no such terminal")]
    NotFound,
    /// Not a refusal but a fault.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<sqlx::Error> for Refusal {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(error) if error.is_unique_violation() => Self::NameTaken,
            error => Self::Fault(error.into()),
        }
    }
}

/// Makes a device one of the merchant's terminals. The answer is the secret that the device keeps.
///
/// # Errors
/// A refusal, or a fault.
pub async fn create(
    s: &Services,
    manager: Manager,
    name: &TerminalName,
    station: Option<StationId>,
) -> Result<String, Refusal> {
    let secret = BASE64_URL_SAFE_NO_PAD.encode(s.entropy.bytes::<32>());
    let made = sqlx::query_scalar!(
        r#"with made as (
             insert into terminals (id, merchant_id, name, station_id, secret_hash, created_at)
             select $1, $2, $3, $4, $5, $6
             where $4::uuid is null or exists (select from stations where id = $4 and merchant_id = $2)
             returning id, merchant_id, name, created_at
         )
         select made.id from made,
             audit(made.created_at, $7, null, made.merchant_id, 'terminal.create', made.id,
                 jsonb_build_object('name', made.name))"#,
        s.new_id(),
        Uuid::from(manager.merchant()),
        name.as_str(),
        station.map(Uuid::from),
        hash(&secret),
        s.now(),
        Uuid::from(manager.user()),
    )
    .fetch_optional(&s.db)
    .await?
    .is_some();
    if made {
        return Ok(secret);
    }
    if let Some(station) = station {
        not_theirs(s, manager, Theirs::Station(station)).await?;
    }
    Err(Refusal::UnknownStation)
}

/// The merchant's terminals in use, by name.
///
/// # Errors
/// When the database fails.
pub async fn list(s: &Services, manager: Manager) -> Result<Vec<Listed>, Fault> {
    let rows = sqlx::query!(
        r#"select t.id, t.name, x.name as "station?", t.created_at
           from terminals t left join stations x on x.id = t.station_id
           where t.merchant_id = $1 and t.retired_at is null order by lower(t.name)"#,
        Uuid::from(manager.merchant()),
    )
    .fetch_all(&s.db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Listed {
            id: row.id.into(),
            name: row.name,
            station: row.station,
            created_at: row.created_at,
        })
        .collect())
}

/// Takes a terminal out of use, for good: its device is a stranger's from now on, and whoever signed in on it
/// with a PIN is signed out.
///
/// # Errors
/// A refusal, or a fault.
pub async fn retire(s: &Services, manager: Manager, terminal: TerminalId) -> Result<(), Refusal> {
    let retired = sqlx::query_scalar!(
        r#"with gone as (
             update terminals set retired_at = $3
             where id = $1 and merchant_id = $2 and retired_at is null
             returning id, merchant_id, name
         )
         select gone.id from gone,
             audit($3, $4, null, gone.merchant_id, 'terminal.retire', gone.id,
                 jsonb_build_object('name', gone.name))"#,
        Uuid::from(terminal),
        Uuid::from(manager.merchant()),
        s.now(),
        Uuid::from(manager.user()),
    )
    .fetch_optional(&s.db)
    .await?
    .is_some();
    if retired {
        return Ok(());
    }
    not_theirs(s, manager, Theirs::Terminal(terminal)).await?;
    Err(Refusal::NotFound)
}

/// The terminal whose secret a device keeps, if it is in use.
///
/// # Errors
/// When the database fails.
pub async fn here(s: &Services, secret: &str) -> Result<Option<Terminal>, Fault> {
    let row = sqlx::query!(
        "select id, merchant_id, name from terminals where secret_hash = $1 and retired_at is null",
        hash(secret),
    )
    .fetch_optional(&s.db)
    .await?;
    Ok(row.map(|row| Terminal {
        id: row.id.into(),
        merchant: row.merchant_id.into(),
        name: row.name,
    }))
}

/// The attendant as an operator, at the terminal whose secret their device keeps, if it is their merchant's.
///
/// # Errors
/// When the database fails.
pub async fn at(
    s: &Services,
    attendant: Attendant,
    secret: Option<&str>,
) -> Result<Operator, Fault> {
    let terminal = match secret {
        Some(secret) => here(s, secret).await?,
        None => None,
    };
    let operator = Operator::from(attendant);
    Ok(match terminal {
        Some(terminal) if terminal.merchant == operator.merchant() => operator.at(terminal.id),
        _ => operator,
    })
}

fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}
