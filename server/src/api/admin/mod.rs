//! What those do who run the programme.

mod adjustments;
mod analytics;
mod audit;
mod members;
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
        .routes(routes!(merchants::get, merchants::rename))
        .routes(routes!(members::add))
        .routes(routes!(members::set_role, members::remove))
        .routes(routes!(members::assign, members::release))
        .routes(routes!(offers::list))
        .routes(routes!(offers::get, offers::edit, offers::archive))
        .routes(routes!(offers::activate))
        .routes(routes!(offers::pause))
        .routes(routes!(users::list))
        .routes(routes!(users::get))
        .routes(routes!(adjustments::list, adjustments::request))
        .routes(routes!(adjustments::approve))
        .routes(routes!(adjustments::reject))
        .routes(routes!(audit::list))
        .routes(routes!(analytics::analytics))
        .routes(routes!(reports::report))
}
