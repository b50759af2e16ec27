//! Webhooks: what happens at a merchant is told to the merchant's own systems, as
//! <https://www.standardwebhooks.com> has it.
//!
//! Triggers write the events with what they tell of; [`runner`] sends them. See docs/adr/0013-webhooks.md.

mod addresses;
mod client;
mod deliveries;
mod endpoints;
pub mod runner;
mod signing;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    fields::Problems,
    ids::{DeliveryId, WebhookId},
    webhooks::{DeliveryStatus, EventKind, TEST, WebhookUrl},
};
use uuid::Uuid;

pub use client::Client;
pub use deliveries::{deliveries, replay, send_test};
pub use endpoints::{create, create_as, delete, edit, get, list, rotate_secret};
pub use signing::PREFIX;

use crate::Fault;

/// The most endpoints of one merchant.
pub const MAX_ENDPOINTS: i64 = 10;
/// So long after a rotation events are signed with the previous secret, too.
pub const GRACE: TimeDelta = TimeDelta::days(1);

/// An address that a merchant's events are sent to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Endpoint {
    /// Names it.
    pub id: WebhookId,
    /// Where to.
    pub url: String,
    /// What it is told of.
    pub events: Vec<EventKind>,
    /// Whether new events are sent there.
    pub enabled: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Why it was switched off, if nobody did it.
    pub disabled_reason: Option<String>,
    /// The last four characters of its secret.
    pub secret_hint: String,
    /// How long the secret before this one signs, too, if one does.
    pub previous_secret_until: Option<DateTime<Utc>>,
}

/// What a merchant decides about an endpoint.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Draft {
    /// Where to.
    pub url: WebhookUrl,
    /// What it is told of: at least one kind.
    pub events: Vec<EventKind>,
    /// Whether new events are sent there.
    pub enabled: bool,
}

/// One event on its way to one endpoint.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Delivery {
    /// Names it.
    pub id: DeliveryId,
    /// Where to.
    pub webhook: WebhookId,
    /// The event: what the receiver knows it by, as `webhook-id`.
    pub event: Uuid,
    /// What happened; none for an event that only tries the address out.
    pub kind: Option<EventKind>,
    /// How far it has come.
    pub status: DeliveryStatus,
    /// How often it was tried since it was made or last replayed.
    pub attempts: i32,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it is tried next; while it is under way, when it counts as lost.
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// When it was last tried.
    pub last_attempt_at: Option<DateTime<Utc>>,
    /// The HTTP status of the last answer, if there was one.
    pub response_status: Option<i32>,
    /// Why the last try failed, if it did.
    pub error: Option<String>,
    /// How long the last try took, in milliseconds.
    pub latency_ms: Option<i32>,
}

impl Delivery {
    /// The event's `type`.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        self.kind.map_or(TEST, EventKind::as_str)
    }
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The merchant has no such endpoint or delivery.
    #[error("no such webhook")]
    NotFound,
    /// The merchant has [`MAX_ENDPOINTS`] already.
    #[error("no more than {MAX_ENDPOINTS} webhooks")]
    TooMany,
    /// The address is one of a private network or of this machine.
    #[error("the address is not a public one")]
    PrivateAddress,
    /// Some fields need another value.
    #[error("some fields need another value")]
    Invalid(Problems),
    /// Not a refusal but a fault.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::from_database!(Refusal);
