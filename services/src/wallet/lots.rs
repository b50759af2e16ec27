//! Lots: points with a date, from the balance that they make up to their expiry.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    earning::{LotKind, TierRule, tier_of},
    locale::Locale,
    points::Points,
};
use uuid::Uuid;

use crate::{Fault, Services, identity::actors::Consumer, offers::browse::points, stored};

/// Days before points expire on which their owner is told.
const NOTICE_DAYS: [i32; 3] = [30, 7, 1];

/// A consumer's points.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Balance {
    /// What can be spent.
    pub available: Points,
    /// What awaits a second admin's approval.
    pub pending: Points,
    /// What pending redemptions hold.
    pub reserved: Points,
    /// What is owed for points of reversed sales that had been spent; the next points pay it.
    pub owed: Points,
    /// The points that expire next.
    pub next_expiration: Option<Expiration>,
    /// The tier, by what was earned in the last twelve months.
    pub tier: TierRule,
    /// The next tier and what is missing to it.
    pub next_tier: Option<(TierRule, Points)>,
}

impl Balance {
    /// What is the consumer's, spendable or held.
    #[must_use]
    pub fn total(&self) -> Points {
        Points::try_from(self.available.get().saturating_add(self.reserved.get()))
            .unwrap_or_default()
    }
}

/// Points that expire together.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Expiration {
    /// How many.
    pub amount: Points,
    /// When.
    pub at: DateTime<Utc>,
}

/// A consumer's points now. What is past its date does not count, whether or not the job has come to it.
///
/// # Errors
/// When the database fails.
pub async fn balance(s: &Services, consumer: Consumer) -> Result<Balance, Fault> {
    let now = s.now();
    let row = sqlx::query!(
        r#"with open as (
               select remaining, expires_at from lots where user_id = $1 and remaining > 0 and expires_at > $2
           )
           select (select coalesce(sum(remaining), 0)::bigint from open) as "available!",
               (select coalesce(sum(amount), 0)::bigint from adjustments
                where user_id = $1 and status = 'waiting' and amount > 0) as "pending!",
               coalesce(sum(balance) filter (where kind = 'reserved'), 0)::bigint as "reserved!",
               coalesce(-sum(balance) filter (where kind = 'owed'), 0)::bigint as "owed!",
               (select min(expires_at) from open) as next_at,
               (select sum(remaining)::bigint from open
                where expires_at = (select min(expires_at) from open)) as next_amount,
               (select coalesce(sum(amount), 0)::bigint from lots
                where user_id = $1 and earned_at > $3 and reversed_at is null) as "earned!"
           from accounts where user_id = $1"#,
        Uuid::from(consumer.user()),
        now,
        s.rules.year_start(now),
    )
    .fetch_one(&s.db)
    .await?;
    let earned = points(row.earned)?;
    let (tier, next) =
        tier_of(&s.rules.tiers, earned).ok_or(Fault::Broken("tiers begin at zero"))?;
    let next_expiration = match (row.next_at, row.next_amount) {
        (Some(at), Some(amount)) => Some(Expiration {
            amount: points(amount)?,
            at,
        }),
        _ => None,
    };
    Ok(Balance {
        available: points(row.available)?,
        pending: points(row.pending)?,
        reserved: points(row.reserved)?,
        owed: points(row.owed)?,
        next_expiration,
        tier,
        next_tier: next.map(|rule| (rule, earned.missing_for(rule.from))),
    })
}

/// Points that were earned together and are not all spent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Lot {
    /// Which one: the transfer that brought it.
    pub id: Uuid,
    /// What it was given as.
    pub kind: LotKind,
    /// What it was at first.
    pub amount: Points,
    /// What is left to spend.
    pub remaining: Points,
    /// When it was earned.
    pub earned_at: DateTime<Utc>,
    /// When what is left of it expires.
    pub expires_at: DateTime<Utc>,
}

/// A consumer's open lots in the order in which they are spent: oldest expiry first, at most a hundred.
///
/// # Errors
/// When the database fails.
pub async fn open(s: &Services, consumer: Consumer) -> Result<Vec<Lot>, Fault> {
    let rows = sqlx::query!(
        r#"select id, kind::text as "kind!", amount, remaining, earned_at, expires_at from lots
           where user_id = $1 and remaining > 0 and expires_at > $2 order by expires_at, id limit 100"#,
        Uuid::from(consumer.user()),
        s.now(),
    )
    .fetch_all(&s.db)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Lot {
                id: row.id,
                kind: stored(&row.kind)?,
                amount: points(row.amount)?,
                remaining: points(row.remaining)?,
                earned_at: row.earned_at,
                expires_at: row.expires_at,
            })
        })
        .collect()
}

/// Moves every lot that is past its date to breakage, one consumer and transaction at a time. Safe on several
/// instances at once. The answer is how many points expired.
///
/// # Errors
/// When the database cannot be reached. A consumer whose lots cannot be expired is logged and passed over.
pub async fn expire_due(s: &Services) -> Result<i64, Fault> {
    let mut expired = 0;
    let due = sqlx::query_scalar!(
        "select distinct user_id from lots where remaining > 0 and expires_at <= $1",
        s.now()
    )
    .fetch_all(&s.db)
    .await?;
    for user in due {
        let done = sqlx::query_scalar!(
            r#"select expire_lots_of($1, $2) as "points!""#,
            user,
            s.now()
        )
        .fetch_one(&s.db)
        .await;
        match done {
            Ok(points) => expired += points,
            Err(error) => tracing::error!(%error, %user, "could not expire points"),
        }
    }
    Ok(expired)
}

/// What a consumer is told about points that expire soon.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Notice {
    /// Where the letter goes.
    pub email: String,
    /// The reader.
    pub name: String,
    /// The letter's language.
    pub locale: Locale,
    /// What expires.
    pub amount: Points,
    /// The last day.
    pub day: NaiveDate,
}

/// The notices that are due now. Each is given out once: whoever gets it sends it.
///
/// # Errors
/// When the database fails.
pub async fn take_notices(s: &Services) -> Result<Vec<Notice>, Fault> {
    let now = s.now();
    let rows = sqlx::query!(
        r#"with due as (
               select l.user_id, (l.expires_at at time zone $3)::date as day, sum(l.remaining)::bigint as points,
                   (select min(n) from unnest($2::integer[]) as n
                    where min(l.expires_at) <= $1::timestamptz + make_interval(days => n)) as days_before
               from lots l
               where l.remaining > 0 and l.expires_at > $1
                   and l.expires_at <= $1::timestamptz + make_interval(days => (select max(n) from unnest($2::integer[]) as n))
               group by l.user_id, day
           ),
           taken as (
               insert into expiry_notices (user_id, day, days_before, sent_at)
               select user_id, day, days_before, $1 from due where days_before is not null
               on conflict do nothing returning user_id, day
           )
           select u.email, u.name, u.locale, d.points as "points!", d.day as "day!"
           from taken t join due d on d.user_id = t.user_id and d.day = t.day join users u on u.id = t.user_id"#,
        now,
        &NOTICE_DAYS[..],
        s.rules.zone.name(),
    )
    .fetch_all(&s.db)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Notice {
                email: row.email,
                name: row.name,
                locale: stored(&row.locale)?,
                amount: points(row.points)?,
                day: row.day,
            })
        })
        .collect()
}
