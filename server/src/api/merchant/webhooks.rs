//! Where a merchant's systems are told of what happens.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use domain::{
    fields::Problems,
    ids::WebhookId,
    webhooks::{EventKind, WebhookUrl},
};
use serde::{Deserialize, Serialize};
use services::{
    Services,
    identity::actors::Steward,
    webhooks::{self, Draft, Endpoint},
};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::{
    actor::{As, Named},
    extract::{Id, Nothing, Order},
    idempotency::Reply,
    page::Page,
    problem::{Answer, Problem},
    schema,
};

/// A webhook, without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Webhook {
    webhook_id: Uuid,
    #[schema(example = "https://pos.example.com/surtidor")]
    url: String,
    #[schema(schema_with = schema::event_lists)]
    events: Vec<EventKind>,
    /// Whether what happens is sent there.
    enabled: bool,
    /// Why it was switched off, if nobody did it.
    disabled_reason: Option<String>,
    /// The secret's last four characters.
    #[schema(min_length = 4, max_length = 4, example = "6wY8")]
    secret_hint: String,
    /// How long the secret before this one signs, too; null if none does.
    previous_secret_until: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
}

impl From<Endpoint> for Webhook {
    fn from(it: Endpoint) -> Self {
        Self {
            webhook_id: it.id.into(),
            url: it.url,
            events: it.events,
            enabled: it.enabled,
            disabled_reason: it.disabled_reason,
            secret_hint: it.secret_hint,
            previous_secret_until: it.previous_secret_until,
            created_at: it.created_at,
        }
    }
}

/// A webhook with its new secret.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TellingWebhook {
    #[serde(flatten)]
    webhook: Webhook,
    /// What its events are signed with (Standard Webhooks). It is shown this once.
    #[schema(pattern = "^whsec_[A-Za-z0-9+/]+=*$")]
    secret: String,
}

impl From<(Endpoint, String)> for TellingWebhook {
    fn from((endpoint, secret): (Endpoint, String)) -> Self {
        Self {
            webhook: endpoint.into(),
            secret,
        }
    }
}

/// List your webhooks
///
/// Oldest first. There are few: all stand on one page.
#[utoipa::path(
    get, path = "/webhooks", tag = "merchant", operation_id = "list_webhooks",
    responses((status = 200, description = "All of them.", body = Page<Webhook>)),
    security(("bearer" = []), ("merchant_bearer" = []), ("api_key" = []))
)]
pub(crate) async fn list(
    State(s): State<Services>,
    As(steward): As<Steward>,
) -> Answer<Json<Page<Webhook>>> {
    let found = webhooks::list(&s, steward).await?;
    Ok(Json(Page::of(found, None::<Uuid>, Webhook::from)))
}

/// See one of your webhooks
#[utoipa::path(
    get, path = "/webhooks/{id}", tag = "merchant", operation_id = "get_webhook",
    params(("id" = Uuid, Path, description = "The webhook.", example = "01890000-0000-7000-8000-000000000013")),
    responses((status = 200, description = "The webhook.", body = Webhook)),
    security(("bearer" = []), ("merchant_bearer" = []), ("api_key" = []))
)]
pub(crate) async fn get(
    State(s): State<Services>,
    As(steward): As<Steward>,
    Id(webhook): Id<WebhookId>,
) -> Answer<Json<Webhook>> {
    Ok(Json(webhooks::get(&s, steward, webhook).await?.into()))
}

/// A webhook as it is written.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "url": "https://pos.example.com/surtidor", "events": ["redemption.confirmed", "accrual.created"],
}))]
pub(crate) struct WebhookInput {
    /// `https`, reachable from the internet.
    #[schema(min_length = 1, max_length = 500, pattern = "^https?://")]
    url: String,
    /// What it is told of.
    #[schema(schema_with = schema::event_lists)]
    events: Vec<EventKind>,
    /// Whether what happens is sent there.
    #[serde(default = "yes")]
    #[schema(default = true)]
    enabled: bool,
}

const fn yes() -> bool {
    true
}

impl WebhookInput {
    fn read(self) -> Result<Draft, Problem> {
        let mut problems = Problems::default();
        let url = problems.take("url", WebhookUrl::try_from(self.url));
        let url = url.ok_or(problems)?;
        Ok(Draft {
            url,
            events: self.events,
            enabled: self.enabled,
        })
    }
}

/// Add a webhook
///
/// `secret` is told here alone. Refused with `TOO_MANY_WEBHOOKS` where you have ten.
#[utoipa::path(
    post, path = "/webhooks", tag = "merchant", operation_id = "create_webhook",
    request_body = WebhookInput,
    responses((status = 201, description = "Added.", body = TellingWebhook)),
    security(("bearer" = []), ("merchant_bearer" = []), ("api_key" = []))
)]
pub(crate) async fn create(
    State(s): State<Services>,
    As(steward): As<Steward>,
    order: Order<WebhookInput>,
) -> Answer<Reply> {
    let act = async move |s: Services, id: Uuid, input: WebhookInput| {
        let made = webhooks::create_as(&s, steward, id.into(), &input.read()?).await?;
        Ok(Reply::created(TellingWebhook::from(made))?.secret())
    };
    order.once(&s, steward.owner(), act).await
}

/// Change a webhook
///
/// The whole of it, as it will be. One that was switched off begins anew when it is enabled.
#[utoipa::path(
    put, path = "/webhooks/{id}", tag = "merchant", operation_id = "edit_webhook",
    params(("id" = Uuid, Path, description = "The webhook.", example = "01890000-0000-7000-8000-000000000013")),
    request_body = WebhookInput,
    responses((status = 200, description = "Saved.", body = Webhook)),
    security(("bearer" = []), ("merchant_bearer" = []), ("api_key" = []))
)]
pub(crate) async fn edit(
    State(s): State<Services>,
    As(steward): As<Steward>,
    Id(webhook): Id<WebhookId>,
    order: Order<WebhookInput>,
) -> Answer<Reply> {
    let act = async move |s: Services, _, input: WebhookInput| {
        let saved = webhooks::edit(&s, steward, webhook, &input.read()?).await?;
        Reply::ok(Webhook::from(saved))
    };
    order.once(&s, steward.owner(), act).await
}

/// Delete a webhook
///
/// For good, with its deliveries. The answer is the webhook as it was.
#[utoipa::path(
    delete, path = "/webhooks/{id}", tag = "merchant", operation_id = "delete_webhook",
    params(("id" = Uuid, Path, description = "The webhook.", example = "01890000-0000-7000-8000-000000000013")),
    responses((status = 200, description = "Deleted.", body = Webhook)),
    security(("bearer" = []), ("merchant_bearer" = []), ("api_key" = []))
)]
pub(crate) async fn delete(
    State(s): State<Services>,
    As(steward): As<Steward>,
    Id(webhook): Id<WebhookId>,
    order: Order<Nothing>,
) -> Answer<Reply> {
    let act = async move |s: Services, _, _| {
        let was = webhooks::get(&s, steward, webhook).await?;
        webhooks::delete(&s, steward, webhook).await?;
        Reply::ok(Webhook::from(was))
    };
    order.once(&s, steward.owner(), act).await
}

/// Give a webhook a new secret
///
/// `secret` is told here alone. Until `previous_secret_until` the one before signs, too.
#[utoipa::path(
    post, path = "/webhooks/{id}/rotate-secret", tag = "merchant", operation_id = "rotate_webhook_secret",
    params(("id" = Uuid, Path, description = "The webhook.", example = "01890000-0000-7000-8000-000000000013")),
    responses((status = 200, description = "Changed.", body = TellingWebhook)),
    security(("bearer" = []), ("merchant_bearer" = []), ("api_key" = []))
)]
pub(crate) async fn rotate_secret(
    State(s): State<Services>,
    As(steward): As<Steward>,
    Id(webhook): Id<WebhookId>,
    order: Order<Nothing>,
) -> Answer<Reply> {
    let act = async move |s: Services, _, _| {
        let changed = webhooks::rotate_secret(&s, steward, webhook).await?;
        Ok(Reply::ok(TellingWebhook::from(changed))?.secret())
    };
    order.once(&s, steward.owner(), act).await
}
