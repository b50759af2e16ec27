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

/// A heading whose level depends on where its card stands.
#[component]
pub(super) fn Heading(
    /// 1, 2 or 3.
    level: u8,
    class: &'static str,
    children: Children,
) -> impl IntoView {
    match level {
        1 => view! { <h1 class=class>{children()}</h1> }.into_any(),
        2 => view! { <h2 class=class>{children()}</h2> }.into_any(),
        _ => view! { <h3 class=class>{children()}</h3> }.into_any(),
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
        <svg class="hero-pump" viewBox="0 0 250 310" aria-hidden="true" focusable="false">
            <path class="pump-hose" d="M170 246h16c20 0 22-14 22-30 0-18 30-18 30 4v22c0 18-30 18-30-6v-92" />
            <path class="pump-nozzle" d="M172 128h22l10-14h14l-6 30h-14v10h-26z" />
            <circle class="pump-lamp" cx="106" cy="46" r="38" />
            <path class="pump-drop" d="M106 18c11 15 21 25 21 38a21 21 0 0 1-42 0c0-13 10-23 21-38z" />
            <path class="pump-body" d="M52 90h108a12 12 0 0 1 12 12v188H40V102a12 12 0 0 1 12-12z" />
            <rect class="pump-face" x="52" y="104" width="108" height="58" rx="6" />
            <rect class="pump-wheel" x="58" y="111" width="21" height="44" rx="3" />
            <rect class="pump-wheel" x="83" y="111" width="21" height="44" rx="3" />
            <rect class="pump-wheel" x="108" y="111" width="21" height="44" rx="3" />
            <rect class="pump-wheel" x="133" y="111" width="21" height="44" rx="3" />
            <text class="pump-figure" x="68.5" y="145">
                "1"
            </text>
            <text class="pump-figure" x="93.5" y="145">
                "2"
            </text>
            <text class="pump-figure" x="118.5" y="145">
                "4"
            </text>
            <text class="pump-figure" x="143.5" y="145">
                "0"
            </text>
            <rect class="pump-line" x="52" y="176" width="108" height="6" rx="3" />
            <rect class="pump-line" x="52" y="190" width="108" height="6" rx="3" />
            <circle class="pump-badge" cx="106" cy="240" r="25" />
            <path class="pump-face" d="M106 222c7 9 13 16 13 24a13 13 0 0 1-26 0c0-8 6-15 13-24z" />
            <rect class="pump-foot" x="26" y="290" width="160" height="14" rx="4" />
        </svg>
    }
}
