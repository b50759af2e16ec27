//! Identifiers: UUID version 7 behind one type per thing, so that they cannot be mixed up.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

id! {
    /// A person who can sign in, whatever the role.
    UserId
    /// A business that gives offers and runs stations.
    MerchantId
    /// A fuel station.
    StationId
    /// Something a merchant gives for points.
    OfferId
    /// Offers in a file, on their way in.
    ImportId
    /// One claim of one offer by one consumer.
    RedemptionId
    /// The points of one sale.
    AccrualId
    /// An admin's correction of a consumer's points.
    AdjustmentId
    /// A shared device at a till.
    TerminalId
    /// A key by which a program acts for a merchant.
    ApiKeyId
    /// An address that a merchant's events are sent to.
    WebhookId
    /// One event on its way to one such address.
    DeliveryId
    /// What makes a retried request the same request.
    IdempotencyKey
}
