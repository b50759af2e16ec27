//! What a page or a server function knows of its request.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use chrono_tz::Tz;
use domain::error::ErrorCode;
use http::request::Parts;
use leptos::prelude::{WithUntracked, expect_context, use_context};
use services::{
    Services,
    identity::{Account, SecondStep, actors::Actor},
};

use super::{format::HOME_ZONE, i18n::Locale};
use crate::error::AppError;

/// Who asks, as the server's middleware found out once for the whole request.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The signed-in person.
    pub account: Option<Account>,
    /// The language they read.
    pub locale: Locale,
    /// The zone their clock shows.
    pub zone: Tz,
    /// Whether their role did not allow what they asked for.
    pub refused: Refused,
}

/// Remembers that somebody was refused, for the middleware that writes it down.
#[derive(Clone, Debug, Default)]
pub struct Refused(Arc<AtomicBool>);

impl Refused {
    /// Whether it happened.
    #[must_use]
    pub fn happened(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    fn remember(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Visitor {
    /// Whoever asks, as an actor of the kind wanted.
    ///
    /// # Errors
    /// `UNAUTHORIZED` without a session, `FORBIDDEN` with the wrong role, `MFA_ENROLMENT_REQUIRED` for whoever has to
    /// enrol before anything else.
    pub fn actor<A: Actor>(&self) -> Result<A, AppError> {
        let account = self.account.as_ref();
        let account = account.ok_or_else(|| AppError::new(ErrorCode::Unauthorized))?;
        A::of(account).ok_or_else(|| {
            let code = closed(account).unwrap_or(ErrorCode::Forbidden);
            if code == ErrorCode::Forbidden {
                self.refused.remember();
            }
            AppError::new(code)
        })
    }
}

impl Default for Visitor {
    fn default() -> Self {
        Self {
            account: None,
            locale: Locale::default(),
            zone: HOME_ZONE,
            refused: Refused::default(),
        }
    }
}

/// What the product is called here and where it is reached.
#[derive(Clone, Debug)]
pub struct Site {
    /// `https://rewards.example`, without a slash at the end.
    pub public_url: String,
    /// The display name of points.
    pub points_name: String,
    /// Whether a page reloads when the server comes back after a rebuild.
    pub dev_reload: bool,
}

impl Site {
    /// A path of the site as a whole address.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.public_url)
    }

    /// Whether people reach it over HTTPS, and cookies should travel no other way.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

/// The use cases.
#[must_use]
pub fn services() -> Services {
    expect_context()
}

/// The site's settings.
#[must_use]
pub fn site() -> Site {
    expect_context()
}

/// Who asks.
#[must_use]
pub fn visitor() -> Visitor {
    use_context::<Parts>()
        .and_then(|parts| parts.extensions.get::<Visitor>().cloned())
        .unwrap_or_default()
}

/// The path and query of the request.
#[must_use]
pub fn path_and_query() -> String {
    use_context::<Parts>()
        .and_then(|parts| parts.uri.path_and_query().map(ToString::to_string))
        .unwrap_or_else(|| "/".to_owned())
}

/// The path of the request.
#[must_use]
pub fn path() -> String {
    use_context::<Parts>().map_or_else(|| "/".to_owned(), |parts| parts.uri.path().to_owned())
}

/// A cookie of the request.
#[must_use]
pub fn cookie(name: &str) -> Option<String> {
    let parts = use_context::<Parts>()?;
    let cookies = parts.headers.get(http::header::COOKIE)?.to_str().ok()?;
    cookies
        .split(';')
        .find_map(|cookie| cookie.trim().strip_prefix(name)?.strip_prefix('='))
        .map(str::to_owned)
}

/// Whoever asks, as an actor of the kind wanted.
///
/// # Errors
/// `UNAUTHORIZED` without a session, `FORBIDDEN` with the wrong role, `MFA_ENROLMENT_REQUIRED` for whoever has to enrol
/// before anything else.
pub fn actor<A: Actor>() -> Result<A, AppError> {
    visitor().actor()
}

/// Why an account is closed for now.
fn closed(account: &Account) -> Option<ErrorCode> {
    (account.second_step == SecondStep::Due).then_some(ErrorCode::MfaEnrolmentRequired)
}

/// The signed-in person, whatever the role, for what concerns their own account.
///
/// # Errors
/// `UNAUTHORIZED` without a session, `FORBIDDEN` with one that a PIN opened for the till alone,
/// `MFA_ENROLMENT_REQUIRED` for whoever has to enrol before anything else.
pub fn signed_in() -> Result<Account, AppError> {
    let account = visitor()
        .account
        .ok_or_else(|| AppError::new(ErrorCode::Unauthorized))?;
    if account.till_only {
        return Err(AppError::new(ErrorCode::Forbidden));
    }
    match closed(&account) {
        Some(code) => Err(AppError::new(code)),
        None => Ok(account),
    }
}

/// A parameter of the query, trimmed; none when it is empty.
#[must_use]
pub fn query(name: &str) -> Option<String> {
    leptos_router::hooks::use_query_map()
        .try_with_untracked(|map| map.get(name))
        .flatten()
        .map(|value| value.trim().to_owned())
        .filter(|value| !value.is_empty())
}

/// A parameter of the path, as the type it stands for.
///
/// # Errors
/// `NOT_FOUND` when it is malformed: no such thing can be there.
pub fn param<T: std::str::FromStr>(name: &str) -> Result<T, AppError> {
    leptos_router::hooks::use_params_map()
        .try_with_untracked(|map| map.get(name))
        .flatten()
        .and_then(|value| value.parse().ok())
        .ok_or_else(|| AppError::new(ErrorCode::NotFound))
}

/// Whether a person's browser asks, by a plain form or link, rather than a script.
#[must_use]
pub fn wants_html() -> bool {
    use_context::<Parts>().is_some_and(|parts| {
        let accept = parts.headers.get(http::header::ACCEPT);
        accept
            .and_then(|accept| accept.to_str().ok())
            .is_some_and(|accept| accept.contains("text/html"))
    })
}

/// A path of this site with query parameters, the empty ones left out.
#[must_use]
pub fn link<const N: usize>(path: &str, parameters: [(&str, Option<String>); N]) -> String {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    let query: Vec<String> = parameters
        .into_iter()
        .filter_map(|(name, value)| {
            let value = value.filter(|value| !value.is_empty())?;
            Some(format!(
                "{name}={}",
                utf8_percent_encode(&value, NON_ALPHANUMERIC)
            ))
        })
        .collect();
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", query.join("&"))
    }
}

/// Whether a text is a path on this site, and not a way to another; it is fit for a `Location` header.
#[must_use]
pub fn is_local_path(text: &str) -> bool {
    text.starts_with('/')
        && !text.starts_with("//")
        && !text.contains('\\')
        && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leaves_out_what_is_empty_and_escapes_the_rest() {
        let made = link("/offers", [("q", Some("café & té".into())), ("sort", None)]);
        assert_eq!(made, "/offers?q=caf%C3%A9%20%26%20t%C3%A9");
    }

    #[test]
    fn only_paths_of_this_site_are_local() {
        assert!(is_local_path("/wallet?x=1"));
        for text in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "/wallet\r\nx: y",
            "/\u{7f}",
            "/año",
            "wallet",
            "",
        ] {
            assert!(!is_local_path(text), "{text}");
        }
    }
}
