//! Sessions of programs that sign in for a person: an access token for an hour, and a refresh token for a week
//! that is good for one renewal.
//!
//! A refresh token that is presented twice ends its session, even when both came at the same moment: one of the
//! two who have it should not. There is no grace for a retry, as a thief could use it as well; whoever did not
//! hear the answer signs in again.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use domain::ids::UserId;
use uuid::Uuid;

use super::{Account, jwt};
use crate::{Fault, Services, secret::digest};

/// How long a refresh token is good.
pub const REFRESH_LIFETIME: TimeDelta = TimeDelta::days(7);

/// What a program keeps of a session.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// Goes into the header `Authorization: Bearer`.
    pub access: String,
    /// How long the access token is good.
    pub lifetime: TimeDelta,
    /// Good for the next renewal.
    pub refresh: String,
}

/// Why a session was not renewed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The token is unknown or too old, or its session has ended.
    #[error("the refresh token is not good any more")]
    Ended,
    /// The token was used before; its session has ended with this.
    #[error("the refresh token was used before")]
    Reused,
    /// Not a refusal but a fault.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::from_database!(Refusal);

/// Opens a session for someone who has just proved who they are.
///
/// # Errors
/// When the database fails.
pub async fn open(s: &Services, account: &Account) -> Result<Tokens, Fault> {
    let (session, refresh, now) = (s.new_id(), fresh(s), s.now());
    sqlx::query!(
        "select open_api_session($1, $2, $3, $4, $5, $6)",
        session,
        Uuid::from(account.id),
        account.session_epoch,
        digest(&refresh),
        now,
        now + REFRESH_LIFETIME,
    )
    .execute(&s.db)
    .await?;
    tokens(s, account.id, session, refresh)
}

/// New tokens for a refresh token, which is used up by this.
///
/// # Errors
/// A token that is not good, or not any more, or a fault.
pub async fn renew(s: &Services, refresh: &str) -> Result<Tokens, Refusal> {
    let (next, now) = (fresh(s), s.now());
    let answer = sqlx::query!(
        r#"select outcome as "outcome!", session_id as "session!", user_id as "user!"
           from rotate_refresh_token($1, $2, $3, $4)"#,
        digest(refresh),
        digest(&next),
        now,
        now + REFRESH_LIFETIME,
    )
    .fetch_optional(&s.db)
    .await?
    .ok_or(Refusal::Ended)?;
    match answer.outcome.as_str() {
        "rotated" => Ok(tokens(s, answer.user.into(), answer.session, next)?),
        "reused" => Err(Refusal::Reused),
        _ => Err(Refusal::Ended),
    }
}

/// Ends the session of a refresh token, and with it the access tokens. An unknown token ends nothing.
///
/// # Errors
/// When the database fails.
pub async fn close(s: &Services, refresh: &str) -> Result<(), Fault> {
    sqlx::query!("select close_api_session($1, $2)", digest(refresh), s.now())
        .execute(&s.db)
        .await?;
    Ok(())
}

/// Deletes refresh tokens that could not be used any more in any case, used or not, and sessions without any. The
/// answer is how many tokens.
///
/// # Errors
/// When the database fails.
pub async fn purge(s: &Services) -> Result<u64, Fault> {
    let tokens = sqlx::query!("delete from refresh_tokens where expires_at <= $1", s.now())
        .execute(&s.db)
        .await?;
    sqlx::query!(
        "delete from api_sessions as s
         where not exists (select from refresh_tokens as t where t.session_id = s.id)"
    )
    .execute(&s.db)
    .await?;
    Ok(tokens.rows_affected())
}

fn fresh(s: &Services) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(s.entropy.bytes::<32>())
}

fn tokens(s: &Services, user: UserId, session: Uuid, refresh: String) -> Result<Tokens, Fault> {
    Ok(Tokens {
        access: jwt::issue_access(s, user, session)?,
        lifetime: jwt::ACCESS_LIFETIME,
        refresh,
    })
}
