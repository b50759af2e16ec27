//! From loaded data to a page, a sign-in, or a page that says what is wrong.

use std::future::Future;

use domain::error::ErrorCode;
use http::{HeaderValue, StatusCode};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::Title;

use super::{
    messages,
    request::{link, path_and_query},
};
use crate::{
    error::AppError,
    identity::second_step,
    tr,
    ui::{ButtonKind, LinkButton, StatusPage},
};

/// What a page's loading comes to.
pub type Loaded = Result<AnyView, AppError>;

/// Waits for a page's data and shows it, or what is wrong; sends whoever must sign in or enrol
/// first to do so.
pub fn page(loading: impl Future<Output = Loaded> + Send + 'static) -> impl IntoView {
    let here = path_and_query();
    view! {
        <Suspense fallback=|| ()>
            {Suspend::new(async move {
                match loading.await {
                    Ok(view) => view,
                    Err(error) => failed(&error, here),
                }
            })}
        </Suspense>
    }
}

fn failed(error: &AppError, here: String) -> AnyView {
    if error.code == ErrorCode::Unauthorized {
        redirect(&link("/sign-in", [("next", Some(here))]));
        return ().into_any();
    }
    if error.code == ErrorCode::MfaEnrolmentRequired {
        redirect(second_step::PATH);
        return ().into_any();
    }
    let status = StatusCode::from_u16(error.code.status()).unwrap_or_default();
    set_status(status);
    if status == StatusCode::SERVICE_UNAVAILABLE
        && let Some(response) = use_context::<ResponseOptions>()
    {
        response.insert_header(http::header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    status_page(error)
}

/// The page of an error: what happened and where to go from here.
pub fn status_page(error: &AppError) -> AnyView {
    let (title, text) = match error.code {
        ErrorCode::NotFound => (tr!("not-found-title"), tr!("not-found-text")),
        ErrorCode::Forbidden => (tr!("forbidden-title"), tr!("forbidden-text")),
        ErrorCode::ServiceUnavailable => (tr!("busy-title"), tr!("busy-text")),
        _ => (tr!("fault-title"), messages::text(error)),
    };
    view! {
        <Title text=title.clone() />
        <StatusPage status=error.code.status() title=title text=text>
            <LinkButton href="/" kind=ButtonKind::Primary>{tr!("go-home")}</LinkButton>
        </StatusPage>
    }
    .into_any()
}

/// Sends the reader elsewhere, whatever kind of answer was asked for.
pub fn redirect(to: &str) {
    set_status(StatusCode::FOUND);
    if let (Some(response), Ok(to)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(to))
    {
        response.insert_header(http::header::LOCATION, to);
    }
}

/// Sets the status of the answer.
pub fn set_status(status: StatusCode) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
}
