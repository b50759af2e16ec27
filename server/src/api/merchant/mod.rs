//! What merchants do.

mod accruals;
mod codes;
mod deliveries;
mod figures;
mod keys;
mod offer_files;
pub(super) mod offers;
mod pending;
mod range;
mod reports;
mod webhooks;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::router::AppState;

pub(super) use self::{
    figures::{Analytics, SummaryFigures},
    range::RangeQuery,
    reports::Line as ReportLine,
};

/// The operations.
pub(super) fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(codes::validate))
        .routes(routes!(codes::confirm))
        .routes(routes!(accruals::accrue))
        .routes(routes!(accruals::reverse))
        .routes(routes!(figures::stats))
        .routes(routes!(figures::analytics))
        .routes(routes!(pending::list))
        .routes(routes!(reports::export))
        .routes(routes!(offers::list, offers::create))
        .routes(routes!(offers::get, offers::edit, offers::archive))
        .routes(routes!(offers::activate))
        .routes(routes!(offers::pause))
        .routes(routes!(keys::list, keys::create))
        .routes(routes!(keys::revoke))
        .routes(routes!(offers::copy))
        .routes(routes!(offer_files::export))
        .routes(routes!(webhooks::list, webhooks::create))
        .routes(routes!(webhooks::get, webhooks::edit, webhooks::delete))
        .routes(routes!(webhooks::rotate_secret))
        .routes(routes!(deliveries::list))
        .routes(routes!(deliveries::test))
        .routes(routes!(deliveries::replay))
}

/// The operations that take files.
pub(super) fn file_operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(offer_files::set_image, offer_files::remove_image))
        .routes(routes!(offer_files::import))
}
