//! The way to the scanner: a module of its own, fetched when a camera is wanted.

use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::{HtmlVideoElement, js_sys::Function};

#[wasm_bindgen(inline_js = "
export async function startScanner(url, video, found) {
    const scanner = await import(url);
    await scanner.default();
    await scanner.start(video, found);
}
")]
extern "C" {
    /// Loads the scanner from `url`, shows the camera in `video`, and calls `found` with every text it reads.
    #[wasm_bindgen(js_name = startScanner, catch)]
    pub(super) async fn start_scanner(
        url: &str,
        video: &HtmlVideoElement,
        found: &Function,
    ) -> Result<JsValue, JsValue>;
}
