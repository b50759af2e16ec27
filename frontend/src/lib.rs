//! The browser's entry: wakes the islands on the page.

use wasm_bindgen::prelude::wasm_bindgen;

// Islands register themselves by being linked in.
#[expect(unused_imports, reason = "linked for its islands")]
use app::islands as _;

/// Called once, by the page's own script.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
