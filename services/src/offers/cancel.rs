//! Cancelling: the consumer takes a pending redemption back.

use domain::{ids::RedemptionId, points::Points, redemptions::RedemptionStatus};
use uuid::Uuid;

use super::browse::points;
use crate::{Fault, Services, identity::actors::Consumer, stored};

/// Why nothing was cancelled by this call.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The consumer has no such redemption.
    #[error("no such redemption")]
    NotFound,
    /// It is not pending any more.
    #[error("already {0}")]
    Final(RedemptionStatus),
    /// Not a refusal but a fault.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::from_database!(Refusal);

/// What a cancellation gave back.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Cancelled {
    /// Points that came back.
    pub refunded: Points,
    /// What the consumer has now.
    pub available: Points,
    /// Whether an earlier call with the same key had done it.
    pub replayed: bool,
}

/// Cancels a pending redemption and gives its points, into the lots they came from, and its unit of stock
/// back, once. With a `key`, a retry is answered as the first call was.
///
/// # Errors
/// A refusal, or a fault.
pub async fn cancel(
    s: &Services,
    consumer: Consumer,
    redemption: RedemptionId,
    reason: Option<&str>,
    key: Option<&str>,
) -> Result<Cancelled, Refusal> {
    let row = sqlx::query!(
        r#"select outcome as "outcome!", status::text as "status!", refunded as "refunded!",
               available as "available!"
           from cancel_redemption($1, $2, $3, $4, $5, $6)"#,
        Uuid::from(redemption),
        s.new_id(),
        Uuid::from(consumer.user()),
        reason,
        key,
        s.now(),
    )
    .fetch_optional(&s.db)
    .await?
    .ok_or(Refusal::NotFound)?;
    if row.outcome == "final" {
        return Err(Refusal::Final(stored(&row.status)?));
    }
    Ok(Cancelled {
        refunded: points(row.refunded)?,
        available: points(row.available)?,
        replayed: row.outcome == "replayed",
    })
}
