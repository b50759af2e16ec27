//! Whether the process lives, and whether it can serve.

use axum::{extract::State, http::StatusCode, routing::get};
use services::{Services, db};

use crate::routes::Routes;

/// `/monitoring/health/live` and `/monitoring/health/ready`.
pub(crate) fn routes() -> Routes {
    Routes::default()
        .route("/monitoring/health/live", get(|| async { "ok" }))
        .route("/monitoring/health/ready", get(ready))
}

async fn ready(State(services): State<Services>) -> Result<&'static str, StatusCode> {
    match db::ping(&services).await {
        Ok(()) => Ok("ok"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            Err(StatusCode::SERVICE_UNAVAILABLE)
        }
    }
}
