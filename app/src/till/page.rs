//! The till's page and the words of its answers.

use chrono::TimeDelta;
use domain::{codes::Presented, ids::RedemptionId};
use leptos::prelude::*;
use leptos_meta::Title;
use services::{
    identity::actors::Attendant,
    offers::till::{self as codes, Refusal, Use, Validated, Verdict},
};

use till::{
    answer::{Confirmable, RecentLine, TillAnswer, TillTone},
    island::{Till, TillTexts},
};

use super::actions::ConfirmCode;
use crate::{
    error::AppError,
    site::{
        format,
        forms::Attempt,
        load::page,
        request::{actor, query, services, site},
    },
    tr,
    ui::{IconSprite, PageHeader},
};

/// From sending a plain form to reading its answer.
const A_MOMENT: TimeDelta = TimeDelta::seconds(30);

/// Scan, check, confirm; the last ten.
#[component]
pub fn TillPage() -> impl IntoView {
    let attendant = actor::<Attendant>();
    let attempt = Attempt::of(ServerAction::<ConfirmCode>::new());
    view! {
        <Title text=tr!("till-title") />
        <main id="content" class="page" tabindex="-1">
            {page(async move {
                let attendant = attendant?;
                let answer = match (query("done"), query("code")) {
                    (Some(redemption), _) => Some(confirmed(attendant, &redemption).await?),
                    (None, Some(code)) => Some(validate(&code).await?),
                    (None, None) => None,
                };
                let recent = recent(attendant).await?;
                Ok(view! {
                    <PageHeader title=tr!("till-title") />
                    {attempt.notice()}
                    <IconSprite icons=vec![
                        ("good", icondata_lu::LuCircleCheck),
                        ("used", icondata_lu::LuTriangleAlert),
                        ("bad", icondata_lu::LuCircleX),
                        ("done", icondata_lu::LuCircleCheckBig),
                        ("scan", icondata_lu::LuScanLine),
                    ] />
                    <Till texts=texts() answer recent />
                }
                .into_any())
            })}
        </main>
    }
}

fn texts() -> TillTexts {
    TillTexts {
        code: tr!("till-code"),
        check: tr!("till-check"),
        confirm: tr!("till-confirm"),
        next: tr!("till-next"),
        camera: tr!("till-camera"),
        camera_failed: tr!("till-camera-failed"),
        idle: tr!("till-idle"),
        idle_detail: tr!("till-idle-detail"),
        offline: tr!("till-offline"),
        offline_detail: tr!("till-offline-detail"),
        recent: tr!("till-recent"),
        recent_none: tr!("till-recent-none"),
    }
}

/// Looks up what was scanned or typed.
pub(super) async fn validate(code: &str) -> Result<TillAnswer, AppError> {
    let attendant = actor::<Attendant>()?;
    let Ok(presented) = code.parse::<Presented>() else {
        return Ok(bad(tr!("till-invalid-code"), String::new()));
    };
    match codes::validate(&services(), attendant, &presented).await {
        Ok(validated) => Ok(validated_answer(validated)),
        Err(refusal) => refused(refusal),
    }
}

/// Confirms what was validated.
pub(super) async fn confirm(
    redemption: RedemptionId,
    ticket: &str,
) -> Result<TillAnswer, AppError> {
    let attendant = actor::<Attendant>()?;
    match codes::confirm(&services(), attendant, redemption, ticket, None).await {
        Ok(_) => Ok(done(recent(attendant).await?)),
        Err(refusal) => refused(refusal),
    }
}

/// What a plain form's confirmation leads to. Anyone can make up its address, so it says what is true of the
/// redemption, and that it was confirmed only where this attendant did so a moment ago.
async fn confirmed(attendant: Attendant, redemption: &str) -> Result<TillAnswer, AppError> {
    let Ok(redemption) = redemption.parse::<RedemptionId>() else {
        return Ok(bad(tr!("till-invalid-code"), String::new()));
    };
    let services = services();
    match codes::validate(&services, attendant, &Presented::Id(redemption)).await {
        Ok(Validated {
            verdict: Verdict::Used(Use {
                at, by_you: true, ..
            }),
            offer_name,
            ..
        }) if services.now() - at < A_MOMENT => Ok(TillAnswer {
            what: offer_name,
            ..done(Vec::new())
        }),
        Ok(validated) => Ok(validated_answer(validated)),
        Err(refusal) => refused(refusal),
    }
}

async fn recent(attendant: Attendant) -> Result<Vec<RecentLine>, AppError> {
    let lines = codes::recent(&services(), attendant).await?;
    Ok(lines
        .into_iter()
        .map(|line| RecentLine {
            what: line.offer_name,
            code: line.short_code,
            when: format::time_of_day(line.confirmed_at, format::zone()),
        })
        .collect())
}

fn validated_answer(validated: Validated) -> TillAnswer {
    let what = validated.offer_name;
    match validated.verdict {
        Verdict::Good { ticket } => TillAnswer {
            tone: TillTone::Good,
            word: tr!("till-good"),
            what,
            detail: tr!(
                "till-good-detail",
                points = format::points(validated.points_spent),
                unit = site().points_name
            ),
            confirm: Some(Confirmable {
                redemption: validated.redemption,
                ticket,
            }),
            recent: None,
        },
        Verdict::Used(used) => used_before(&used, what),
        Verdict::Expired => bad(tr!("till-expired"), what),
        Verdict::Cancelled => bad(tr!("till-cancelled"), what),
    }
}

fn refused(refusal: Refusal) -> Result<TillAnswer, AppError> {
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

fn used_before(used: &Use, what: String) -> TillAnswer {
    let time = format::date_time(used.at, format::zone());
    let detail = if used.by_you {
        tr!("till-used-by-you", time = time)
    } else {
        tr!("till-used-elsewhere", time = time)
    };
    TillAnswer {
        tone: TillTone::Used,
        word: tr!("till-used"),
        what,
        detail,
        confirm: None,
        recent: None,
    }
}

fn bad(detail: String, what: String) -> TillAnswer {
    TillAnswer {
        tone: TillTone::Bad,
        word: tr!("till-bad"),
        what,
        detail,
        confirm: None,
        recent: None,
    }
}

fn done(recent: Vec<RecentLine>) -> TillAnswer {
    TillAnswer {
        tone: TillTone::Done,
        word: tr!("till-done"),
        what: String::new(),
        detail: tr!("till-done-detail"),
        confirm: None,
        recent: Some(recent),
    }
}
