//! What a request goes by: in `X-Request-Id`, in problems, and in the log.

use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use services::Services;
use tower_http::request_id::{self, MakeRequestId};

/// The header.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-request-id");
/// Longer names are not taken over from callers.
const LONGEST: usize = 64;

/// A request's name.
#[derive(Clone, Debug)]
pub(crate) struct RequestId(HeaderValue);

impl RequestId {
    /// The name that the layer in front has given to a request.
    pub(crate) fn of<B>(request: &axum::http::Request<B>) -> Self {
        let given = request.extensions().get::<request_id::RequestId>();
        Self(given.map_or(HeaderValue::from_static("none"), |id| {
            id.header_value().clone()
        }))
    }

    /// As text.
    pub(crate) fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or("none")
    }
}

/// Names requests that come without a name.
#[derive(Clone)]
pub(crate) struct Namer(pub(crate) Services);

impl MakeRequestId for Namer {
    fn make_request_id<B>(&mut self, _: &axum::http::Request<B>) -> Option<request_id::RequestId> {
        let id = HeaderValue::from_str(&self.0.new_id().to_string()).ok()?;
        Some(request_id::RequestId::new(id))
    }
}

/// Forgets a name that does not fit into a log's line.
pub(crate) async fn tidy(mut request: Request, next: Next) -> Response {
    let fits = |name: &HeaderValue| {
        (1..=LONGEST).contains(&name.len()) && name.as_bytes().iter().all(u8::is_ascii_graphic)
    };
    if !request.headers().get(HEADER).is_some_and(fits) {
        request.headers_mut().remove(HEADER);
    }
    next.run(request).await
}

/// The span that a request's lines in the log stand in.
pub(crate) fn span<B>(request: &axum::http::Request<B>) -> tracing::Span {
    tracing::info_span!(
        "request",
        method = %request.method(),
        path = request.uri().path(),
        id = RequestId::of(request).as_str(),
    )
}
