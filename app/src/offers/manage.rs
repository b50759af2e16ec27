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
    actions::{CopyOffer, SetOfferStatus},
    cards::photo,
    files::EXPORT,
    manage_form::{Opened, offer_form},
    manage_picture::picture_card,
};
use crate::{
    error::AppError,
    site::{
        format,
        forms::Attempt,
        load::page,
        request::{actor, link, param, query, services},
    },
    tr,
    ui::{
        BackLink, Badge, Button, ButtonKind, Cell, DataTable, EmptyState, HiddenInput, LinkButton,
        Notice, PageHeader, Pager, PhotoPlace, Row, Tone,
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
                let after = query("after").and_then(|id| id.parse().ok());
                let (offers, next) = manage::list(&services, manager?, after).await?;
                // The copies' identifiers are made here, so that two taps make one copy.
                let offers = offers.into_iter().map(|offer| (offer, services.new_id().into())).collect::<Vec<_>>();
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
                            <LinkButton
                                href="/manage/offers/import"
                                kind=ButtonKind::Secondary
                                icon=icondata_lu::LuUpload
                            >
                                {tr!("manage-import")}
                            </LinkButton>
                            <LinkButton href=EXPORT kind=ButtonKind::Secondary icon=icondata_lu::LuDownload>
                                {tr!("manage-export")}
                            </LinkButton>
                        }
                    />
                    {Attempt::of(ServerAction::<CopyOffer>::new()).notice()}
                    {table}
                    <Pager
                        label=tr!("pager-label")
                        previous=after.map(|_| "/manage/offers".to_owned())
                        previous_label=tr!("pager-first")
                        next=next.map(|id| link("/manage/offers", [("after", Some(id.to_string()))]))
                        next_label=tr!("pager-next")
                    />
                }
                .into_any())
            })}
        </main>
    }
}

fn offers_table(offers: Vec<(Own, OfferId)>) -> impl IntoView {
    let columns = [
        tr!("column-offer"),
        tr!("column-status"),
        tr!("column-cost"),
        tr!("column-left"),
        tr!("column-pending"),
        tr!("column-confirmed"),
        tr!("column-actions"),
    ];
    let rows = offers
        .into_iter()
        .map(|(offer, copy)| {
            let [name, status, cost, left, pending, confirmed, _] = columns.clone();
            let picture = offer.picture.map(|picture| photo(picture, PhotoPlace::Table, ""));
            let copy = copy_form(offer.id, copy, ButtonKind::Quiet, Some(&offer.name));
            let units = offer
                .stock_remaining
                .map_or_else(|| tr!("offer-unlimited"), |units| format::number(units.into()));
            view! {
                <Row>
                    <Cell label=name>
                        <span class="offer-named">
                            {picture} <a href=format!("/manage/offers/{}", offer.id)>{offer.name}</a>
                        </span>
                    </Cell>
                    <Cell label=status>{status_badge(offer.status, offer.availability)}</Cell>
                    <Cell label=cost numeric=true>{format::points(offer.points_cost)}</Cell>
                    <Cell label=left numeric=true>{units}</Cell>
                    <Cell label=pending numeric=true>{format::number(offer.pending)}</Cell>
                    <Cell label=confirmed numeric=true>{format::number(offer.confirmed)}</Cell>
                    <Cell label="">{copy}</Cell>
                </Row>
            }
        })
        .collect_view();
    view! { <DataTable caption=tr!("manage-title") columns=columns.to_vec() numeric=&[2, 3, 4, 5]>{rows}</DataTable> }
}

/// One tap makes a copy and opens it.
fn copy_form(
    id: OfferId,
    copy: OfferId,
    kind: ButtonKind,
    named: Option<&str>,
) -> impl IntoView + use<> {
    let action = ServerAction::<CopyOffer>::new();
    // In a list a button says of what.
    let words = match named {
        Some(name) => view! {
            <span aria-hidden="true">{tr!("manage-copy")}</span>
            <span class="visually-hidden">{tr!("manage-copy-named", name = name)}</span>
        }
        .into_any(),
        None => tr!("manage-copy").into_any(),
    };
    view! {
        <ActionForm action>
            <HiddenInput name="id" value=id.to_string() />
            <HiddenInput name="copy" value=copy.to_string() />
            <Button kind icon=icondata_lu::LuCopy>{words}</Button>
        </ActionForm>
    }
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
                let name = offer.draft.name.clone();
                let picture = (offer.status != OfferStatus::Archived)
                    .then(|| picture_card(id, &name, offer.picture));
                let copy = copy_form(id, services.new_id().into(), ButtonKind::Secondary, None);
                let preview = format!("/manage/offers/{id}/preview");
                Ok(view! {
                    <Title text=name.clone() />
                    <PageHeader title=name />
                    {saved}
                    <p class="cluster">{status_badge(offer.status, on_sale)} <span class="muted">{given}</span></p>
                    {status_forms(id, offer.status)}
                    {Attempt::of(ServerAction::<CopyOffer>::new()).notice()}
                    <div class="cluster">
                        <LinkButton href=preview kind=ButtonKind::Secondary icon=icondata_lu::LuEye>
                            {tr!("manage-preview")}
                        </LinkButton>
                        {copy}
                    </div>
                    {picture}
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
