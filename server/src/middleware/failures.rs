//! What layers and handlers answer with a bare status, told in a form its reader understands.

use app::{
    error::AppError,
    site::{
        i18n::Locale,
        messages::{self, Outside},
    },
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use domain::error::ErrorCode;
use leptos::config::LeptosOptions;

use crate::api::problem::Problem;

use super::{identify, limits, refusals::RETRY_AFTER};

/// The page, with words in capitals where the reader's belong.
const PAGE: &str = include_str!("failure.html");
/// The page needs nothing but its style.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; font-src 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// Gives a bare failure a page of the site where a person asks, and an [`AppError`] where a script does.
/// Works without the database.
pub(crate) async fn tell(
    State(options): State<LeptosOptions>,
    request: Request,
    next: Next,
) -> Response {
    let locale = identify::locale(request.headers());
    let is_person = accepts_html(request.headers());
    let response = next.run(request).await;
    let Some(code) = bare_failure(&response) else {
        return response;
    };
    let status = response.status();
    let mut told = if is_person {
        let wait = text(response.headers(), &header::RETRY_AFTER);
        let words = messages::outside(locale, code, wait.parse().ok());
        let page = Html(page(locale, status, &words, &options.site_pkg_dir));
        ([(header::CONTENT_SECURITY_POLICY, POLICY)], page).into_response()
    } else {
        axum::Json(told_to_a_script(code, &response)).into_response()
    };
    *told.status_mut() = status;
    let headers = told.headers_mut();
    limits::keep(response.headers(), headers);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(header::RETRY_AFTER, RETRY_AFTER);
    }
    told
}

/// The error that a layer put beside its bare status, or one that is told by its code alone.
fn told_to_a_script(code: ErrorCode, response: &Response) -> AppError {
    let problem = response.extensions().get::<Problem>();
    problem.map_or_else(|| AppError::new(code), |problem| problem.parts().0)
}

/// The code of a failure that nothing has put into words yet: no page, no JSON.
fn bare_failure(response: &Response) -> Option<ErrorCode> {
    let code = match response.status() {
        StatusCode::SERVICE_UNAVAILABLE => ErrorCode::ServiceUnavailable,
        StatusCode::TOO_MANY_REQUESTS => ErrorCode::TooManyRequests,
        StatusCode::PAYLOAD_TOO_LARGE => ErrorCode::ContentTooLarge,
        StatusCode::INTERNAL_SERVER_ERROR => ErrorCode::InternalError,
        _ => return None,
    };
    let kind = text(response.headers(), &header::CONTENT_TYPE);
    (kind.is_empty() || kind.starts_with("text/plain")).then_some(code)
}

fn accepts_html(headers: &HeaderMap) -> bool {
    text(headers, &header::ACCEPT).contains("text/html")
}

fn text<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> &'a str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default()
}

fn page(locale: Locale, status: StatusCode, words: &Outside, package: &str) -> String {
    let status = status.as_str();
    let digit = |digit| ["<span class=\"dial-digit\">", digit, "</span>"].concat();
    let digits: String = status
        .split("")
        .filter(|it| !it.is_empty())
        .map(digit)
        .collect();
    PAGE.replace("LANGUAGE", locale.as_str())
        .replace("STYLESHEET", &format!("{package}/surtidor.css"))
        .replace("STATUS", status)
        .replace("DIGITS", &digits)
        .replace("TITLE", &words.title)
        .replace("TEXT", &words.text)
        .replace("HOME", &words.home)
        .replace("FOOTER", &words.footer)
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a router of the test's own")]
mod tests {
    use axum::{
        Router,
        body::{Body, to_bytes},
        middleware::from_fn_with_state,
        routing::get,
    };
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn a_bare_fault_is_told_as_a_page_and_what_has_its_words_is_left_alone() {
        let words = (StatusCode::SERVICE_UNAVAILABLE, Html("in words"));
        let app = Router::new()
            .route("/fault", get(async || StatusCode::INTERNAL_SERVER_ERROR))
            .route("/words", get(async move || words))
            .layer(from_fn_with_state(
                LeptosOptions::builder().output_name("surtidor").build(),
                tell,
            ));
        let ask = async |path: &str| {
            let request = Request::get(path).header(header::ACCEPT, "text/html");
            let request = request.body(Body::empty()).unwrap();
            let response = app.clone().oneshot(request).await.unwrap();
            let status = response.status();
            let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
            (status, String::from_utf8(body.to_vec()).unwrap())
        };
        let (status, page) = ask("/fault").await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(page.contains("Algo falló"), "{page}");
        assert_eq!(
            ask("/words").await,
            (StatusCode::SERVICE_UNAVAILABLE, "in words".to_owned())
        );
    }

    #[test]
    fn every_failure_has_a_whole_page_in_each_language() {
        for &locale in Locale::ALL {
            for code in [
                ErrorCode::ServiceUnavailable,
                ErrorCode::ContentTooLarge,
                ErrorCode::InternalError,
                ErrorCode::TooManyRequests,
            ] {
                let words = messages::outside(locale, code, Some(17));
                let status = StatusCode::from_u16(code.status()).unwrap();
                let page = page(locale, status, &words, "pkg");
                let waits = code == ErrorCode::TooManyRequests;
                assert_eq!(page.contains("17 s"), waits);
                let capitals = page.split(|c: char| !c.is_ascii_uppercase());
                let left: Vec<_> = capitals.filter(|word| word.len() > 3).collect();
                assert_eq!(left, ["DOCTYPE"]);
                assert!(page.contains(&format!("lang=\"{}\"", locale.as_str())));
                assert!(page.contains("href=\"/pkg/surtidor.css\""));
            }
        }
    }
}
