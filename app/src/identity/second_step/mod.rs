//! The second step of signing in: its code after the password, and how it is set up.

mod actions;
mod page;
mod sign_in;

use leptos::prelude::*;
use services::identity::{
    Account, SecondStep,
    actors::{Actor, Insider},
};

pub use self::{
    actions::{ActivateSecondStep, BeginSecondStep, ChangeSecondStep, SignInWithCode},
    page::SecondStepPage,
    sign_in::CodePage,
};
use crate::{
    tr,
    ui::{ButtonKind, Card, LinkButton},
};

/// Where it is set up.
pub const PATH: &str = "/account/second-step";
/// The longest code that is typed: a recovery code with its hyphens, and room for spaces.
const LONGEST_CODE: u32 = 24;

/// The way there from the page of one's account, for those who can have one.
pub(super) fn card(account: &Account) -> Option<impl IntoView + use<>> {
    Insider::of(account)?;
    let (text, to) = match account.second_step {
        SecondStep::On => (tr!("second-step-card-on"), tr!("second-step-to-change")),
        SecondStep::Off | SecondStep::Due => {
            (tr!("second-step-card-off"), tr!("second-step-to-set-up"))
        }
    };
    Some(view! {
        <Card title=tr!("second-step-title")>
            <p>{text}</p>
            <div class="cluster">
                <LinkButton href=PATH kind=ButtonKind::Secondary>{to}</LinkButton>
            </div>
        </Card>
    })
}
