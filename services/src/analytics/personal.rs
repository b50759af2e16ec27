//! A consumer's own figures.

use chrono::{DateTime, Utc};
use domain::{offers::Category, points::Points};
use uuid::Uuid;

use crate::{Fault, Services, identity::actors::Consumer, offers::browse::points, stored};

/// What a consumer has earned and redeemed since they joined.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Personal {
    /// Since when they are a member.
    pub member_since: DateTime<Utc>,
    /// Everything they have earned, reversed sales not counted.
    pub earned: Points,
    /// What confirmed redemptions cost.
    pub spent: Points,
    /// What passed its last day.
    pub expired_points: Points,
    /// Redemptions of every status.
    pub total: i64,
    /// Handed out.
    pub confirmed: i64,
    /// Still waiting.
    pub pending: i64,
    /// Out of time.
    pub expired: i64,
    /// Taken back.
    pub cancelled: i64,
    /// What kind of offer they redeem most.
    pub favourite: Option<Category>,
}

/// A consumer's figures.
///
/// # Errors
/// When the database fails.
pub async fn personal(s: &Services, consumer: Consumer) -> Result<Personal, Fault> {
    let row = sqlx::query!(
        r#"with own as (
               select r.points_spent, r.offer_id,
                   case when r.status = 'pending' and r.expires_at <= $2 then 'expired' else r.status::text end
                       as status
               from redemptions r where r.consumer_id = $1
           )
           select u.created_at as "member_since!",
               (select coalesce(sum(l.amount), 0)::bigint from lots l
                where l.user_id = $1 and l.reversed_at is null) as "earned!",
               (select coalesce(sum(t.amount), 0)::bigint from transfers t
                    join accounts a on a.id = t.debit_account_id
                where a.user_id = $1 and a.kind = 'available' and t.kind = 'lot_expiry') as "expired_points!",
               (select coalesce(sum(points_spent), 0)::bigint from own where status = 'confirmed') as "spent!",
               (select count(*) from own) as "total!",
               (select count(*) from own where status = 'confirmed') as "confirmed!",
               (select count(*) from own where status = 'pending') as "pending!",
               (select count(*) from own where status = 'expired') as "expired!",
               (select count(*) from own where status = 'cancelled') as "cancelled!",
               (select o.category::text from own join offers o on o.id = own.offer_id
                group by o.category order by count(*) desc, o.category limit 1) as favourite
           from users u where u.id = $1"#,
        Uuid::from(consumer.user()),
        s.now(),
    )
    .fetch_one(&s.db)
    .await?;
    Ok(Personal {
        member_since: row.member_since,
        earned: points(row.earned)?,
        spent: points(row.spent)?,
        expired_points: points(row.expired_points)?,
        total: row.total,
        confirmed: row.confirmed,
        pending: row.pending,
        expired: row.expired,
        cancelled: row.cancelled,
        favourite: row.favourite.as_deref().map(stored).transpose()?,
    })
}
