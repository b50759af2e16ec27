//! One of a manager's own offers: a new one, its state, its form.

use domain::{
    error::ErrorCode,
    ids::OfferId,
    offers::{Availability, OfferStatus},
};
use leptos::prelude::*;
use leptos_meta::Title;
use services::{identity::actors::Manager, offers::manage};

use super::{
    actions::{CopyOffer, SetOfferStatus},
    manage_form::{Opened, offer_form},
    manage_picture::picture_card,
};
use crate::{
    error::AppError,
    site::{
        forms::Attempt,
        load::page,
        request::{actor, param, query, services},
    },
    tr,
    ui::{BackLink, Badge, Button, ButtonKind, HiddenInput, LinkButton, Notice, PageHeader, Tone},
};

/// One tap makes a copy and opens it.
pub(super) fn copy_form(
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

/// A status in the reader's language.
pub(super) fn status_name(status: OfferStatus) -> String {
    match status {
        OfferStatus::Draft => tr!("status-draft"),
        OfferStatus::Active => tr!("status-active"),
        OfferStatus::Paused => tr!("status-paused"),
        OfferStatus::Archived => tr!("status-archived"),
    }
}

/// What the merchant has decided, or what has become of it.
pub(super) fn status_badge(status: OfferStatus, availability: Availability) -> impl IntoView {
    let (tone, text) = match (status, availability) {
        (OfferStatus::Draft | OfferStatus::Archived, _) => (Tone::Info, status_name(status)),
        (OfferStatus::Paused, _) => (Tone::Warning, status_name(status)),
        (OfferStatus::Active, Availability::SoldOut) => (Tone::Warning, tr!("offer-sold-out")),
        (OfferStatus::Active, Availability::Over) => (Tone::Warning, tr!("offer-over")),
        (OfferStatus::Active, Availability::NotYet) => (Tone::Info, tr!("offer-not-yet")),
        (OfferStatus::Active, _) => (Tone::Success, status_name(status)),
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
