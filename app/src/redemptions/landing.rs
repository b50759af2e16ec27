//! Where a QR leads when it is scanned by anything but a till.

use domain::{account::Role, codes::RedemptionCode, error::ErrorCode};
use leptos::prelude::*;
use leptos_meta::Title;
use services::offers::history;

use super::words::{status_name, tone};
use crate::{
    error::AppError,
    site::{
        load::page,
        request::{link, param, path, query, services, site, visitor},
    },
    tr,
    ui::{Badge, ButtonKind, Card, LinkButton, PageHeader},
};

/// The offer and the status, never whose it is; for staff, the way to the till.
#[component]
pub fn LandingPage() -> impl IntoView {
    let services = services();
    let code = param::<RedemptionCode>("code");
    let role = visitor().account.map(|account| account.role);
    // As the scanner would have read it, token and all.
    let scanned = {
        let url = format!("{}{}", site().public_url, path());
        // A token needs no escaping, and the till reads it as it stands.
        match query("t") {
            Some(token) => format!("{url}?t={token}"),
            None => url,
        }
    };
    view! {
        <main id="content" class="page page-narrow" tabindex="-1">
            {page(async move {
                let landing = history::landing(&services, &code?)
                    .await?
                    .ok_or_else(|| AppError::new(ErrorCode::NotFound))?;
                let next = match role {
                    Some(Role::Attendant | Role::Manager) => view! {
                        <LinkButton href=link("/till", [("code", Some(scanned))]) kind=ButtonKind::Primary wide=true>
                            {tr!("landing-to-till")}
                        </LinkButton>
                    }
                    .into_any(),
                    _ => view! {
                        <p>{tr!("landing-stranger")}</p>
                        <LinkButton href=format!("/offers/{}", landing.offer_id) kind=ButtonKind::Secondary wide=true>
                            {tr!("redemption-see-offer")}
                        </LinkButton>
                    }
                    .into_any(),
                };
                Ok(view! {
                    <Title text=landing.offer_name.clone() />
                    <PageHeader title=landing.offer_name lead=landing.merchant_name />
                    <Card>
                        <p><Badge tone=tone(landing.status) text=status_name(landing.status) /></p>
                        {next}
                    </Card>
                }
                .into_any())
            })}
        </main>
    }
}
