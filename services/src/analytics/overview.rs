//! Everything that a merchant's or the programme's figures show of a range.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    ids::{OfferId, RedemptionId},
    points::Points,
    redemptions::RedemptionStatus,
};

use super::{
    Range, Scope,
    summary::{Summary, summary},
};
use crate::{Fault, Services, offers::browse::points, stored};

/// How many offers count as popular.
const POPULAR: i64 = 10;
/// How many of the latest redemptions are shown.
const LATEST: i64 = 10;

/// The figures of a range.
#[derive(Clone, Debug)]
pub struct Overview {
    /// The days.
    pub range: Range,
    /// All together.
    pub summary: Summary,
    /// Day by day, every day of the range.
    pub days: Vec<Day>,
    /// When redemptions are confirmed, by the hour of the day; hours without any are left out.
    pub hours: Vec<Hour>,
    /// What is redeemed most.
    pub popular: Vec<Popular>,
    /// The seven days up to the range's last, and the seven before.
    pub weeks: Comparison,
    /// The month up to the range's last day, and the month before.
    pub months: Comparison,
    /// The newest redemptions, of whatever day.
    pub latest: Vec<Latest>,
}

/// One day's redemptions.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Day {
    /// In the programme's zone.
    pub day: NaiveDate,
    /// Made on it.
    pub total: i64,
    /// Of those, handed out.
    pub confirmed: i64,
    /// What those cost.
    pub points: Points,
}

/// One hour's confirmations.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Hour {
    /// 0 to 23, in the programme's zone.
    pub hour: i32,
    /// How many.
    pub confirmed: i64,
}

/// An offer that is redeemed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Popular {
    /// Which one.
    pub offer_id: OfferId,
    /// Its name when it was last redeemed.
    pub name: String,
    /// How often it was redeemed in the range.
    pub total: i64,
    /// Of those, handed out.
    pub confirmed: i64,
    /// What those cost.
    pub points: Points,
}

/// A stretch of time beside the one before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// The later one.
    pub current: Summary,
    /// The earlier one.
    pub previous: Summary,
}

impl Comparison {
    /// How many more were confirmed, as a part of the earlier figure; none if that is nothing.
    #[must_use]
    pub fn change(&self) -> Option<f64> {
        let (now, before) = (self.current.confirmed, self.previous.confirmed);
        (before > 0).then(|| super::rate(now - before, before))
    }
}

/// One of the newest redemptions. Nothing in it tells who the consumer is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Latest {
    /// Which one.
    pub redemption: RedemptionId,
    /// What was redeemed.
    pub offer_name: String,
    /// What it cost.
    pub points_spent: Points,
    /// What has become of it.
    pub status: RedemptionStatus,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was handed out.
    pub confirmed_at: Option<DateTime<Utc>>,
}

/// The figures of a range.
///
/// # Errors
/// When the database fails.
pub async fn overview(
    s: &Services,
    scope: impl Into<Scope>,
    range: Range,
) -> Result<Overview, Fault> {
    let scope = scope.into();
    let week = Range {
        from: range.to - chrono::Days::new(6),
        to: range.to,
    };
    let month = Range::month_to(range.to);
    let month_before = Range::month_to(month.from - chrono::Days::new(1));
    Ok(Overview {
        range,
        summary: summary(s, scope, range).await?,
        days: days(s, scope, range).await?,
        hours: hours(s, scope, range).await?,
        popular: popular(s, scope, range).await?,
        weeks: Comparison {
            current: summary(s, scope, week).await?,
            previous: summary(s, scope, week.shifted(7)).await?,
        },
        months: Comparison {
            current: summary(s, scope, month).await?,
            previous: summary(s, scope, month_before).await?,
        },
        latest: latest(s, scope).await?,
    })
}

async fn days(s: &Services, scope: Scope, range: Range) -> Result<Vec<Day>, Fault> {
    let (from, until) = range.moments(s.rules.zone);
    let rows = sqlx::query!(
        r#"select d::date as "day!", count(r.id) as "total!",
               count(r.id) filter (where r.status = 'confirmed') as "confirmed!",
               coalesce(sum(r.points_spent) filter (where r.status = 'confirmed'), 0)::bigint as "points!"
           from generate_series($4::date, $5::date, interval '1 day') as d
               left join redemptions r
                   on ($1::uuid is null or r.merchant_id = $1) and r.created_at >= $2 and r.created_at < $3
                   and (r.created_at at time zone $6)::date = d::date
           group by d order by d"#,
        scope.id(),
        from,
        until,
        range.from,
        range.to,
        s.rules.zone.name(),
    )
    .fetch_all(&s.db)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Day {
                day: row.day,
                total: row.total,
                confirmed: row.confirmed,
                points: points(row.points)?,
            })
        })
        .collect()
}

async fn hours(s: &Services, scope: Scope, range: Range) -> Result<Vec<Hour>, Fault> {
    let (from, until) = range.moments(s.rules.zone);
    let rows = sqlx::query!(
        r#"select extract(hour from confirmed_at at time zone $4)::integer as "hour!", count(*) as "confirmed!"
           from redemptions
           where ($1::uuid is null or merchant_id = $1) and status = 'confirmed'
               and confirmed_at >= $2 and confirmed_at < $3
           group by 1 order by 1"#,
        scope.id(),
        from,
        until,
        s.rules.zone.name(),
    )
    .fetch_all(&s.db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Hour {
            hour: row.hour,
            confirmed: row.confirmed,
        })
        .collect())
}

async fn popular(s: &Services, scope: Scope, range: Range) -> Result<Vec<Popular>, Fault> {
    let (from, until) = range.moments(s.rules.zone);
    let rows = sqlx::query!(
        r#"select offer_id, (array_agg(offer_name order by id desc))[1] as "name!", count(*) as "total!",
               count(*) filter (where status = 'confirmed') as "confirmed!",
               coalesce(sum(points_spent) filter (where status = 'confirmed'), 0)::bigint as "points!"
           from redemptions
           where ($1::uuid is null or merchant_id = $1) and created_at >= $2 and created_at < $3
           group by offer_id order by count(*) desc, offer_id limit $4"#,
        scope.id(),
        from,
        until,
        POPULAR,
    )
    .fetch_all(&s.db)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Popular {
                offer_id: row.offer_id.into(),
                name: row.name,
                total: row.total,
                confirmed: row.confirmed,
                points: points(row.points)?,
            })
        })
        .collect()
}

async fn latest(s: &Services, scope: Scope) -> Result<Vec<Latest>, Fault> {
    let rows = sqlx::query!(
        r#"select id, offer_name, points_spent,
               case when status = 'pending' and expires_at <= $2 then 'expired' else status::text end
                   as "status!",
               created_at, confirmed_at
           from redemptions where ($1::uuid is null or merchant_id = $1) order by id desc limit $3"#,
        scope.id(),
        s.now(),
        LATEST,
    )
    .fetch_all(&s.db)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Latest {
                redemption: row.id.into(),
                offer_name: row.offer_name,
                points_spent: points(row.points_spent)?,
                status: stored(&row.status)?,
                created_at: row.created_at,
                confirmed_at: row.confirmed_at,
            })
        })
        .collect()
}
