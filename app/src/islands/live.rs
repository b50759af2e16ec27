//! A redemption that tells by itself what becomes of it.

use leptos::{html::Div, prelude::*};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent};

/// Listens to `events`: replaces the QR within when a new one comes, and reloads the page when the
/// redemption is settled. Without scripts the QR stays good for a while and a reload shows the rest.
#[island]
pub fn LiveRedemption(
    /// Address of the event stream.
    events: String,
    /// Said while the stream is open.
    live: String,
    /// Said while it is not.
    lost: String,
    /// The QR.
    children: Children,
) -> impl IntoView {
    let frame = NodeRef::<Div>::new();
    let (connected, set_connected) = signal(None::<bool>);
    Effect::new(move |_| {
        let Ok(source) = EventSource::new(&events) else {
            return;
        };
        listen(&source, "qr", move |svg| {
            let qr = frame
                .get_untracked()
                .and_then(|frame| frame.query_selector(".qr").ok().flatten());
            if let Some(qr) = qr {
                qr.set_inner_html(&svg);
            }
        });
        listen(&source, "settled", |_| {
            let _ = window().location().reload();
        });
        listen_open(&source, move |open| set_connected.set(Some(open)));
    });
    view! {
        <div node_ref=frame>{children()}</div>
        <p class="live" role="status" data-connected=move || connected.get().map(|open| open.to_string())>
            {move || match connected.get() {
                Some(true) => live.clone(),
                Some(false) => lost.clone(),
                None => String::new(),
            }}
        </p>
    }
}

/// The page keeps the stream for as long as it is open, so the closures live as long as it does.
fn listen(source: &EventSource, event: &str, mut heard: impl FnMut(String) + 'static) {
    let closure = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        heard(message.data().as_string().unwrap_or_default());
    });
    let _ = source.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    closure.forget();
}

fn listen_open(source: &EventSource, changed: impl Fn(bool) + Copy + 'static) {
    let opened = Closure::<dyn FnMut()>::new(move || changed(true));
    source.set_onopen(Some(opened.as_ref().unchecked_ref()));
    opened.forget();
    let failed = Closure::<dyn FnMut()>::new(move || changed(false));
    source.set_onerror(Some(failed.as_ref().unchecked_ref()));
    failed.forget();
}
