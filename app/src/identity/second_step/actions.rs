//! What the forms of the second step do.

use domain::{
    error::ErrorCode,
    fields::{FieldProblem, Problems},
    second_step::RecoveryCode,
};
use leptos::prelude::*;
use leptos_axum::redirect;
use serde::{Deserialize, Serialize};
use services::identity::{
    actors::Insider,
    second_step::{self, Refusal},
    sign_in,
};

use super::PATH;
use crate::{
    error::AppError,
    identity::{actions::arrive, session},
    site::request::{actor, is_local_path, link, services},
};

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Invalid(problems) => Self::invalid(problems),
            Refusal::Locked { until } => {
                Self::new(ErrorCode::SignInLocked).figure("until", until.timestamp())
            }
            Refusal::Missing => Self::new(ErrorCode::InvalidState),
            Refusal::Needed => Self::new(ErrorCode::Forbidden),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}

/// Signs in whose password was right a moment ago, with a code.
#[server(prefix = "/api", endpoint = "identity/sign-in-code")]
pub async fn sign_in_with_code(otp: String, next: Option<String>) -> Result<(), AppError> {
    let services = services();
    let session = session::current().await?;
    let begin_again = || AppError::new(ErrorCode::Unauthorized);
    let proved = session::proved(&services, &session).await?;
    let proved = proved.ok_or_else(begin_again)?;
    let account =
        sign_in::complete(&services, &proved, &otp)
            .await
            .map_err(|refusal| match refusal {
                sign_in::Refusal::Wrong => {
                    AppError::invalid(Problems::one("otp", FieldProblem::WrongCode))
                }
                sign_in::Refusal::Locked { until } => {
                    AppError::new(ErrorCode::SignInLocked).figure("until", until.timestamp())
                }
                sign_in::Refusal::TooLate | sign_in::Refusal::CodeRequired(_) => begin_again(),
                sign_in::Refusal::Fault(fault) => fault.into(),
            })?;
    let next = next.filter(|next| is_local_path(next));
    arrive(&services, &session, &account, next).await
}

/// Draws a secret for an app, for whoever has no second step.
#[server(prefix = "/api", endpoint = "identity/begin-second-step")]
pub async fn begin_second_step(current_password: String) -> Result<(), AppError> {
    let insider = actor::<Insider>()?;
    second_step::begin(&services(), insider, &current_password, None).await?;
    redirect(PATH);
    Ok(())
}

/// Puts a secret in force by the first code of its app; every other session ends.
#[server(prefix = "/api", endpoint = "identity/activate-second-step")]
pub async fn activate_second_step(otp: String) -> Result<(), AppError> {
    let services = services();
    let insider = actor::<Insider>()?;
    let activated = second_step::activate(&services, insider, &otp).await?;
    let session = session::current().await?;
    session::begin(&services, &session, insider.user(), activated.session_epoch).await?;
    show(insider, &activated.recovery_codes, "activated").await
}

/// What can be done about a second step in force.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Other recovery codes.
    Codes,
    /// Another app.
    App,
    /// None any more.
    Off,
}

/// Changes the second step in force, for a password and a code.
#[server(prefix = "/api", endpoint = "identity/change-second-step")]
pub async fn change_second_step(
    current_password: String,
    otp: String,
    change: Change,
) -> Result<(), AppError> {
    let services = services();
    let insider = actor::<Insider>()?;
    let password = &current_password;
    match change {
        Change::Codes => {
            let codes =
                second_step::renew_recovery_codes(&services, insider, password, &otp).await?;
            return show(insider, &codes, "codes").await;
        }
        Change::App => {
            second_step::begin(&services, insider, password, Some(&otp)).await?;
            redirect(PATH);
        }
        Change::Off => {
            second_step::disable(&services, insider, password, &otp).await?;
            redirect(&link(PATH, [("done", Some("off".to_owned()))]));
        }
    }
    Ok(())
}

/// Leads to the page that shows the codes, once.
async fn show(insider: Insider, codes: &[RecoveryCode], done: &str) -> Result<(), AppError> {
    let sealed = second_step::put_by(&services(), insider, codes);
    session::put_by(&session::current().await?, sealed).await?;
    redirect(&link(PATH, [("done", Some(done.to_owned()))]));
    Ok(())
}
