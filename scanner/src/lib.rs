//! The till's camera: shows it, and reads the QR codes it sees.
//!
//! A WebAssembly module of its own, so that only a till that starts its camera loads the decoder.

mod camera;
mod decode;

use std::{cell::RefCell, rc::Rc};

use js_sys::Function;
use wasm_bindgen::{JsCast, JsError, JsValue, closure::Closure, prelude::wasm_bindgen};
use web_sys::HtmlVideoElement;

/// Milliseconds between two looks: quick for a person, easy on a phone.
const LOOK_EVERY: i32 = 150;

/// Shows the rear camera in `video` and calls `found` with the text of every QR code seen, as often as it is
/// seen, for as long as the page is open.
///
/// # Errors
/// When there is no camera or the person does not allow it.
#[wasm_bindgen]
pub async fn start(video: HtmlVideoElement, found: Function) -> Result<(), JsValue> {
    camera::show(&video).await?;
    let frames = Rc::new(RefCell::new(camera::Frames::new(video)?));
    let look = Closure::<dyn FnMut()>::new(move || {
        let seen = frames.borrow_mut().next().and_then(|frame| decode::text(&frame));
        if let Some(text) = seen {
            // What the page does with it is its own affair.
            let _ = found.call1(&JsValue::NULL, &JsValue::from_str(&text));
        }
    });
    let window = web_sys::window().ok_or_else(|| JsError::new("no window"))?;
    window.set_interval_with_callback_and_timeout_and_arguments_0(
        look.as_ref().unchecked_ref(),
        LOOK_EVERY,
    )?;
    look.forget();
    Ok(())
}
