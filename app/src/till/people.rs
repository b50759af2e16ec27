//! Who is at a shared terminal: people choose themselves and type their PIN.

use leptos::prelude::*;
use leptos_meta::Title;
use services::identity::{
    pins::{self, Person},
    terminals::Terminal,
};

use super::{actions::SignInWithPin, device};
use crate::{
    site::{
        forms::Attempt,
        load::page,
        request::{query, services},
    },
    tr,
    ui::{BackLink, Button, ButtonKind, EmptyState, Field, HiddenInput, LinkButton, PageHeader},
};

/// The merchant's people who have a PIN, or the PIN of the one who was chosen.
#[component]
pub fn PeoplePage() -> impl IntoView {
    let chosen = query("person");
    view! {
        <Title text=tr!("people-title") />
        <main id="content" class="page page-narrow" tabindex="-1">
            {page(async move {
                let Some(terminal) = device::here().await? else {
                    return Ok(no_terminal().into_any());
                };
                let people = pins::people(&services(), &terminal).await?;
                let person = chosen
                    .and_then(|id| people.iter().find(|person| person.id.to_string() == id).cloned());
                Ok(match person {
                    Some(person) => pin_form(&terminal, person).into_any(),
                    None => choice(&terminal, people).into_any(),
                })
            })}
        </main>
    }
}

fn no_terminal() -> impl IntoView {
    view! {
        <PageHeader title=tr!("people-title") />
        <EmptyState
            icon=icondata_lu::LuMonitorSmartphone
            title=tr!("people-no-terminal-title")
            text=tr!("people-no-terminal-text")
        />
        {with_password(ButtonKind::Primary)}
    }
}

fn choice(terminal: &Terminal, people: Vec<Person>) -> impl IntoView {
    let none = people.is_empty().then(|| {
        view! {
            <EmptyState
                icon=icondata_lu::LuUsers
                title=tr!("people-none-title")
                text=tr!("people-none-text")
            />
        }
    });
    let people = people
        .into_iter()
        .map(|person| {
            view! {
                <li>
                    <LinkButton
                        href=format!("/till/people?person={}", person.id)
                        kind=ButtonKind::Secondary
                        icon=icondata_lu::LuUserRound
                        wide=true
                    >
                        {person.name}
                    </LinkButton>
                </li>
            }
        })
        .collect_view();
    view! {
        <PageHeader title=tr!("people-title") lead=terminal.name().to_owned() />
        {none}
        <ul class="till-people">{people}</ul>
        {with_password(ButtonKind::Quiet)}
    }
}

fn pin_form(terminal: &Terminal, person: Person) -> impl IntoView {
    let action = ServerAction::<SignInWithPin>::new();
    let attempt = Attempt::of(action);
    view! {
        <BackLink href="/till/people" label=tr!("people-others") />
        <PageHeader title=person.name lead=terminal.name().to_owned() />
        {attempt.notice()}
        <ActionForm action attr:class="form till-pin">
            <HiddenInput name="person" value=person.id.to_string() />
            <Field
                label=tr!("field-pin")
                name="pin"
                kind="password"
                error=attempt.problem("pin")
                autocomplete="off"
                inputmode="numeric"
                maxlength=6u32
                autofocus=true
                required=true
            />
            <Button wide=true>{tr!("sign-in")}</Button>
        </ActionForm>
    }
}

fn with_password(kind: ButtonKind) -> impl IntoView {
    view! {
        <LinkButton href="/sign-in?next=/till" kind wide=true>
            {tr!("people-with-password")}
        </LinkButton>
    }
}
