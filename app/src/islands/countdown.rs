//! The time that is left, counting down.

use std::time::Duration;

use leptos::prelude::*;

/// Below this many seconds it looks urgent.
const URGENT: i64 = 60;
const SECOND: Duration = Duration::from_secs(1);

/// Counts down from `seconds_left` and reloads the page at the end. Without scripts, `otherwise` says until
/// when. It counts from the page's own clock: the device's may be wrong.
#[island]
pub fn Countdown(seconds_left: i64, label: String, otherwise: String) -> impl IntoView {
    let (left, set_left) = signal(None::<i64>);
    Effect::new(move |_| {
        let started = now();
        let tick = move || {
            let passed = now() - started;
            let now_left = (seconds_left - passed).max(0);
            if now_left == 0 && left.get_untracked() != Some(0) {
                let _ = window().location().reload();
            }
            set_left.set(Some(now_left));
        };
        tick();
        if let Ok(handle) = set_interval_with_handle(tick, SECOND) {
            on_cleanup(move || handle.clear());
        }
    });
    view! {
        <p class="countdown" role="timer" data-urgent=move || {
            left.get().is_some_and(|left| left < URGENT).to_string()
        }>
            {move || match left.get() {
                Some(left) => view! { {label.clone()} " " <b>{clock(left)}</b> }.into_any(),
                None => view! { {otherwise.clone()} }.into_any(),
            }}
        </p>
    }
}

/// Whole seconds of the device's clock.
#[expect(
    clippy::cast_possible_truncation,
    reason = "seconds since 1970 are far below 2⁵³"
)]
fn now() -> i64 {
    (js_sys::Date::now() / 1_000.0) as i64
}

/// `04:59`, or with hours and days where there are any.
fn clock(seconds: i64) -> String {
    let (days, hours, minutes, seconds) = (
        seconds / 86_400,
        seconds / 3_600 % 24,
        seconds / 60 % 60,
        seconds % 60,
    );
    match (days, hours) {
        (0, 0) => format!("{minutes:02}:{seconds:02}"),
        (0, _) => format!("{hours}:{minutes:02}:{seconds:02}"),
        _ => format!("{days} d {hours} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::clock;

    #[test]
    fn the_clock_shows_as_much_as_is_left() {
        assert_eq!(clock(0), "00:00");
        assert_eq!(clock(299), "04:59");
        assert_eq!(clock(3_661), "1:01:01");
        assert_eq!(clock(2 * 86_400 + 3 * 3_600), "2 d 3 h");
    }
}
