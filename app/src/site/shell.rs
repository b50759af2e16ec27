//! The document around every page, its navigation, and the headers that go with it.

use domain::account::Role;
use http::{HeaderName, HeaderValue, header};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;
use leptos_meta::{MetaTags, provide_meta_context};

use super::{
    App,
    i18n::Locale,
    request::{path, path_and_query, site, visitor},
};
use crate::{
    identity::actions::{SetLocale, SignOut},
    islands::reload::ReloadOnRestart,
    tr,
    ui::{BottomNav, HiddenInput, Icon, NavItem, SiteFooter, SiteHeader, SkipLink},
};

/// Tells the server which zone the reader's clock shows: times are written on the server.
const TELL_ZONE: &str = "document.cookie='tz='+Intl.DateTimeFormat().resolvedOptions().timeZone\
    +';path=/;max-age=31536000;samesite=lax'+(location.protocol=='https:'?';secure':'')";

/// Lets islands wake on a page that is never idle: they wait for a moment in which the browser has nothing else to do,
/// and a slow phone, or a browser that does not draw, may have none.
const WAKE_SOON: &str = "if(window.requestIdleCallback){const idle=requestIdleCallback;\
    requestIdleCallback=(call,options)=>idle(call,{timeout:500,...options})}";

/// The document.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    provide_meta_context();
    let visitor = visitor();
    provide_context(visitor.locale);
    set_policy();
    // The till's page wakes its own island, with the camera's decoder; every other page the common ones.
    let mut options = options;
    if path() == "/till" {
        options.output_name = "till".into();
    }
    let stylesheet = format!("/{}/surtidor.css", options.site_pkg_dir);
    view! {
        <!DOCTYPE html>
        <html lang=visitor.locale.as_str()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                <meta name="color-scheme" content="light dark" />
                <meta name="theme-color" content="#123a9a" media="(prefers-color-scheme: light)" />
                <meta name="theme-color" content="#1c48bb" media="(prefers-color-scheme: dark)" />
                <link rel="stylesheet" href=stylesheet />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="apple-touch-icon" href="/apple-touch-icon.png" />
                <link rel="manifest" href="/manifest.webmanifest" />
                <script nonce=use_nonce()>{TELL_ZONE}</script>
                <script nonce=use_nonce()>{WAKE_SOON}</script>
                <HydrationScripts options islands=true />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// What the browser may load and run: ours alone, and of scripts in the page only those with this answer's
/// nonce.
fn set_policy() {
    let Some(response) = use_context::<ResponseOptions>() else {
        return;
    };
    let nonce = use_nonce()
        .map(|nonce| format!(" 'nonce-{nonce}'"))
        .unwrap_or_default();
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{nonce}; style-src 'self'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; manifest-src 'self'; media-src 'self' blob:; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
    response.insert_header(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-store"),
    );
    response.insert_header(
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(self), geolocation=(self), microphone=(), payment=()"),
    );
}

/// Header, page, footer, and the bar for thumbs.
#[component]
pub fn Frame(children: Children) -> impl IntoView {
    let items = navigation();
    let signed_in = visitor().account;
    let user = move || match signed_in {
        Some(account) => view! {
            <a class="canopy-link canopy-account" href="/account">
                <Icon icon=icondata_lu::LuCircleUser />
                <span class="visually-hidden">{tr!("nav-account")}": "</span>
                <span class="canopy-words">{account.name}</span>
            </a>
            <ActionForm action={ServerAction::<SignOut>::new()}>
                <button class="canopy-link">
                    <Icon icon=icondata_lu::LuLogOut />
                    <span class="canopy-words">{tr!("sign-out")}</span>
                </button>
            </ActionForm>
        }
        .into_any(),
        // The navigation leads to the sign-in.
        None => ().into_any(),
    };
    let reload = site().dev_reload.then(|| view! { <ReloadOnRestart /> });
    view! {
        <SkipLink label=tr!("skip-to-content") />
        <SiteHeader name="Surtidor" nav_label=tr!("nav-main") items=items.clone() locale=locale_switch user=user />
        {children()}
        <SiteFooter>
            <p>{tr!("footer-line")}</p>
        </SiteFooter>
        <BottomNav nav_label=tr!("nav-bottom") items />
        {reload}
    }
}

fn locale_switch() -> impl IntoView {
    let current = visitor().locale;
    Locale::ALL
        .iter()
        .copied()
        .filter(|locale| *locale != current)
        .map(|locale| {
            view! {
                <ActionForm action={ServerAction::<SetLocale>::new()}>
                    <HiddenInput name="locale" value=locale.as_str() />
                    <HiddenInput name="next" value=path_and_query() />
                    <button class="canopy-link" lang=locale.as_str()>{locale.own_name()}</button>
                </ActionForm>
            }
        })
        .collect_view()
}

fn navigation() -> Vec<NavItem> {
    use icondata_lu::{
        LuBuilding2, LuCircleUser, LuFuel, LuGift, LuKeyRound, LuListChecks, LuLogIn, LuQrCode,
        LuScale, LuScanLine, LuTags, LuWallet,
    };
    let here = path();
    let item = |href: &str, label: String, icon| NavItem {
        current: here == href || here.starts_with(&format!("{href}/")),
        href: href.to_owned(),
        label,
        icon,
    };
    let offers = item("/offers", tr!("nav-offers"), LuGift);
    let stations = item("/stations", tr!("nav-stations"), LuFuel);
    let account = item("/account", tr!("nav-account"), LuCircleUser);
    match visitor().account.map(|account| account.role) {
        None => vec![
            offers,
            stations,
            item("/sign-in", tr!("nav-sign-in"), LuLogIn),
        ],
        Some(Role::Consumer) => vec![
            offers,
            stations,
            // Five fit under the thumb; the account has its place on the canopy.
            item("/card", tr!("nav-card"), LuQrCode),
            item("/redemptions", tr!("nav-redemptions"), LuListChecks),
            item("/wallet", tr!("nav-wallet"), LuWallet),
        ],
        Some(Role::Attendant) => vec![
            item("/till", tr!("nav-till"), LuScanLine),
            stations,
            account,
        ],
        Some(Role::Manager) => vec![
            item("/manage/offers", tr!("nav-manage"), LuTags),
            item("/till", tr!("nav-till"), LuScanLine),
            item("/manage/keys", tr!("nav-keys"), LuKeyRound),
            stations,
            account,
        ],
        Some(Role::Admin) => {
            vec![
                item("/admin/merchants", tr!("nav-merchants"), LuBuilding2),
                item("/admin/adjustments", tr!("nav-adjustments"), LuScale),
                offers,
                stations,
                account,
            ]
        }
    }
}
