//! Unsafe requests come from our own pages or not at all.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::error::ErrorCode;
use url::Url;

/// The origin people reach the product under.
#[derive(Clone)]
pub(crate) struct PublicOrigin(pub(crate) String);

/// Refuses a request that changes something and was sent by another site's page.
pub(crate) async fn check(
    State(public): State<PublicOrigin>,
    request: Request,
    next: Next,
) -> Response {
    if request.method().is_safe() || is_our_own(request.headers(), &public.0) {
        return next.run(request).await;
    }
    tracing::warn!(
        path = request.uri().path(),
        "refused a request of another origin"
    );
    let code = ErrorCode::CrossOrigin;
    let body = serde_json::json!({ "code": code, "problems": [], "figures": {}, "kept": {} });
    let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::FORBIDDEN);
    (status, axum::Json(body)).into_response()
}

/// Browsers say which kind of page sent a request (Fetch Metadata), older ones at least its origin. A
/// request with neither header is not a browser's, or hides where it comes from.
fn is_our_own(headers: &HeaderMap, public: &str) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text(header::ORIGIN.as_str()) else {
        return false;
    };
    if origin == public {
        return true;
    }
    let host = text(header::HOST.as_str());
    Url::parse(origin).is_ok_and(|origin| {
        let authority = origin.host_str().map(|name| match origin.port() {
            Some(port) => format!("{name}:{port}"),
            None => name.to_owned(),
        });
        authority.as_deref() == host && host.is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(headers: &[(&'static str, &'static str)]) -> bool {
        let headers = headers
            .iter()
            .map(|(name, value)| ((*name).parse().unwrap(), value.parse().unwrap()))
            .collect();
        is_our_own(&headers, "https://rewards.example")
    }

    #[test]
    fn our_own_pages_may_send_forms() {
        assert!(sent(&[("sec-fetch-site", "same-origin")]));
        assert!(sent(&[
            ("origin", "https://rewards.example"),
            ("host", "10.0.0.1")
        ]));
        assert!(sent(&[
            ("origin", "http://127.0.0.1:8000"),
            ("host", "127.0.0.1:8000")
        ]));
    }

    #[test]
    fn others_may_not_and_neither_may_the_nameless() {
        assert!(!sent(&[
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://rewards.example")
        ]));
        assert!(!sent(&[("sec-fetch-site", "same-site")]));
        assert!(!sent(&[
            ("origin", "https://evil.example"),
            ("host", "rewards.example")
        ]));
        assert!(!sent(&[("origin", "null"), ("host", "rewards.example")]));
        assert!(!sent(&[]));
    }
}
