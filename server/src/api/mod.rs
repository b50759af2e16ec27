//! The API under `/api/v1`: one operation per short handler, on the same use cases as the pages.
//!
//! It needs no cookies and checks no origin, because a browser's session opens nothing here.

pub(crate) mod actor;
mod admin;
mod auth;
mod docs;
pub(crate) mod etag;
pub(crate) mod extract;
pub(crate) mod idempotency;
mod merchant;
mod openapi;
pub(crate) mod page;
pub(crate) mod problem;
pub(crate) mod request_id;
mod rewards;
mod schema;
pub(crate) mod table;

use std::time::Duration;

use axum::{
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::get,
};
use domain::error::ErrorCode;
use tower::ServiceBuilder;
use tower_http::{
    CompressionLevel, catch_panic::CatchPanicLayer, compression::CompressionLayer,
    limit::RequestBodyLimitLayer, timeout::TimeoutLayer,
};
use utoipa_axum::router::OpenApiRouter;

use crate::{middleware::limits, router::AppState, routes::Routes};
use problem::Problem;

/// No operation takes this long unless something is stuck.
const TIMEOUT: Duration = Duration::from_secs(15);
/// More than any order holds, in bytes.
const BODY_LIMIT: usize = 256 * 1024;
/// More than any file that is taken, in bytes.
const FILE_LIMIT: usize = 9 * 1024 * 1024;
/// As long as a file takes over a slow line.
const FILE_TIMEOUT: Duration = Duration::from_mins(2);
/// Brotli's effort, as for pages.
const BROTLI_EFFORT: CompressionLevel = CompressionLevel::Precise(4);

/// The operations, its document at `/api/openapi.json`, and the document as a page at `/api/docs`.
pub(crate) fn routes(state: &AppState) -> Routes {
    let (operations, document) = operations().split_for_parts();
    let document = openapi::complete(document, &state.site.public_url);
    let page = docs::Docs::new(&document, state);
    let layers = ServiceBuilder::new()
        .layer(CompressionLayer::new().quality(BROTLI_EFFORT))
        .layer(from_fn_with_state(state.services.clone(), problem::tell))
        .layer(from_fn_with_state(state.clone(), limits::count))
        .layer(from_fn(etag::tag))
        .layer(CatchPanicLayer::custom(|_| -> Response {
            Problem::new(ErrorCode::InternalError).into_response()
        }));
    Routes::default()
        .route("/api/openapi.json", get(async move || axum::Json(document)))
        .route("/api/docs", get(docs::show).with_state(page))
        .wrap(|router| router.merge(operations).layer(layers))
}

fn timeout(longest: Duration) -> TimeoutLayer {
    TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, longest)
}

/// Every operation, with its part of the document.
fn operations() -> OpenApiRouter<AppState> {
    let files = merchant::file_operations()
        .layer(DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(FILE_LIMIT))
        .layer(timeout(FILE_TIMEOUT));
    let operations = OpenApiRouter::default()
        .nest("/auth", auth::operations())
        .nest("/rewards", rewards::operations())
        .nest(
            "/merchant",
            merchant::operations().merge(auth::merchant_operations()),
        )
        .nest("/admin", admin::operations())
        .layer(RequestBodyLimitLayer::new(BODY_LIMIT))
        .layer(timeout(TIMEOUT))
        .nest("/merchant", files)
        // What is unknown here is answered as what is known.
        .fallback(async || StatusCode::NOT_FOUND);
    OpenApiRouter::default().nest("/api/v1", operations)
}
