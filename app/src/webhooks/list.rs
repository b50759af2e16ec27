//! A merchant's webhooks, and the form for one more.

use domain::webhooks::EventKind;
use leptos::prelude::*;
use leptos_meta::Title;
use services::{
    identity::actors::Manager,
    webhooks::{self, Endpoint},
};

use super::{
    actions::CreateWebhook,
    form, path_of,
    words::{event_name, state},
};
use crate::{
    site::{
        forms::Attempt,
        load::page,
        request::{actor, query, services},
    },
    tr,
    ui::{
        BackLink, Badge, Button, Card, Cell, DataTable, EmptyState, Notice, PageHeader, Row, Tone,
    },
};

/// Addresses with their events and states, and the form for one more.
#[component]
pub fn WebhooksPage() -> impl IntoView {
    let services = services();
    let manager = actor::<Manager>();
    view! {
        <Title text=tr!("webhooks-title") />
        <main id="content" class="page" tabindex="-1">
            <BackLink href="/manage/keys" label=tr!("keys-title") />
            {page(async move {
                let endpoints = webhooks::list(&services, manager?).await?;
                let list = if endpoints.is_empty() {
                    view! {
                        <EmptyState
                            icon=icondata_lu::LuWebhook
                            title=tr!("webhooks-none-title")
                            text=tr!("webhooks-none-text")
                        />
                    }
                    .into_any()
                } else {
                    table(endpoints).into_any()
                };
                Ok(view! {
                    <PageHeader title=tr!("webhooks-title") lead=tr!("webhooks-lead") />
                    {query("done").map(|_| view! { <Notice tone=Tone::Success title=tr!("webhook-deleted") /> })}
                    <div class="split">
                        {list}
                        {create_form()}
                    </div>
                }
                .into_any())
            })}
        </main>
    }
}

fn table(endpoints: Vec<Endpoint>) -> impl IntoView {
    let columns = [
        tr!("column-address"),
        tr!("column-events"),
        tr!("column-status"),
    ];
    let rows = endpoints
        .into_iter()
        .map(|endpoint| {
            let [address, events, status] = columns.clone();
            let (tone, text) = state(&endpoint);
            view! {
                <Row>
                    <Cell label=address><a class="address" href=path_of(endpoint.id)>{endpoint.url}</a></Cell>
                    <Cell label=events>{in_words(&endpoint.events)}</Cell>
                    <Cell label=status><Badge tone text /></Cell>
                </Row>
            }
        })
        .collect_view();
    view! { <DataTable caption=tr!("webhooks-title") columns=columns.to_vec()>{rows}</DataTable> }
}

fn in_words(events: &[EventKind]) -> impl IntoView + use<> {
    if events.len() == EventKind::ALL.len() {
        return view! { <span>{tr!("webhook-all-events")}</span> }.into_any();
    }
    let each = events
        .iter()
        .map(|kind| view! { <li>{event_name(*kind)}</li> })
        .collect_view();
    view! { <ul>{each}</ul> }.into_any()
}

fn create_form() -> impl IntoView {
    let action = ServerAction::<CreateWebhook>::new();
    let attempt = Attempt::of(action);
    view! {
        <Card title=tr!("webhook-new")>
            {attempt.notice()}
            <ActionForm action attr:class="form">
                {form::fields(&attempt, "", EventKind::ALL)}
                <div class="form-actions">
                    <Button>{tr!("webhook-create")}</Button>
                </div>
            </ActionForm>
        </Card>
    }
}
