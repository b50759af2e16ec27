//! What an address may ask for, and what the headers say of it.

use std::net::SocketAddr;

use app::{error::AppError, site::caller::Caller};
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use services::{
    Services,
    limits::{self, Address, Standing},
};

use super::proxies::Proxies;
use crate::api::problem::Problem;

/// The most in the window that leaves least.
pub(crate) const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
/// How many more it leaves.
pub(crate) const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
/// Seconds until there is room for one more than now.
pub(crate) const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// Finds out who asks, counts it, and tells by headers what is left: of what was asked for, if that has a limit of
/// its own, else of the general one.
pub(crate) async fn count(
    State(services): State<Services>,
    State(proxies): State<Proxies>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    let address = Address::from(proxies.caller(peer.ip(), request.headers()));
    let caller = Caller::at(address);
    let (mut response, standing) = match limits::general(&services, address) {
        Ok(general) => {
            request.extensions_mut().insert(caller.clone());
            let response = next.run(request).await;
            (response, caller.standing().unwrap_or(general))
        }
        Err(too_many) => {
            let refused = Problem::from(AppError::from(too_many)).into_response();
            (refused, too_many.0)
        }
    };
    let refused = response.status() == StatusCode::TOO_MANY_REQUESTS;
    tell(response.headers_mut(), standing, refused);
    response
}

fn tell(headers: &mut HeaderMap, standing: Standing, refused: bool) {
    headers.insert(LIMIT, standing.most.into());
    headers.insert(REMAINING, standing.remaining.into());
    headers.insert(RESET, standing.wait().into());
    // Whoever is locked for another reason has been told until when.
    if refused && standing.remaining == 0 {
        headers
            .entry(header::RETRY_AFTER)
            .or_insert_with(|| HeaderValue::from(standing.wait().max(1)));
    }
}

/// Takes over what limits say of an answer that is put into other words.
pub(super) fn keep(from: &HeaderMap, to: &mut HeaderMap) {
    for name in [LIMIT, REMAINING, RESET, header::RETRY_AFTER] {
        if let Some(value) = from.get(&name) {
            to.insert(name, value.clone());
        }
    }
}

/// Seconds after which it is worth trying again what was refused, where the refusal tells them or until when it holds.
pub(crate) fn wait(services: &Services, error: &AppError) -> Option<i64> {
    let figure = |name: &str| error.figures.get(name).copied();
    let until = || Some(figure("until")? - services.now().timestamp());
    let seconds = figure("retry_after").or_else(until)?;
    Some(seconds.max(1))
}
