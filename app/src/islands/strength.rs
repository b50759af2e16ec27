//! How strong a password is, while it is typed.

use domain::account::password_strength;
use leptos::{ev::Event, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// Watches the password field within and shows its strength in words and bars.
#[island]
pub fn PasswordStrength(
    /// What scores 0 to 4 are called.
    words: Vec<String>,
    /// The field.
    children: Children,
) -> impl IntoView {
    let (score, set_score) = signal(None::<u8>);
    let typed = move |event: Event| {
        let field = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let password = field.map(|field| field.value()).unwrap_or_default();
        set_score.set((!password.is_empty()).then(|| password_strength(&password)));
    };
    view! {
        <div class="stack" on:input=typed>
            {children()}
            <div class="strength" hidden=move || score.get().is_none()>
                <div class="strength-bars" data-score=move || score.get().unwrap_or(0).to_string()>
                    <span></span>
                    <span></span>
                    <span></span>
                    <span></span>
                </div>
                <span role="status">
                    {move || {
                        score.get().and_then(|score| words.get(usize::from(score)).cloned()).unwrap_or_default()
                    }}
                </span>
            </div>
        </div>
    }
}
