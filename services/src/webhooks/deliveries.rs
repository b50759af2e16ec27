//! What is and was sent, as the merchant sees it.

use domain::{
    ids::{DeliveryId, WebhookId},
    webhooks::DeliveryStatus,
};

use super::{Delivery, Refusal};
use crate::{Services, identity::actors::Steward, paging::Limit};

/// Sends an event to an endpoint that only tries it out, also when it is not enabled.
///
/// # Errors
/// None such, or a fault.
pub async fn send_test(
    s: &Services,
    by: impl Into<Steward>,
    id: WebhookId,
) -> Result<DeliveryId, Refusal>;

/// One page of what was sent to an endpoint, newest first, and the delivery behind which the next begins.
///
/// # Errors
/// None such, or a fault.
pub async fn deliveries(
    s: &Services,
    by: impl Into<Steward>,
    id: WebhookId,
    status: Option<DeliveryStatus>,
    after: Option<DeliveryId>,
    limit: Limit,
) -> Result<(Vec<Delivery>, Option<DeliveryId>), Refusal>;

/// Sends a delivery anew, whatever became of it before; one that waits for its next try is tried at once.
///
/// # Errors
/// None such, or a fault.
pub async fn replay(
    s: &Services,
    by: impl Into<Steward>,
    delivery: DeliveryId,
) -> Result<(), Refusal>;
