//! `ETag` on what can be asked for again, and 304 when it is still the same (RFC 9110 §8.8.3, §13.1.2).

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

/// Longer than any page of a list, in bytes.
const LONGEST: usize = 8 * 1024 * 1024;

/// Tags JSON answers with a weak hash of their body. They are the caller's own, so nobody between keeps them,
/// and the caller asks each time whether they still hold.
pub(crate) async fn tag(request: Request, next: Next) -> Response {
    let asks = matches!(*request.method(), Method::GET | Method::HEAD);
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    if !asks || response.status() != StatusCode::OK || !is_json(response.headers()) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, LONGEST).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let tag = tag_of(&body);
    let same = known.is_some_and(|known| matches(&known, &tag));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        parts.headers.insert(header::ETAG, tag);
    }
    let headers = &mut parts.headers;
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    );
    headers.insert(
        header::VARY,
        HeaderValue::from_static("authorization, x-api-key, accept-language"),
    );
    if same {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_LENGTH);
        parts.headers.remove(header::CONTENT_TYPE);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, body.into())
}

fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"))
}

fn tag_of(body: &Bytes) -> String {
    let mut head = [0; 16];
    head.copy_from_slice(&Sha256::digest(body)[..16]);
    format!("W/\"{:032x}\"", u128::from_be_bytes(head))
}

/// The weak comparison: a tag is the same with and without `W/`.
pub(crate) fn matches(known: &HeaderValue, tag: &str) -> bool {
    let Ok(known) = known.to_str() else {
        return false;
    };
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    known.trim() == "*" || known.split(',').any(|one| bare(one) == bare(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_tag_of_several_is_enough_and_weakness_does_not_matter() {
        let known = |text| HeaderValue::from_static(text);
        assert!(matches(&known("\"a\", W/\"b\""), "W/\"b\""));
        assert!(matches(&known("\"b\""), "W/\"b\""));
        assert!(matches(&known("*"), "W/\"b\""));
        assert!(!matches(&known("W/\"c\""), "W/\"b\""));
    }

    #[test]
    fn another_body_has_another_tag() {
        assert_ne!(tag_of(&Bytes::from("[]")), tag_of(&Bytes::from("[1]")));
    }
}
