use icondata_core::Icon as IconData;
use leptos::{children::ViewFnOnce, prelude::*};

use super::Icon;

/// The page's name, a sentence about it, and what can be done with the whole of it.
#[component]
pub fn PageHeader(
    #[prop(into)] title: String,
    #[prop(optional, into)] lead: Option<String>,
    /// Buttons and links; they stand at the end of the line where there is room.
    #[prop(optional, into)]
    actions: Option<ViewFnOnce>,
) -> impl IntoView {
    view! {
        <header class="page-header">
            <div>
                <h1>{title}</h1>
                {lead.map(|lead| view! { <p class="lead">{lead}</p> })}
            </div>
            {actions.map(|actions| view! { <div class="cluster">{actions.run()}</div> })}
        </header>
    }
}

/// The way back up, above a page's header.
#[component]
pub fn BackLink(#[prop(into)] href: String, #[prop(into)] label: String) -> impl IntoView {
    view! {
        <a class="back-link" href=href>
            <Icon icon=icondata_lu::LuArrowLeft />
            <span>{label}</span>
        </a>
    }
}

/// A sheet of paper on the page, with or without a heading.
#[component]
pub fn Card(
    #[prop(optional, into)] title: Option<String>,
    /// Stands before the title.
    #[prop(optional)]
    icon: Option<IconData>,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="card">
            {title
                .map(|title| {
                    view! {
                        <h2 class="card-title">
                            {icon.map(|icon| view! { <Icon icon /> })} <span>{title}</span>
                        </h2>
                    }
                })}
            {children()}
        </section>
    }
}

/// The sign over the door: the first thing on the home page.
#[component]
pub fn Hero(
    #[prop(into)] title: String,
    #[prop(into)] lead: String,
    /// One or two buttons.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="hero">
            <div class="hero-text">
                <h1>{title}</h1>
                <p>{lead}</p>
                <div class="cluster">{children()}</div>
            </div>
            <HeroPump />
        </section>
    }
}

/// A drawing of a pump under its lamp; decoration only.
#[component]
fn HeroPump() -> impl IntoView {
    view! {
        <svg class="hero-pump" viewBox="0 0 240 300" aria-hidden="true" focusable="false">
            <path class="pump-hose" d="M172 150h14c14 0 20 8 20 20v66c0 12 22 12 22 0V120l-22-26" />
            <path class="pump-nozzle" d="M196 84l10-8 26 28-8 10h-14l-14-16z" />
            <circle class="pump-lamp" cx="106" cy="42" r="34" />
            <path class="pump-drop" d="M106 20c9 12 17 20 17 31a17 17 0 0 1-34 0c0-11 8-19 17-31z" />
            <path class="pump-body" d="M52 84h108a12 12 0 0 1 12 12v184H40V96a12 12 0 0 1 12-12z" />
            <rect class="pump-face" x="56" y="102" width="100" height="62" rx="6" />
            <path class="pump-figure" d="M68 120h76M68 146h48" />
            <path class="pump-line" d="M56 186h100M56 204h100" />
            <rect class="pump-foot" x="26" y="280" width="160" height="14" rx="4" />
        </svg>
    }
}
