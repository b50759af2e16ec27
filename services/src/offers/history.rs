//! What a consumer, or a stranger with a code, sees of redemptions.

use chrono::{DateTime, Utc};
use domain::{
    codes::{RedemptionCode, ShortCode},
    ids::{OfferId, RedemptionId, StationId, TerminalId},
    points::Points,
    redemptions::RedemptionStatus,
};
use uuid::Uuid;

use super::{browse::points, tokens};
use crate::{Fault, Services, identity::actors::Consumer, paging::Limit, stored};

/// A redemption on its consumer's page.
#[derive(Clone, Debug)]
pub struct Detail {
    pub id: RedemptionId,
    pub offer_id: OfferId,
    pub offer_name: String,
    pub merchant_name: String,
    pub points_spent: Points,
    pub status: RedemptionStatus,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub confirmed_at: Option<DateTime<Utc>>,
    pub cancelled_at: Option<DateTime<Utc>>,
    /// Why the consumer took it back, if they said so.
    pub cancellation_reason: Option<String>,
    /// Who confirmed it: a person's identifier, or that of an integration's key.
    pub confirmed_by: Option<Uuid>,
    /// Where it was confirmed, if that is known.
    pub station_id: Option<StationId>,
    /// The terminal at which it was confirmed, if it was at one.
    pub terminal_id: Option<TerminalId>,
    /// The codes, while they are good for something.
    pub codes: Option<Codes>,
}

/// What the consumer shows at the till.
#[derive(Clone, Debug)]
pub struct Codes {
    pub code: RedemptionCode,
    pub short_code: ShortCode,
    /// The QR's token of this moment.
    pub token: String,
    /// When the next token takes over.
    pub rotates_at: DateTime<Utc>,
}

/// One of the consumer's own redemptions; none if it is not theirs.
///
/// # Errors
/// When the database fails.
pub async fn detail(
    s: &Services,
    consumer: Consumer,
    redemption: RedemptionId,
) -> Result<Option<Detail>, Fault> {
    let row = sqlx::query!(
        r#"select r.id, r.offer_id, r.offer_name, m.name as merchant_name, r.points_spent,
               r.status::text as "status!", r.created_at, r.expires_at, r.confirmed_at, r.cancelled_at,
               r.cancellation_reason, coalesce(r.confirmed_by, r.confirmed_key_id) as confirmed_by, r.station_id,
               r.terminal_id, r.code, r.short_code
           from redemptions r join merchants m on m.id = r.merchant_id
           where r.id = $1 and r.consumer_id = $2"#,
        Uuid::from(redemption),
        Uuid::from(consumer.user()),
    )
    .fetch_optional(&s.db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let now = s.now();
    let status = seen_at(stored(&row.status)?, row.expires_at, now);
    let codes = match status {
        RedemptionStatus::Pending => Some(Codes {
            code: stored(&row.code)?,
            short_code: stored(&row.short_code)?,
            token: tokens::qr_token(&s.qr_secret, redemption, now),
            rotates_at: tokens::next_rotation(now),
        }),
        _ => None,
    };
    Ok(Some(Detail {
        id: row.id.into(),
        offer_id: row.offer_id.into(),
        offer_name: row.offer_name,
        merchant_name: row.merchant_name,
        points_spent: points(row.points_spent)?,
        status,
        created_at: row.created_at,
        expires_at: row.expires_at,
        confirmed_at: row.confirmed_at,
        cancelled_at: row.cancelled_at,
        cancellation_reason: row.cancellation_reason,
        confirmed_by: row.confirmed_by,
        station_id: row.station_id.map(Into::into),
        terminal_id: row.terminal_id.map(Into::into),
        codes,
    }))
}

/// A redemption in its consumer's list.
#[derive(Clone, Debug)]
pub struct Summary {
    pub id: RedemptionId,
    pub offer_id: OfferId,
    pub offer_name: String,
    pub merchant_name: String,
    pub points_spent: Points,
    pub status: RedemptionStatus,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub confirmed_at: Option<DateTime<Utc>>,
    pub cancelled_at: Option<DateTime<Utc>>,
}

/// One page of a consumer's redemptions, newest first.
#[derive(Clone, Debug)]
pub struct Page {
    pub redemptions: Vec<Summary>,
    /// The next page begins behind this one; none on the last.
    pub next: Option<RedemptionId>,
}

/// Which redemptions to list.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// Only those that are this now.
    pub status: Option<RedemptionStatus>,
    /// Behind this one.
    pub after: Option<RedemptionId>,
    /// At most so many.
    pub limit: Limit,
}

/// A consumer's redemptions.
///
/// # Errors
/// When the database fails.
pub async fn list(s: &Services, consumer: Consumer, filter: Filter) -> Result<Page, Fault> {
    let now = s.now();
    let mut rows = sqlx::query!(
        r#"select r.id, r.offer_id, r.offer_name, m.name as merchant_name, r.points_spent,
               r.status::text as "status!", r.created_at, r.expires_at, r.confirmed_at, r.cancelled_at
           from redemptions r join merchants m on m.id = r.merchant_id
           where r.consumer_id = $1 and ($2::uuid is null or r.id < $2)
               and ($4::text is null or $4 = case
                   when r.status = 'pending' and r.expires_at <= $5 then 'expired' else r.status::text
               end)
           order by r.id desc limit $3"#,
        Uuid::from(consumer.user()),
        filter.after.map(Uuid::from),
        filter.limit.asked(),
        filter.status.map(RedemptionStatus::as_str),
        now,
    )
    .fetch_all(&s.db)
    .await?;
    let more = filter.limit.cut(&mut rows);
    let next = rows.last().filter(|_| more).map(|row| row.id.into());
    let redemptions = rows
        .into_iter()
        .map(|row| {
            Ok(Summary {
                id: row.id.into(),
                offer_id: row.offer_id.into(),
                offer_name: row.offer_name,
                merchant_name: row.merchant_name,
                points_spent: points(row.points_spent)?,
                status: seen_at(stored(&row.status)?, row.expires_at, now),
                created_at: row.created_at,
                expires_at: row.expires_at,
                confirmed_at: row.confirmed_at,
                cancelled_at: row.cancelled_at,
            })
        })
        .collect::<Result<_, Fault>>()?;
    Ok(Page { redemptions, next })
}

/// What anyone who holds a code may know of it: never whose it is.
#[derive(Clone, Debug)]
pub struct Landing {
    pub offer_id: OfferId,
    pub offer_name: String,
    pub merchant_name: String,
    pub status: RedemptionStatus,
}

/// A consumer's own redemption that has this code; none if it is not theirs.
///
/// # Errors
/// When the database fails.
pub async fn by_code(
    s: &Services,
    consumer: Consumer,
    code: &RedemptionCode,
) -> Result<Option<Detail>, Fault> {
    let id = sqlx::query_scalar!(
        "select id from redemptions where code = $1 and consumer_id = $2",
        code.as_str(),
        Uuid::from(consumer.user()),
    )
    .fetch_optional(&s.db)
    .await?;
    match id {
        Some(id) => detail(s, consumer, id.into()).await,
        None => Ok(None),
    }
}

/// The public face of a code.
///
/// # Errors
/// When the database fails.
pub async fn landing(s: &Services, code: &RedemptionCode) -> Result<Option<Landing>, Fault> {
    let row = sqlx::query!(
        r#"select r.offer_id, r.offer_name, m.name as merchant_name, r.status::text as "status!", r.expires_at
           from redemptions r join merchants m on m.id = r.merchant_id where r.code = $1"#,
        code.as_str(),
    )
    .fetch_optional(&s.db)
    .await?;
    row.map(|row| {
        Ok(Landing {
            offer_id: row.offer_id.into(),
            offer_name: row.offer_name,
            merchant_name: row.merchant_name,
            status: seen_at(stored(&row.status)?, row.expires_at, s.now()),
        })
    })
    .transpose()
}

/// A pending redemption whose time is over counts as expired before the job has come to it.
fn seen_at(
    status: RedemptionStatus,
    expires_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> RedemptionStatus {
    if status == RedemptionStatus::Pending && expires_at <= now {
        RedemptionStatus::Expired
    } else {
        status
    }
}
