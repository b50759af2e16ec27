//! A manager's own offers.

use domain::{
    error::ErrorCode,
    ids::OfferId,
    offers::{Availability, OfferStatus},
};
use leptos::prelude::*;
use leptos_meta::Title;
use services::{
    identity::actors::Manager,
    offers::manage::{self, Own},
};

use super::{
    actions::SetOfferStatus,
    manage_form::{Opened, offer_form},
};
use crate::{
    error::AppError,
    site::{
        format,
        forms::Attempt,
        load::page,
        request::{actor, param, query, services, site},
    },
    tr,
    ui::{
        BackLink, Badge, Button, ButtonKind, Cell, DataTable, EmptyState, HiddenInput, LinkButton,
        Notice, PageHeader, Row, Tone,
    },
};

/// The merchant's offers in a table.
#[component]
pub fn OwnOffersPage() -> impl IntoView {
    let services = services();
    let manager = actor::<Manager>();
    view! {
        <Title text=tr!("manage-title") />
        <main id="content" class="page" tabindex="-1">
            {page(async move {
                let offers = manage::list(&services, manager?).await?;
                let table = if offers.is_empty() {
                    view! {
                        <EmptyState icon=icondata_lu::LuTags title=tr!("manage-none-title") text=tr!("manage-none-text") />
                    }
                    .into_any()
                } else {
                    offers_table(offers).into_any()
                };
                Ok(view! {
                    <PageHeader
                        title=tr!("manage-title")
                        lead=tr!("manage-lead")
                        actions=|| view! {
                            <LinkButton href="/manage/offers/new" kind=ButtonKind::Primary icon=icondata_lu::LuPlus>
                                {tr!("manage-new")}
                            </LinkButton>
                        }
                    />
                    {table}
                }
                .into_any())
            })}
        </main>
    }
}

fn offers_table(offers: Vec<Own>) -> impl IntoView {
    let columns = [
        tr!("column-offer"),
        tr!("column-status"),
        tr!("column-cost"),
        tr!("column-left"),
        tr!("column-pending"),
        tr!("column-confirmed"),
    ];
    let rows = offers
        .into_iter()
        .map(|offer| {
            let [name, status, cost, left, pending, confirmed] = columns.clone();
            let units = offer
                .stock_remaining
                .map_or_else(|| tr!("offer-unlimited"), |units| format::number(units.into()));
            view! {
                <Row>
                    <Cell label=name><a href=format!("/manage/offers/{}", offer.id)>{offer.name}</a></Cell>
                    <Cell label=status>{status_badge(offer.status, offer.availability)}</Cell>
                    <Cell label=cost numeric=true>{format::points(offer.points_cost)}</Cell>
                    <Cell label=left numeric=true>{units}</Cell>
                    <Cell label=pending numeric=true>{format::number(offer.pending)}</Cell>
                    <Cell label=confirmed numeric=true>{format::number(offer.confirmed)}</Cell>
                </Row>
            }
        })
        .collect_view();
    view! { <DataTable caption=tr!("manage-title") columns=columns.to_vec() numeric=&[2, 3, 4, 5]>{rows}</DataTable> }
}

fn status_badge(status: OfferStatus, availability: Availability) -> impl IntoView {
    let (tone, text) = match (status, availability) {
        (OfferStatus::Draft, _) => (Tone::Info, tr!("status-draft")),
        (OfferStatus::Paused, _) => (Tone::Warning, tr!("status-paused")),
        (OfferStatus::Archived, _) => (Tone::Info, tr!("status-archived")),
        (OfferStatus::Active, Availability::SoldOut) => (Tone::Warning, tr!("offer-sold-out")),
        (OfferStatus::Active, Availability::Over) => (Tone::Warning, tr!("offer-over")),
        (OfferStatus::Active, Availability::NotYet) => (Tone::Info, tr!("offer-not-yet")),
        (OfferStatus::Active, _) => (Tone::Success, tr!("status-active")),
    };
    view! { <Badge tone text /> }
}

/// A new offer.
#[component]
pub fn NewOfferPage() -> impl IntoView {
    let services = services();
    let manager = actor::<Manager>();
    view! {
        <Title text=tr!("manage-new") />
        <main id="content" class="page page-narrow" tabindex="-1">
            <BackLink href="/manage/offers" label=tr!("manage-title") />
            {page(async move {
                manager?;
                Ok(view! {
                    <PageHeader title=tr!("manage-new") lead=tr!("manage-new-lead") />
                    {offer_form(Opened::blank(services.now()))}
                }
                .into_any())
            })}
        </main>
    }
}

/// One of the merchant's offers: its state and its form.
#[component]
pub fn EditOfferPage() -> impl IntoView {
    let services = services();
    let manager = actor::<Manager>();
    let id = param::<OfferId>("id");
    view! {
        <main id="content" class="page page-narrow" tabindex="-1">
            <BackLink href="/manage/offers" label=tr!("manage-title") />
            {page(async move {
                let (manager, id) = (manager?, id?);
                let offer = manage::open(&services, manager, id)
                    .await?
                    .ok_or_else(|| AppError::new(ErrorCode::NotFound))?;
                let saved = query("saved").map(|_| {
                    view! { <Notice tone=Tone::Success title=tr!("manage-saved") /> }
                });
                let form = (offer.status != OfferStatus::Archived)
                    .then(|| offer_form(Opened::existing(id, &offer)));
                let on_sale = domain::offers::OfferFacts {
                    status: offer.status,
                    valid_from: offer.draft.valid_from,
                    valid_to: offer.draft.valid_to,
                    stock_remaining: offer.draft.stock_quantity.map(|all| all - offer.stock_taken),
                }
                .availability(services.now());
                let given = tr!("manage-given", n = i64::from(offer.stock_taken));
                Ok(view! {
                    <Title text=offer.draft.name.clone() />
                    <PageHeader title=offer.draft.name.clone() lead=site().points_name />
                    {saved}
                    <p class="cluster">{status_badge(offer.status, on_sale)} <span class="muted">{given}</span></p>
                    {status_forms(id, offer.status)}
                    {form}
                }
                .into_any())
            })}
        </main>
    }
}

fn status_forms(id: OfferId, status: OfferStatus) -> impl IntoView {
    let action = ServerAction::<SetOfferStatus>::new();
    let attempt = Attempt::of(action);
    let button = |next: OfferStatus| {
        let (label, kind, icon) = match (status, next) {
            (OfferStatus::Draft, OfferStatus::Active) => (
                tr!("manage-publish"),
                ButtonKind::Primary,
                icondata_lu::LuPlay,
            ),
            (_, OfferStatus::Active) => (
                tr!("manage-resume"),
                ButtonKind::Primary,
                icondata_lu::LuPlay,
            ),
            (_, OfferStatus::Paused) => (
                tr!("manage-pause"),
                ButtonKind::Secondary,
                icondata_lu::LuPause,
            ),
            _ => (
                tr!("manage-archive"),
                ButtonKind::Danger,
                icondata_lu::LuArchive,
            ),
        };
        view! {
            <ActionForm action>
                <HiddenInput name="id" value=id.to_string() />
                <HiddenInput name="status" value=next.as_str() />
                <Button kind icon>{label}</Button>
            </ActionForm>
        }
    };
    let buttons = OfferStatus::ALL
        .iter()
        .filter(|next| status.may_become(**next))
        .map(|next| button(*next))
        .collect_view();
    view! {
        {attempt.notice()}
        <div class="cluster">{buttons}</div>
    }
}
