//! The camera: shows it, and looks for codes in what it sees.

use std::{cell::RefCell, time::Duration};

use leptos::{
    leptos_dom::helpers::{IntervalHandle, set_interval_with_handle},
    prelude::window,
};
use wasm_bindgen::{JsCast, JsError, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    CanvasRenderingContext2d, HtmlCanvasElement, HtmlVideoElement, MediaStream,
    MediaStreamConstraints, MediaStreamTrack, MediaTrackConstraints,
};

use crate::decode::{self, Frame};

/// The longer side of a frame that is looked at, in pixels: enough for a code held at arm's length.
const LONGER_SIDE: u32 = 720;
/// Between two looks: quick for a person, easy on a phone.
const LOOK_EVERY: Duration = Duration::from_millis(150);

/// Calls `found` with the text of every QR code seen in `video`, as often as it is seen, until the answer is
/// cleared.
///
/// # Errors
/// When the browser has no canvas to look at frames with.
pub(crate) fn look(
    video: HtmlVideoElement,
    found: impl Fn(String) + 'static,
) -> Result<IntervalHandle, JsValue> {
    let frames = RefCell::new(Frames::new(video)?);
    let look = move || {
        let seen = frames
            .borrow_mut()
            .next()
            .and_then(|frame| decode::text(&frame));
        if let Some(text) = seen {
            found(text);
        }
    };
    set_interval_with_handle(look, LOOK_EVERY)
}

/// Asks for the rear camera and plays it in `video`.
///
/// # Errors
/// When there is no camera or the person does not allow it.
pub(crate) async fn open(video: &HtmlVideoElement) -> Result<(), JsValue> {
    let wanted = MediaTrackConstraints::new();
    wanted.set_facing_mode(&JsValue::from_str("environment"));
    let constraints = MediaStreamConstraints::new();
    constraints.set_video(&wanted);
    let asked = window()
        .navigator()
        .media_devices()?
        .get_user_media_with_constraints(&constraints)?;
    let stream: MediaStream = JsFuture::from(asked).await?.dyn_into()?;
    video.set_src_object(Some(&stream));
    JsFuture::from(video.play()?).await?;
    Ok(())
}

/// Whether the camera that plays in `video` has a light.
pub(crate) fn has_torch(video: &HtmlVideoElement) -> bool {
    // Not every browser can tell what a camera can do.
    let capability = || -> Option<JsValue> {
        let track = track(video)?;
        let ask = js_sys::Reflect::get(&track, &"getCapabilities".into()).ok()?;
        let capabilities = ask.dyn_ref::<js_sys::Function>()?.call0(&track).ok()?;
        js_sys::Reflect::get(&capabilities, &"torch".into()).ok()
    };
    capability().is_some_and(|torch| torch.is_truthy())
}

/// Turns the camera's light on or off.
///
/// # Errors
/// When there is none, or it does not obey.
pub(crate) async fn set_torch(video: &HtmlVideoElement, on: bool) -> Result<(), JsValue> {
    let track = track(video).ok_or_else(|| JsError::new("no camera"))?;
    let wish = js_sys::Object::new();
    js_sys::Reflect::set(&wish, &"torch".into(), &JsValue::from_bool(on))?;
    let constraints = MediaTrackConstraints::new();
    constraints.set_advanced(&js_sys::Array::of1(&wish));
    let asked = track.apply_constraints_with_constraints(&constraints)?;
    JsFuture::from(asked).await?;
    Ok(())
}

fn track(video: &HtmlVideoElement) -> Option<MediaStreamTrack> {
    let stream = video.src_object()?;
    stream.get_video_tracks().get(0).dyn_into().ok()
}

/// Draws frames of the video onto a canvas that nobody sees.
struct Frames {
    video: HtmlVideoElement,
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
}

impl Frames {
    fn new(video: HtmlVideoElement) -> Result<Self, JsValue> {
        let document = video
            .owner_document()
            .ok_or_else(|| JsError::new("no document"))?;
        let canvas: HtmlCanvasElement = document.create_element("canvas")?.dyn_into()?;
        let options = js_sys::Object::new();
        js_sys::Reflect::set(&options, &"willReadFrequently".into(), &JsValue::TRUE)?;
        let context = canvas
            .get_context_with_context_options("2d", &options)?
            .ok_or_else(|| JsError::new("no canvas"))?
            .dyn_into()?;
        Ok(Self {
            video,
            canvas,
            context,
        })
    }

    /// The current frame in shades of grey; none before the camera gives one.
    fn next(&mut self) -> Option<Frame> {
        let (width, height) = (self.video.video_width(), self.video.video_height());
        let longer = width.max(height);
        if width == 0 || height == 0 {
            return None;
        }
        let shrink = |side: u32| (side * LONGER_SIDE / longer.max(LONGER_SIDE)).max(1);
        let (columns, rows) = (shrink(width), shrink(height));
        let (width, height) = (f64::from(columns), f64::from(rows));
        if self.canvas.width() != columns || self.canvas.height() != rows {
            self.canvas.set_width(columns);
            self.canvas.set_height(rows);
        }
        self.context
            .draw_image_with_html_video_element_and_dw_and_dh(&self.video, 0.0, 0.0, width, height)
            .ok()?;
        let pixels = self
            .context
            .get_image_data(0.0, 0.0, width, height)
            .ok()?
            .data();
        Some(Frame::from_rgba(columns as usize, rows as usize, &pixels))
    }
}
