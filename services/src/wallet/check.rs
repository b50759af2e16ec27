//! The proof that the ledger balances.

use uuid::Uuid;

use crate::{Fault, Services};

/// A balance that is not the sum of its transfers or of its lots, or (without an account) the sum of all
/// balances where it is not zero.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LedgerFault {
    /// Whose balance it is.
    pub account: Option<Uuid>,
    /// What the account says.
    pub balance: i64,
    /// What its transfers or lots say.
    pub transferred: i64,
}

/// Everything that is wrong with the ledger: nothing, if it balances.
///
/// # Errors
/// When the database fails.
pub async fn verify(s: &Services) -> Result<Vec<LedgerFault>, Fault> {
    let rows = sqlx::query!(
        r#"select account_id, balance as "balance!", transferred as "transferred!" from ledger_faults"#
    )
    .fetch_all(&s.db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| LedgerFault {
            account: row.account_id,
            balance: row.balance,
            transferred: row.transferred,
        })
        .collect())
}
