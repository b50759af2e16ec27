//! The till's island: camera, typed code, one unmistakable result, confirmation, sales.
//!
//! It is a WebAssembly module of its own, with the QR decoder inside, so that only the till's page loads it.
//! The server draws it first; its forms post and its links link before the module has come.

pub mod answer;
mod ask;
mod camera;
mod decode;
mod feedback;
pub mod island;
mod recent;
mod result;
mod state;
mod viewfinder;

/// Called once, by the till's page.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
