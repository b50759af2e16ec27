//! The words for kinds of movements and of points.

use domain::earning::LotKind;
use services::wallet::TransferKind;

use crate::tr;

/// Why points moved.
pub(super) fn movement_name(kind: TransferKind) -> String {
    match kind {
        TransferKind::Bonus => tr!("movement-bonus"),
        TransferKind::Purchase => tr!("movement-purchase"),
        TransferKind::Referral => tr!("movement-referral"),
        TransferKind::Streak => tr!("movement-streak"),
        TransferKind::Game => tr!("movement-game"),
        TransferKind::Adjustment => tr!("movement-adjustment"),
        TransferKind::LotExpiry => tr!("movement-lot-expiry"),
        TransferKind::Reversal | TransferKind::Owed => tr!("movement-reversal"),
        TransferKind::Repayment => tr!("movement-repayment"),
        TransferKind::Redeem => tr!("movement-redeem"),
        TransferKind::Cancel => tr!("movement-cancel"),
        TransferKind::Expire => tr!("movement-expire"),
        TransferKind::Confirm => tr!("movement-confirm"),
    }
}

/// What points were given as.
pub(super) fn lot_name(kind: LotKind) -> String {
    match kind {
        LotKind::Standard => tr!("lot-standard"),
        LotKind::Promotional => tr!("lot-promotional"),
        LotKind::Gift => tr!("lot-gift"),
    }
}
