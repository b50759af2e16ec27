//! A consumer's redemptions, newest first.

use leptos::prelude::*;
use leptos_meta::Title;
use services::{
    identity::actors::Consumer,
    offers::history::{self, Summary},
};

use super::words::{status_name, tone};
use crate::{
    site::{
        format,
        load::page,
        request::{actor, link, query, services},
    },
    tr,
    ui::{Badge, ButtonKind, Cell, DataTable, EmptyState, LinkButton, PageHeader, Pager, Row},
};

/// The list.
#[component]
pub fn RedemptionsPage() -> impl IntoView {
    let services = services();
    let consumer = actor::<Consumer>();
    let after = query("after");
    view! {
        <Title text=tr!("redemptions-title") />
        <main id="content" class="page" tabindex="-1">
            {page(async move {
                let filter = history::Filter {
                    after: after.as_deref().and_then(|after| after.parse().ok()),
                    ..history::Filter::default()
                };
                let found = history::list(&services, consumer?, filter).await?;
                let list = if found.redemptions.is_empty() {
                    view! {
                        <EmptyState
                            icon=icondata_lu::LuTicket
                            title=tr!("redemptions-none-title")
                            text=tr!("redemptions-none-text")
                            action=|| view! {
                                <LinkButton href="/offers" kind=ButtonKind::Primary>{tr!("redemptions-to-offers")}</LinkButton>
                            }
                        />
                    }
                    .into_any()
                } else {
                    table(found.redemptions).into_any()
                };
                let next = found.next.map(|id| link("/redemptions", [("after", Some(id.to_string()))]));
                Ok(view! {
                    <PageHeader title=tr!("redemptions-title") lead=tr!("redemptions-lead") />
                    {list}
                    <Pager
                        label=tr!("pager-label")
                        previous=after.map(|_| "/redemptions".to_owned())
                        previous_label=tr!("pager-first")
                        next
                        next_label=tr!("pager-next")
                    />
                }
                .into_any())
            })}
        </main>
    }
}

fn table(redemptions: Vec<Summary>) -> impl IntoView {
    let columns = [
        tr!("column-offer"),
        tr!("column-merchant"),
        tr!("column-status"),
        tr!("column-cost"),
        tr!("column-date"),
    ];
    let rows = redemptions
        .into_iter()
        .map(|redemption| {
            let [offer, merchant, status, cost, date] = columns.clone();
            view! {
                <Row>
                    <Cell label=offer>
                        <a href=format!("/redemptions/{}", redemption.id)>{redemption.offer_name}</a>
                    </Cell>
                    <Cell label=merchant>{redemption.merchant_name}</Cell>
                    <Cell label=status>
                        <Badge tone=tone(redemption.status) text=status_name(redemption.status) />
                    </Cell>
                    <Cell label=cost numeric=true>{format::points(redemption.points_spent)}</Cell>
                    <Cell label=date>{format::date_time(redemption.created_at, format::zone())}</Cell>
                </Row>
            }
        })
        .collect_view();
    view! { <DataTable caption=tr!("redemptions-title") columns=columns.to_vec() numeric=&[3]>{rows}</DataTable> }
}
