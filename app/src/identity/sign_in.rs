//! The sign-in page.

use leptos::prelude::*;
use leptos_meta::Title;

use super::actions::SignIn;
use crate::{
    site::{
        forms::Attempt,
        request::{is_local_path, query},
    },
    tr,
    ui::{Button, Field, HiddenInput, Notice, PageHeader, Tone},
};

/// Sign in with e-mail and password.
#[component]
pub fn SignInPage() -> impl IntoView {
    let action = ServerAction::<SignIn>::new();
    let attempt = Attempt::of(action);
    let next = query("next").filter(|next| is_local_path(next));
    let done = if query("done").is_some() {
        Some(tr!("sign-in-password-set"))
    } else {
        query("signed_out").map(|_| tr!("sign-in-signed-out"))
    };
    view! {
        <Title text=tr!("sign-in") />
        <main id="content" class="page page-narrow" tabindex="-1">
            <PageHeader title=tr!("sign-in") lead=tr!("sign-in-lead") />
            {done.map(|text| view! { <Notice tone=Tone::Success title=text /> })}
            {attempt.notice()}
            <ActionForm action attr:class="form">
                {next.map(|next| view! { <HiddenInput name="next" value=next /> })}
                <Field
                    label=tr!("field-email")
                    name="email"
                    kind="email"
                    value=attempt.typed("email")
                    autocomplete="username"
                    required=true
                    autofocus=true
                />
                <Field
                    label=tr!("field-password")
                    name="password"
                    kind="password"
                    autocomplete="current-password"
                    required=true
                />
                <div class="form-actions">
                    <Button wide=true>{tr!("sign-in")}</Button>
                </div>
            </ActionForm>
            <p class="cluster">
                <a href="/forgot-password">{tr!("forgot-link")}</a>
                <a href="/sign-up">{tr!("sign-up-link")}</a>
            </p>
        </main>
    }
}
