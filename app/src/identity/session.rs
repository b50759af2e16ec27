//! The browser session: what it holds, and how it begins and ends.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{error::ErrorCode, ids::UserId};
use leptos::prelude::ServerFnErrorErr;
use leptos_axum::extract;
use serde::{Deserialize, Serialize};
use services::{Services, identity};
use tower_sessions::Session;

use crate::error::AppError;

const KEY: &str = "signed_in";
/// However busy, a session ends this long after it began.
pub const ABSOLUTE_LIFETIME: TimeDelta = TimeDelta::days(30);
/// A session nobody uses ends after this long.
pub const IDLE_LIFETIME: TimeDelta = TimeDelta::days(7);
/// Use is noted at most this often, so that reading pages does not write.
const TOUCH_EVERY: TimeDelta = TimeDelta::hours(1);

/// What a session remembers of a signed-in person.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct SignedIn {
    user: UserId,
    epoch: i32,
    since: DateTime<Utc>,
    seen: DateTime<Utc>,
}

/// The request's session.
///
/// # Errors
/// When the request has none: a fault of ours.
pub(crate) async fn current() -> Result<Session, AppError> {
    extract()
        .await
        .map_err(|_: ServerFnErrorErr| AppError::new(ErrorCode::InternalError))
}

/// Opens a signed-in session under a new id, so that an id planted before is worth nothing.
///
/// # Errors
/// When the session store fails.
pub async fn begin(
    s: &Services,
    session: &Session,
    user: UserId,
    epoch: i32,
) -> Result<(), AppError> {
    let now = s.now();
    session.cycle_id().await.map_err(store_failed)?;
    let signed_in = SignedIn {
        user,
        epoch,
        since: now,
        seen: now,
    };
    session.insert(KEY, signed_in).await.map_err(store_failed)
}

/// Ends a session.
///
/// # Errors
/// When the session store fails.
pub async fn end(session: &Session) -> Result<(), AppError> {
    session.flush().await.map_err(store_failed)
}

/// The account of a session, unless it has ended: by idleness (the store's own expiry), by age, or because
/// the person ended all sessions.
///
/// # Errors
/// When a store fails.
pub async fn account(
    s: &Services,
    session: &Session,
) -> Result<Option<identity::Account>, AppError> {
    let Some(signed_in) = session.get::<SignedIn>(KEY).await.map_err(store_failed)? else {
        return Ok(None);
    };
    let now = s.now();
    if now - signed_in.since > ABSOLUTE_LIFETIME {
        end(session).await?;
        return Ok(None);
    }
    let account = identity::account(s, signed_in.user, signed_in.epoch).await?;
    if account.is_some() && now - signed_in.seen > TOUCH_EVERY {
        let touched = SignedIn {
            seen: now,
            ..signed_in
        };
        session.insert(KEY, touched).await.map_err(store_failed)?;
    }
    Ok(account)
}

fn store_failed(error: tower_sessions::session::Error) -> AppError {
    tracing::error!(%error, "session store");
    AppError::new(ErrorCode::ServiceUnavailable)
}
