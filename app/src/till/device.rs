//! The device that the till runs on: the cookie by which it is known as a terminal.

use http::{HeaderValue, header::SET_COOKIE};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use services::identity::{
    actors::{Attendant, Operator},
    terminals::{self, Terminal},
};

use crate::{
    error::AppError,
    site::request::{actor, cookie, services, site},
};

/// 400 days in seconds: no browser keeps a cookie longer. It is set anew whenever someone signs in with a PIN.
const LASTING: u32 = 400 * 24 * 60 * 60;

/// The terminal that this device is, if it is one.
pub(super) async fn here() -> Result<Option<Terminal>, AppError> {
    match cookie(name()) {
        Some(secret) => Ok(terminals::here(&services(), &secret).await?),
        None => Ok(None),
    }
}

/// Whoever asks, as an operator at this device.
pub(super) async fn operator() -> Result<Operator, AppError> {
    let attendant = actor::<Attendant>()?;
    let secret = cookie(name());
    Ok(terminals::at(&services(), attendant, secret.as_deref()).await?)
}

/// Makes the browser keep a terminal's secret.
pub(super) fn keep(secret: &str) {
    set(secret, LASTING);
}

/// Makes the browser keep its secret for longer.
pub(super) fn keep_on() {
    if let Some(secret) = cookie(name()) {
        keep(&secret);
    }
}

/// Makes the browser forget its secret.
pub(super) fn forget() {
    set("", 0);
}

fn set(secret: &str, seconds: u32) {
    let secure = if site().is_secure() { "; Secure" } else { "" };
    let cookie = format!(
        "{}={secret}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}",
        name()
    );
    if let (Some(response), Ok(cookie)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(&cookie),
    ) {
        response.append_header(SET_COOKIE, cookie);
    }
}

/// No subdomain can set the one with the prefix (RFC 6265bis §4.1.3).
fn name() -> &'static str {
    if site().is_secure() {
        "__Host-terminal"
    } else {
        "terminal"
    }
}
