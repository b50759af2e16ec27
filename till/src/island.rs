//! The till in the attendant's hand. Its forms post and its links link before any script has loaded; the
//! island makes them answer in place, and adds the camera.

use std::time::Duration;

use domain::ids::RedemptionId;
use leptos::{
    ev::SubmitEvent,
    html::{Input, Video},
    leptos_dom::helpers::IntervalHandle,
    prelude::*,
    task::spawn_local,
};
use serde::{Deserialize, Serialize};

use crate::{
    answer::{RecentLine, TillAnswer, TillTone, sprite_icon},
    ask::ask,
    camera,
};

/// Where a code is looked up.
pub const VALIDATE: &str = "/api/till/validate";
/// Where a validated redemption is confirmed.
pub const CONFIRM: &str = "/api/till/confirm";

/// After a confirmation the till goes back to scanning by itself.
const BACK_TO_SCANNING: Duration = Duration::from_secs(3);
/// Milliseconds of vibration on success, where the device can.
const BUZZ: u32 = 120;

/// The till's fixed texts, in the attendant's language.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct TillTexts {
    pub code: String,
    pub check: String,
    pub confirm: String,
    pub next: String,
    pub camera: String,
    pub camera_failed: String,
    pub idle: String,
    pub idle_detail: String,
    pub offline: String,
    pub offline_detail: String,
    pub recent: String,
    pub recent_none: String,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Camera {
    Off,
    Starting,
    On,
    Failed,
}

/// What the till holds while it is open.
#[derive(Clone, Copy)]
struct State {
    answer: RwSignal<Option<TillAnswer>>,
    recent: RwSignal<Vec<RecentLine>>,
    busy: RwSignal<bool>,
    /// The field for a code. What stands in it is nobody else's: it may have been typed before the island woke.
    field: NodeRef<Input>,
    texts: StoredValue<TillTexts>,
}

impl State {
    fn validate(self, code: String) {
        if self.busy.get_untracked() || code.trim().is_empty() {
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            let answer = ask(VALIDATE, &[("code", &code)]).await;
            self.show(answer.unwrap_or_else(|| self.offline()));
        });
    }

    fn confirm(self, redemption: RedemptionId, ticket: String) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            let redemption = redemption.to_string();
            let answer = ask(CONFIRM, &[("redemption", &redemption), ("ticket", &ticket)]).await;
            self.show(answer.unwrap_or_else(|| self.offline()));
        });
    }

    fn show(self, answer: TillAnswer) {
        self.busy.set(false);
        if let Some(recent) = answer.recent.clone() {
            self.recent.set(recent);
        }
        if answer.tone == TillTone::Done {
            let _ = window().navigator().vibrate_with_duration(BUZZ);
            self.clear();
            let done = answer.clone();
            let back = move || {
                // Whoever went on by hand may have the next result before them.
                if self
                    .answer
                    .with_untracked(|shown| shown.as_ref() == Some(&done))
                {
                    self.answer.set(None);
                }
            };
            set_timeout(back, BACK_TO_SCANNING);
        }
        self.answer.set(Some(answer));
    }

    fn next(self) {
        self.clear();
        self.answer.set(None);
    }

    fn clear(self) {
        if let Some(field) = self.field.get_untracked() {
            field.set_value("");
        }
    }

    fn offline(self) -> TillAnswer {
        self.texts.with_value(|texts| TillAnswer {
            tone: TillTone::Bad,
            word: texts.offline.clone(),
            what: String::new(),
            detail: texts.offline_detail.clone(),
            confirm: None,
            recent: None,
        })
    }
}

/// Camera, typed code, result, and the last ten.
#[island]
pub fn Till(
    texts: TillTexts,
    /// The result of the code in the address, if there is one.
    answer: Option<TillAnswer>,
    recent: Vec<RecentLine>,
) -> impl IntoView {
    let state = State {
        answer: RwSignal::new(answer),
        recent: RwSignal::new(recent),
        busy: RwSignal::new(false),
        field: NodeRef::new(),
        texts: StoredValue::new(texts.clone()),
    };
    let check = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(field) = state.field.get_untracked() {
            state.validate(field.value());
        }
    };
    view! {
        <div class="till">
            <div class="till-scan">
                {camera_view(state, &texts)}
                <form class="till-code" method="get" action="/till" on:submit=check>
                    <div class="field">
                    <label for="till-code">{texts.code.clone()}</label>
                    <input
                        id="till-code"
                        name="code"
                        class="control"
                        autocomplete="off"
                        autocapitalize="characters"
                        spellcheck="false"
                        maxlength="300"
                        required
                        node_ref=state.field
                    />
                    </div>
                    <button class="button" data-kind="primary" aria-busy=move || state.busy.get().to_string()>
                        <span>{texts.check.clone()}</span>
                    </button>
                </form>
            </div>
            {result_view(state, texts.clone())}
        </div>
        {recent_view(state, &texts)}
    }
}

fn camera_view(state: State, texts: &TillTexts) -> impl IntoView + use<> {
    let video = NodeRef::<Video>::new();
    let camera = RwSignal::new(Camera::Off);
    // Scripts must be there for the camera to be worth offering.
    let (ready, set_ready) = signal(false);
    Effect::new(move |_| set_ready.set(true));
    let start = move |_| {
        let Some(video) = video.get_untracked() else {
            return;
        };
        camera.set(Camera::Starting);
        spawn_local(async move {
            let opened = camera::open(&video).await;
            camera.set(if opened.is_ok() {
                Camera::On
            } else {
                Camera::Failed
            });
        });
    };
    // While a result is shown nobody looks: the camera would see the same code again and again, and the
    // phone grow warm over it.
    Effect::new(move |before: Option<Option<IntervalHandle>>| {
        if let Some(looking) = before.flatten() {
            looking.clear();
        }
        let scanning =
            camera.get() == Camera::On && state.answer.with(Option::is_none) && !state.busy.get();
        let video = video.get_untracked().filter(|_| scanning)?;
        camera::look(video, move |text| state.validate(text))
            .inspect_err(|_| camera.set(Camera::Failed))
            .ok()
    });
    let failed = texts.camera_failed.clone();
    let label = texts.camera.clone();
    view! {
        <div class="till-video" hidden=move || !ready.get() data-camera=move || match camera.get() {
            Camera::Off => "off",
            Camera::Starting => "starting",
            Camera::On => "on",
            Camera::Failed => "failed",
        }>
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
        </div>
        <p role="status" class="small" hidden=move || camera.get() != Camera::Failed>
            {move || (camera.get() == Camera::Failed).then(|| failed.clone())}
        </p>
    }
}

fn result_view(state: State, texts: TillTexts) -> impl IntoView {
    let shown = move || match state.answer.get() {
        None => view! {
            <p class="till-word">{texts.idle.clone()}</p>
            <p class="till-detail">{texts.idle_detail.clone()}</p>
        }
        .into_any(),
        Some(answer) => answer_view(state, answer, &texts).into_any(),
    };
    view! {
        <section
            class="till-result"
            aria-live="assertive"
            data-tone=move || state.answer.with(|answer| answer.as_ref().map(|answer| answer.tone.as_str()))
        >
            {shown}
        </section>
    }
}

fn answer_view(state: State, answer: TillAnswer, texts: &TillTexts) -> impl IntoView + use<> {
    let confirm = answer.confirm.map(|confirmable| {
        let (redemption, ticket) = (confirmable.redemption, confirmable.ticket.clone());
        let send = move |event: SubmitEvent| {
            event.prevent_default();
            state.confirm(redemption, ticket.clone());
        };
        view! {
            <form method="post" action=CONFIRM on:submit=send>
                <input type="hidden" name="redemption" value=confirmable.redemption.to_string() />
                <input type="hidden" name="ticket" value=confirmable.ticket />
                <button class="button button-wide" data-kind="primary" aria-busy=move || state.busy.get().to_string()>
                    <span>{texts.confirm.clone()}</span>
                </button>
            </form>
        }
    });
    view! {
        <div class="till-icon">{sprite_icon(answer.tone.icon())}</div>
        <p class="till-word">{answer.word}</p>
        <p class="till-what">{answer.what}</p>
        <p class="till-detail">{answer.detail}</p>
        <div class="till-actions">
            {confirm}
            <a class="button button-wide" data-kind="secondary" href="/till" on:click=move |event| {
                event.prevent_default();
                state.next();
            }>
                <span>{texts.next.clone()}</span>
            </a>
        </div>
    }
}

fn recent_view(state: State, texts: &TillTexts) -> impl IntoView + use<> {
    let none = texts.recent_none.clone();
    let lines = move || {
        let lines = state.recent.get();
        if lines.is_empty() {
            return view! { <p class="muted">{none.clone()}</p> }.into_any();
        }
        let lines = lines
            .into_iter()
            .map(|line| {
                view! {
                    <li data-tone="done">
                        {sprite_icon("#icon-done")}
                        <span class="till-recent-what">
                            {line.what} " " <span class="till-recent-code">{line.code}</span>
                        </span>
                        <span class="till-recent-when">{line.when}</span>
                    </li>
                }
            })
            .collect_view();
        view! { <ol class="till-recent">{lines}</ol> }.into_any()
    };
    view! {
        <section class="stack">
            <h2>{texts.recent.clone()}</h2>
            {lines}
        </section>
    }
}
