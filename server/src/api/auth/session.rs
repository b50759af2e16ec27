//! Sessions of programs: of people, and of merchants' integrations.

use app::site::caller::Caller;
use axum::{Extension, Json, extract::State, http::StatusCode};
use domain::{account::Email, error::ErrorCode, ids::MerchantId};
use serde::{Deserialize, Serialize};
use services::{
    Services,
    identity::{
        api_keys::KeyRefusal,
        api_sessions::{self, Tokens},
        jwt, sign_in,
    },
    limits,
};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::{
    extract::Body,
    problem::{Answer, Problem},
};

/// How every token of ours is sent (RFC 6750).
const BEARER: &str = "Bearer";

/// How someone proves who they are.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "email": "consumer@demo.test", "password": "surtidor-demo" }))]
pub(crate) struct Login {
    email: String,
    password: String,
    /// The code of the second step, for whoever has one: six digits of the app, or a recovery code.
    #[schema(nullable = false, required = false, max_length = 24)]
    otp: Option<String>,
}

/// A session's tokens.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Session {
    /// Goes into the header `Authorization: Bearer`.
    access_token: String,
    /// Good for one renewal, within a week.
    refresh_token: String,
    #[schema(pattern = "^Bearer$", example = "Bearer")]
    token_type: &'static str,
    /// Seconds for which the access token is good.
    #[schema(minimum = 1, example = 3600)]
    expires_in: i64,
}

impl From<Tokens> for Session {
    fn from(tokens: Tokens) -> Self {
        Self {
            access_token: tokens.access,
            refresh_token: tokens.refresh,
            token_type: BEARER,
            expires_in: tokens.lifetime.num_seconds(),
        }
    }
}

impl From<sign_in::Refusal> for Problem {
    fn from(refusal: sign_in::Refusal) -> Self {
        match refusal {
            sign_in::Refusal::Wrong | sign_in::Refusal::TooLate => {
                ErrorCode::InvalidCredentials.into()
            }
            sign_in::Refusal::CodeRequired(_) => ErrorCode::MfaRequired.into(),
            sign_in::Refusal::Locked { until } => {
                Self::new(ErrorCode::SignInLocked).figure("until", until.timestamp())
            }
            sign_in::Refusal::Fault(fault) => fault.into(),
        }
    }
}

/// Sign in
///
/// Opens a session: an access token for an hour, and a refresh token for a week. For an account with a second step `otp`
/// is needed, too: without it a right password is answered with `MFA_REQUIRED`, and with a wrong or used one as a wrong
/// password is. Five wrong passwords or codes in a row lock the address for half an hour (`SIGN_IN_LOCKED`, with `until` in
/// Unix seconds), and so many sign-ins an hour are taken from one place (`TOO_MANY_REQUESTS`). Needs no `Idempotency-Key`:
/// a repeated call opens another session.
#[utoipa::path(
    post, path = "/login", tag = "auth", operation_id = "login",
    request_body = Login,
    responses((status = 200, description = "Signed in.", body = Session)),
)]
pub(crate) async fn login(
    State(s): State<Services>,
    Extension(caller): Extension<Caller>,
    Body(login): Body<Login>,
) -> Answer<Json<Session>> {
    caller.counted(limits::sign_in(&s, caller.address()))?;
    // A malformed address has no account: say the same as for a wrong one.
    let email = Email::try_from(login.email.as_str()).map_err(|_| ErrorCode::InvalidCredentials)?;
    let account = match sign_in::sign_in(&s, &email, &login.password).await {
        Err(sign_in::Refusal::CodeRequired(proved)) if login.otp.is_some() => {
            sign_in::complete(&s, &proved, &login.otp.unwrap_or_default()).await?
        }
        other => other?,
    };
    Ok(Json(api_sessions::open(&s, &account).await?.into()))
}

/// What renews or ends a session.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "refresh_token": "4pZ0f3oXn1uQ2sV9yB7cD5eG8hJ6kL0mN2pR4tU6wY8" }))]
pub(crate) struct RefreshToken {
    refresh_token: String,
}

/// Renew a session
///
/// Gives new tokens for a refresh token, which is used up by this: keep the new one. Needs no `Idempotency-Key`, and is
/// not to be repeated: a refresh token that is presented again ends its session, since one of the two who have it
/// should not. Whoever did not hear the answer signs in again.
#[utoipa::path(
    post, path = "/refresh", tag = "auth", operation_id = "refresh",
    request_body = RefreshToken,
    responses((status = 200, description = "Renewed.", body = Session)),
)]
pub(crate) async fn refresh(
    State(s): State<Services>,
    Body(token): Body<RefreshToken>,
) -> Answer<Json<Session>> {
    match api_sessions::renew(&s, &token.refresh_token).await {
        Ok(tokens) => Ok(Json(tokens.into())),
        Err(api_sessions::Refusal::Fault(fault)) => Err(fault.into()),
        Err(_) => Err(ErrorCode::Unauthorized.into()),
    }
}

/// Sign out
///
/// Ends the session of a refresh token, its access tokens at once. Needs no `Idempotency-Key`: a session that has ended
/// is not ended again, and an unknown token ends nothing.
#[utoipa::path(
    post, path = "/logout", tag = "auth", operation_id = "logout",
    request_body = RefreshToken,
    responses((status = 204, description = "Signed out.")),
)]
pub(crate) async fn logout(
    State(s): State<Services>,
    Body(token): Body<RefreshToken>,
) -> Answer<StatusCode> {
    api_sessions::close(&s, &token.refresh_token).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How an integration proves for whom it acts.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "merchant": "01890000-0000-7000-8000-00000000000d",
    "api_key": "srt_4pZ0f3oXn1uQ2sV9yB7cD5eG8hJ6kL0mN2pR4tU6wY8"
}))]
pub(crate) struct MerchantLogin {
    /// The merchant's id.
    merchant: Uuid,
    /// One of its keys.
    api_key: String,
}

/// An integration's token.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MerchantSession {
    /// Goes into the header `Authorization: Bearer`.
    access_token: String,
    #[schema(pattern = "^Bearer$", example = "Bearer")]
    token_type: &'static str,
    /// Seconds for which it is good, unless its key is revoked.
    #[schema(minimum = 1, example = 28800)]
    expires_in: i64,
}

/// Sign an integration in
///
/// Gives a token for eight hours; it ends when the key is revoked. `X-Api-Key` on each call does the same without it.
/// Needs no `Idempotency-Key`: a repeated call gives another token.
#[utoipa::path(
    post, path = "/auth/login", tag = "merchant", operation_id = "merchant_login",
    request_body = MerchantLogin,
    responses((status = 200, description = "Signed in.", body = MerchantSession)),
)]
pub(crate) async fn merchant_login(
    State(s): State<Services>,
    Extension(caller): Extension<Caller>,
    Body(login): Body<MerchantLogin>,
) -> Answer<Json<MerchantSession>> {
    caller.counted(limits::sign_in(&s, caller.address()))?;
    let merchant = MerchantId::from(login.merchant);
    let given = jwt::sign_in_merchant(&s, merchant, &login.api_key)
        .await
        .map_err(|refusal| match refusal {
            KeyRefusal::Unknown => Problem::new(ErrorCode::InvalidCredentials),
            KeyRefusal::Fault(fault) => fault.into(),
        })?;
    Ok(Json(MerchantSession {
        access_token: given.token,
        token_type: BEARER,
        expires_in: given.lifetime.num_seconds(),
    }))
}
