//! What a failed form says to its page, where the address is too short for it.
//!
//! A plain form that fails is sent back to its page, known by the request's referrer, with the error and what
//! was typed in the address. But a browser tells no more than the origin of a page whose address is longer
//! than 4,096 characters (W3C Referrer Policy, "Determine request's Referrer"), so a form with long texts that
//! failed twice would lose both its page and its texts. A long error waits in the session instead.

use app::error::AppError;
use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Uri, header},
    middleware::Next,
    response::Response,
};
use leptos::server_fn::error::{SERVER_FN_ERROR_HEADER, ServerFnUrlError};
use tower_sessions::Session;
use url::Url;

/// Where the session keeps it.
const KEY: &str = "attempt";
/// What the address says in its place; no error's encoding is this short.
const KEPT: &str = "__err=kept";
/// The longest address that carries the error itself, with room for what the page adds.
const LONGEST: usize = 2_000;

/// Takes long errors out of addresses, and puts them back before the page looks.
pub(crate) async fn keep(session: Session, mut request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        recall(&session, request.uri_mut()).await;
        return next.run(request).await;
    }
    forget_earlier(request.headers_mut());
    let mut response = next.run(request).await;
    if let Err(error) = shorten(&session, response.headers_mut()).await {
        // The form comes back all the same, by its long address.
        tracing::warn!(%error, "could not keep a form's error");
    }
    response
}

/// A page that shows an error is about to show another: they do not pile up in its address.
fn forget_earlier(headers: &mut HeaderMap) {
    let referrer = headers
        .get(header::REFERER)
        .and_then(|text| text.to_str().ok());
    let Some(referrer) = referrer.filter(|text| text.contains("__err=")) else {
        return;
    };
    let mut referrer = referrer.to_owned();
    ServerFnUrlError::<AppError>::strip_error_info(&mut referrer);
    if let Ok(referrer) = HeaderValue::from_str(&referrer) {
        headers.insert(header::REFERER, referrer);
    }
}

async fn shorten(
    session: &Session,
    headers: &mut HeaderMap,
) -> Result<(), tower_sessions::session::Error> {
    // Only who is signed in has a session, and only they have forms with long texts.
    if session.is_empty().await {
        return Ok(());
    }
    if !headers.contains_key(SERVER_FN_ERROR_HEADER) {
        // To remove what is not there would write the session's row with every form that succeeds.
        if session.get_value(KEY).await?.is_some() {
            session.remove_value(KEY).await?;
        }
        return Ok(());
    }
    let address = headers
        .get(header::LOCATION)
        .and_then(|it| it.to_str().ok());
    let Some(mut address) = address
        .filter(|address| address.len() > LONGEST)
        .and_then(|address| Url::parse(address).ok())
    else {
        return Ok(());
    };
    let Some(error) = parameter(&address, "__err") else {
        return Ok(());
    };
    let path = parameter(&address, "__path").unwrap_or_default();
    let mut page = address.to_string();
    ServerFnUrlError::<AppError>::strip_error_info(&mut page);
    if let Ok(page) = Url::parse(&page) {
        address = page;
    }
    address.query_pairs_mut().append_pair("__path", &path);
    let address = format!("{address}&{KEPT}");
    if let Ok(address) = HeaderValue::from_str(&address) {
        session.insert(KEY, error).await?;
        headers.insert(header::LOCATION, address);
    }
    Ok(())
}

fn parameter(address: &Url, name: &str) -> Option<String> {
    let mut pairs = address.query_pairs();
    pairs
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

async fn recall(session: &Session, uri: &mut Uri) {
    if !uri.query().is_some_and(|query| query.ends_with(KEPT)) {
        return;
    }
    // A page without its error is better than none.
    if let Ok(Some(error)) = session.get::<String>(KEY).await
        && let Ok(whole) = uri
            .to_string()
            .replace(KEPT, &format!("__err={error}"))
            .parse()
    {
        *uri = whole;
    }
}
