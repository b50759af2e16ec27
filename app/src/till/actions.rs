//! What the till asks the server.

use domain::{
    error::ErrorCode,
    fields::{FieldProblem, Problems},
    ids::{AccrualId, RedemptionId, StationId, TerminalId, UserId},
    terminals::TerminalName,
};
use leptos::prelude::*;
use leptos_axum::redirect;
use services::identity::{
    actors::Manager,
    pins,
    terminals::{self, Refusal},
};
use till::answer::{TillAnswer, TillTone};

use super::{
    device,
    sales::{self, Credited, Entered},
};
use crate::{
    error::AppError,
    identity::session,
    site::request::{actor, link, services, wants_html},
};

/// Looks a scanned or typed code up. A code that is not valid is an answer, not an error.
#[server(prefix = "/api", endpoint = "till/validate")]
pub async fn validate_code(code: String) -> Result<TillAnswer, AppError> {
    super::page::validate(&code).await
}

/// Confirms what was validated. A plain form is sent on to a page that says so.
#[server(prefix = "/api", endpoint = "till/confirm")]
pub async fn confirm_code(
    redemption: RedemptionId,
    ticket: String,
) -> Result<TillAnswer, AppError> {
    let answer = super::page::confirm(redemption, &ticket).await?;
    if wants_html() {
        let to = match answer.tone {
            TillTone::Done => format!("/till?done={redemption}"),
            _ => format!("/till?code={redemption}"),
        };
        redirect(&to);
    }
    Ok(answer)
}

/// Credits the points of a member's sale. A plain form is sent on to a page that says so, or back with what
/// was typed.
#[server(prefix = "/api", endpoint = "till/accrue")]
pub async fn accrue_sale(
    member: String,
    amount: String,
    receipt: String,
) -> Result<TillAnswer, AppError> {
    let entered = Entered {
        member,
        amount,
        receipt,
    };
    let credited = sales::credit(&entered).await?;
    if wants_html() {
        match &credited {
            Credited::Refused(error) => return Err(error.clone()),
            Credited::Done(accrued) => {
                let again = accrued.replayed.then(|| "1".to_owned());
                let id = accrued.accrual.to_string();
                redirect(&link("/till", [("credited", Some(id)), ("again", again)]));
            }
        }
    }
    sales::credited_answer(entered, credited).await
}

/// Takes the points of one's own sale back. A plain form is sent on to a page that says so.
#[server(prefix = "/api", endpoint = "till/reverse")]
pub async fn reverse_sale(accrual: AccrualId) -> Result<TillAnswer, AppError> {
    let answer = sales::reverse(accrual).await?;
    if wants_html() {
        redirect(&format!("/till?reversed={accrual}"));
    }
    Ok(answer)
}

/// Begins a session at the till for someone whose PIN is right, on a terminal of their merchant.
#[server(prefix = "/api", endpoint = "till/sign-in")]
pub async fn sign_in_with_pin(person: UserId, pin: String) -> Result<(), AppError> {
    let services = services();
    let terminal = device::here()
        .await?
        .ok_or_else(|| AppError::new(ErrorCode::Forbidden))?;
    let epoch = pins::sign_in(&services, &terminal, person, &pin)
        .await
        .map_err(|refusal| match refusal {
            pins::Refusal::Wrong => AppError::invalid(Problems::one("pin", FieldProblem::WrongPin)),
            pins::Refusal::Locked { until } => {
                AppError::new(ErrorCode::PinLocked).figure("until", until.timestamp())
            }
            pins::Refusal::Fault(fault) => fault.into(),
        })?;
    let session = session::current().await?;
    session::begin_at_terminal(&services, &session, person, epoch, terminal.id()).await?;
    device::keep_on();
    redirect("/till");
    Ok(())
}

/// Makes this device a terminal.
#[server(prefix = "/api", endpoint = "terminals/create")]
pub async fn create_terminal(name: String, station: Option<String>) -> Result<(), AppError> {
    let manager = actor::<Manager>()?;
    let station = station.filter(|id| !id.is_empty());
    let keep = |error: AppError| {
        let station = station.as_deref().unwrap_or_default();
        error.keeping([("name", &name), ("station", station)])
    };
    let invalid = |field, problem| keep(AppError::invalid(Problems::one(field, problem)));
    let checked =
        TerminalName::try_from(name.as_str()).map_err(|problem| invalid("name", problem))?;
    let place = station
        .as_deref()
        .map(str::parse::<StationId>)
        .transpose()
        .map_err(|_| invalid("station", FieldProblem::NotAChoice))?;
    let secret = terminals::create(&services(), manager, &checked, place)
        .await
        .map_err(|refusal| match refusal {
            Refusal::NameTaken => invalid("name", FieldProblem::Taken),
            Refusal::UnknownStation => invalid("station", FieldProblem::NotAChoice),
            other => other.into(),
        })?;
    device::keep(&secret);
    redirect("/manage/terminals?done=created");
    Ok(())
}

/// Takes a terminal out of use.
#[server(prefix = "/api", endpoint = "terminals/retire")]
pub async fn retire_terminal(terminal: TerminalId) -> Result<(), AppError> {
    let manager = actor::<Manager>()?;
    let here = device::here().await?;
    terminals::retire(&services(), manager, terminal).await?;
    if here.is_some_and(|here| here.id() == terminal) {
        device::forget();
    }
    redirect("/manage/terminals?done=retired");
    Ok(())
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotFound => Self::new(ErrorCode::NotFound),
            Refusal::NameTaken | Refusal::UnknownStation => Self::new(ErrorCode::ValidationError),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}
