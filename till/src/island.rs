//! The till in the attendant's hand. Its forms post and its links link before any script has loaded; the
//! island makes them answer in place, and adds the camera.

use leptos::{ev::SubmitEvent, prelude::*};
use serde::{Deserialize, Serialize};

use crate::{
    answer::{RecentLine, TillAnswer, sprite_icon},
    recent::recent as recent_view,
    result::result,
    state::State,
    viewfinder::viewfinder,
};

/// Where a code is looked up.
pub const VALIDATE: &str = "/api/till/validate";
/// Where a validated redemption is confirmed.
pub const CONFIRM: &str = "/api/till/confirm";
/// Where a sale brings its points.
pub const ACCRUE: &str = "/api/till/accrue";
/// Where a sale's points are taken back.
pub const REVERSE: &str = "/api/till/reverse";

/// The till's fixed texts, in the attendant's language.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct TillTexts {
    pub code: String,
    pub check: String,
    pub confirm: String,
    pub next: String,
    pub camera: String,
    pub camera_failed: String,
    pub torch: String,
    pub sound: String,
    pub idle: String,
    pub idle_detail: String,
    pub offline: String,
    pub offline_detail: String,
    pub disconnected: String,
    pub limited: String,
    /// With `{}` for the seconds to wait.
    pub limited_detail: String,
    pub amount: String,
    pub amount_hint: String,
    pub receipt: String,
    pub credit: String,
    pub reverse: String,
    pub reverse_question: String,
    pub reverse_detail: String,
    pub reverse_confirm: String,
    pub keep: String,
    pub recent: String,
    pub recent_none: String,
}

/// Camera, typed code, result, and the last ten.
#[island]
pub fn Till(
    texts: TillTexts,
    /// The result of what stands in the address, if there is one.
    answer: Option<TillAnswer>,
    recent: Vec<RecentLine>,
) -> impl IntoView {
    let state = State::new(texts.clone(), answer, recent);
    let check = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(field) = state.field.get_untracked() {
            state.validate(field.value());
        }
    };
    view! {
        {disconnected(state, texts.disconnected.clone())}
        <div class="till">
            <div class="till-scan">
                {viewfinder(state, &texts)}
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
            {result(state, texts.clone())}
        </div>
        {recent_view(state, texts)}
    }
}

/// Said for as long as the device has no connection.
fn disconnected(state: State, text: String) -> impl IntoView {
    view! {
        <div role="alert" class="till-banner" hidden=move || state.online.get()>
            {sprite_icon("#icon-lost")}
            <p>{move || (!state.online.get()).then(|| text.clone())}</p>
        </div>
    }
}
