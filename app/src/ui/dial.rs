use leptos::prelude::*;

/// A figure on a pump's counter: one wheel per digit. Screen readers hear the figure whole.
#[component]
pub fn Dial(
    /// Already formatted, such as `23.99` or `1,240`.
    #[prop(into)]
    value: String,
) -> impl IntoView {
    let wheels = value
        .chars()
        .map(|c| {
            let class = if c.is_ascii_digit() {
                "dial-digit"
            } else {
                "dial-mark"
            };
            view! { <span class=class>{c.to_string()}</span> }
        })
        .collect_view();
    view! {
        <span class="dial">
            <span class="visually-hidden">{value}</span>
            <span class="dial-wheels" aria-hidden="true">
                {wheels}
            </span>
        </span>
    }
}

/// An amount of points in running text or in a card: coin, figure, unit.
#[component]
pub fn PointsAmount(
    /// Already formatted.
    #[prop(into)]
    value: String,
    /// The programme's name for its points, such as `Lumis`.
    #[prop(into)]
    unit: String,
    /// For the one amount a page is about.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    view! {
        <span class="points" class:points-large=large>
            <svg class="points-coin" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
                <circle cx="10" cy="10" r="9" />
                <path d="M10 4.5c2.2 2.9 4 4.8 4 7a4 4 0 0 1-8 0c0-2.2 1.8-4.1 4-7z" />
            </svg>
            <b>{value}</b>
            " "
            <span class="points-unit">{unit}</span>
        </span>
    }
}

/// The face of a pump showing the user's balance.
#[component]
pub fn BalanceDial(
    /// Such as "Your balance".
    #[prop(into)]
    label: String,
    /// Already formatted.
    #[prop(into)]
    value: String,
    /// The programme's name for its points.
    #[prop(into)]
    unit: String,
    /// Below the figure: what expires next, a link.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <section class="balance">
            <h2 class="balance-label">{label}</h2>
            <p class="balance-figure">
                <Dial value />
                " "
                <span class="balance-unit">{unit}</span>
            </p>
            {children.map(|children| view! { <div class="balance-more">{children()}</div> })}
        </section>
    }
}
