//! A merchant's API keys: made, shown once, revoked.

use domain::{account::KeyName, ids::ApiKeyId};
use leptos::prelude::*;
use leptos_meta::Title;
use services::identity::{
    actors::Manager,
    api_keys::{self, ApiKey},
};

use super::actions::{CreateApiKey, RevokeApiKey};
use crate::{
    identity::once,
    site::{
        format,
        forms::Attempt,
        load::page,
        request::{actor, query, services},
    },
    tr,
    ui::{
        Badge, Button, ButtonKind, Card, Cell, DataTable, EmptyState, Field, HiddenInput,
        LinkButton, Notice, PageHeader, Row, Tone,
    },
};

/// Where the page is.
pub(super) const PATH: &str = "/manage/keys";
/// Where the session keeps its half of a new key until the page shows it.
pub(super) const NEW_KEY: &str = "new_key";

/// The merchant's keys, and the form for one more.
#[component]
pub fn KeysPage() -> impl IntoView {
    let services = services();
    let manager = actor::<Manager>();
    view! {
        <Title text=tr!("keys-title") />
        <main id="content" class="page" tabindex="-1">
            {page(async move {
                let keys = api_keys::list(&services, manager?).await?;
                let made = once::shown(NEW_KEY, api_keys::PREFIX, query("made")).await?;
                let leaving = query("revoke")
                    .and_then(|id| id.parse::<ApiKeyId>().ok())
                    .and_then(|id| keys.iter().find(|key| key.id == id && key.revoked_at.is_none()))
                    .map(revoke_form);
                let form = leaving.unwrap_or_else(create_form);
                let table = if keys.is_empty() {
                    view! {
                        <EmptyState icon=icondata_lu::LuKeyRound title=tr!("keys-none-title") text=tr!("keys-none-text") />
                    }
                    .into_any()
                } else {
                    table(keys).into_any()
                };
                Ok(view! {
                    <PageHeader
                        title=tr!("keys-title")
                        lead=tr!("keys-lead")
                        actions=|| view! {
                            <LinkButton href="/manage/webhooks" kind=ButtonKind::Secondary icon=icondata_lu::LuWebhook>
                                {tr!("keys-webhooks")}
                            </LinkButton>
                        }
                    />
                    {made.map(new_key)}
                    {query("done").map(|_| view! { <Notice tone=Tone::Success title=tr!("keys-revoked-notice") /> })}
                    {form}
                    {table}
                }
                .into_any())
            })}
        </main>
    }
}

fn new_key(key: String) -> impl IntoView {
    view! {
        <Notice tone=Tone::Success title=tr!("keys-made-title")>
            <p>{tr!("keys-made-text")}</p>
            <code class="secret">{key}</code>
        </Notice>
    }
}

fn create_form() -> AnyView {
    let action = ServerAction::<CreateApiKey>::new();
    let attempt = Attempt::of(action);
    view! {
        <Card title=tr!("keys-new")>
            {attempt.notice()}
            <ActionForm action attr:class="form">
                <Field
                    label=tr!("keys-name")
                    name="name"
                    value=attempt.typed("name")
                    error=attempt.problem("name")
                    hint=tr!("keys-name-hint")
                    maxlength=u32::try_from(KeyName::MAX_LENGTH).unwrap_or(u32::MAX)
                    required=true
                />
                <div class="form-actions">
                    <Button icon=icondata_lu::LuKeyRound>{tr!("keys-create")}</Button>
                </div>
            </ActionForm>
        </Card>
    }
    .into_any()
}

fn revoke_form(key: &ApiKey) -> AnyView {
    let action = ServerAction::<RevokeApiKey>::new();
    let (id, name) = (key.id.to_string(), key.name.clone());
    view! {
        <Card title=tr!("keys-revoke-title", name = name)>
            {Attempt::of(action).notice()}
            <p>{tr!("keys-revoke-text")}</p>
            <ActionForm action attr:class="form">
                <HiddenInput name="key" value=id />
                <div class="form-actions">
                    <Button kind=ButtonKind::Danger>{tr!("keys-revoke-sure")}</Button>
                    <LinkButton href=PATH kind=ButtonKind::Quiet>{tr!("keys-keep")}</LinkButton>
                </div>
            </ActionForm>
        </Card>
    }
    .into_any()
}

fn table(keys: Vec<ApiKey>) -> impl IntoView {
    let zone = format::zone();
    let columns = [
        tr!("column-name"),
        tr!("column-key"),
        tr!("column-created"),
        tr!("column-last-use"),
        tr!("column-actions"),
    ];
    let rows = keys
        .into_iter()
        .map(|key| {
            let [name, hint, created, used, _] = columns.clone();
            let last = key
                .last_used_at
                .map_or_else(|| tr!("keys-never-used"), |time| format::date_time(time, zone));
            let end = if let Some(time) = key.revoked_at {
                let text = tr!("keys-revoked", time = format::date(time, zone));
                view! { <Badge tone=Tone::Info text /> }.into_any()
            } else {
                let revoke = format!("{PATH}?revoke={}", key.id);
                let about = tr!("keys-revoke-title", name = key.name.clone());
                view! {
                    <LinkButton href=revoke kind=ButtonKind::Quiet attr:aria-label=about>{tr!("keys-revoke")}</LinkButton>
                }
                .into_any()
            };
            view! {
                <Row>
                    <Cell label=name>{key.name}</Cell>
                    <Cell label=hint><code>{format!("…{}", key.hint)}</code></Cell>
                    <Cell label=created>{format::date_time(key.created_at, zone)}</Cell>
                    <Cell label=used>{last}</Cell>
                    <Cell label="">{end}</Cell>
                </Row>
            }
        })
        .collect_view();
    view! { <DataTable caption=tr!("keys-title") columns=columns.to_vec()>{rows}</DataTable> }
}
