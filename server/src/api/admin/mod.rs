//! What those do who run the programme.

mod adjustments;
mod audit;
mod merchants;
mod offers;
mod reports;
mod users;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::router::AppState;

/// The operations.
pub(super) fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(merchants::list, merchants::create))
        .routes(routes!(merchants::get))
        .routes(routes!(offers::list))
        .routes(routes!(offers::get))
        .routes(routes!(users::list))
        .routes(routes!(users::get))
        .routes(routes!(adjustments::list, adjustments::request))
        .routes(routes!(adjustments::approve))
        .routes(routes!(adjustments::reject))
        .routes(routes!(audit::list))
        .routes(routes!(reports::report))
}
