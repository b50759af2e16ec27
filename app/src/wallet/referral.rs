//! Bringing friends along: the own code, a link to share, and what it has come to.

use domain::codes::MemberCode;
use leptos::prelude::*;
use services::wallet::{referrals::Standing, rules::Referral};

use crate::{
    site::{
        format,
        request::{link, site},
    },
    tr,
    ui::Card,
};

/// What a friend opens to sign up with the code.
#[must_use]
pub(super) fn invitation(code: &MemberCode) -> String {
    link("/sign-up", [("ref", Some(code.to_string()))])
}

/// Code, link and standing.
pub(super) fn referral_card(
    code: &MemberCode,
    standing: Standing,
    rule: Referral,
) -> impl IntoView + use<> {
    let unit = site().points_name;
    let address = format!("{}{}", site().public_url, invitation(code));
    let offer = tr!(
        "referral-text",
        own = format::points(rule.referrer),
        theirs = format::points(rule.referred),
        unit = unit.clone()
    );
    let come_to = match standing.signed_up {
        0 => tr!("referral-none"),
        signed_up => tr!(
            "referral-standing",
            n = signed_up,
            rewarded = standing.rewarded,
            points = format::points(standing.earned),
            unit = unit
        ),
    };
    let grouped = code.grouped();
    view! {
        <Card title=tr!("referral-title") icon=icondata_lu::LuUsers>
            <p>{offer}</p>
            <p class="member-code">{grouped}</p>
            <p>
                <span class="ticket-label">{tr!("referral-link")}</span>
                <br />
                <code class="share-link">{address}</code>
            </p>
            <p class="small muted">{come_to}</p>
        </Card>
    }
}
