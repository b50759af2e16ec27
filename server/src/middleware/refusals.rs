//! The status of an action that was refused.

use app::error::AppError;
use axum::{
    body::{Body, to_bytes},
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use leptos::server_fn::error::SERVER_FN_ERROR_HEADER;
use services::Services;

use super::limits;

/// Longer than any error an action answers with, in bytes: it repeats at most what a form holds.
const LONGEST: usize = 1024 * 1024;
/// Seconds after which trying again may help.
pub(crate) const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

/// Gives a refusal the status of its code, where the action's own answer knows but one status for all. The
/// answer to a plain form is a redirect and stays one.
pub(crate) async fn tell(State(services): State<Services>, response: Response) -> Response {
    let refused = response.headers().contains_key(SERVER_FN_ERROR_HEADER);
    if !refused || response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, LONGEST).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    if let Ok(error) = serde_json::from_slice::<AppError>(&body) {
        parts.status = StatusCode::from_u16(error.code.status()).unwrap_or(parts.status);
        if let Some(seconds) = limits::wait(&services, &error) {
            parts.headers.insert(header::RETRY_AFTER, seconds.into());
        }
    }
    if parts.status == StatusCode::SERVICE_UNAVAILABLE {
        parts.headers.insert(header::RETRY_AFTER, RETRY_AFTER);
    }
    Response::from_parts(parts, Body::from(body))
}
