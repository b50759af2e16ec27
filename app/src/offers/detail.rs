//! An offer's own page, with the form to redeem it.

use domain::{
    error::ErrorCode,
    ids::{OfferId, RedemptionId},
    offers::Availability,
};
use leptos::prelude::*;
use leptos_meta::Title;
use services::{
    Services,
    offers::browse::{self, Detail},
};

use super::{
    actions::Redeem,
    cards::{category_icon, category_name, photo},
};
use crate::{
    error::AppError,
    identity::actions::sign_in_and_return,
    islands::guard::SubmitGuard,
    site::{
        format,
        forms::Attempt,
        load::page,
        request::{link, param, services, site, visitor},
    },
    tr,
    ui::{
        BackLink, Badge, Button, ButtonKind, Facts, HiddenInput, Icon, LinkButton, Meter, Notice,
        PageHeader, PhotoPlace, PointsAmount, Tone,
    },
};

/// What it is, what it costs, and whether it can be had.
#[component]
pub fn OfferPage() -> impl IntoView {
    let services = services();
    let account = visitor().account;
    let id = param::<OfferId>("id");
    view! {
        <main id="content" class="page" tabindex="-1">
            <BackLink href="/offers" label=tr!("offers-title") />
            {page(async move {
                let viewer = account.as_ref().map(|account| account.id);
                let offer = browse::detail(&services, id?, viewer)
                    .await?
                    .ok_or_else(|| AppError::new(ErrorCode::NotFound))?;
                let signed_in = account.is_some();
                let is_consumer = account.is_some_and(|a| a.role == domain::account::Role::Consumer);
                let aside = match (signed_in, is_consumer) {
                    (false, _) => sign_in_first(&offer).into_any(),
                    (true, true) => redeem_panel(&services, &offer).into_any(),
                    (true, false) => {
                        view! { <Notice tone=Tone::Info title=tr!("offer-consumers-only") /> }.into_any()
                    }
                };
                Ok(offer_view(offer, aside).into_any())
            })}
        </main>
    }
}

/// What it is and what it costs; beside it, what can be done about it.
pub(super) fn offer_view(offer: Detail, aside: AnyView) -> impl IntoView {
    let state = availability_badge(offer.availability);
    let mut facts = vec![
        (
            tr!("offer-valid-to"),
            format::date(offer.valid_to, format::zone()),
        ),
        (tr!("offer-lifetime"), lifetime(offer.lifetime_minutes)),
        (
            tr!("offer-limit"),
            tr!("offer-limit-value", n = i64::from(offer.max_per_user)),
        ),
    ];
    if let Some(units) = offer.stock_remaining {
        facts.push((tr!("offer-stock"), format::number(units.into())));
    }
    let terms = (!offer.terms.is_empty()).then(|| {
        view! {
            <section class="stack prose">
                <h2>{tr!("offer-terms")}</h2>
                <p class="muted">{offer.terms}</p>
            </section>
        }
    });
    let photo = offer
        .picture
        .map(|picture| photo(picture, PhotoPlace::Page, &offer.name));
    let theirs = link(
        "/offers",
        [("merchant", Some(offer.merchant_id.to_string()))],
    );
    let more = tr!(
        "offers-more-of-merchant",
        merchant = offer.merchant_name.clone()
    );
    view! {
        <Title text=offer.name.clone() />
        <PageHeader title=offer.name lead=offer.merchant_name />
        <div class="split">
            <div class="stack">
                {photo}
                <p class="cluster">
                    <Icon icon=category_icon(offer.category) />
                    <span>{category_name(offer.category)}</span>
                    {state}
                </p>
                <p class="lead prose">{offer.description}</p>
                <Facts items=facts />
                {terms}
                <p><a href=theirs>{more}</a></p>
            </div>
            <aside class="stack">
                <PointsAmount value=format::points(offer.points_cost) unit=site().points_name large=true />
                {aside}
            </aside>
        </div>
    }
}

fn availability_badge(availability: Availability) -> Option<impl IntoView> {
    let text = match availability {
        Availability::Available => return None,
        Availability::NotYet => tr!("offer-not-yet"),
        Availability::Over => tr!("offer-over"),
        Availability::SoldOut => tr!("offer-sold-out"),
        Availability::Withheld => tr!("offer-withheld"),
    };
    Some(view! { <Badge tone=Tone::Warning text /> })
}

/// A lifetime in the largest unit that says it exactly.
fn lifetime(minutes: i32) -> String {
    let minutes = i64::from(minutes);
    match minutes {
        m if m % (24 * 60) == 0 => tr!("days", n = (m / (24 * 60))),
        m if m % 60 == 0 => tr!("hours", n = (m / 60)),
        m => tr!("minutes", n = m),
    }
}

fn sign_in_first(offer: &Detail) -> impl IntoView + use<> {
    let href = sign_in_and_return(&format!("/offers/{}", offer.id));
    view! {
        <p>{tr!("offer-sign-in-text")}</p>
        <LinkButton href kind=ButtonKind::Primary wide=true>{tr!("offer-sign-in")}</LinkButton>
    }
}

fn redeem_panel(services: &Services, offer: &Detail) -> impl IntoView + use<> {
    let action = ServerAction::<Redeem>::new();
    let attempt = Attempt::of(action);
    let unit = site().points_name;
    let standing = offer.viewer;
    let balance = standing.map(|viewer| viewer.balance).unwrap_or_default();
    let missing = balance.missing_for(offer.points_cost).get();
    let limit_reached =
        standing.is_some_and(|viewer| viewer.redeemed >= i64::from(offer.max_per_user));
    let obstacle = if offer.availability != Availability::Available {
        Some(tr!("offer-unavailable-text"))
    } else if limit_reached {
        Some(tr!(
            "error-max-redemptions",
            limit = i64::from(offer.max_per_user)
        ))
    } else if missing > 0 {
        Some(tr!(
            "offer-missing",
            missing = format::number(missing),
            unit = unit.clone()
        ))
    } else {
        None
    };
    let blocked = obstacle.is_some();
    let waiting = standing.and_then(|viewer| viewer.waiting);
    let (value, max) = (
        u64::try_from(balance.get().min(offer.points_cost.get())).unwrap_or_default(),
        u64::try_from(offer.points_cost.get()).unwrap_or_default(),
    );
    let balance_text = format!("{} {unit}", format::points(balance));
    let notice = attempt.notice();
    let id = offer.id.to_string();
    let cost = offer.points_cost.to_string();
    // Made here, so that sending the form twice redeems once; kept where the last try's end is unknown.
    let key = attempt.typed_or("key", &services.new_id().to_string());
    let price = format::points(offer.points_cost);
    // Whoever comes back after redeeming may take the button for the one just pressed.
    let (kind, redeem) = if waiting.is_some() {
        let another = tr!("offer-redeem-another", cost = price, unit = unit);
        (ButtonKind::Secondary, another)
    } else {
        let first = tr!("offer-redeem", cost = price, unit = unit);
        (ButtonKind::Primary, first)
    };
    let hint = tr!(
        "offer-redeem-hint",
        lifetime = lifetime(offer.lifetime_minutes)
    );
    view! {
        {notice}
        <Meter label=tr!("wallet-title") text=balance_text value max />
        {waiting.map(waiting_notice)}
        {obstacle.map(|text| view! { <Notice tone=Tone::Warning title=text /> })}
        <SubmitGuard>
            <ActionForm action attr:class="form">
                <HiddenInput name="offer" value=id />
                <HiddenInput name="key" value=key />
                <HiddenInput name="cost" value=cost />
                <Button kind wide=true disabled=blocked icon=icondata_lu::LuTicket>
                    {redeem}
                </Button>
            </ActionForm>
        </SubmitGuard>
        <p class="small muted">{hint}</p>
    }
}

fn waiting_notice(redemption: RedemptionId) -> impl IntoView {
    let href = format!("/redemptions/{redemption}");
    view! {
        <Notice tone=Tone::Info title=tr!("offer-waiting-title")>
            <p>{tr!("offer-waiting-text")}</p>
            <LinkButton href kind=ButtonKind::Primary icon=icondata_lu::LuTicket>
                {tr!("offer-waiting-show")}
            </LinkButton>
        </Notice>
    }
}
