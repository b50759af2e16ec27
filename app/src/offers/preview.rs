//! An offer as its merchant's customers see it.

use domain::{error::ErrorCode, ids::OfferId, offers::OfferStatus};
use leptos::prelude::*;
use services::{
    identity::actors::Manager,
    offers::{browse, manage},
};

use super::detail::offer_view;
use crate::{
    error::AppError,
    site::{
        format,
        load::page,
        request::{actor, param, services, site},
    },
    tr,
    ui::{BackLink, Button, Notice, Tone},
};

/// The offer's own page under a banner, with a button that does nothing.
#[component]
pub fn PreviewPage() -> impl IntoView {
    let services = services();
    let manager = actor::<Manager>();
    let id = param::<OfferId>("id");
    let edit = id.as_ref().map_or_else(
        |_| "/manage/offers".to_owned(),
        |id| format!("/manage/offers/{id}"),
    );
    view! {
        <main id="content" class="page" tabindex="-1">
            <BackLink href=edit label=tr!("preview-edit") />
            {page(async move {
                let (manager, id) = (manager?, id?);
                let not_found = || AppError::new(ErrorCode::NotFound);
                let own = manage::open(&services, manager, id).await?.ok_or_else(not_found)?;
                let offer = browse::preview(&services, manager, id).await?.ok_or_else(not_found)?;
                let text = match own.status {
                    OfferStatus::Draft => tr!("preview-draft"),
                    _ => tr!("preview-text"),
                };
                let redeem = tr!(
                    "offer-redeem",
                    cost = format::points(offer.points_cost),
                    unit = site().points_name
                );
                let aside = view! {
                    <Button wide=true disabled=true button_type="button" icon=icondata_lu::LuTicket>
                        {redeem}
                    </Button>
                };
                Ok(view! {
                    <Notice tone=Tone::Info title=tr!("preview-title")>
                        <p>{text}</p>
                    </Notice>
                    {offer_view(offer, aside.into_any())}
                }
                .into_any())
            })}
        </main>
    }
}
