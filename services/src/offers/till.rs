//! The till: look a code up, confirm it once, see the last ones.

use chrono::{DateTime, Utc};
use domain::{
    codes::Presented,
    ids::{RedemptionId, StationId, TerminalId},
    points::Points,
    redemptions::RedemptionStatus,
};
use uuid::Uuid;

use super::{browse::points, tokens};
use crate::{
    Fault, Services,
    audit::{Theirs, not_theirs},
    identity::actors::{Attendant, Operator},
    stored,
};

/// How many confirmations the till lists.
const RECENT: i64 = 10;

/// A redemption as the till sees it. Nothing in it tells who the consumer is.
#[derive(Clone, Debug)]
pub struct Validated {
    pub redemption: RedemptionId,
    pub offer_name: String,
    pub points_spent: Points,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// Who confirmed it: a person's identifier, or that of an integration's key.
    pub confirmed_by: Option<Uuid>,
    /// Where it was confirmed, if that is known.
    pub station_id: Option<StationId>,
    /// The terminal at which it was confirmed, if it was at one.
    pub terminal_id: Option<TerminalId>,
    pub cancelled_at: Option<DateTime<Utc>>,
    /// Why the consumer took it back, if they said so.
    pub cancellation_reason: Option<String>,
    pub verdict: Verdict,
}

/// What the till may do with a redemption.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// Confirm it, with this ticket, within two minutes.
    Good { ticket: String },
    /// It was confirmed before.
    Used(Use),
    /// Its time ran out.
    Expired,
    /// The consumer took it back.
    Cancelled,
}

/// The confirmation of a redemption that was presented again.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Use {
    /// When.
    pub at: DateTime<Utc>,
    /// Whether the one who asks confirmed it: then it may be a retry.
    pub by_you: bool,
    /// The terminal's name, if it was at one.
    pub terminal: Option<String>,
}

/// A confirmation that was made, now or by an earlier call with the same key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Confirmed {
    /// What to hand out.
    pub offer_name: String,
    /// What it was worth.
    pub points_spent: Points,
    /// When it was confirmed.
    pub at: DateTime<Utc>,
    /// Whether an earlier call had done it.
    pub replayed: bool,
}

/// Why nothing was validated or confirmed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// This merchant has no redemption with this code.
    #[error("no such code")]
    InvalidCode,
    /// The QR's token is stale or was tampered with.
    #[error("the QR is stale or was tampered with")]
    InvalidToken,
    /// The ticket is too old or belongs to something else: validate again.
    #[error("validate the code again")]
    InvalidTicket,
    /// It was confirmed before.
    #[error("already used at {}", .0.at)]
    Used(Use),
    /// Its time ran out.
    #[error("expired")]
    Expired,
    /// The consumer took it back.
    #[error("cancelled")]
    Cancelled,
    /// Not a refusal but a fault.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::from_database!(Refusal);

/// Looks a code up without changing anything. A token, where there is one, must be fresh; a code of
/// another merchant does not exist.
///
/// # Errors
/// A refusal, or a fault.
pub async fn validate(
    s: &Services,
    operator: impl Into<Operator>,
    presented: &Presented,
) -> Result<Validated, Refusal> {
    let operator = operator.into();
    let (id, code, short, token) = match presented {
        Presented::Id(id) => (Some(Uuid::from(*id)), None, None, None),
        Presented::Code { code, token } => (None, Some(code.as_str()), None, token.as_deref()),
        Presented::Short(short) => (None, None, Some(short.as_str()), None),
    };
    // A short code is free again once its redemption is final, so of several the newest is meant.
    let row = sqlx::query!(
        r#"select r.id, r.merchant_id, r.offer_name, r.points_spent, r.status::text as "status!", r.created_at,
               r.expires_at, r.confirmed_at, coalesce(r.confirmed_by, r.confirmed_key_id) as confirmed_by,
               r.station_id, r.terminal_id, r.cancelled_at, r.cancellation_reason, t.name as "terminal?"
           from redemptions r left join terminals t on t.id = r.terminal_id
           where r.id = $1 or r.code = $2 or (r.short_code = $3 and r.merchant_id = $4)
           order by (r.status = 'pending') desc, r.id desc limit 1"#,
        id,
        code,
        short,
        Uuid::from(operator.merchant()),
    )
    .fetch_optional(&s.db)
    .await?
    .ok_or(Refusal::InvalidCode)?;
    if row.merchant_id != Uuid::from(operator.merchant()) {
        not_theirs(s, operator, Theirs::Redemption(row.id.into())).await?;
        return Err(Refusal::InvalidCode);
    }
    let now = s.now();
    let redemption = RedemptionId::from(row.id);
    if let Some(token) = token
        && !tokens::qr_token_is_good(&s.qr_secret, redemption, token, now)
    {
        return Err(Refusal::InvalidToken);
    }
    let verdict = match stored(&row.status)? {
        RedemptionStatus::Pending if row.expires_at <= now => Verdict::Expired,
        RedemptionStatus::Pending => Verdict::Good {
            ticket: tokens::ticket(&s.qr_secret, redemption, operator.id(), now),
        },
        RedemptionStatus::Confirmed => Verdict::Used(used(
            row.confirmed_at,
            row.confirmed_by,
            row.terminal,
            operator,
        )?),
        RedemptionStatus::Cancelled => Verdict::Cancelled,
        RedemptionStatus::Expired => Verdict::Expired,
    };
    Ok(Validated {
        redemption,
        offer_name: row.offer_name,
        points_spent: points(row.points_spent)?,
        created_at: row.created_at,
        expires_at: row.expires_at,
        confirmed_by: row.confirmed_by,
        station_id: row.station_id.map(Into::into),
        terminal_id: row.terminal_id.map(Into::into),
        cancelled_at: row.cancelled_at,
        cancellation_reason: row.cancellation_reason,
        verdict,
    })
}

/// Burns a pending redemption, exactly once, given the ticket of the validation before. With a `key`, the same
/// actor's retry is answered as the first call was.
///
/// # Errors
/// A refusal, or a fault.
pub async fn confirm(
    s: &Services,
    operator: impl Into<Operator>,
    redemption: RedemptionId,
    ticket: &str,
    key: Option<&str>,
) -> Result<Confirmed, Refusal> {
    let (operator, now) = (operator.into(), s.now());
    if !tokens::ticket_is_good(&s.qr_secret, redemption, operator.id(), ticket, now) {
        return Err(Refusal::InvalidTicket);
    }
    let row = sqlx::query!(
        r#"select outcome as "outcome!", offer_name as "offer_name!", points_spent as "points_spent!",
               confirmed_at, coalesce(confirmed_by, confirmed_key_id) as confirmed_by, terminal_name
           from confirm_redemption($1, $2, $3, $4, $5, $6, $7, $8)"#,
        Uuid::from(redemption),
        s.new_id(),
        Uuid::from(operator.merchant()),
        operator.person().map(Uuid::from),
        operator.api_key().map(Uuid::from),
        operator.terminal().map(Uuid::from),
        key,
        now,
    )
    .fetch_optional(&s.db)
    .await?
    .ok_or(Refusal::InvalidCode)?;
    let replayed = match row.outcome.as_str() {
        "confirmed" => false,
        "replayed" => true,
        "cancelled" => return Err(Refusal::Cancelled),
        "expired" => return Err(Refusal::Expired),
        _ => {
            let used = used(
                row.confirmed_at,
                row.confirmed_by,
                row.terminal_name,
                operator,
            )?;
            return Err(Refusal::Used(used));
        }
    };
    Ok(Confirmed {
        offer_name: row.offer_name,
        points_spent: points(row.points_spent)?,
        at: row.confirmed_at.unwrap_or(now),
        replayed,
    })
}

pub(super) fn used(
    at: Option<DateTime<Utc>>,
    by: Option<Uuid>,
    terminal: Option<String>,
    operator: Operator,
) -> Result<Use, Fault> {
    let (Some(at), Some(by)) = (at, by) else {
        return Err(Fault::Broken(
            "a confirmed redemption says when and by whom",
        ));
    };
    Ok(Use {
        at,
        by_you: by == operator.id(),
        terminal,
    })
}

/// A confirmation in the till's list.
#[derive(Clone, Debug)]
pub struct Recent {
    pub offer_name: String,
    pub short_code: String,
    pub confirmed_at: DateTime<Utc>,
}

/// The attendant's own last confirmations, newest first.
///
/// # Errors
/// When the database fails.
pub async fn recent(s: &Services, attendant: Attendant) -> Result<Vec<Recent>, Fault> {
    let rows = sqlx::query!(
        r#"select offer_name, short_code, confirmed_at as "confirmed_at!" from redemptions
           where confirmed_by = $1 and status = 'confirmed' order by confirmed_at desc limit $2"#,
        Uuid::from(attendant.user()),
        RECENT,
    )
    .fetch_all(&s.db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Recent {
            offer_name: row.offer_name,
            short_code: row.short_code,
            confirmed_at: row.confirmed_at,
        })
        .collect())
}
