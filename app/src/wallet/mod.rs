//! The wallet: what a consumer has and what moved it.

use leptos::prelude::*;
use leptos_meta::Title;
use services::{
    identity::actors::Consumer,
    wallet::{self, TransferKind},
};

use crate::{
    site::{
        format,
        load::page,
        request::{actor, link, query, services, site},
    },
    tr,
    ui::{BalanceDial, ButtonKind, EmptyState, LinkButton, Movement, PageHeader, Pager},
};

/// Balance and history.
#[component]
pub fn WalletPage() -> impl IntoView {
    let services = services();
    let consumer = actor::<Consumer>();
    let after = query("after");
    view! {
        <Title text=tr!("wallet-title") />
        <main id="content" class="page" tabindex="-1">
            {page(async move {
                let consumer = consumer?;
                let balance = wallet::balance(&services, consumer).await?;
                let filter = wallet::Filter {
                    after: after.as_deref().and_then(|after| after.parse().ok()),
                    ..wallet::Filter::default()
                };
                let history = wallet::movements(&services, consumer, filter).await?;
                let unit = site().points_name;
                let reserved = (balance.reserved.get() > 0).then(|| {
                    let text = tr!("wallet-reserved", amount = format::points(balance.reserved), unit = unit.clone());
                    view! { <p>{text} " " <a href="/redemptions">{tr!("wallet-see-redemptions")}</a></p> }
                });
                let movements = if history.movements.is_empty() {
                    empty().into_any()
                } else {
                    let rows = history.movements.into_iter().map(movement).collect_view();
                    view! { <ul class="movements">{rows}</ul> }.into_any()
                };
                let next = history.next.map(|id| link("/wallet", [("after", Some(id.to_string()))]));
                let first = after.map(|_| "/wallet".to_owned());
                Ok(view! {
                    <PageHeader title=tr!("wallet-title") />
                    <BalanceDial label=tr!("wallet-available") value=format::points(balance.available) unit>
                        {reserved}
                    </BalanceDial>
                    <section class="stack">
                        <h2>{tr!("wallet-history")}</h2>
                        {movements}
                        <Pager
                            label=tr!("pager-label")
                            previous=first
                            previous_label=tr!("pager-first")
                            next
                            next_label=tr!("pager-next")
                        />
                    </section>
                }
                .into_any())
            })}
        </main>
    }
}

fn movement(movement: wallet::Movement) -> impl IntoView {
    let why = match movement.kind {
        TransferKind::Bonus => tr!("movement-bonus"),
        TransferKind::Purchase => tr!("movement-purchase"),
        TransferKind::Referral => tr!("movement-referral"),
        TransferKind::Streak => tr!("movement-streak"),
        TransferKind::Game => tr!("movement-game"),
        TransferKind::Adjustment => tr!("movement-adjustment"),
        TransferKind::LotExpiry => tr!("movement-lot-expiry"),
        TransferKind::Reversal | TransferKind::Owed => tr!("movement-reversal"),
        TransferKind::Repayment => tr!("movement-repayment"),
        TransferKind::Redeem => tr!("movement-redeem"),
        TransferKind::Cancel => tr!("movement-cancel"),
        TransferKind::Expire => tr!("movement-expire"),
        TransferKind::Confirm => tr!("movement-confirm"),
    };
    let when = format::date_time(movement.at, format::zone());
    let (title, detail) = match movement.redemption {
        Some((_, offer)) => (offer, format!("{why} · {when}")),
        None => (why, when),
    };
    let sign = if movement.incoming { "+" } else { "−" };
    let amount = format!("{sign}{}", format::points(movement.amount));
    view! { <Movement title detail amount incoming=movement.incoming /> }
}

fn empty() -> impl IntoView {
    view! {
        <EmptyState
            icon=icondata_lu::LuWallet
            title=tr!("wallet-empty-title")
            text=tr!("wallet-empty-text")
            action=|| view! {
                <LinkButton href="/stations" kind=ButtonKind::Secondary>{tr!("wallet-find-station")}</LinkButton>
            }
        />
    }
}
