//! What a consumer has, and the tier that it has earned them.

use domain::{
    earning::{Tier, TierRule},
    points::Points,
};
use leptos::prelude::*;
use services::wallet::Balance;

use crate::{
    site::{format, request::site},
    tr,
    ui::{BalanceDial, Card, Meter, Notice, Tone},
};

/// What can be spent, and in sentences what cannot yet or not for long.
pub(super) fn balance_dial(balance: &Balance) -> impl IntoView + use<> {
    let unit = site().points_name;
    let expiring = balance.next_expiration.map(|next| {
        let text = tr!(
            "wallet-expiring",
            amount = format::points(next.amount),
            unit = unit.clone(),
            date = format::date(next.at, format::zone())
        );
        view! { <p>{text}</p> }
    });
    let reserved = (balance.reserved > Points::ZERO).then(|| {
        let text = tr!(
            "wallet-reserved",
            amount = format::points(balance.reserved),
            unit = unit.clone()
        );
        view! { <p>{text} " " <a href="/redemptions">{tr!("wallet-see-redemptions")}</a></p> }
    });
    let pending = (balance.pending > Points::ZERO).then(|| {
        let text = tr!(
            "wallet-pending",
            amount = format::points(balance.pending),
            unit = unit.clone()
        );
        view! { <p>{text}</p> }
    });
    view! {
        <BalanceDial label=tr!("wallet-available") value=format::points(balance.available) unit>
            {expiring}
            {reserved}
            {pending}
        </BalanceDial>
    }
}

/// What is owed and why, if anything is.
pub(super) fn owed_notice(owed: Points) -> Option<impl IntoView> {
    (owed > Points::ZERO).then(|| {
        let amount = format::points(owed);
        let title = tr!("wallet-owed", amount = amount, unit = site().points_name);
        view! { <Notice tone=Tone::Warning title>{tr!("wallet-owed-text")}</Notice> }
    })
}

/// The tier and how far the next one is.
pub(super) fn tier_card(balance: &Balance) -> impl IntoView + use<> {
    let now = balance.tier;
    let next = balance
        .next_tier
        .map(|(next, missing)| way_to(next, missing));
    let top = balance
        .next_tier
        .is_none()
        .then(|| view! { <p>{tr!("tier-top")}</p> });
    view! {
        <Card title=tr!("tier-title", tier = tier_name(now.tier)) icon=icondata_lu::LuMedal>
            <p>{worth(now)}</p>
            {next}
            {top}
        </Card>
    }
}

fn way_to(next: TierRule, missing: Points) -> impl IntoView {
    let earned = next.from.get() - missing.get();
    let name = tier_name(next.tier);
    let text = tr!(
        "tier-progress",
        earned = format::number(earned),
        from = format::points(next.from)
    );
    let more = tr!(
        "tier-missing",
        missing = format::points(missing),
        unit = site().points_name,
        tier = name.clone(),
        percent = (next.multiplier - 100)
    );
    view! {
        <Meter
            label=tr!("tier-next", tier = name)
            text
            value=earned.unsigned_abs()
            max=next.from.get().unsigned_abs()
        />
        <p class="small muted">{more}</p>
    }
}

/// What a tier does for its member.
fn worth(rule: TierRule) -> String {
    match rule.multiplier - 100 {
        0 => tr!("tier-plain"),
        percent => tr!("tier-worth", percent = percent),
    }
}

fn tier_name(tier: Tier) -> String {
    match tier {
        Tier::Bronze => tr!("tier-bronze"),
        Tier::Silver => tr!("tier-silver"),
        Tier::Gold => tr!("tier-gold"),
        Tier::Platinum => tr!("tier-platinum"),
    }
}
