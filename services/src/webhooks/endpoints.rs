//! The addresses of a merchant, as the merchant runs them.

use domain::ids::WebhookId;

use super::{Draft, Endpoint, Refusal};
use crate::{Fault, Services, identity::actors::Steward};

/// The merchant's endpoints, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list(s: &Services, by: impl Into<Steward>) -> Result<Vec<Endpoint>, Fault>;

/// One of the merchant's endpoints.
///
/// # Errors
/// None such, or a fault.
pub async fn get(s: &Services, by: impl Into<Steward>, id: WebhookId) -> Result<Endpoint, Refusal>;

/// Makes an endpoint. Its secret (`whsec_…`) is told this once.
///
/// # Errors
/// `Invalid` (`url`, `events`), `PrivateAddress`, `TooMany`, or a fault.
pub async fn create(
    s: &Services,
    by: impl Into<Steward>,
    draft: &Draft,
) -> Result<(Endpoint, String), Refusal>;

/// Saves an endpoint; one that was switched off for a reason forgets it when it is enabled.
///
/// # Errors
/// `Invalid` (`url`, `events`), `PrivateAddress`, none such, or a fault.
pub async fn edit(
    s: &Services,
    by: impl Into<Steward>,
    id: WebhookId,
    draft: &Draft,
) -> Result<Endpoint, Refusal>;

/// Deletes an endpoint with all that was to be sent there.
///
/// # Errors
/// None such, or a fault.
pub async fn delete(s: &Services, by: impl Into<Steward>, id: WebhookId) -> Result<(), Refusal>;

/// Gives an endpoint a new secret, told this once. For a day ([`super::GRACE`]) the one before signs, too.
///
/// # Errors
/// None such, or a fault.
pub async fn rotate_secret(
    s: &Services,
    by: impl Into<Steward>,
    id: WebhookId,
) -> Result<(Endpoint, String), Refusal>;
