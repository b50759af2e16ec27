//! One webhook: its secret when it is new, its form, what has been sent there.

use domain::{
    ids::{DeliveryId, WebhookId},
    webhooks::DeliveryStatus,
};
use leptos::prelude::*;
use leptos_meta::Title;
use services::{
    identity::actors::Manager,
    paging::Limit,
    webhooks::{self, Endpoint},
};

use super::{
    NEW_SECRET, PATH,
    actions::{DeleteWebhook, EditWebhook, ReplayDelivery, RotateWebhookSecret, TestWebhook},
    deliveries::{self, Shown},
    form, path_of,
    words::state,
};
use crate::{
    identity::once,
    site::{
        format,
        forms::Attempt,
        load::page,
        request::{actor, param, query, services},
    },
    tr,
    ui::{
        BackLink, Badge, Button, ButtonKind, Card, Checkbox, HiddenInput, LinkButton, Notice,
        PageHeader, Tone,
    },
};

/// How a receiver computes what `webhook-signature` says (Standard Webhooks).
const SIGNATURE: &str = "base64(hmac_sha256(base64_decode(secret without \"whsec_\"), \
    webhook-id + \".\" + webhook-timestamp + \".\" + body))";

/// One of the merchant's webhooks.
#[component]
pub fn WebhookPage() -> impl IntoView {
    let services = services();
    let manager = actor::<Manager>();
    let id = param::<WebhookId>("id");
    let status = query("status").and_then(|name| name.parse::<DeliveryStatus>().ok());
    let after = query("after").and_then(|id| id.parse::<DeliveryId>().ok());
    view! {
        <Title text=tr!("webhook-title") />
        <main id="content" class="page" tabindex="-1">
            <BackLink href=PATH label=tr!("webhooks-title") />
            {page(async move {
                let (manager, id) = (manager?, id?);
                let endpoint = webhooks::get(&services, manager, id).await?;
                let limit = Limit::default();
                let (found, next) = webhooks::deliveries(&services, manager, id, status, after, limit).await?;
                let secret = once::shown(NEW_SECRET, webhooks::PREFIX, query("secret")).await?;
                let shown = Shown { webhook: id, status, after, next };
                let (tone, text) = state(&endpoint);
                let question = question(id);
                Ok(view! {
                    <PageHeader title=tr!("webhook-title") lead=endpoint.url.clone() />
                    <p class="cluster">
                        <Badge tone text />
                        <span class="muted">{tr!("webhook-secret-hint", hint = endpoint.secret_hint.clone())}</span>
                    </p>
                    {secret.map(new_secret)}
                    {notices(&endpoint)}
                    {question}
                    <div class="split">
                        {deliveries::section(found, &shown)}
                        <div class="stack">
                            {edit_form(&endpoint)}
                            {further(id)}
                        </div>
                    </div>
                }
                .into_any())
            })}
        </main>
    }
}

/// The secret, and what a receiver does with it.
fn new_secret(secret: String) -> impl IntoView {
    view! {
        <Notice tone=Tone::Success title=tr!("webhook-secret-title")>
            <p>{tr!("webhook-secret-text")}</p>
            <code class="secret">{secret}</code>
        </Notice>
        <Card title=tr!("webhook-verify-title") icon=icondata_lu::LuShieldCheck>
            <ol class="steps">
                <li>{tr!("webhook-verify-age")}</li>
                <li>{tr!("webhook-verify-sign")} <code>{SIGNATURE}</code></li>
                <li>{tr!("webhook-verify-compare")}</li>
            </ol>
            <p class="muted">{tr!("webhook-verify-library")}</p>
        </Card>
    }
}

/// What was just done, what went wrong, and what to know.
fn notices(endpoint: &Endpoint) -> impl IntoView + use<> {
    let done = query("done").and_then(|what| match what.as_str() {
        "saved" => Some(tr!("webhook-saved")),
        "test" => Some(tr!("webhook-test-sent")),
        "replayed" => Some(tr!("webhook-replayed")),
        _ => None,
    });
    let stopped = (!endpoint.enabled && endpoint.disabled_reason.is_some()).then(|| {
        view! {
            <Notice tone=Tone::Error title=tr!("webhook-stopped-title")>
                <p>{tr!("webhook-stopped-text")}</p>
            </Notice>
        }
    });
    let previous = endpoint.previous_secret_until.map(|until| {
        let until = format::date_time(until, format::zone());
        view! { <Notice tone=Tone::Info title=tr!("webhook-previous-secret", until = until) /> }
    });
    view! {
        {done.map(|title| view! { <Notice tone=Tone::Success title /> })}
        {Attempt::of(ServerAction::<TestWebhook>::new()).notice()}
        {Attempt::of(ServerAction::<ReplayDelivery>::new()).notice()}
        {stopped}
        {previous}
    }
}

/// What is asked before the secret changes or all is gone.
fn question(id: WebhookId) -> Option<AnyView> {
    match query("ask")?.as_str() {
        "rotate" => {
            let action = ServerAction::<RotateWebhookSecret>::new();
            let sure = view! { <Button>{tr!("webhook-rotate-sure")}</Button> };
            let form = asked(id, tr!("webhook-rotate-text"), sure);
            Some(
                view! {
                    <Card title=tr!("webhook-rotate-title")>
                        {Attempt::of(action).notice()}
                        <ActionForm action attr:class="form">{form}</ActionForm>
                    </Card>
                }
                .into_any(),
            )
        }
        "delete" => {
            let action = ServerAction::<DeleteWebhook>::new();
            let sure =
                view! { <Button kind=ButtonKind::Danger>{tr!("webhook-delete-sure")}</Button> };
            let form = asked(id, tr!("webhook-delete-text"), sure);
            Some(
                view! {
                    <Card title=tr!("webhook-delete-title")>
                        {Attempt::of(action).notice()}
                        <ActionForm action attr:class="form">{form}</ActionForm>
                    </Card>
                }
                .into_any(),
            )
        }
        _ => None,
    }
}

fn asked(id: WebhookId, text: String, sure: impl IntoView) -> impl IntoView {
    view! {
        <p>{text}</p>
        <HiddenInput name="webhook" value=id.to_string() />
        <div class="form-actions">
            {sure}
            <LinkButton href=path_of(id) kind=ButtonKind::Quiet>{tr!("webhook-keep")}</LinkButton>
        </div>
    }
}

fn edit_form(endpoint: &Endpoint) -> impl IntoView + use<> {
    let action = ServerAction::<EditWebhook>::new();
    let attempt = Attempt::of(action);
    let enabled = attempt.typed_or("enabled", &endpoint.enabled.to_string()) == "true";
    let id = endpoint.id.to_string();
    let fields = form::fields(&attempt, &endpoint.url, &endpoint.events);
    view! {
        <Card title=tr!("webhook-settings")>
            {attempt.notice()}
            <ActionForm action attr:class="form">
                <HiddenInput name="webhook" value=id />
                {fields}
                <Checkbox
                    label=tr!("webhook-enabled")
                    name="enabled"
                    checked=enabled
                    hint=tr!("webhook-enabled-hint")
                />
                <div class="form-actions">
                    <Button>{tr!("webhook-save")}</Button>
                </div>
            </ActionForm>
        </Card>
    }
}

/// Ways to what is asked about first.
fn further(id: WebhookId) -> impl IntoView {
    let asking = |what: &str| format!("{}?ask={what}", path_of(id));
    view! {
        <div class="cluster">
            <LinkButton href=asking("rotate") kind=ButtonKind::Quiet icon=icondata_lu::LuRotateCw>
                {tr!("webhook-rotate")}
            </LinkButton>
            <LinkButton href=asking("delete") kind=ButtonKind::Quiet icon=icondata_lu::LuTrash2>
                {tr!("webhook-delete")}
            </LinkButton>
        </div>
    }
}
