//! Cancelling: the consumer takes a pending redemption back.

use domain::{ids::RedemptionId, redemptions::RedemptionStatus};
use uuid::Uuid;

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

impl From<sqlx::Error> for Refusal {
    fn from(error: sqlx::Error) -> Self {
        Self::Fault(error.into())
    }
}

/// Cancels a pending redemption and gives its points and its unit of stock back, once.
///
/// # Errors
/// A refusal, or a fault.
pub async fn cancel(
    s: &Services,
    consumer: Consumer,
    redemption: RedemptionId,
) -> Result<(), Refusal> {
    let row = sqlx::query!(
        r#"select changed as "changed!", status::text as "status!"
           from cancel_redemption($1, $2, $3, $4)"#,
        Uuid::from(redemption),
        s.new_id(),
        Uuid::from(consumer.user()),
        s.now(),
    )
    .fetch_optional(&s.db)
    .await?
    .ok_or(Refusal::NotFound)?;
    if row.changed {
        Ok(())
    } else {
        Err(Refusal::Final(stored(&row.status)?))
    }
}
