//! The wallet: what people have and earn, what moved it, and the proof that the ledger balances.

pub mod accruals;
pub mod adjustments;
pub mod check;
pub mod lots;
pub mod members;
pub mod referrals;
pub mod rules;
pub mod transfers;

pub use check::{LedgerFault, verify};
pub use lots::{Balance, balance};
pub use transfers::{Filter, Movement, Page, TransferKind, grant_bonus, movements};
