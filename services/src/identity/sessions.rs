//! Where browser sessions are kept: one row each, every operation one statement.
//!
//! A session that is read brings the account of its person with it, as every request needs both. The account is
//! there for this request only and is never stored.
//!
//! The published PostgreSQL store pulls sqlx's `time` types in for the whole workspace, opens transactions
//! on the request path, and brings a session back that was deleted in the meantime; see docs/adr/0003.

use std::collections::HashMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::types::Json;
use time::OffsetDateTime;
use tower_sessions_core::{
    SessionStore,
    session::{Id, Record},
    session_store::{Error, Result},
};

use super::Found;
use crate::{Fault, Services};

/// What a session holds of a signed-in person, as far as the account is found by it.
pub const SIGNED_IN: &str = "signed_in";
/// Where a session that was read holds its person's account.
pub const ACCOUNT: &str = "account";
/// New ids drawn before giving up; of 2¹²⁸ ids the first is free.
const TRIES: usize = 3;

/// Sessions as rows.
#[derive(Clone)]
pub struct SessionRows(Services);

impl std::fmt::Debug for SessionRows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionRows")
    }
}

impl SessionRows {
    /// The sessions in the services' database.
    #[must_use]
    pub fn new(services: Services) -> Self {
        Self(services)
    }
}

#[async_trait]
impl SessionStore for SessionRows {
    async fn create(&self, record: &mut Record) -> Result<()> {
        for _ in 0..TRIES {
            let done = sqlx::query!(
                "insert into sessions (id, data, expires_at) values ($1, $2, $3) on conflict do nothing",
                record.id.to_string(),
                Json(kept(record)) as _,
                moment(record.expiry_date),
            )
            .execute(&self.0.db)
            .await
            .map_err(backend)?;
            if done.rows_affected() == 1 {
                return Ok(());
            }
            record.id = Id(i128::from_be_bytes(self.0.entropy.bytes()));
        }
        Err(Error::Backend("no free session id".to_owned()))
    }

    async fn save(&self, record: &Record) -> Result<()> {
        // Only what is still there: a session that was ended meanwhile stays ended.
        sqlx::query!(
            "update sessions set data = $2, expires_at = $3 where id = $1",
            record.id.to_string(),
            Json(kept(record)) as _,
            moment(record.expiry_date),
        )
        .execute(&self.0.db)
        .await
        .map_err(backend)?;
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let row = sqlx::query!(
            r#"select s.data as "data: Json<HashMap<String, serde_json::Value>>", s.expires_at,
                   u.id as "id?", u.email as "email?", u.name as "name?", u.role::text as role, u.merchant_id,
                   u.email_verified_at is not null as "email_verified!", u.session_epoch as "session_epoch?",
                   exists (select from second_steps x where x.user_id = u.id and x.secret is not null)
                       as "has_second_step!"
               from sessions as s
               left join users as u on u.id = (s.data -> 'signed_in' ->> 'user')::uuid
               where s.id = $1 and s.expires_at > $2"#,
            id.to_string(),
            self.0.now(),
        )
        .fetch_optional(&self.0.db)
        .await
        .map_err(backend)?;
        let Some(row) = row else { return Ok(None) };
        let mut data = row.data.0;
        if let (Some(id), Some(email), Some(name), Some(role), Some(session_epoch)) =
            (row.id, row.email, row.name, row.role, row.session_epoch)
        {
            let found = Found {
                id,
                email,
                name,
                role,
                merchant_id: row.merchant_id,
                email_verified: row.email_verified,
                session_epoch,
                has_second_step: row.has_second_step,
            };
            let account = found.account(&self.0).map_err(decode)?;
            let account = serde_json::to_value(account).map_err(decode)?;
            data.insert(ACCOUNT.to_owned(), account);
        }
        let expiry_date =
            OffsetDateTime::from_unix_timestamp(row.expires_at.timestamp()).map_err(decode)?;
        Ok(Some(Record {
            id: *id,
            data,
            expiry_date,
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        sqlx::query!("delete from sessions where id = $1", id.to_string())
            .execute(&self.0.db)
            .await
            .map_err(backend)?;
        Ok(())
    }
}

/// Deletes sessions that nobody used for too long. The answer is how many.
///
/// # Errors
/// When the database fails.
pub async fn purge(s: &Services) -> std::result::Result<u64, Fault> {
    let done = sqlx::query!("delete from sessions where expires_at <= $1", s.now())
        .execute(&s.db)
        .await?;
    Ok(done.rows_affected())
}

/// What of a session is stored.
fn kept(record: &Record) -> HashMap<&str, &serde_json::Value> {
    let entries = record.data.iter().filter(|(key, _)| *key != ACCOUNT);
    entries.map(|(key, value)| (key.as_str(), value)).collect()
}

fn decode(error: impl std::fmt::Display) -> Error {
    Error::Decode(error.to_string())
}

fn moment(time: OffsetDateTime) -> DateTime<Utc> {
    DateTime::from_timestamp(time.unix_timestamp(), 0).unwrap_or(DateTime::<Utc>::MIN_UTC)
}

fn backend(error: sqlx::Error) -> Error {
    Error::Backend(error.to_string())
}
