use icondata_core::Icon as IconData;
use leptos::prelude::*;

/// One icon as inline SVG, as tall as the text beside it.
///
/// Without a `label` it is decoration and hidden from screen readers; with one it is an image
/// of that name.
#[component]
pub fn Icon(
    /// From `icondata_lu`, such as `icondata_lu::LuFuel`.
    icon: IconData,
    /// What the icon says when no text beside it does.
    #[prop(optional, into)]
    label: Option<String>,
) -> impl IntoView {
    let decorative = label.is_none();
    view! {
        <svg
            class="icon"
            viewBox=icon.view_box
            fill=icon.fill
            stroke=icon.stroke
            stroke-width=icon.stroke_width
            stroke-linecap=icon.stroke_linecap
            stroke-linejoin=icon.stroke_linejoin
            role=(!decorative).then_some("img")
            aria-hidden=decorative.then_some("true")
            aria-label=label
            focusable="false"
            inner_html=icon.data
        ></svg>
    }
}

/// Icons that an island draws by name: put this on the page once, and in the island write
/// `<svg class="icon" aria-hidden="true"><use href="#icon-NAME"/></svg>`.
#[component]
pub fn IconSprite(
    /// Name without the `icon-` prefix, and the icon.
    icons: Vec<(&'static str, IconData)>,
) -> impl IntoView {
    let symbols = icons
        .into_iter()
        .map(|(name, icon)| {
            view! {
                <symbol
                    id=format!("icon-{name}")
                    viewBox=icon.view_box
                    fill=icon.fill
                    stroke=icon.stroke
                    stroke-width=icon.stroke_width
                    stroke-linecap=icon.stroke_linecap
                    stroke-linejoin=icon.stroke_linejoin
                    inner_html=icon.data
                ></symbol>
            }
        })
        .collect_view();
    view! {
        <svg class="visually-hidden" aria-hidden="true" focusable="false">
            {symbols}
        </svg>
    }
}

/// The product's mark: a drop with a pump's hose inside an enamel plate.
/// Decorative; the name stands beside it or on the link around it.
#[component]
pub fn Logo() -> impl IntoView {
    view! {
        <svg class="logo" viewBox="9 2 46 60" aria-hidden="true" focusable="false">
            <path class="logo-drop" d="M32 5c9 12 19 21 19 33a19 19 0 0 1-38 0C13 26 23 17 32 5z" />
            <path
                class="logo-mark"
                d="M41 29.5c-2-3-5-4.5-9-4.5-5 0-8.5 2.5-8.5 6.3 0 8.2 17 4 17 12.4 0 4-3.7 6.3-8.5 6.3-4.3 0-7.5-1.7-9.5-4.8"
            />
        </svg>
    }
}
