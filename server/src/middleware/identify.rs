//! Finds out once who asks, and in which language to answer.

use app::{
    error::AppError,
    identity::session,
    site::{format::HOME_ZONE, i18n::Locale, request::Visitor},
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use services::Services;
use tower_sessions::Session;

/// Puts a [`Visitor`] into the request.
pub(crate) async fn identify(
    State(services): State<Services>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Response {
    let locale = locale(request.headers());
    let account = match session::account(&services, &session).await {
        Ok(account) => account,
        // Without knowing who asks nothing can be shown.
        Err(error) => return status(&error).into_response(),
    };
    let zone = cookie(request.headers(), "tz")
        .and_then(|name| name.parse().ok())
        .unwrap_or(HOME_ZONE);
    request.extensions_mut().insert(Visitor {
        account,
        locale,
        zone,
    });
    next.run(request).await
}

/// The language an answer to this request is in.
pub(super) fn locale(headers: &HeaderMap) -> Locale {
    Locale::negotiate(
        cookie(headers, "locale"),
        text(headers, header::ACCEPT_LANGUAGE),
    )
}

/// The value of a cookie that scripts may read; the session's own is read elsewhere.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    text(headers, header::COOKIE)?
        .split(';')
        .find_map(|cookie| cookie.trim().strip_prefix(name)?.strip_prefix('='))
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

fn status(error: &AppError) -> StatusCode {
    StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE)
}
