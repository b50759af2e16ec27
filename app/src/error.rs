//! The one error that crosses from server functions to pages and islands.

use std::collections::BTreeMap;

use domain::{error::ErrorCode, fields::Problems};
use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

/// A refusal or a fault, ready to be shown: a stable code, what is wrong with which field, the figures that
/// belong to it, and what was typed, so that a form can be filled in again.
///
/// On its way to a page it travels in the address, so it carries no text to be shown as it is (a link could
/// be made up) and no password.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct AppError {
    /// What happened.
    pub code: ErrorCode,
    /// What is wrong with which field.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub problems: Problems,
    /// `required`, `available`, `limit`, `pending`, `retry_after` (seconds), `until` (Unix seconds) …
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub figures: BTreeMap<String, i64>,
    /// What was typed, by field.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub kept: BTreeMap<String, String>,
}

fn is_empty(problems: &Problems) -> bool {
    problems.0.is_empty()
}

impl AppError {
    /// An error that is told by its code alone.
    #[must_use]
    pub fn new(code: ErrorCode) -> Self {
        Self {
            code,
            problems: Problems::default(),
            figures: BTreeMap::new(),
            kept: BTreeMap::new(),
        }
    }

    /// Fields that need another value.
    #[must_use]
    pub fn invalid(problems: Problems) -> Self {
        Self {
            problems,
            ..Self::new(ErrorCode::ValidationError)
        }
    }

    /// With a figure.
    #[must_use]
    pub fn figure(mut self, name: &str, value: i64) -> Self {
        self.figures.insert(name.to_owned(), value);
        self
    }

    /// With what was typed, so that nothing is lost.
    #[must_use]
    pub fn keeping<const N: usize>(mut self, typed: [(&str, &str); N]) -> Self {
        self.kept = typed
            .map(|(field, text)| (field.to_owned(), text.to_owned()))
            .into();
        self
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        Self::new(match error {
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_) => ErrorCode::ValidationError,
            ServerFnErrorErr::Request(_) => ErrorCode::ServiceUnavailable,
            _ => ErrorCode::InternalError,
        })
    }
}

/// Logs a fault once and turns it into what may be shown of it.
#[cfg(feature = "ssr")]
impl From<services::Fault> for AppError {
    fn from(fault: services::Fault) -> Self {
        if fault.is_passing() {
            tracing::warn!(%fault, "busy");
            return Self::new(ErrorCode::ServiceUnavailable);
        }
        tracing::error!(error = ?fault, "fault");
        Self::new(ErrorCode::InternalError)
    }
}
