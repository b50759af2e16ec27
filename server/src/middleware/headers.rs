//! Headers that every answer carries (OWASP Secure Headers).

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;

/// Adds what is not set yet. Pages bring a content policy of their own, with their nonce.
pub(crate) fn secure(
    production: bool,
) -> impl Fn(Response) -> std::future::Ready<Response> + Clone {
    move |mut response| {
        let headers = response.headers_mut();
        let mut add = |name: HeaderName, value: &'static str| {
            headers
                .entry(name)
                .or_insert(HeaderValue::from_static(value));
        };
        add(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'",
        );
        add(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        add(header::X_FRAME_OPTIONS, "DENY");
        // Forms need the referrer on their way back to the page they were sent from.
        add(header::REFERRER_POLICY, "same-origin");
        add(
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        );
        add(
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        );
        if production {
            add(
                header::STRICT_TRANSPORT_SECURITY,
                "max-age=63072000; includeSubDomains",
            );
        }
        std::future::ready(response)
    }
}
