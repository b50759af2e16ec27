//! The member's card: what a consumer shows when they pay.

use domain::codes::MemberCode;
use leptos::prelude::*;
use leptos_meta::Title;
use services::{
    identity::actors::Consumer,
    wallet::{self, members},
};

use crate::{
    islands::live::LiveCard,
    redemptions::qr,
    site::{
        format,
        load::page,
        request::{actor, services, signed_in, site},
    },
    tr,
    ui::{ButtonKind, LinkButton, MemberCard, PointsAmount, QrImage},
};

/// The rotating QR, the code for when the camera fails, and the balance.
#[component]
pub fn CardPage() -> impl IntoView {
    let services = services();
    let consumer = actor::<Consumer>();
    let name = signed_in().map(|account| account.name);
    view! {
        <Title text=tr!("card-title") />
        <main id="content" class="page page-narrow" tabindex="-1">
            {page(async move {
                let (consumer, name) = (consumer?, name?);
                let code = members::code(&services, consumer).await?;
                let balance = wallet::balance(&services, consumer).await?;
                let link = members::qr_link(&services, &site().public_url, &code);
                let svg = qr::of_link(&link)?;
                Ok(card(&code, name, svg, format::points(balance.available)).into_any())
            })}
        </main>
    }
}

fn card(code: &MemberCode, name: String, svg: String, balance: String) -> impl IntoView + use<> {
    view! {
        <MemberCard
            title=tr!("card-title")
            name
            how=tr!("card-how")
            face=move || view! {
                <LiveCard events="/card/events".to_owned() live=tr!("card-live") lost=tr!("card-live-lost")>
                    <QrImage svg label=tr!("card-qr-label") />
                    <p class="card-balance">
                        <PointsAmount value=balance unit=site().points_name />
                    </p>
                </LiveCard>
            }
            code_label=tr!("card-code")
            code=code.grouped()
        >
            <p class="small muted">{tr!("card-rotates")}</p>
            <LinkButton href="/wallet" kind=ButtonKind::Secondary wide=true>{tr!("card-to-wallet")}</LinkButton>
        </MemberCard>
    }
}
