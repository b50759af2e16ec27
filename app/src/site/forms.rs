//! Forms that post without scripts: what the last try said, and what was typed.

use leptos::{
    prelude::*,
    server::ServerActionError,
    server_fn::{
        ServerFn,
        error::{FromServerFnError, ServerFnUrlError},
    },
};

use super::messages;
use crate::{
    error::AppError,
    tr,
    ui::{Notice, Tone},
};

/// How the last post of a form ended, if it failed: it came back in the address.
#[derive(Clone, Debug, Default)]
pub struct Attempt(Option<AppError>);

impl Attempt {
    /// The failed attempt of a form's action.
    pub fn of<S>(action: ServerAction<S>) -> Self
    where
        S: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
        S::Output: Send + Sync + 'static,
        S::Error: FromServerFnError,
    {
        Self(action.value().with_untracked(|value| {
            value
                .as_ref()
                .and_then(|answer| answer.as_ref().err().cloned())
        }))
    }

    /// The failed attempt of a form that goes to `path`, which is no server function: one that sends a file.
    #[must_use]
    pub fn at(path: &str) -> Self {
        let error = use_context::<ServerActionError>().filter(|error| error.path() == path);
        Self(error.map(|error| ServerFnUrlError::decode_err(error.err())))
    }

    /// What was typed into a field, or `otherwise` on the first visit.
    #[must_use]
    pub fn typed_or(&self, field: &str, otherwise: &str) -> String {
        self.0
            .as_ref()
            .and_then(|error| error.kept.get(field).cloned())
            .unwrap_or_else(|| otherwise.to_owned())
    }

    /// What was typed into a field.
    #[must_use]
    pub fn typed(&self, field: &str) -> String {
        self.typed_or(field, "")
    }

    /// What is wrong with a field.
    #[must_use]
    pub fn problem(&self, field: &str) -> Option<String> {
        self.0.as_ref()?.problems.of(field).map(messages::problem)
    }

    /// The message above the form.
    #[must_use]
    pub fn notice(&self) -> Option<AnyView> {
        let error = self.0.as_ref()?;
        let text = messages::text(error);
        Some(view! { <Notice tone=Tone::Error title=tr!("form-failed")>{text}</Notice> }.into_any())
    }
}
