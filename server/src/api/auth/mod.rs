//! Signing up, in and out; one's own profile.

mod account;
mod links;
mod mfa;
mod session;

use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::router::AppState;

/// The operations of people.
pub(super) fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(account::register))
        .routes(routes!(account::profile, account::change_profile))
        .routes(routes!(session::login))
        .routes(routes!(session::refresh))
        .routes(routes!(session::logout))
        .routes(routes!(mfa::standing))
        .routes(routes!(mfa::enrol))
        .routes(routes!(mfa::activate))
        .routes(routes!(mfa::renew_recovery_codes))
        .routes(routes!(mfa::disable))
        .routes(routes!(links::forgot_password))
        .routes(routes!(links::reset_password))
        .routes(routes!(links::verify_email))
}

/// The operation of integrations.
pub(super) fn merchant_operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::default().routes(routes!(session::merchant_login))
}

/// The secret part of a mailed link.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "token": "4pZ0f3oXn1uQ2sV9yB7cD5eG8hJ6kL0mN2pR4tU6wY8" }))]
pub(super) struct LinkToken {
    token: String,
}
