//! Finds out once who asks, and in which language to answer.

use app::{
    error::AppError,
    identity::session,
    site::{i18n::Locale, messages, request::Visitor},
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
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
        Err(error) => return unavailable(&error, locale),
    };
    request.extensions_mut().insert(Visitor { account, locale });
    next.run(request).await
}

fn locale(headers: &HeaderMap) -> Locale {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let cookie = text(header::COOKIE)
        .into_iter()
        .flat_map(|cookies| cookies.split(';'))
        .find_map(|cookie| cookie.trim().strip_prefix("locale="));
    Locale::negotiate(cookie, text(header::ACCEPT_LANGUAGE))
}

/// Without knowing who asks nothing can be shown: a short answer that says to come back.
fn unavailable(error: &AppError, locale: Locale) -> Response {
    let status =
        StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    let text = messages::busy(locale);
    (status, [(header::RETRY_AFTER, "5")], text).into_response()
}
