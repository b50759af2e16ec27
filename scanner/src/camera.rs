//! The camera and its frames.

use wasm_bindgen::{JsCast, JsError, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    CanvasRenderingContext2d, HtmlCanvasElement, HtmlVideoElement, MediaStream,
    MediaStreamConstraints, MediaTrackConstraints,
};

use crate::decode::Frame;

/// The longer side of a frame that is looked at, in pixels: enough for a code held at arm's length.
const LONGER_SIDE: f64 = 720.0;

/// Asks for the rear camera and plays it in `video`.
pub(crate) async fn show(video: &HtmlVideoElement) -> Result<(), JsValue> {
    let wanted = MediaTrackConstraints::new();
    wanted.set_facing_mode(&JsValue::from_str("environment"));
    let constraints = MediaStreamConstraints::new();
    constraints.set_video(&wanted);
    let window = web_sys::window().ok_or_else(|| JsError::new("no window"))?;
    let asked = window.navigator().media_devices()?.get_user_media_with_constraints(&constraints)?;
    let stream: MediaStream = JsFuture::from(asked).await?.dyn_into()?;
    video.set_src_object(Some(&stream));
    JsFuture::from(video.play()?).await?;
    Ok(())
}

/// Draws frames of the video onto a canvas that nobody sees.
pub(crate) struct Frames {
    video: HtmlVideoElement,
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
}

impl Frames {
    pub(crate) fn new(video: HtmlVideoElement) -> Result<Self, JsValue> {
        let document = video.owner_document().ok_or_else(|| JsError::new("no document"))?;
        let canvas: HtmlCanvasElement = document.create_element("canvas")?.dyn_into()?;
        let options = js_sys::Object::new();
        js_sys::Reflect::set(&options, &"willReadFrequently".into(), &JsValue::TRUE)?;
        let context = canvas
            .get_context_with_context_options("2d", &options)?
            .ok_or_else(|| JsError::new("no canvas"))?
            .dyn_into()?;
        Ok(Self { video, canvas, context })
    }

    /// The current frame in shades of grey; none before the camera gives one.
    pub(crate) fn next(&mut self) -> Option<Frame> {
        let (width, height) = (f64::from(self.video.video_width()), f64::from(self.video.video_height()));
        if width < 1.0 || height < 1.0 {
            return None;
        }
        let scale = (LONGER_SIDE / width.max(height)).min(1.0);
        let (width, height) = ((width * scale).floor(), (height * scale).floor());
        let (columns, rows) = (width as u32, height as u32);
        if self.canvas.width() != columns || self.canvas.height() != rows {
            self.canvas.set_width(columns);
            self.canvas.set_height(rows);
        }
        self.context
            .draw_image_with_html_video_element_and_dw_and_dh(&self.video, 0.0, 0.0, width, height)
            .ok()?;
        let pixels = self.context.get_image_data(0.0, 0.0, width, height).ok()?.data();
        Some(Frame::from_rgba(columns as usize, rows as usize, &pixels))
    }
}
