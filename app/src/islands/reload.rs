//! For development: the page comes back by itself after a rebuild.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::EventSource;

/// Reloads the page when the server is there again after it was away.
#[island]
pub fn ReloadOnRestart() -> impl IntoView {
    Effect::new(move |_| {
        let Ok(source) = EventSource::new("/dev/reload") else {
            return;
        };
        let opened_before = StoredValue::new(false);
        let opened = Closure::<dyn FnMut()>::new(move || {
            if opened_before.get_value() {
                let _ = window().location().reload();
            }
            opened_before.set_value(true);
        });
        source.set_onopen(Some(opened.as_ref().unchecked_ref()));
        opened.forget();
    });
}
