//! A manager's own offers in a table.

use domain::{ids::OfferId, offers::OfferStatus};
use leptos::prelude::*;
use leptos_meta::Title;
use services::{
    identity::actors::Manager,
    offers::manage::{self, Own},
};

use super::{
    actions::CopyOffer,
    cards::photo,
    files::EXPORT,
    manage::{copy_form, status_badge, status_name},
};
use crate::{
    site::{
        format,
        forms::Attempt,
        load::page,
        request::{actor, link, query, services},
    },
    tr,
    ui::{
        ButtonKind, Cell, Chip, DataTable, EmptyState, LinkButton, PageHeader, Pager, PhotoPlace,
        Row,
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
                let status = query("status").and_then(|name| name.parse().ok());
                let (offers, next) = manage::list(&services, manager?, status, after).await?;
                // The copies' identifiers are made here, so that two taps make one copy.
                let offers = offers
                    .into_iter()
                    .map(|offer| (offer, services.new_id().into()))
                    .collect::<Vec<_>>();
                let table = if offers.is_empty() && status.is_some() {
                    view! { <EmptyState icon=icondata_lu::LuTags title=tr!("offers-none-found-title") /> }.into_any()
                } else if offers.is_empty() {
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
                    {statuses(status)}
                    {table}
                    <Pager
                        label=tr!("pager-label")
                        previous=after.map(|_| list_link(status, None))
                        previous_label=tr!("pager-first")
                        next=next.map(|id| list_link(status, Some(id)))
                        next_label=tr!("pager-next")
                    />
                }
                .into_any())
            })}
        </main>
    }
}

fn list_link(status: Option<OfferStatus>, after: Option<OfferId>) -> String {
    link(
        "/manage/offers",
        [
            ("status", status.map(|status| status.to_string())),
            ("after", after.map(|id| id.to_string())),
        ],
    )
}

/// Narrows the list to one status.
fn statuses(current: Option<OfferStatus>) -> impl IntoView {
    let chip = |status: Option<OfferStatus>, label: String| {
        view! { <Chip href=list_link(status, None) label current=current == status /> }
    };
    let all = chip(None, tr!("category-all"));
    let each = OfferStatus::ALL
        .iter()
        .map(|status| chip(Some(*status), status_name(*status)))
        .collect_view();
    view! { <nav class="chips" aria-label=tr!("column-status")>{all} {each}</nav> }
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
