//! Finds out once who asks, and in which language to answer.

use app::{
    error::AppError,
    identity::session,
    site::{
        format::HOME_ZONE,
        i18n::Locale,
        request::{Refused, Visitor},
    },
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use services::{Services, audit};
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
    let refused = Refused::default();
    let watched = account.clone().filter(|account| account.merchant.is_some());
    let asked = watched.map(|it| {
        (
            it,
            request.method().clone(),
            request.uri().path().to_owned(),
        )
    });
    request.extensions_mut().insert(Visitor {
        account,
        locale,
        zone,
        refused: refused.clone(),
    });
    let response = next.run(request).await;
    if let Some((account, method, path)) = asked.filter(|_| refused.happened())
        && let Err(error) = audit::refused(&services, &account, method.as_str(), &path).await
    {
        tracing::error!(%error, "could not write down that somebody was refused");
    }
    response
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
