//! Choosing a new password by a mailed link.

use leptos::prelude::*;
use leptos_meta::Title;
use services::identity::links;

use super::{
    actions::{ForgotPassword, ResetPassword},
    sign_up::new_password,
};
use crate::{
    site::{
        forms::Attempt,
        load::page,
        request::{query, services},
    },
    tr,
    ui::{Button, ButtonKind, Field, HiddenInput, LinkButton, Notice, PageHeader, Tone},
};

/// Ask for the link.
#[component]
pub fn ForgotPage() -> impl IntoView {
    let action = ServerAction::<ForgotPassword>::new();
    let attempt = Attempt::of(action);
    let sent = query("sent").map(|_| {
        view! {
            <Notice tone=Tone::Success title=tr!("forgot-sent-title")>{tr!("forgot-sent-text")}</Notice>
        }
    });
    view! {
        <Title text=tr!("forgot-title") />
        <main id="content" class="page page-narrow" tabindex="-1">
            <PageHeader title=tr!("forgot-title") lead=tr!("forgot-lead") />
            {sent}
            {attempt.notice()}
            <ActionForm action attr:class="form">
                <Field
                    label=tr!("field-email")
                    name="email"
                    kind="email"
                    value=attempt.typed("email")
                    error=attempt.problem("email")
                    autocomplete="username"
                    required=true
                />
                <div class="form-actions">
                    <Button wide=true>{tr!("forgot-send")}</Button>
                </div>
            </ActionForm>
        </main>
    }
}

/// Follow the link and choose.
#[component]
pub fn ResetPage() -> impl IntoView {
    let services = services();
    let action = ServerAction::<ResetPassword>::new();
    let attempt = Attempt::of(action);
    let token = query("token").unwrap_or_default();
    view! {
        <Title text=tr!("reset-title") />
        <main id="content" class="page page-narrow" tabindex="-1">
            <PageHeader title=tr!("reset-title") />
            {page(async move {
                if !links::reset_is_open(&services, &token).await? {
                    return Ok(view! {
                        <Notice tone=Tone::Warning title=tr!("reset-spent-title")>{tr!("reset-spent-text")}</Notice>
                        <LinkButton href="/forgot-password" kind=ButtonKind::Primary>{tr!("reset-again")}</LinkButton>
                    }
                    .into_any());
                }
                Ok(view! {
                    {attempt.notice()}
                    <ActionForm action attr:class="form">
                        <HiddenInput name="token" value=token />
                        {new_password("password", &attempt)}
                        <div class="form-actions">
                            <Button wide=true>{tr!("reset-save")}</Button>
                        </div>
                    </ActionForm>
                }
                .into_any())
            })}
        </main>
    }
}
