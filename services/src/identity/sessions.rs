//! Where browser sessions are kept: one row each, every operation one statement.
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

use crate::{Fault, Services};

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
                Json(&record.data) as _,
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
            Json(&record.data) as _,
            moment(record.expiry_date),
        )
        .execute(&self.0.db)
        .await
        .map_err(backend)?;
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let row = sqlx::query!(
            r#"select data as "data: Json<HashMap<String, serde_json::Value>>", expires_at
               from sessions where id = $1 and expires_at > $2"#,
            id.to_string(),
            self.0.now(),
        )
        .fetch_optional(&self.0.db)
        .await
        .map_err(backend)?;
        row.map(|row| {
            let expiry_date = OffsetDateTime::from_unix_timestamp(row.expires_at.timestamp())
                .map_err(|error| Error::Decode(error.to_string()))?;
            Ok(Record {
                id: *id,
                data: row.data.0,
                expiry_date,
            })
        })
        .transpose()
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

fn moment(time: OffsetDateTime) -> DateTime<Utc> {
    DateTime::from_timestamp(time.unix_timestamp(), 0).unwrap_or(DateTime::<Utc>::MIN_UTC)
}

fn backend(error: sqlx::Error) -> Error {
    Error::Backend(error.to_string())
}
