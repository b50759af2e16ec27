//! Rows to take away: what a spreadsheet is made of.

use chrono::{DateTime, Utc};
use domain::{
    ids::{MerchantId, OfferId, RedemptionId, StationId, TerminalId},
    points::Points,
    redemptions::RedemptionStatus,
};

use uuid::Uuid;

use super::{Range, Scope};
use crate::{Fault, Services, identity::actors::Admin, offers::browse::points, stored};

/// One redemption. Nothing in it tells who the consumer is.
#[derive(Clone, Debug)]
pub struct Redemption {
    /// Which one.
    pub id: RedemptionId,
    /// Whose offer.
    pub merchant_id: MerchantId,
    /// Whose, by name.
    pub merchant_name: String,
    /// Of which offer.
    pub offer_id: OfferId,
    /// The offer's name then.
    pub offer_name: String,
    /// What it cost.
    pub points_spent: Points,
    /// What has become of it.
    pub status: RedemptionStatus,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when it could be confirmed.
    pub expires_at: DateTime<Utc>,
    /// When it was handed out.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// By whom: a person's identifier, or that of an integration's key.
    pub confirmed_by: Option<Uuid>,
    /// Where.
    pub station_id: Option<StationId>,
    /// At which terminal.
    pub terminal_id: Option<TerminalId>,
    /// When it was taken back.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// Why, if the consumer said so.
    pub cancellation_reason: Option<String>,
}

/// The redemptions that were made in a range, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn redemptions(
    s: &Services,
    scope: impl Into<Scope>,
    range: Range,
) -> Result<Vec<Redemption>, Fault> {
    let (from, until) = range.moments(s.rules.zone);
    let rows = sqlx::query!(
        r#"select r.id, r.merchant_id, m.name as merchant_name, r.offer_id, r.offer_name, r.points_spent,
               case when r.status = 'pending' and r.expires_at <= $4 then 'expired' else r.status::text end
                   as "status!",
               r.created_at, r.expires_at, r.confirmed_at,
               coalesce(r.confirmed_by, r.confirmed_key_id) as confirmed_by, r.station_id, r.terminal_id,
               r.cancelled_at, r.cancellation_reason
           from redemptions r join merchants m on m.id = r.merchant_id
           where ($1::uuid is null or r.merchant_id = $1) and r.created_at >= $2 and r.created_at < $3
           order by r.id"#,
        scope.into().id(),
        from,
        until,
        s.now(),
    )
    .fetch_all(&s.db)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Redemption {
                id: row.id.into(),
                merchant_id: row.merchant_id.into(),
                merchant_name: row.merchant_name,
                offer_id: row.offer_id.into(),
                offer_name: row.offer_name,
                points_spent: points(row.points_spent)?,
                status: stored(&row.status)?,
                created_at: row.created_at,
                expires_at: row.expires_at,
                confirmed_at: row.confirmed_at,
                confirmed_by: row.confirmed_by,
                station_id: row.station_id.map(Into::into),
                terminal_id: row.terminal_id.map(Into::into),
                cancelled_at: row.cancelled_at,
                cancellation_reason: row.cancellation_reason,
            })
        })
        .collect()
}

/// What was redeemed of one offer, or of one merchant's.
#[derive(Clone, Debug)]
pub struct Tally {
    /// The merchant.
    pub merchant_id: MerchantId,
    /// Its name.
    pub merchant_name: String,
    /// The offer and its name, where offers are told apart.
    pub offer: Option<(OfferId, String)>,
    /// Redemptions that were made.
    pub total: i64,
    /// Of those, handed out.
    pub confirmed: i64,
    /// Of those, out of time.
    pub expired: i64,
    /// Of those, taken back.
    pub cancelled: i64,
    /// What the confirmed ones cost.
    pub points: Points,
}

/// Every offer's, or every merchant's, redemptions in a range, those without any among them.
///
/// # Errors
/// When the database fails.
pub async fn tallies(
    s: &Services,
    _: Admin,
    range: Range,
    by_offer: bool,
) -> Result<Vec<Tally>, Fault> {
    let (from, until) = range.moments(s.rules.zone);
    let rows = sqlx::query!(
        r#"select m.id as merchant_id, m.name as merchant_name, o.id as "offer_id?", o.name as "offer_name?",
               count(r.id) as "total!",
               count(r.id) filter (where r.status = 'confirmed') as "confirmed!",
               count(r.id) filter (where r.status = 'expired' or (r.status = 'pending' and r.expires_at <= $4))
                   as "expired!",
               count(r.id) filter (where r.status = 'cancelled') as "cancelled!",
               coalesce(sum(r.points_spent) filter (where r.status = 'confirmed'), 0)::bigint as "points!"
           from merchants m
               left join offers o on $1 and o.merchant_id = m.id
               left join redemptions r on r.merchant_id = m.id and (not $1 or r.offer_id = o.id)
                   and r.created_at >= $2 and r.created_at < $3
           where not $1 or o.id is not null
           group by m.id, o.id order by lower(m.name), lower(o.name), o.id"#,
        by_offer,
        from,
        until,
        s.now(),
    )
    .fetch_all(&s.db)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Tally {
                merchant_id: row.merchant_id.into(),
                merchant_name: row.merchant_name,
                offer: row.offer_id.map(OfferId::from).zip(row.offer_name),
                total: row.total,
                confirmed: row.confirmed,
                expired: row.expired,
                cancelled: row.cancelled,
                points: points(row.points)?,
            })
        })
        .collect()
}
