//! The first page.

use leptos::prelude::*;
use leptos_meta::Title;
use services::offers::browse::{self, Filter};

use super::{
    load::page,
    request::{services, visitor},
};
use crate::{
    offers::cards::offer_grid,
    tr,
    ui::{ButtonKind, Hero, LinkButton},
};

/// Offers shown on the first page.
const TEASERS: usize = 8;

/// What Surtidor is, and the newest offers.
#[component]
pub fn Home() -> impl IntoView {
    let services = services();
    let account = visitor().account;
    view! {
        <Title text="Surtidor" />
        <main id="content" class="page" tabindex="-1">
            {page(async move {
                let mut newest = browse::list(&services, &Filter::default()).await?.offers;
                newest.truncate(TEASERS);
                let start = match account {
                    Some(account) => view! {
                        <LinkButton href=account.role.home() kind=ButtonKind::Primary>{tr!("home-continue")}</LinkButton>
                    }
                    .into_any(),
                    None => view! {
                        <LinkButton href="/sign-up" kind=ButtonKind::Primary>{tr!("home-join")}</LinkButton>
                        <LinkButton href="/sign-in" kind=ButtonKind::Secondary>{tr!("sign-in")}</LinkButton>
                    }
                    .into_any(),
                };
                Ok(view! {
                    <Hero title=tr!("home-title") lead=tr!("home-lead")>{start}</Hero>
                    <section class="stack">
                        <div class="section-head">
                            <h2>{tr!("home-newest")}</h2>
                            <a href="/offers">{tr!("home-all-offers")}</a>
                        </div>
                        {offer_grid(newest, 3)}
                    </section>
                }
                .into_any())
            })}
        </main>
    }
}
