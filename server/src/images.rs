//! Pictures, under names that say what they hold.

use app::error::AppError;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use domain::images::ImageHash;
use services::{Services, offers::pictures};

use crate::{api::etag, assets, routes::Routes};

/// `/images/{hash}.jpg`. Nothing here knows who asks.
pub(crate) fn routes() -> Routes {
    Routes::default().route("/images/{name}", get(show))
}

async fn show(
    State(s): State<Services>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, StatusCode> {
    let hash = name.strip_suffix(".jpg").and_then(|hash| hash.parse().ok());
    let hash: ImageHash = hash.ok_or(StatusCode::NOT_FOUND)?;
    let tag = format!("\"{hash}\"");
    let known = headers.get(header::IF_NONE_MATCH);
    // What goes by this name never changes, so whoever has it has it.
    if known.is_some_and(|known| etag::matches(known, &tag)) {
        return Ok((StatusCode::NOT_MODIFIED, lasting(&tag)).into_response());
    }
    let found = pictures::bytes(&s, hash).await.map_err(|fault| {
        let code = AppError::from(fault).code;
        StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    })?;
    let picture = found.ok_or(StatusCode::NOT_FOUND)?;
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"))];
    Ok((kind, lasting(&tag), picture).into_response())
}

/// The headers that let a picture be kept for good, and be shown by whoever uses the API on pages of their own.
fn lasting(tag: &str) -> [(HeaderName, HeaderValue); 3] {
    let tag = HeaderValue::from_str(tag).unwrap_or(HeaderValue::from_static("\"\""));
    [
        (header::ETAG, tag),
        (header::CACHE_CONTROL, assets::FOREVER),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            HeaderValue::from_static("cross-origin"),
        ),
    ]
}
