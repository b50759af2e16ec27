//! The browser session: what it holds, and how it begins and ends.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    error::ErrorCode,
    ids::{TerminalId, UserId},
};
use leptos::prelude::ServerFnErrorErr;
use leptos_axum::extract;
use serde::{Deserialize, Serialize};
use services::{
    Services,
    identity::{self, Account, pins, sessions, sign_in::Proved},
};
use tower_sessions::Session;

use crate::error::AppError;

const KEY: &str = sessions::SIGNED_IN;
/// Where a right password waits for its second step.
const PROVED: &str = "proved";
/// Where recovery codes are until their page shows them.
const PUT_BY: &str = "recovery_codes";
/// However busy, a session ends this long after it began.
pub const ABSOLUTE_LIFETIME: TimeDelta = TimeDelta::days(30);
/// A session nobody uses ends after this long.
pub const IDLE_LIFETIME: TimeDelta = TimeDelta::days(7);
/// A session at a shared terminal ends with its shift.
pub const SHIFT: TimeDelta = TimeDelta::hours(12);
/// Use is noted at most this often, so that reading pages does not write.
const TOUCH_EVERY: TimeDelta = TimeDelta::hours(1);

/// What a session remembers of a signed-in person.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct SignedIn {
    user: UserId,
    epoch: i32,
    since: DateTime<Utc>,
    seen: DateTime<Utc>,
    /// Where a PIN opened it.
    #[serde(default)]
    terminal: Option<TerminalId>,
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
    open(s, session, user, epoch, None).await
}

/// Remembers a right password until its second step, under a new id as well.
///
/// # Errors
/// When the session store fails.
pub(super) async fn await_code(session: &Session, proved: &Proved) -> Result<(), AppError> {
    session.cycle_id().await.map_err(store_failed)?;
    session.insert(PROVED, proved).await.map_err(store_failed)
}

/// The right password that waits for its second step, if it still does.
///
/// # Errors
/// When the session store fails.
pub(super) async fn proved(s: &Services, session: &Session) -> Result<Option<Proved>, AppError> {
    let proved = session.get::<Proved>(PROVED).await.map_err(store_failed)?;
    Ok(proved.filter(|proved| proved.is_good(s)))
}

/// Keeps recovery codes, sealed, for the page that shows them.
///
/// # Errors
/// When the session store fails.
pub(super) async fn put_by(session: &Session, sealed: String) -> Result<(), AppError> {
    session.insert(PUT_BY, sealed).await.map_err(store_failed)
}

/// What was [`put_by`], which is forgotten by this.
///
/// # Errors
/// When the session store fails.
pub(super) async fn take_up(session: &Session) -> Result<Option<String>, AppError> {
    // To remove what is not there would write the session's row with every look at the page.
    match session.get_value(PUT_BY).await.map_err(store_failed)? {
        Some(_) => session.remove(PUT_BY).await.map_err(store_failed),
        None => Ok(None),
    }
}

/// Opens a session for someone whose PIN was right at a terminal: it may act as an attendant at the till.
///
/// # Errors
/// When the session store fails.
pub async fn begin_at_terminal(
    s: &Services,
    session: &Session,
    user: UserId,
    epoch: i32,
    terminal: TerminalId,
) -> Result<(), AppError> {
    open(s, session, user, epoch, Some(terminal)).await
}

async fn open(
    s: &Services,
    session: &Session,
    user: UserId,
    epoch: i32,
    terminal: Option<TerminalId>,
) -> Result<(), AppError> {
    let now = s.now();
    session.cycle_id().await.map_err(store_failed)?;
    // What was begun before, maybe by somebody else, is not for who signs in.
    session.remove_value(PROVED).await.map_err(store_failed)?;
    session.remove_value(PUT_BY).await.map_err(store_failed)?;
    let signed_in = SignedIn {
        user,
        epoch,
        since: now,
        seen: now,
        terminal,
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
pub async fn account(s: &Services, session: &Session) -> Result<Option<Account>, AppError> {
    let Some(signed_in) = session.get::<SignedIn>(KEY).await.map_err(store_failed)? else {
        return Ok(None);
    };
    let now = s.now();
    let lifetime = signed_in.terminal.map_or(ABSOLUTE_LIFETIME, |_| SHIFT);
    if now - signed_in.since > lifetime {
        end(session).await?;
        return Ok(None);
    }
    let account = person(s, session, &signed_in).await?;
    if account.is_some() && now - signed_in.seen > TOUCH_EVERY {
        let touched = SignedIn {
            seen: now,
            ..signed_in
        };
        session.insert(KEY, touched).await.map_err(store_failed)?;
    }
    Ok(account)
}

/// The account came with the session if this request has read it from the store; else it is asked for.
async fn person(
    s: &Services,
    session: &Session,
    signed_in: &SignedIn,
) -> Result<Option<Account>, AppError> {
    if let Some(terminal) = signed_in.terminal {
        // Who came along may be more than an attendant.
        return Ok(pins::account(s, signed_in.user, signed_in.epoch, terminal).await?);
    }
    let came_along: Option<Account> = session.get(sessions::ACCOUNT).await.map_err(store_failed)?;
    match came_along.filter(|account| account.id == signed_in.user) {
        Some(account) => Ok(Some(account).filter(|it| it.session_epoch == signed_in.epoch)),
        None => Ok(identity::account(s, signed_in.user, signed_in.epoch).await?),
    }
}

fn store_failed(error: tower_sessions::session::Error) -> AppError {
    tracing::error!(%error, "session store");
    AppError::new(ErrorCode::ServiceUnavailable)
}
