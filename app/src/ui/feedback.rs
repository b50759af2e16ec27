use icondata_core::Icon as IconData;
use leptos::{children::ViewFnOnce, prelude::*};

use super::{Dial, Icon, Tone};

/// A message about what has just happened or what to know before going on.
#[component]
pub fn Notice(
    #[prop(optional)] tone: Tone,
    #[prop(optional, into)] title: Option<String>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="notice" data-tone=tone.name() role=tone.role()>
            <Icon icon=tone.icon() />
            <div class="notice-text">
                {title.map(|title| view! { <p class="notice-title">{title}</p> })}
                {children.map(|children| view! { <div>{children()}</div> })}
            </div>
        </div>
    }
}

/// A word or two about the state of the thing beside it.
#[component]
pub fn Badge(#[prop(optional)] tone: Tone, #[prop(into)] text: String) -> impl IntoView {
    view! {
        <span class="badge" data-tone=tone.name()>
            {text}
        </span>
    }
}

/// What stands where a list would be when it has nothing in it.
#[component]
pub fn EmptyState(
    icon: IconData,
    #[prop(into)] title: String,
    /// What to do about it.
    #[prop(optional, into)]
    text: Option<String>,
    /// Usually one `LinkButton`.
    #[prop(optional, into)]
    action: Option<ViewFnOnce>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="empty-icon">
                <Icon icon />
            </span>
            <p class="empty-title">{title}</p>
            {text.map(|text| view! { <p class="empty-text">{text}</p> })}
            {action.map(ViewFnOnce::run)}
        </div>
    }
}

/// A whole page that says what went wrong: its status on the pump's counter.
#[component]
pub fn StatusPage(
    /// The HTTP status.
    status: u16,
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    /// Ways on from here.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <section class="status-page">
            <Dial value=status.to_string() />
            <h1>{title}</h1>
            <p class="lead">{text}</p>
            {children.map(|children| view! { <div class="cluster">{children()}</div> })}
        </section>
    }
}

/// How much of something there is, out of how much.
#[component]
pub fn Meter(
    #[prop(into)] label: String,
    /// The same in words, such as `12 of 50`.
    #[prop(into)]
    text: String,
    value: u64,
    /// At least 1.
    max: u64,
) -> impl IntoView {
    view! {
        <div class="meter">
            <span class="meter-label">{label.clone()}</span>
            <span class="meter-text">{text}</span>
            <progress class="meter-bar" value=value.to_string() max=max.max(1).to_string() aria-label=label></progress>
        </div>
    }
}
