use icondata_core::Icon as IconData;
use leptos::{children::ViewFnOnce, prelude::*};

use super::{Icon, Logo};

/// One place to go, in the header and in the bar at the bottom of a phone.
#[derive(Clone, Debug)]
pub struct NavItem {
    /// Path of the page.
    pub href: String,
    /// Short: one word fits everywhere.
    pub label: String,
    /// Shown above the label on phones, before it elsewhere.
    pub icon: IconData,
    /// The page on screen is this one or beneath it.
    pub current: bool,
}

#[component]
fn NavLinks(items: Vec<NavItem>) -> impl IntoView {
    let links = items
        .into_iter()
        .map(|item| {
            view! {
                <li>
                    <a class="nav-link" href=item.href aria-current=item.current.then_some("page")>
                        <Icon icon=item.icon />
                        <span>{item.label}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! { <ul>{links}</ul> }
}

/// The first link of the page: past the navigation to `<main id="content">`.
#[component]
pub fn SkipLink(#[prop(into)] label: String) -> impl IntoView {
    view! {
        <a class="skip-link" href="#content">
            {label}
        </a>
    }
}

/// The canopy over every page: name, navigation where there is room, language and user.
#[component]
pub fn SiteHeader(
    /// The product's name.
    #[prop(into)]
    name: String,
    /// Names the navigation for screen readers.
    #[prop(into)]
    nav_label: String,
    /// Hidden on phones, where `BottomNav` takes over.
    items: Vec<NavItem>,
    /// The language switch.
    #[prop(optional, into)]
    locale: Option<ViewFnOnce>,
    /// Balance and account, or sign in.
    #[prop(optional, into)]
    user: Option<ViewFnOnce>,
) -> impl IntoView {
    view! {
        <header class="canopy">
            <div class="canopy-inner">
                <a class="brand" href="/">
                    <Logo />
                    <span>{name}</span>
                </a>
                <nav class="canopy-nav" aria-label=nav_label>
                    <NavLinks items />
                </nav>
                <div class="canopy-end">
                    {locale.map(ViewFnOnce::run)} {user.map(ViewFnOnce::run)}
                </div>
            </div>
        </header>
    }
}

/// The ground under every page.
#[component]
pub fn SiteFooter(children: Children) -> impl IntoView {
    view! {
        <footer class="ground">
            <div class="ground-inner">{children()}</div>
        </footer>
    }
}

/// The bar under the thumb on phones; four or five items.
#[component]
pub fn BottomNav(
    /// Names the navigation for screen readers.
    #[prop(into)]
    nav_label: String,
    items: Vec<NavItem>,
) -> impl IntoView {
    view! {
        <nav class="bottom-nav" aria-label=nav_label>
            <NavLinks items />
        </nav>
    }
}
