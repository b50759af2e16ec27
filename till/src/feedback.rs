//! What the attendant hears and feels, so that the eyes can stay on the customer.

use std::cell::RefCell;

use leptos::prelude::window;
use wasm_bindgen::JsValue;
use web_sys::{AudioContext, OscillatorType};

use crate::answer::TillTone;

/// Where this device remembers that it is to be silent.
const SOUND: &str = "till.sound";
/// Of full volume: heard across a counter, not across a forecourt.
const LOUD: f32 = 0.25;
/// What an exponential ramp ends at; it cannot reach silence.
const QUIET: f32 = 0.001;

/// Milliseconds of vibration: one buzz for good news.
const BUZZ: [u32; 1] = [120];
/// Buzz, pause, buzz for bad news.
const BUZZES: [u32; 3] = [90, 70, 180];

/// A tone in hertz, from one second to another.
type Beep = (f32, f64, f64);
/// Up: go on.
const UP: [Beep; 2] = [(880.0, 0.0, 0.1), (1_318.5, 0.1, 0.28)];
/// Down: stop.
const DOWN: [Beep; 2] = [(220.0, 0.0, 0.2), (164.8, 0.22, 0.6)];

thread_local! {
    static SPEAKER: RefCell<Option<AudioContext>> = const { RefCell::new(None) };
}

/// Gets the speaker ready. Browsers allow it only while someone touches the page.
pub(crate) fn wake() {
    SPEAKER.with_borrow_mut(|speaker| {
        if speaker.is_none() {
            *speaker = AudioContext::new().ok();
        }
        if let Some(context) = speaker {
            let _ = context.resume();
        }
    });
}

/// Tells by vibration, and by sound if that is on, how good the news is.
pub(crate) fn tell(tone: TillTone, sound: bool) {
    let Some(good) = tone.is_good_news() else {
        return;
    };
    let pattern: js_sys::Array = if good { &BUZZ[..] } else { &BUZZES[..] }
        .iter()
        .copied()
        .map(JsValue::from)
        .collect();
    let _ = window().navigator().vibrate_with_pattern(&pattern);
    if sound {
        SPEAKER.with_borrow(|speaker| {
            if let Some(context) = speaker {
                // A device that cannot make a sound still shows the result.
                let _ = play(context, good);
            }
        });
    }
}

fn play(context: &AudioContext, good: bool) -> Result<(), JsValue> {
    let (shape, beeps) = if good {
        (OscillatorType::Sine, UP)
    } else {
        (OscillatorType::Square, DOWN)
    };
    beeps
        .into_iter()
        .try_for_each(|beep| play_one(context, shape, beep))
}

fn play_one(context: &AudioContext, shape: OscillatorType, beep: Beep) -> Result<(), JsValue> {
    let (hertz, from, to) = beep;
    let (from, to) = (context.current_time() + from, context.current_time() + to);
    let tone = context.create_oscillator()?;
    let volume = context.create_gain()?;
    tone.set_type(shape);
    tone.frequency().set_value(hertz);
    // A note that stops at once clicks: it fades.
    volume.gain().set_value_at_time(LOUD, from)?;
    volume.gain().exponential_ramp_to_value_at_time(QUIET, to)?;
    tone.connect_with_audio_node(&volume)?;
    volume.connect_with_audio_node(&context.destination())?;
    tone.start_with_when(from)?;
    tone.stop_with_when(to)
}

/// Whether this device is to make sounds: unless someone switched them off.
pub(crate) fn sound_is_on() -> bool {
    let storage = window().local_storage().ok().flatten();
    let kept = storage.and_then(|storage| storage.get_item(SOUND).ok().flatten());
    kept.as_deref() != Some("off")
}

/// Remembers whether this device is to make sounds.
pub(crate) fn keep_sound(on: bool) {
    if let Ok(Some(storage)) = window().local_storage() {
        // Where nothing can be kept the switch holds until the page is left.
        let _ = storage.set_item(SOUND, if on { "on" } else { "off" });
    }
}
