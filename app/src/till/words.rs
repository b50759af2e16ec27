//! The words of the till's answers about codes.

use chrono::{DateTime, TimeDelta, Utc};
use services::offers::till::{Refusal, Use, Validated, Verdict};
use till::{
    answer::{Confirmable, RecentLine, TillAnswer, TillTone},
    island::TillTexts,
};

use crate::{
    error::AppError,
    site::{
        format,
        request::{services, site},
    },
    tr,
};

/// Whoever confirms again within this time may not have had the answer to the first try: as long as a
/// validation is good for.
const RETRY: TimeDelta = TimeDelta::minutes(2);

pub(super) fn texts() -> TillTexts {
    TillTexts {
        code: tr!("till-code"),
        check: tr!("till-check"),
        confirm: tr!("till-confirm"),
        next: tr!("till-next"),
        camera: tr!("till-camera"),
        camera_failed: tr!("till-camera-failed"),
        torch: tr!("till-torch"),
        sound: tr!("till-sound"),
        idle: tr!("till-idle"),
        idle_detail: tr!("till-idle-detail"),
        offline: tr!("till-offline"),
        offline_detail: tr!("till-offline-detail"),
        disconnected: tr!("till-disconnected"),
        limited: tr!("till-limited"),
        limited_detail: limited_detail("{}"),
        amount: tr!("till-amount"),
        amount_hint: tr!("till-amount-hint"),
        receipt: tr!("till-receipt"),
        credit: tr!("till-credit"),
        reverse: tr!("till-reverse"),
        reverse_question: tr!("till-reverse-question"),
        reverse_detail: tr!("till-reverse-detail"),
        reverse_confirm: tr!("till-reverse-confirm"),
        keep: tr!("till-keep"),
        recent: tr!("till-recent"),
        recent_none: tr!("till-recent-none"),
    }
}

/// What was found behind a code.
pub(super) fn validated(validated: Validated) -> TillAnswer {
    let what = validated.offer_name;
    match validated.verdict {
        Verdict::Good { ticket } => TillAnswer {
            confirm: Some(Confirmable {
                redemption: validated.redemption,
                ticket,
            }),
            ..TillAnswer::new(
                TillTone::Good,
                tr!("till-good"),
                what,
                tr!(
                    "till-good-detail",
                    points = format::points(validated.points_spent),
                    unit = site().points_name
                ),
            )
        },
        Verdict::Used(used) => used_before(&used, what),
        Verdict::Expired => bad(tr!("till-expired"), what),
        Verdict::Cancelled => bad(tr!("till-cancelled"), what),
    }
}

/// Why a code was refused.
pub(super) fn refused(refusal: Refusal) -> Result<TillAnswer, AppError> {
    let reason = match refusal {
        Refusal::Used(used) => return Ok(used_before(&used, String::new())),
        Refusal::Fault(fault) => return Err(fault.into()),
        Refusal::InvalidCode => tr!("till-invalid-code"),
        Refusal::InvalidToken => tr!("till-invalid-token"),
        Refusal::InvalidTicket => tr!("till-invalid-ticket"),
        Refusal::Expired => tr!("till-expired"),
        Refusal::Cancelled => tr!("till-cancelled"),
    };
    Ok(bad(reason, String::new()))
}

/// A retry is told as one; anything else that was used before is not to be handed out again.
fn used_before(used: &Use, what: String) -> TillAnswer {
    let now = services().now();
    if used.by_you && now - used.at < RETRY {
        let ago = ago(used.at, now);
        let detail = tr!("till-again-detail", ago = ago);
        return TillAnswer::new(TillTone::Calm, tr!("till-again"), what, detail);
    }
    let when = format::moment(used.at, now);
    let detail = match (&used.terminal, used.by_you) {
        (_, true) => tr!("till-used-by-you", when = when),
        (Some(terminal), false) => {
            tr!("till-used-at", when = when, terminal = terminal.as_str())
        }
        (None, false) => tr!("till-used-elsewhere", when = when),
    };
    TillAnswer::new(TillTone::Used, tr!("till-used"), what, detail)
}

/// A limit was hit: the code was not looked at.
pub(super) fn limited(error: &AppError) -> TillAnswer {
    let seconds = error.figures.get("retry_after").copied().unwrap_or(1);
    let detail = limited_detail(&seconds.to_string());
    TillAnswer::new(
        TillTone::Limited,
        tr!("till-limited"),
        String::new(),
        detail,
    )
}

fn limited_detail(seconds: &str) -> String {
    tr!("till-limited-detail", seconds = seconds)
}

pub(super) fn bad(detail: String, what: String) -> TillAnswer {
    TillAnswer::new(TillTone::Bad, tr!("till-bad"), what, detail)
}

pub(super) fn done(what: String, recent: Vec<RecentLine>) -> TillAnswer {
    TillAnswer {
        recent: Some(recent),
        ..TillAnswer::new(
            TillTone::Done,
            tr!("till-done"),
            what,
            tr!("till-done-detail"),
        )
    }
}

/// How long ago something was that was done a moment ago, to the second.
fn ago(time: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let passed = now - time;
    if passed < TimeDelta::minutes(1) {
        tr!("ago-seconds", n = passed.num_seconds().max(0))
    } else {
        format::ago(time, now)
    }
}
