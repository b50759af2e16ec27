//! What a merchant still has to hand out.

use chrono::{DateTime, Utc};
use domain::{
    ids::{OfferId, RedemptionId},
    points::Points,
};
use uuid::Uuid;

use super::browse::points;
use crate::{Fault, Services, identity::actors::Operator, paging::Limit};

/// A pending redemption as its merchant sees it. Nothing in it tells who the consumer is, and the codes are
/// theirs to show.
#[derive(Clone, Debug)]
pub struct Pending {
    /// Which one.
    pub redemption: RedemptionId,
    /// Of which offer.
    pub offer_id: OfferId,
    /// The offer's name.
    pub offer_name: String,
    /// What it cost.
    pub points_spent: Points,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when it can be confirmed.
    pub expires_at: DateTime<Utc>,
}

/// One page, soonest to expire first, and the redemption behind which the next begins.
///
/// # Errors
/// When the database fails.
pub async fn list(
    s: &Services,
    operator: Operator,
    after: Option<RedemptionId>,
    limit: Limit,
) -> Result<(Vec<Pending>, Option<RedemptionId>), Fault> {
    let mut rows = sqlx::query!(
        "select id, offer_id, offer_name, points_spent, created_at, expires_at from redemptions r
         where merchant_id = $1 and status = 'pending' and expires_at > $2
             and ($3::uuid is null or (expires_at, id) > (
                 select x.expires_at, x.id from redemptions x where x.id = $3 and x.merchant_id = $1))
         order by expires_at, id limit $4",
        Uuid::from(operator.merchant()),
        s.now(),
        after.map(Uuid::from),
        limit.asked(),
    )
    .fetch_all(&s.db)
    .await?;
    let more = limit.cut(&mut rows);
    let next = rows.last().filter(|_| more).map(|row| row.id.into());
    let listed = rows
        .into_iter()
        .map(|row| {
            Ok(Pending {
                redemption: row.id.into(),
                offer_id: row.offer_id.into(),
                offer_name: row.offer_name,
                points_spent: points(row.points_spent)?,
                created_at: row.created_at,
                expires_at: row.expires_at,
            })
        })
        .collect::<Result<_, Fault>>()?;
    Ok((listed, next))
}
