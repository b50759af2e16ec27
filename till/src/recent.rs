//! The attendant's last ten, with the way to take a sale back.

use domain::ids::AccrualId;
use leptos::prelude::*;

use crate::{
    answer::{RecentLine, sprite_icon},
    island::TillTexts,
    state::State,
};

/// Redemptions and sales, newest first.
pub(crate) fn recent(state: State, texts: TillTexts) -> impl IntoView {
    let title = texts.recent.clone();
    let lines = move || {
        let lines = state.recent.get();
        if lines.is_empty() {
            let none = texts.recent_none.clone();
            return view! { <p class="muted">{none}</p> }.into_any();
        }
        let lines = lines
            .into_iter()
            .map(|line| line_view(state, line, &texts))
            .collect_view();
        view! { <ol class="till-recent">{lines}</ol> }.into_any()
    };
    view! {
        <section class="stack">
            <h2>{title}</h2>
            {lines}
        </section>
    }
}

fn line_view(state: State, line: RecentLine, texts: &TillTexts) -> impl IntoView + use<> {
    let reverse = line
        .reverse
        .map(|accrual| reverse_link(state, accrual, &line, texts));
    view! {
        <li>
            {sprite_icon(line.kind.icon())}
            <span class="till-recent-what">
                {line.what} " " <span class="till-recent-code">{line.code}</span>
            </span>
            <span class="till-recent-when">{line.when}</span>
            {reverse}
        </li>
    }
}

fn reverse_link(
    state: State,
    accrual: AccrualId,
    line: &RecentLine,
    texts: &TillTexts,
) -> impl IntoView + use<> {
    let what = format!("{} · {}", line.what, line.code);
    let name = format!("{}: {what}", texts.reverse);
    view! {
        <a
            class="button"
            data-kind="quiet"
            href=format!("/till?reverse={accrual}")
            aria-label=name
            on:click=move |event| {
                event.prevent_default();
                state.ask_to_reverse(accrual, what.clone());
            }
        >
            <span>{texts.reverse.clone()}</span>
        </a>
    }
}
