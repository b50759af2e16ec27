//! The wallet's page.

use leptos::prelude::*;
use leptos_meta::Title;
use services::{
    identity::actors::Consumer,
    wallet::{self, lots, members, referrals},
};

use super::{
    balance::{balance_dial, owed_notice, tier_card},
    history::{self, Asked},
    lots::lots_section,
    referral::referral_card,
};
use crate::{
    site::{
        load::page,
        request::{actor, services},
    },
    tr,
    ui::{ButtonKind, LinkButton, PageHeader},
};

/// Balance and tier, the lots behind it, referrals and history.
#[component]
pub fn WalletPage() -> impl IntoView {
    let services = services();
    let consumer = actor::<Consumer>();
    let asked = Asked::from_query();
    view! {
        <Title text=tr!("wallet-title") />
        <main id="content" class="page" tabindex="-1">
            {page(async move {
                let consumer = consumer?;
                let balance = wallet::balance(&services, consumer).await?;
                let lots = lots::open(&services, consumer).await?;
                let moved = wallet::movements(&services, consumer, asked.filter()).await?;
                let code = members::code(&services, consumer).await?;
                let referred = referrals::standing(&services, consumer).await?;
                Ok(view! {
                    <PageHeader
                        title=tr!("wallet-title")
                        actions=|| view! {
                            <LinkButton href="/card" kind=ButtonKind::Primary icon=icondata_lu::LuQrCode>
                                {tr!("wallet-show-card")}
                            </LinkButton>
                        }
                    />
                    {owed_notice(balance.owed)}
                    <div class="wallet">
                        {balance_dial(&balance)}
                        {tier_card(&balance)}
                        {lots_section(lots)}
                        {history::section(&asked, moved)}
                        {referral_card(&code, referred, services.rules().referral)}
                    </div>
                }
                .into_any())
            })}
        </main>
    }
}
