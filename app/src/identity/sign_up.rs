//! The sign-up page.

use leptos::prelude::*;
use leptos_meta::Title;

use super::actions::SignUp;
use crate::{
    islands::strength::PasswordStrength,
    site::{
        format,
        forms::Attempt,
        request::{query, services, site},
    },
    tr,
    ui::{Button, Field, PageHeader},
};

/// Sign up as a consumer.
#[component]
pub fn SignUpPage() -> impl IntoView {
    let action = ServerAction::<SignUp>::new();
    let attempt = Attempt::of(action);
    let referred = query("ref").unwrap_or_default();
    let gift = services().rules().referral.referred;
    let hint = tr!(
        "sign-up-referral-hint",
        points = format::points(gift),
        unit = site().points_name
    );
    view! {
        <Title text=tr!("sign-up") />
        <main id="content" class="page page-narrow" tabindex="-1">
            <PageHeader title=tr!("sign-up") lead=tr!("sign-up-lead") />
            {attempt.notice()}
            <ActionForm action attr:class="form">
                <Field
                    label=tr!("field-name")
                    name="name"
                    value=attempt.typed("name")
                    error=attempt.problem("name")
                    autocomplete="name"
                    maxlength=120u32
                    required=true
                />
                <Field
                    label=tr!("field-email")
                    name="email"
                    kind="email"
                    value=attempt.typed("email")
                    error=attempt.problem("email")
                    autocomplete="username"
                    required=true
                />
                {new_password("password", &attempt)}
                <Field
                    label=tr!("field-referral-code")
                    name="referral_code"
                    value=attempt.typed_or("referral_code", &referred)
                    error=attempt.problem("referral_code")
                    hint
                    autocomplete="off"
                    maxlength=40u32
                />
                <div class="form-actions">
                    <Button wide=true>{tr!("sign-up")}</Button>
                </div>
            </ActionForm>
            <p>
                <a href="/sign-in">{tr!("sign-up-have-account")}</a>
            </p>
        </main>
    }
}

/// The field for a new password, with its strength shown while typing.
pub(super) fn new_password(name: &'static str, attempt: &Attempt) -> impl IntoView + use<> {
    let words = (0..=4).map(strength_word).collect::<Vec<_>>();
    let problem = attempt.problem(name);
    view! {
        <PasswordStrength words>
            <Field
                label=tr!("field-new-password")
                name=name
                kind="password"
                error=problem
                hint=tr!("field-new-password-hint")
                autocomplete="new-password"
                minlength=8u32
                maxlength=128u32
                required=true
            />
        </PasswordStrength>
    }
}

fn strength_word(score: u8) -> String {
    match score {
        0 => tr!("strength-0"),
        1 => tr!("strength-1"),
        2 => tr!("strength-2"),
        3 => tr!("strength-3"),
        _ => tr!("strength-4"),
    }
}
