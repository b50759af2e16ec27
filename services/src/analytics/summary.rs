//! The figures of a stretch of time.

use chrono::{DateTime, Utc};
use domain::points::Points;

use super::{Range, Scope, rate};
use crate::{Fault, Services, offers::browse::points};

/// What became of the redemptions that were made in a stretch of time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Summary {
    /// All of them.
    pub total: i64,
    /// Handed out.
    pub confirmed: i64,
    /// Still waiting.
    pub pending: i64,
    /// Out of time.
    pub expired: i64,
    /// Taken back.
    pub cancelled: i64,
    /// What the confirmed ones cost.
    pub points: Points,
    /// Half of the confirmed ones were confirmed within so many seconds; none if there are none.
    pub median_seconds: Option<f64>,
}

impl Summary {
    /// The part of all that was confirmed, from 0 to 1.
    #[must_use]
    pub fn conversion_rate(&self) -> f64 {
        rate(self.confirmed, self.total)
    }

    /// The part of all that ran out of time, from 0 to 1.
    #[must_use]
    pub fn expiration_rate(&self) -> f64 {
        rate(self.expired, self.total)
    }
}

/// The figures of a range.
///
/// # Errors
/// When the database fails.
pub async fn summary(
    s: &Services,
    scope: impl Into<Scope>,
    range: Range,
) -> Result<Summary, Fault> {
    let (from, until) = range.moments(s.rules.zone);
    between(s, scope.into(), from, until).await
}

/// The figures from a moment until before another.
pub(super) async fn between(
    s: &Services,
    scope: Scope,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Summary, Fault> {
    let row = sqlx::query!(
        r#"with seen as (
               select case when status = 'pending' and expires_at <= $4 then 'expired' else status::text end
                       as status,
                   points_spent, extract(epoch from confirmed_at - created_at)::float8 as seconds
               from redemptions
               where ($1::uuid is null or merchant_id = $1) and created_at >= $2 and created_at < $3
           )
           select count(*) as "total!",
               count(*) filter (where status = 'confirmed') as "confirmed!",
               count(*) filter (where status = 'pending') as "pending!",
               count(*) filter (where status = 'expired') as "expired!",
               count(*) filter (where status = 'cancelled') as "cancelled!",
               coalesce(sum(points_spent) filter (where status = 'confirmed'), 0)::bigint as "points!",
               percentile_cont(0.5) within group (order by seconds) filter (where status = 'confirmed')
                   as median
           from seen"#,
        scope.id(),
        from,
        until,
        s.now(),
    )
    .fetch_one(&s.db)
    .await?;
    Ok(Summary {
        total: row.total,
        confirmed: row.confirmed,
        pending: row.pending,
        expired: row.expired,
        cancelled: row.cancelled,
        points: points(row.points)?,
        median_seconds: row.median,
    })
}
