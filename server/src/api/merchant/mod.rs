//! What merchants do.

mod accruals;
mod codes;
mod figures;
pub(super) mod offers;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::router::AppState;

pub(super) use figures::{Line as ReportLine, RangeQuery, SummaryFigures};

/// The operations.
pub(super) fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(codes::validate))
        .routes(routes!(codes::confirm))
        .routes(routes!(accruals::accrue))
        .routes(routes!(accruals::reverse))
        .routes(routes!(figures::stats))
        .routes(routes!(figures::analytics))
        .routes(routes!(figures::pending))
        .routes(routes!(figures::export))
        .routes(routes!(offers::list, offers::create))
        .routes(routes!(offers::get, offers::edit, offers::archive))
        .routes(routes!(offers::activate))
        .routes(routes!(offers::pause))
}
