//! What those do who run the programme.

use utoipa_axum::router::OpenApiRouter;

use crate::router::AppState;

/// The operations.
pub(super) fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
}
