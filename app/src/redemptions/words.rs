//! The words and looks of a redemption's status.

use domain::redemptions::RedemptionStatus;

use crate::{
    tr,
    ui::{TicketState, Tone},
};

pub(super) fn status_name(status: RedemptionStatus) -> String {
    match status {
        RedemptionStatus::Pending => tr!("redemption-pending"),
        RedemptionStatus::Confirmed => tr!("redemption-confirmed"),
        RedemptionStatus::Cancelled => tr!("redemption-cancelled"),
        RedemptionStatus::Expired => tr!("redemption-expired"),
    }
}

pub(super) fn tone(status: RedemptionStatus) -> Tone {
    match status {
        RedemptionStatus::Pending => Tone::Info,
        RedemptionStatus::Confirmed => Tone::Success,
        RedemptionStatus::Cancelled | RedemptionStatus::Expired => Tone::Warning,
    }
}

pub(super) fn ticket_state(status: RedemptionStatus) -> TicketState {
    match status {
        RedemptionStatus::Pending => TicketState::Pending,
        RedemptionStatus::Confirmed => TicketState::Confirmed,
        RedemptionStatus::Cancelled => TicketState::Cancelled,
        RedemptionStatus::Expired => TicketState::Expired,
    }
}
