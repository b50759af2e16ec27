//! What the webhook pages' forms do.

use domain::{
    error::ErrorCode,
    fields::{FieldProblem, Problems},
    ids::{DeliveryId, WebhookId},
    webhooks::{EventKind, WebhookUrl},
};
use leptos::prelude::*;
use leptos_axum::redirect;
use services::{
    identity::actors::Manager,
    webhooks::{self, Draft, Refusal},
};

use super::{NEW_SECRET, PATH, form::names, path_of};
use crate::{
    error::AppError,
    identity::once,
    site::request::{actor, link, services},
};

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotFound => Self::new(ErrorCode::NotFound),
            Refusal::TooMany => Self::new(ErrorCode::TooManyWebhooks),
            Refusal::PrivateAddress => Self::invalid(Problems::one("url", FieldProblem::NotPublic)),
            Refusal::Invalid(problems) => Self::invalid(problems),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}

/// Adds a webhook; the page that this leads to shows its secret, once.
#[server(prefix = "/api", endpoint = "webhooks/create")]
pub async fn create_webhook(
    url: String,
    #[server(default)] events: Vec<EventKind>,
) -> Result<(), AppError> {
    let services = services();
    let manager = actor::<Manager>()?;
    let keep = |error: AppError| error.keeping([("url", &url), ("events", &names(&events))]);
    let showing = once::Showing::ready(NEW_SECRET).await?;
    let draft = draft(&url, &events, true).map_err(keep)?;
    let made = webhooks::create(&services, manager, &draft).await;
    let (made, secret) = made.map_err(|refusal| keep(refusal.into()))?;
    let told = showing.keep(&services, &secret).await?;
    redirect(&link(&path_of(made.id), [("secret", Some(told))]));
    Ok(())
}

/// Changes a webhook; one that is not enabled is sent nothing.
#[server(prefix = "/api", endpoint = "webhooks/edit")]
pub async fn edit_webhook(
    webhook: WebhookId,
    url: String,
    #[server(default)] events: Vec<EventKind>,
    #[server(default)] enabled: bool,
) -> Result<(), AppError> {
    let manager = actor::<Manager>()?;
    let keep = |error: AppError| {
        let enabled = enabled.to_string();
        error.keeping([
            ("url", &url),
            ("events", &names(&events)),
            ("enabled", &enabled),
        ])
    };
    let draft = draft(&url, &events, enabled).map_err(keep)?;
    let saved = webhooks::edit(&services(), manager, webhook, &draft).await;
    saved.map_err(|refusal| keep(refusal.into()))?;
    redirect(&done(webhook, "saved"));
    Ok(())
}

/// Gives a webhook another secret; the page that this leads to shows it, once.
#[server(prefix = "/api", endpoint = "webhooks/rotate-secret")]
pub async fn rotate_webhook_secret(webhook: WebhookId) -> Result<(), AppError> {
    let services = services();
    let manager = actor::<Manager>()?;
    let showing = once::Showing::ready(NEW_SECRET).await?;
    let (_, secret) = webhooks::rotate_secret(&services, manager, webhook).await?;
    let told = showing.keep(&services, &secret).await?;
    redirect(&link(&path_of(webhook), [("secret", Some(told))]));
    Ok(())
}

/// Removes a webhook with its deliveries.
#[server(prefix = "/api", endpoint = "webhooks/delete")]
pub async fn delete_webhook(webhook: WebhookId) -> Result<(), AppError> {
    webhooks::delete(&services(), actor::<Manager>()?, webhook).await?;
    redirect(&link(PATH, [("done", Some("deleted".to_owned()))]));
    Ok(())
}

/// Sends a webhook an event that tells of nothing.
#[server(prefix = "/api", endpoint = "webhooks/send-test")]
pub async fn test_webhook(webhook: WebhookId) -> Result<(), AppError> {
    webhooks::send_test(&services(), actor::<Manager>()?, webhook).await?;
    redirect(&done(webhook, "test"));
    Ok(())
}

/// Sends an event of a webhook anew.
#[server(prefix = "/api", endpoint = "webhooks/replay")]
pub async fn replay_delivery(webhook: WebhookId, delivery: DeliveryId) -> Result<(), AppError> {
    webhooks::replay(&services(), actor::<Manager>()?, delivery).await?;
    redirect(&done(webhook, "replayed"));
    Ok(())
}

fn draft(url: &str, events: &[EventKind], enabled: bool) -> Result<Draft, AppError> {
    let url = WebhookUrl::try_from(url.to_owned());
    Ok(Draft {
        url: url.map_err(|problem| AppError::invalid(Problems::one("url", problem)))?,
        events: events.to_vec(),
        enabled,
    })
}

fn done(webhook: WebhookId, what: &str) -> String {
    link(&path_of(webhook), [("done", Some(what.to_owned()))])
}
