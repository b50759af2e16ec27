//! Expiry: what was not confirmed in time gives its points and stock back.

use crate::{Fault, Services};

/// Expires every redemption that is due, one transaction each. Safe on several instances at once: each
/// takes what no other is working on. The answer is how many this call expired.
///
/// # Errors
/// When the database fails; what was expired before stays so.
pub async fn expire_due(s: &Services) -> Result<u64, Fault> {
    let mut expired = 0;
    while sqlx::query_scalar!(
        r#"select expire_next_redemption($1, $2) as "redemption""#,
        s.new_id(),
        s.now()
    )
    .fetch_one(&s.db)
    .await?
    .is_some()
    {
        expired += 1;
    }
    Ok(expired)
}
