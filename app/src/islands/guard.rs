//! A form that is sent once per tap.

use leptos::{ev::SubmitEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::Element;

/// Marks the form within as busy when it is sent, and holds back a second tap. The server would answer a
/// second sending with the first one's result all the same.
#[island]
pub fn SubmitGuard(
    /// A form.
    children: Children,
) -> impl IntoView {
    let sent = StoredValue::new(false);
    let guard = move |event: SubmitEvent| {
        if sent.get_value() {
            event.prevent_default();
            return;
        }
        sent.set_value(true);
        let form = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        if let Some(button) = form.and_then(|form| form.query_selector("button").ok().flatten()) {
            let _ = button.set_attribute("aria-busy", "true");
        }
    };
    view! { <div on:submit=guard>{children()}</div> }
}
