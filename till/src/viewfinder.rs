//! The camera as the attendant sees it, with the switches that belong to it.

use leptos::{html::Video, leptos_dom::helpers::IntervalHandle, prelude::*, task::spawn_local};

use crate::{answer::sprite_icon, camera, island::TillTexts, state::State};

#[derive(Clone, Copy, Eq, PartialEq)]
enum Camera {
    Off,
    Starting,
    On,
    Failed,
}

impl Camera {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Starting => "starting",
            Self::On => "on",
            Self::Failed => "failed",
        }
    }
}

/// The camera's picture, its start, its light, and the switch for sounds.
pub(crate) fn viewfinder(state: State, texts: &TillTexts) -> impl IntoView + use<> {
    let video = NodeRef::<Video>::new();
    let camera = RwSignal::new(Camera::Off);
    // Whether its light is on; none where it has no light.
    let torch = RwSignal::new(None::<bool>);
    // Scripts must be there for the camera to be worth offering.
    let ready = RwSignal::new(false);
    Effect::new(move |_| {
        state.listen();
        ready.set(true);
    });
    let start = move |_| {
        let Some(video) = video.get_untracked() else {
            return;
        };
        camera.set(Camera::Starting);
        spawn_local(async move {
            let opened = camera::open(&video).await;
            torch.set(camera::has_torch(&video).then_some(false));
            camera.set(if opened.is_ok() {
                Camera::On
            } else {
                Camera::Failed
            });
        });
    };
    look_while_it_matters(state, camera, video);
    let failed = texts.camera_failed.clone();
    let label = texts.camera.clone();
    view! {
        <div class="till-video" hidden=move || !ready.get() data-camera=move || camera.get().as_str()>
            <video node_ref=video playsinline muted hidden=move || camera.get() != Camera::On></video>
            <button
                type="button"
                class="button"
                data-kind="secondary"
                hidden=move || camera.get() == Camera::On
                aria-busy=move || (camera.get() == Camera::Starting).to_string()
                on:click=start
            >
                {sprite_icon("#icon-scan")}
                <span>{label}</span>
            </button>
            {switches(state, torch, video, texts)}
        </div>
        <p role="status" class="small" hidden=move || camera.get() != Camera::Failed>
            {move || (camera.get() == Camera::Failed).then(|| failed.clone())}
        </p>
    }
}

/// While a result is shown nobody looks: the camera would see the same code again and again, and the phone
/// grow warm over it. Nor while there is nobody to ask.
fn look_while_it_matters(state: State, camera: RwSignal<Camera>, video: NodeRef<Video>) {
    Effect::new(move |before: Option<Option<IntervalHandle>>| {
        if let Some(looking) = before.flatten() {
            looking.clear();
        }
        let scanning = camera.get() == Camera::On
            && state.answer.with(Option::is_none)
            && !state.busy.get()
            && state.online.get();
        let video = video.get_untracked().filter(|_| scanning)?;
        // A picture that was out of sight may have been stopped.
        let _ = video.play();
        camera::look(video, move |text| state.validate(text))
            .inspect_err(|_| camera.set(Camera::Failed))
            .ok()
    });
}

fn switches(
    state: State,
    torch: RwSignal<Option<bool>>,
    video: NodeRef<Video>,
    texts: &TillTexts,
) -> impl IntoView + use<> {
    let light = move |_| {
        let (Some(video), Some(on)) = (video.get_untracked(), torch.get_untracked()) else {
            return;
        };
        spawn_local(async move {
            if camera::set_torch(&video, !on).await.is_ok() {
                torch.set(Some(!on));
            }
        });
    };
    view! {
        <div class="till-switches">
            <button
                type="button"
                class="till-switch"
                aria-label=texts.sound.clone()
                aria-pressed=move || state.sound.get().to_string()
                on:click=move |_| state.toggle_sound()
            >
                {move || sprite_icon(if state.sound.get() { "#icon-sound" } else { "#icon-silent" })}
            </button>
            <button
                type="button"
                class="till-switch"
                aria-label=texts.torch.clone()
                aria-pressed=move || (torch.get() == Some(true)).to_string()
                hidden=move || torch.get().is_none()
                on:click=light
            >
                {sprite_icon("#icon-torch")}
            </button>
        </div>
    }
}
