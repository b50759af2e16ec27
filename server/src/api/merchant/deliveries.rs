//! What has been sent to a merchant's webhooks.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use domain::{
    ids::{DeliveryId, WebhookId},
    webhooks::DeliveryStatus,
};
use serde::{Deserialize, Serialize};
use services::{
    Services,
    identity::actors::Steward,
    webhooks::{self, Delivery as Kept},
};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::api::{
    actor::{As, Named},
    extract::{Id, Nothing, Order, Paged},
    idempotency::Reply,
    page::{Page, Window},
    problem::Answer,
    schema,
};

/// One event on its way to one webhook.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Delivery {
    delivery_id: Uuid,
    webhook_id: Uuid,
    /// The event, as its receiver knows it (`webhook-id`).
    event_id: Uuid,
    /// What happened, or `webhook.test`.
    #[schema(example = "redemption.confirmed")]
    r#type: &'static str,
    #[schema(schema_with = schema::delivery_statuses)]
    status: DeliveryStatus,
    /// How often it was tried since it was made or last sent anew.
    attempts: i32,
    created_at: DateTime<Utc>,
    /// When it is tried next.
    next_attempt_at: Option<DateTime<Utc>>,
    last_attempt_at: Option<DateTime<Utc>>,
    /// The HTTP status of the last answer; null without one.
    response_status: Option<i32>,
    /// Why the last try failed.
    error: Option<String>,
    /// How long the last try took, in milliseconds.
    latency_ms: Option<i32>,
}

impl From<Kept> for Delivery {
    fn from(it: Kept) -> Self {
        Self {
            r#type: it.type_name(),
            delivery_id: it.id.into(),
            webhook_id: it.webhook.into(),
            event_id: it.event,
            status: it.status,
            attempts: it.attempts,
            created_at: it.created_at,
            next_attempt_at: it.next_attempt_at,
            last_attempt_at: it.last_attempt_at,
            response_status: it.response_status,
            error: it.error,
            latency_ms: it.latency_ms,
        }
    }
}

/// Which deliveries to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeliveryQuery {
    /// One status only.
    #[param(schema_with = schema::delivery_statuses, required = false)]
    status: Option<DeliveryStatus>,
}

/// List what was sent to a webhook
///
/// Newest first.
#[utoipa::path(
    get, path = "/webhooks/{id}/deliveries", tag = "merchant", operation_id = "list_deliveries",
    params(
        ("id" = Uuid, Path, description = "The webhook.", example = "01890000-0000-7000-8000-000000000013"),
        DeliveryQuery, Window,
    ),
    responses((status = 200, description = "One page.", body = Page<Delivery>)),
    security(("bearer" = []), ("merchant_bearer" = []), ("api_key" = []))
)]
pub(crate) async fn list(
    State(s): State<Services>,
    As(steward): As<Steward>,
    Id(webhook): Id<WebhookId>,
    Paged(query, window): Paged<DeliveryQuery>,
) -> Answer<Json<Page<Delivery>>> {
    let after = window.cursor.map(Into::into);
    let (found, next) =
        webhooks::deliveries(&s, steward, webhook, query.status, after, window.limit).await?;
    Ok(Json(Page::of(found, next, Delivery::from)))
}

/// A delivery that was begun.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Begun {
    delivery_id: Uuid,
}

/// Try a webhook out
///
/// It is sent a `webhook.test`, also while it is not enabled. See its deliveries for how that went.
#[utoipa::path(
    post, path = "/webhooks/{id}/test", tag = "merchant", operation_id = "test_webhook",
    params(("id" = Uuid, Path, description = "The webhook.", example = "01890000-0000-7000-8000-000000000013")),
    responses((status = 202, description = "On its way.", body = Begun)),
    security(("bearer" = []), ("merchant_bearer" = []), ("api_key" = []))
)]
pub(crate) async fn test(
    State(s): State<Services>,
    As(steward): As<Steward>,
    Id(webhook): Id<WebhookId>,
    order: Order<Nothing>,
) -> Answer<Reply> {
    let act = async move |s: Services, _, _| {
        let delivery = webhooks::send_test(&s, steward, webhook).await?;
        Reply::accepted(Begun {
            delivery_id: delivery.into(),
        })
    };
    order.once(&s, steward.owner(), act).await
}

/// Send a delivery anew
///
/// Whatever became of it before; one that waits for its next try is tried at once. Its receiver knows it by its
/// `webhook-id` again.
#[utoipa::path(
    post, path = "/webhooks/deliveries/{id}/replay", tag = "merchant", operation_id = "replay_delivery",
    params(("id" = Uuid, Path, description = "The delivery.", example = "01890000-0000-7000-8000-000000000014")),
    responses((status = 202, description = "On its way.", body = Begun)),
    security(("bearer" = []), ("merchant_bearer" = []), ("api_key" = []))
)]
pub(crate) async fn replay(
    State(s): State<Services>,
    As(steward): As<Steward>,
    Id(delivery): Id<DeliveryId>,
    order: Order<Nothing>,
) -> Answer<Reply> {
    let act = async move |s: Services, _, _| {
        webhooks::replay(&s, steward, delivery).await?;
        Reply::accepted(Begun {
            delivery_id: delivery.into(),
        })
    };
    order.once(&s, steward.owner(), act).await
}
