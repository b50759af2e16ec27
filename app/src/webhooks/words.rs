//! Events and deliveries in words.

use domain::webhooks::{DeliveryStatus, EventKind};
use services::webhooks::Endpoint;

use crate::{tr, ui::Tone};

/// What happened.
pub(super) fn event_name(kind: EventKind) -> String {
    match kind {
        EventKind::RedemptionCreated => tr!("event-redemption-created"),
        EventKind::RedemptionConfirmed => tr!("event-redemption-confirmed"),
        EventKind::RedemptionCancelled => tr!("event-redemption-cancelled"),
        EventKind::RedemptionExpired => tr!("event-redemption-expired"),
        EventKind::OfferSoldOut => tr!("event-offer-sold-out"),
        EventKind::AccrualCreated => tr!("event-accrual-created"),
    }
}

/// What a delivery tells of: something that happened, or a test.
pub(super) fn kind_name(kind: Option<EventKind>) -> String {
    kind.map_or_else(|| tr!("event-test"), event_name)
}

pub(super) fn status_name(status: DeliveryStatus) -> String {
    match status {
        DeliveryStatus::Pending => tr!("delivery-pending"),
        DeliveryStatus::Delivered => tr!("delivery-delivered"),
        DeliveryStatus::Dead => tr!("delivery-dead"),
    }
}

pub(super) fn tone(status: DeliveryStatus) -> Tone {
    match status {
        DeliveryStatus::Pending => Tone::Warning,
        DeliveryStatus::Delivered => Tone::Success,
        DeliveryStatus::Dead => Tone::Error,
    }
}

/// Whether events go there, as a tone and a word.
pub(super) fn state(endpoint: &Endpoint) -> (Tone, String) {
    if endpoint.enabled {
        (Tone::Success, tr!("webhook-on"))
    } else if endpoint.disabled_reason.is_some() {
        (Tone::Error, tr!("webhook-off-by-failures"))
    } else {
        (Tone::Info, tr!("webhook-off"))
    }
}
