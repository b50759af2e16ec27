//! Pages that tell by themselves what happens: a redemption, a member's card.

use leptos::{html::Div, prelude::*};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, EventSource, MessageEvent};

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
        listen_qr(&source, frame);
        listen(&source, "settled", |_| {
            let _ = window().location().reload();
        });
        listen_open(&source, move |open| set_connected.set(Some(open)));
    });
    view! {
        <div node_ref=frame>{children()}</div>
        {live_line(connected, live, lost)}
    }
}

/// Listens to `events`: replaces the QR and the balance within when new ones come, and tells of points that
/// arrive. Without scripts a reload gives a fresh QR and the balance.
#[island]
pub fn LiveCard(
    /// Address of the event stream.
    events: String,
    /// Said while the stream is open.
    live: String,
    /// Said while it is not.
    lost: String,
    /// The QR and the balance.
    children: Children,
) -> impl IntoView {
    let frame = NodeRef::<Div>::new();
    let (connected, set_connected) = signal(None::<bool>);
    let (arrived, set_arrived) = signal(None::<String>);
    Effect::new(move |_| {
        let Ok(source) = EventSource::new(&events) else {
            return;
        };
        listen_qr(&source, frame);
        listen(&source, "balance", move |figure| {
            if let Some(balance) = within(frame, ".points b") {
                balance.set_text_content(Some(&figure));
            }
        });
        listen(&source, "points", move |words| set_arrived.set(Some(words)));
        listen_open(&source, move |open| set_connected.set(Some(open)));
    });
    view! {
        <div class="stack" node_ref=frame>{children()}</div>
        <p class="arrived" role="status" data-told=move || arrived.get().map(|_| "true")>
            {move || arrived.get().unwrap_or_default()}
        </p>
        {live_line(connected, live, lost)}
    }
}

/// Whether the page is listening.
fn live_line(connected: ReadSignal<Option<bool>>, live: String, lost: String) -> impl IntoView {
    view! {
        <p class="live" role="status" data-connected=move || connected.get().map(|open| open.to_string())>
            {move || match connected.get() {
                Some(true) => live.clone(),
                Some(false) => lost.clone(),
                None => String::new(),
            }}
        </p>
    }
}

fn within(frame: NodeRef<Div>, selector: &str) -> Option<Element> {
    frame
        .get_untracked()?
        .query_selector(selector)
        .ok()
        .flatten()
}

fn listen_qr(source: &EventSource, frame: NodeRef<Div>) {
    listen(source, "qr", move |svg| {
        if let Some(qr) = within(frame, ".qr") {
            qr.set_inner_html(&svg);
        }
    });
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
