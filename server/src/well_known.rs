//! What others look for at fixed places.

use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use services::Services;

use crate::routes::Routes;

/// Keys change a few times a year, and a new one is looked for as soon as a token names it.
const JWKS_CACHE: &str = "public, max-age=300";

/// `/.well-known/jwks.json`.
pub(crate) fn routes() -> Routes {
    Routes::default().route("/.well-known/jwks.json", get(jwks))
}

/// The public keys that tokens are checked with (RFC 7517).
async fn jwks(State(services): State<Services>) -> Response {
    let headers = [
        (header::CACHE_CONTROL, JWKS_CACHE),
        (header::CONTENT_TYPE, "application/jwk-set+json"),
    ];
    (headers, Json(services.published_keys())).into_response()
}
