//! What consumers do.

mod history;
mod offers;
mod points;
mod qr;
mod redeem;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::router::AppState;

/// The operations.
pub(super) fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(offers::list))
        .routes(routes!(offers::get))
        .routes(routes!(points::balance))
        .routes(routes!(points::transfers))
        .routes(routes!(points::stats))
        .routes(routes!(history::list))
        .routes(routes!(history::get))
        .routes(routes!(qr::png))
        .routes(routes!(redeem::redeem))
        .routes(routes!(redeem::cancel))
}
