//! "Near me": the browser's own position, asked for only when the button is pressed.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::Position;

/// A button that adds the position to the stations page's address. It shows itself only where it can work.
#[island]
pub fn Locate(
    /// On the button.
    label: String,
    /// While the browser is looking.
    searching: String,
    /// When the position was refused or cannot be had.
    failed: String,
    /// The page to open, with every other parameter.
    to: String,
) -> impl IntoView {
    let (ready, set_ready) = signal(false);
    let (state, set_state) = signal(State::Idle);
    Effect::new(move |_| set_ready.set(window().navigator().geolocation().is_ok()));
    let ask = move |_| {
        set_state.set(State::Searching);
        let to = to.clone();
        let found = Closure::once_into_js(move |position: Position| {
            let at = position.coords();
            // Four decimals are some ten metres: enough to find a station, and no more than that.
            let (latitude, longitude) = (at.latitude(), at.longitude());
            let joint = if to.contains('?') { '&' } else { '?' };
            let _ = window()
                .location()
                .set_href(&format!("{to}{joint}lat={latitude:.4}&lon={longitude:.4}"));
        });
        let refused = Closure::once_into_js(move |_: JsValue| set_state.set(State::Failed));
        let asked = window().navigator().geolocation().and_then(|geolocation| {
            geolocation.get_current_position_with_error_callback(
                found.unchecked_ref(),
                Some(refused.unchecked_ref()),
            )
        });
        if asked.is_err() {
            set_state.set(State::Failed);
        }
    };
    view! {
        <button
            type="button"
            class="button"
            data-kind="secondary"
            hidden=move || !ready.get()
            aria-busy=move || (state.get() == State::Searching).then_some("true")
            on:click=ask
        >
            {label}
        </button>
        <span role="status" class="small">
            {move || match state.get() {
                State::Idle => String::new(),
                State::Searching => searching.clone(),
                State::Failed => failed.clone(),
            }}
        </span>
    }
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum State {
    Idle,
    Searching,
    Failed,
}
