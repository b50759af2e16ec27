use icondata_core::Icon as IconData;
use leptos::prelude::*;

use super::Icon;

/// How much a button asks for attention.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one thing this page is for; at most one in sight.
    #[default]
    Primary,
    /// A fair alternative.
    Secondary,
    /// Destroys or gives up something.
    Danger,
    /// Small print: cancel, close, sign out.
    Quiet,
}

impl ButtonKind {
    const fn name(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Secondary => "secondary",
            Self::Danger => "danger",
            Self::Quiet => "quiet",
        }
    }
}

/// A button that submits the form around it unless `button_type` says otherwise.
/// Further attributes go on with `attr:name="…"`.
#[component]
pub fn Button(
    #[prop(optional)] kind: ButtonKind,
    /// `submit` (default), `button` or `reset`.
    #[prop(default = "submit")]
    button_type: &'static str,
    /// Stands before the text.
    #[prop(optional)]
    icon: Option<IconData>,
    /// As wide as its container.
    #[prop(optional)]
    wide: bool,
    #[prop(optional)] disabled: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            class="button"
            class:button-wide=wide
            data-kind=kind.name()
            type=button_type
            disabled=disabled
        >
            {icon.map(|icon| view! { <Icon icon /> })}
            <span>{children()}</span>
        </button>
    }
}

/// A link that looks like a button, for going somewhere rather than doing something.
#[component]
pub fn LinkButton(
    #[prop(into)] href: String,
    #[prop(optional)] kind: ButtonKind,
    /// Stands before the text.
    #[prop(optional)]
    icon: Option<IconData>,
    /// As wide as its container.
    #[prop(optional)]
    wide: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <a class="button" class:button-wide=wide data-kind=kind.name() href=href>
            {icon.map(|icon| view! { <Icon icon /> })}
            <span>{children()}</span>
        </a>
    }
}

/// One choice among a few that narrow a list; put several in `<nav class="chips" aria-label=…>`.
#[component]
pub fn Chip(
    #[prop(into)] href: String,
    #[prop(into)] label: String,
    /// This choice is the one in force.
    #[prop(optional)]
    current: bool,
) -> impl IntoView {
    view! {
        <a class="chip" href=href aria-current=current.then_some("true")>
            {label}
        </a>
    }
}
