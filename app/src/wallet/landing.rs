//! Where a member's QR leads when it is scanned by anything but a till.

use domain::{account::Role, codes::MemberCode};
use leptos::prelude::*;
use leptos_meta::Title;

use super::referral::invitation;
use crate::{
    site::{
        load::page,
        request::{link, param, path, query, site, visitor},
    },
    tr,
    ui::{ButtonKind, Card, LinkButton, PageHeader},
};

/// What the code is for, never whose it is or whether it is anybody's: nothing is looked up. For staff, the
/// way to the till; for who has no account, the way to one.
#[component]
pub fn MemberPage() -> impl IntoView {
    let code = param::<MemberCode>("code");
    let role = visitor().account.map(|account| account.role);
    // As the scanner would have read it, token and all.
    let scanned = {
        let url = format!("{}{}", site().public_url, path());
        match query("t") {
            Some(token) => format!("{url}?t={token}"),
            None => url,
        }
    };
    view! {
        <Title text=tr!("member-title") />
        <main id="content" class="page page-narrow" tabindex="-1">
            {page(async move {
                let code = code?;
                let (href, label) = match role {
                    Some(Role::Attendant | Role::Manager) => {
                        (link("/till", [("code", Some(scanned))]), tr!("landing-to-till"))
                    }
                    Some(Role::Consumer) => ("/card".to_owned(), tr!("member-own-card")),
                    Some(Role::Admin) => ("/".to_owned(), tr!("go-home")),
                    None => (invitation(&code), tr!("member-join")),
                };
                Ok(view! {
                    <PageHeader title=tr!("member-title") />
                    <Card>
                        <p>{tr!("member-text")}</p>
                        <LinkButton href kind=ButtonKind::Primary wide=true>{label}</LinkButton>
                    </Card>
                }
                .into_any())
            })}
        </main>
    }
}
