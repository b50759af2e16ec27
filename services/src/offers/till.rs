//! The till: look a code up, confirm it once, see the last ones.

use chrono::{DateTime, Utc};
use domain::{
    codes::Presented,
    ids::{RedemptionId, UserId},
    points::Points,
    redemptions::RedemptionStatus,
};
use uuid::Uuid;

use super::{browse::points, tokens};
use crate::{Fault, Services, identity::actors::Attendant, stored};

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
    pub verdict: Verdict,
}

/// What the till may do with a redemption.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// Confirm it, with this ticket, within two minutes.
    Good { ticket: String },
    /// It was confirmed before.
    Used { at: DateTime<Utc>, by_you: bool },
    /// Its time ran out.
    Expired,
    /// The consumer took it back.
    Cancelled,
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
    #[error("already used at {at}")]
    Used { at: DateTime<Utc>, by_you: bool },
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

impl From<sqlx::Error> for Refusal {
    fn from(error: sqlx::Error) -> Self {
        Self::Fault(error.into())
    }
}

/// Looks a code up without changing anything. A token, where there is one, must be fresh; a code of
/// another merchant does not exist.
///
/// # Errors
/// A refusal, or a fault.
pub async fn validate(
    s: &Services,
    attendant: Attendant,
    presented: &Presented,
) -> Result<Validated, Refusal> {
    let (id, code, short, token) = match presented {
        Presented::Id(id) => (Some(Uuid::from(*id)), None, None, None),
        Presented::Code { code, token } => (None, Some(code.as_str()), None, token.as_deref()),
        Presented::Short(short) => (None, None, Some(short.as_str()), None),
    };
    // A short code is free again once its redemption is final, so of several the newest is meant.
    let row = sqlx::query!(
        r#"select id, merchant_id, offer_name, points_spent, status::text as "status!", created_at,
               expires_at, confirmed_at, confirmed_by
           from redemptions
           where id = $1 or code = $2 or (short_code = $3 and merchant_id = $4)
           order by (status = 'pending') desc, id desc limit 1"#,
        id,
        code,
        short,
        Uuid::from(attendant.merchant()),
    )
    .fetch_optional(&s.db)
    .await?
    .ok_or(Refusal::InvalidCode)?;
    if row.merchant_id != Uuid::from(attendant.merchant()) {
        tracing::warn!(user = %attendant.user(), redemption = %row.id, "another merchant's code was presented");
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
            ticket: tokens::ticket(&s.qr_secret, redemption, attendant.user(), now),
        },
        RedemptionStatus::Confirmed => {
            let (at, by_you) = used(row.confirmed_at, row.confirmed_by, attendant)?;
            Verdict::Used { at, by_you }
        }
        RedemptionStatus::Cancelled => Verdict::Cancelled,
        RedemptionStatus::Expired => Verdict::Expired,
    };
    Ok(Validated {
        redemption,
        offer_name: row.offer_name,
        points_spent: points(row.points_spent)?,
        created_at: row.created_at,
        expires_at: row.expires_at,
        verdict,
    })
}

/// Burns a pending redemption, exactly once, given the ticket of the validation before.
///
/// # Errors
/// A refusal, or a fault.
pub async fn confirm(
    s: &Services,
    attendant: Attendant,
    redemption: RedemptionId,
    ticket: &str,
) -> Result<(), Refusal> {
    let now = s.now();
    if !tokens::ticket_is_good(&s.qr_secret, redemption, attendant.user(), ticket, now) {
        return Err(Refusal::InvalidTicket);
    }
    let row = sqlx::query!(
        r#"select changed as "changed!", status::text as "status!"
           from confirm_redemption($1, $2, $3, $4, $5)"#,
        Uuid::from(redemption),
        s.new_id(),
        Uuid::from(attendant.merchant()),
        Uuid::from(attendant.user()),
        now,
    )
    .fetch_optional(&s.db)
    .await?
    .ok_or(Refusal::InvalidCode)?;
    match stored(&row.status)? {
        RedemptionStatus::Confirmed if row.changed => Ok(()),
        RedemptionStatus::Confirmed => Err(who_used_it(s, attendant, redemption).await?),
        RedemptionStatus::Cancelled => Err(Refusal::Cancelled),
        RedemptionStatus::Pending | RedemptionStatus::Expired => Err(Refusal::Expired),
    }
}

async fn who_used_it(
    s: &Services,
    attendant: Attendant,
    redemption: RedemptionId,
) -> Result<Refusal, Fault> {
    let row = sqlx::query!(
        "select confirmed_at, confirmed_by from redemptions where id = $1",
        Uuid::from(redemption)
    )
    .fetch_one(&s.db)
    .await?;
    let (at, by_you) = used(row.confirmed_at, row.confirmed_by, attendant)?;
    Ok(Refusal::Used { at, by_you })
}

fn used(
    at: Option<DateTime<Utc>>,
    by: Option<Uuid>,
    attendant: Attendant,
) -> Result<(DateTime<Utc>, bool), Fault> {
    let (Some(at), Some(by)) = (at, by) else {
        return Err(Fault::Broken(
            "a confirmed redemption says when and by whom",
        ));
    };
    Ok((at, UserId::from(by) == attendant.user()))
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
