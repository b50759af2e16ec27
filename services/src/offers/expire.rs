//! Expiry: what was not confirmed in time gives its points and stock back.

use uuid::Uuid;

use crate::{Fault, Services};

/// Expires every redemption that is due, one transaction each. Safe on several instances at once: each
/// takes what no other is working on. The answer is how many this call expired. One that cannot be expired
/// is logged and passed over; the next call tries it again.
///
/// # Errors
/// When the database cannot be reached; what was expired before stays so.
pub async fn expire_due(s: &Services) -> Result<u64, Fault> {
    let due = sqlx::query_scalar!(
        "select id from redemptions where status = 'pending' and expires_at <= $1 order by expires_at",
        s.now(),
    )
    .fetch_all(&s.db)
    .await?;
    let mut expired = 0;
    for redemption in due {
        match expire(s, redemption).await {
            Ok(done) => expired += u64::from(done),
            Err(fault) if fault.is_passing() => return Err(fault),
            Err(fault) => tracing::error!(%redemption, %fault, "could not expire a redemption"),
        }
    }
    Ok(expired)
}

/// Whether this call expired it: another instance may be doing so.
async fn expire(s: &Services, redemption: Uuid) -> Result<bool, Fault> {
    let done = sqlx::query_scalar!(
        r#"select expire_redemption($1, $2, $3) as "done!""#,
        redemption,
        s.new_id(),
        s.now(),
    )
    .fetch_one(&s.db)
    .await?;
    Ok(done)
}
