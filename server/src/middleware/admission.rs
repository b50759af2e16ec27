//! How many requests are worked on at a time.
//!
//! A request that finds no free connection to the database is refused after two seconds. When a thousand come
//! at the same moment, most would wait that long only because of each other; they wait here instead, in the
//! order in which they came, and then each soon has its connection.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};
use tokio::{sync::Semaphore, time::timeout};

/// Requests that are worked on at a time. A stream of events counts until it has begun.
const AT_WORK: usize = 128;
/// No request waits longer than this for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// Lets requests in.
#[derive(Clone)]
pub(crate) struct Gate {
    room: Arc<Semaphore>,
    patience: Duration,
}

impl Default for Gate {
    fn default() -> Self {
        Self::new(AT_WORK, PATIENCE)
    }
}

impl Gate {
    fn new(at_work: usize, patience: Duration) -> Self {
        Self {
            room: Arc::new(Semaphore::new(at_work)),
            patience,
        }
    }
}

/// Waits for the request's turn, and says to come back when that takes too long.
pub(crate) async fn admit(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    match timeout(gate.patience, gate.room.acquire()).await {
        Ok(Ok(_permit)) => next.run(request).await,
        _ => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a router of the test's own")]
mod tests {
    use axum::{Router, body::Body, middleware::from_fn_with_state, routing::get};
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn who_waits_too_long_is_told_to_come_back() {
        let gate = Gate::new(2, Duration::from_millis(20));
        let app = Router::new()
            .route("/", get(async || "served"))
            .layer(from_fn_with_state(gate.clone(), admit));
        let ask = async || {
            let request = Request::get("/").body(Body::empty()).unwrap();
            app.clone().oneshot(request).await.unwrap().status()
        };
        let others = gate.room.acquire_many(2).await.unwrap();
        assert_eq!(ask().await, StatusCode::SERVICE_UNAVAILABLE);
        drop(others);
        // Every answer makes room for another.
        for _ in 0..3 {
            assert_eq!(ask().await, StatusCode::OK);
        }
    }
}
