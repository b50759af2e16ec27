//! What mailed links do.

use app::identity::letters;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
};
use domain::{
    account::{Email, Password},
    error::ErrorCode,
    fields::Problems,
};
use serde::Deserialize;
use services::{Services, identity::links};
use utoipa::ToSchema;

use super::LinkToken;
use crate::{
    api::{
        extract::Body,
        problem::{self, Answer, Problem},
    },
    router::AppState,
};

impl From<links::Refusal> for Problem {
    fn from(refusal: links::Refusal) -> Self {
        match refusal {
            links::Refusal::Spent => ErrorCode::InvalidLink.into(),
            links::Refusal::Invalid(problems) => problems.into(),
            links::Refusal::Fault(fault) => fault.into(),
        }
    }
}

/// Whose password was forgotten.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "email": "consumer@demo.test" }))]
pub(crate) struct ForgotPassword {
    email: String,
}

/// Ask for a link to choose a new password
///
/// The answer is the same whether the address has an account or not. A link lasts an hour and replaces the one before;
/// three an hour are sent. Needs no `Idempotency-Key`.
#[utoipa::path(
    post, path = "/forgot-password", tag = "auth", operation_id = "forgot_password",
    request_body = ForgotPassword,
    responses((status = 202, description = "On its way, if the address has an account.")),
)]
pub(crate) async fn forgot_password(
    State(state): State<AppState>,
    headers: HeaderMap,
    Body(forgot): Body<ForgotPassword>,
) -> Answer<StatusCode> {
    let email = Email::try_from(forgot.email.as_str())
        .map_err(|problem| Problem::field("email", problem))?;
    let letter = letters::reset(problem::locale(&headers), state.site, email.as_str());
    links::mail_reset(&state.services, email, letter);
    Ok(StatusCode::ACCEPTED)
}

/// A mailed link and the password that was chosen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "token": "4pZ0f3oXn1uQ2sV9yB7cD5eG8hJ6kL0mN2pR4tU6wY8", "password": "lluvia sobre surtidor"
}))]
pub(crate) struct ResetPassword {
    token: String,
    /// 8 to 128 characters that are not easy to guess.
    #[schema(min_length = 8, max_length = 128)]
    password: String,
}

/// Choose a new password
///
/// By the token of a mailed link. Ends all sessions of the person. A password that is refused leaves the link good; a
/// link that is used or too old is refused with `INVALID_LINK`. Needs no `Idempotency-Key`: a link works once.
#[utoipa::path(
    post, path = "/reset-password", tag = "auth", operation_id = "reset_password",
    request_body = ResetPassword,
    responses((status = 204, description = "The password is the new one.")),
)]
pub(crate) async fn reset_password(
    State(s): State<Services>,
    Body(reset): Body<ResetPassword>,
) -> Answer<StatusCode> {
    let password = Password::try_from(reset.password.as_str())
        .map_err(|problem| Problem::from(Problems::one("password", problem)))?;
    links::reset_password(&s, &reset.token, &password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Prove an address
///
/// By the token of the welcome letter's link, within two days. Needs no `Idempotency-Key`: an address that is proved
/// stays so.
#[utoipa::path(
    post, path = "/verify-email", tag = "auth", operation_id = "verify_email",
    request_body = LinkToken,
    responses((status = 204, description = "The address is proved.")),
)]
pub(crate) async fn verify_email(
    State(s): State<Services>,
    Body(link): Body<LinkToken>,
) -> Answer<StatusCode> {
    links::verify_email(&s, &link.token).await?;
    Ok(StatusCode::NO_CONTENT)
}
