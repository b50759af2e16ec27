//! A person's own account.

use domain::{account::Role, error::ErrorCode};
use leptos::prelude::*;
use leptos_meta::Title;
use services::identity::{Account, links};

use super::{
    actions::{ChangePassword, RequestVerification, SignOut, SignOutEverywhere},
    pin, second_step,
    sign_up::new_password,
};
use crate::{
    error::AppError,
    site::{
        forms::Attempt,
        load::page,
        request::{query, services, signed_in},
    },
    tr,
    ui::{Button, ButtonKind, Card, Facts, Field, LinkButton, Notice, PageHeader, Tone},
};

/// Profile, password, sessions.
#[component]
pub fn AccountPage() -> impl IntoView {
    let account = signed_in();
    view! {
        <Title text=tr!("account-title") />
        <main id="content" class="page page-narrow" tabindex="-1">
            {page(async move {
                let account = account?;
                let pin = pin::card(&account).await?;
                Ok(account_view(account, pin).into_any())
            })}
        </main>
    }
}

fn account_view(account: Account, pin: Option<AnyView>) -> impl IntoView {
    let change = ServerAction::<ChangePassword>::new();
    let attempt = Attempt::of(change);
    let second_step = second_step::card(&account);
    let verified = account.email_verified;
    let facts = vec![
        (tr!("field-name"), account.name),
        (tr!("field-email"), account.email),
        (tr!("account-role"), role_name(account.role)),
    ];
    view! {
        <PageHeader title=tr!("account-title") />
        {done_notice()}
        <Card>
            <Facts items=facts />
            {(!verified).then(verification)}
        </Card>
        <Card title=tr!("account-password-title")>
            {attempt.notice()}
            <ActionForm action=change attr:class="form">
                <Field
                    label=tr!("field-current-password")
                    name="current_password"
                    kind="password"
                    error=attempt.problem("current_password")
                    autocomplete="current-password"
                    required=true
                />
                {new_password("new_password", &attempt)}
                <div class="form-actions">
                    <Button>{tr!("account-change-password")}</Button>
                </div>
            </ActionForm>
        </Card>
        {pin}
        {second_step}
        <Card title=tr!("account-sessions-title")>
            <p>{tr!("account-sessions-text")}</p>
            <div class="cluster">
                <ActionForm action={ServerAction::<SignOut>::new()}>
                    <Button kind=ButtonKind::Secondary>{tr!("sign-out")}</Button>
                </ActionForm>
                <ActionForm action={ServerAction::<SignOutEverywhere>::new()}>
                    <Button kind=ButtonKind::Danger>{tr!("sign-out-everywhere")}</Button>
                </ActionForm>
            </div>
        </Card>
    }
}

fn done_notice() -> Option<impl IntoView> {
    let (tone, text) = match query("done")?.as_str() {
        "password" => (Tone::Success, tr!("account-password-changed")),
        "pin" => (Tone::Success, tr!("account-pin-saved")),
        "verification" => (Tone::Success, tr!("account-verification-sent")),
        "verification-sent" => {
            let minutes: u32 = query("minutes")?.parse().ok()?;
            (
                Tone::Warning,
                tr!("account-verification-enough", n = minutes),
            )
        }
        _ => return None,
    };
    Some(view! { <Notice tone title=text /> })
}

fn verification() -> impl IntoView {
    view! {
        <Notice tone=Tone::Warning title=tr!("account-unverified-title")>{tr!("account-unverified-text")}</Notice>
        <ActionForm action={ServerAction::<RequestVerification>::new()}>
            <Button kind=ButtonKind::Secondary>{tr!("account-send-verification")}</Button>
        </ActionForm>
    }
}

/// A role in the reader's language.
#[must_use]
pub fn role_name(role: Role) -> String {
    match role {
        Role::Consumer => tr!("role-consumer"),
        Role::Attendant => tr!("role-attendant"),
        Role::Manager => tr!("role-manager"),
        Role::Admin => tr!("role-admin"),
    }
}

/// Where the link of the welcome letter leads.
#[component]
pub fn VerifyPage() -> impl IntoView {
    let services = services();
    let token = query("token").unwrap_or_default();
    view! {
        <Title text=tr!("verify-title") />
        <main id="content" class="page page-narrow" tabindex="-1">
            <PageHeader title=tr!("verify-title") />
            {page(async move {
                match links::verify_email(&services, &token).await {
                    Ok(()) => Ok(view! {
                        <Notice tone=Tone::Success title=tr!("verify-done-title")>{tr!("verify-done-text")}</Notice>
                        <LinkButton href="/offers" kind=ButtonKind::Primary>{tr!("verify-to-offers")}</LinkButton>
                    }
                    .into_any()),
                    Err(links::Refusal::Fault(fault)) => Err(fault.into()),
                    Err(_) => Ok(view! {
                        <Notice tone=Tone::Warning title=tr!("verify-spent-title")>
                            {crate::site::messages::text(&AppError::new(ErrorCode::InvalidLink))}
                        </Notice>
                        <LinkButton href="/account" kind=ButtonKind::Secondary>{tr!("verify-to-account")}</LinkButton>
                    }
                    .into_any()),
                }
            })}
        </main>
    }
}
