//! The page between a right password and being signed in.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{LONGEST_CODE, actions::SignInWithCode};
use crate::{
    identity::session,
    site::{
        forms::Attempt,
        load::page,
        request::{is_local_path, link, query, services},
    },
    tr,
    ui::{Button, ButtonKind, Field, HiddenInput, LinkButton, Notice, PageHeader, Tone},
};

/// Asks for the code.
#[component]
pub fn CodePage() -> impl IntoView {
    let services = services();
    let next = query("next").filter(|next| is_local_path(next));
    let action = ServerAction::<SignInWithCode>::new();
    let attempt = Attempt::of(action);
    view! {
        <Title text=tr!("sign-in-code-title") />
        <main id="content" class="page page-narrow" tabindex="-1">
            {page(async move {
                let session = session::current().await?;
                if session::proved(&services, &session).await?.is_none() {
                    return Ok(over(next).into_any());
                }
                Ok(view! {
                    <PageHeader title=tr!("sign-in-code-title") lead=tr!("sign-in-code-lead") />
                    {attempt.notice()}
                    <ActionForm action attr:class="form">
                        {next.map(|next| view! { <HiddenInput name="next" value=next /> })}
                        <Field
                            label=tr!("field-otp")
                            name="otp"
                            error=attempt.problem("otp")
                            hint=tr!("field-otp-hint")
                            autocomplete="one-time-code"
                            maxlength=LONGEST_CODE
                            required=true
                            autofocus=true
                        />
                        <div class="form-actions">
                            <Button wide=true>{tr!("sign-in")}</Button>
                        </div>
                    </ActionForm>
                    <p>
                        <a href="/sign-in">{tr!("sign-in-code-other")}</a>
                    </p>
                }
                .into_any())
            })}
        </main>
    }
}

fn over(next: Option<String>) -> impl IntoView + use<> {
    let again = link("/sign-in", [("next", next)]);
    view! {
        <PageHeader title=tr!("sign-in-code-title") />
        <Notice tone=Tone::Warning title=tr!("sign-in-code-over-title")>{tr!("sign-in-code-over-text")}</Notice>
        <LinkButton href=again kind=ButtonKind::Primary>{tr!("sign-in")}</LinkButton>
    }
}
