//! Refusals and faults as `application/problem+json` (RFC 9457), in the caller's language.

use app::{
    error::AppError,
    site::{i18n::Locale, messages},
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{
    error::ErrorCode,
    fields::{FieldProblem, Problems},
};
use serde::Serialize;
use serde_json::{Map, Value, json};
use services::{
    Fault, Services,
    identity::second_step,
    offers::{manage, redeem},
    webhooks,
};
use utoipa::ToSchema;

use super::request_id::RequestId;
use crate::middleware::limits;

/// The media type of every refusal.
const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");
/// Seconds after which trying again may help, where nothing better is known.
const RETRY_AFTER: i64 = 5;

/// What an operation answers with: something, or a problem.
pub(crate) type Answer<T> = Result<T, Problem>;

/// Why a request was not carried out. It is put into words when it leaves, by [`tell`].
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    error: AppError,
    members: Map<String, Value>,
}

impl Problem {
    /// A problem that is told by its code alone.
    pub(crate) fn new(code: ErrorCode) -> Self {
        AppError::new(code).into()
    }

    /// One field that needs another value.
    pub(crate) fn field(name: &str, problem: FieldProblem) -> Self {
        AppError::invalid(Problems::one(name, problem)).into()
    }

    /// With a figure that its words may speak of, too.
    pub(crate) fn figure(self, name: &str, value: i64) -> Self {
        Self {
            error: self.error.figure(name, value),
            ..self
        }
    }

    /// With a member that only programs read.
    pub(crate) fn member(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.members.insert(name.to_owned(), value.into());
        self
    }

    /// Whether it has this code.
    pub(crate) fn is(&self, code: ErrorCode) -> bool {
        self.error.code == code
    }

    /// What it is made of.
    pub(crate) fn parts(&self) -> (AppError, Map<String, Value>) {
        (self.error.clone(), self.members.clone())
    }

    /// A problem that was told before.
    pub(crate) fn again(error: AppError, members: Map<String, Value>) -> Self {
        Self { error, members }
    }

    fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The body in a language.
    fn body(&self, locale: Locale, request_id: &str) -> Value {
        let code = self.error.code;
        let (title, detail, fields) = messages::spoken(locale, || {
            let fields: Vec<_> = self.error.problems.0.iter().map(Field::of).collect();
            (messages::title(code), messages::text(&self.error), fields)
        });
        let mut body = self.members.clone();
        for (name, figure) in &self.error.figures {
            body.insert(name.clone(), json!(figure));
        }
        if !fields.is_empty() {
            body.insert("fields".to_owned(), json!(fields));
        }
        for (name, value) in [
            ("type", format!("/api/docs#{code}")),
            ("title", title),
            ("code", code.to_string()),
            ("detail", detail),
            ("request_id", request_id.to_owned()),
        ] {
            body.insert(name.to_owned(), value.into());
        }
        body.insert("status".to_owned(), code.status().into());
        body.into()
    }
}

/// What is wrong with one field.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Field {
    /// Its name, with dots and indices where it is nested.
    #[schema(example = "points_cost")]
    field: String,
    /// The problem in the caller's language.
    #[schema(example = "Type a whole number from 1 to 1,000,000.")]
    message: String,
    /// What is wrong, with the bounds where there are any.
    #[serde(flatten)]
    #[schema(value_type = Object, example = json!({"problem": "not_in_range", "min": 1, "max": 1_000_000}))]
    problem: FieldProblem,
}

impl Field {
    fn of((name, problem): &(String, FieldProblem)) -> Self {
        Self {
            field: name.clone(),
            message: messages::problem(problem),
            problem: problem.clone(),
        }
    }
}

/// Why a request was not carried out (RFC 9457). Figures that belong to the code stand beside these.
#[derive(ToSchema)]
#[schema(as = Problem)]
#[expect(
    dead_code,
    reason = "the document's picture of what Problem::body writes"
)]
pub(crate) struct ProblemBody {
    /// Where the code is explained.
    #[schema(example = "/api/docs#INSUFFICIENT_BALANCE")]
    r#type: String,
    /// What happened in a few words, in the caller's language.
    #[schema(example = "Not enough points")]
    title: String,
    /// The answer's status.
    #[schema(minimum = 400, maximum = 599, example = 409)]
    status: u16,
    /// The stable code: match on it.
    #[schema(schema_with = super::openapi::error_codes)]
    code: String,
    /// What happened and what to do, in the caller's language.
    #[schema(example = "You are 250 short: you have 1,000. Earn more and come back.")]
    detail: String,
    /// What this request goes by in our log.
    #[schema(example = "019a0000-0000-7000-8000-000000000001")]
    request_id: String,
    /// What is wrong with which field (`VALIDATION_ERROR`).
    #[schema(required = false)]
    fields: Option<Vec<Field>>,
    /// What it costs, in points (`INSUFFICIENT_BALANCE`, `PRICE_CHANGED`).
    #[schema(required = false, example = 1250)]
    required: Option<i64>,
    /// What the consumer has, in points (`INSUFFICIENT_BALANCE`).
    #[schema(required = false, example = 1000)]
    available: Option<i64>,
    /// Seconds after which trying again may help (`TOO_MANY_REQUESTS`, `SERVICE_UNAVAILABLE`).
    #[schema(required = false, example = 5)]
    retry_after: Option<i64>,
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        let problem = Self {
            members: Map::new(),
            error,
        };
        match problem.error.code {
            ErrorCode::ServiceUnavailable | ErrorCode::RequestInProgress => {
                problem.figure("retry_after", RETRY_AFTER)
            }
            _ => problem,
        }
    }
}

impl From<ErrorCode> for Problem {
    fn from(code: ErrorCode) -> Self {
        Self::new(code)
    }
}

impl From<Problems> for Problem {
    fn from(problems: Problems) -> Self {
        AppError::invalid(problems).into()
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        AppError::from(fault).into()
    }
}

impl From<redeem::Refusal> for Problem {
    fn from(refusal: redeem::Refusal) -> Self {
        AppError::from(refusal).into()
    }
}

impl From<manage::Refusal> for Problem {
    fn from(refusal: manage::Refusal) -> Self {
        AppError::from(refusal).into()
    }
}

impl From<second_step::Refusal> for Problem {
    fn from(refusal: second_step::Refusal) -> Self {
        AppError::from(refusal).into()
    }
}

impl From<webhooks::Refusal> for Problem {
    fn from(refusal: webhooks::Refusal) -> Self {
        AppError::from(refusal).into()
    }
}

impl IntoResponse for Problem {
    /// The bare status, with the problem beside it for [`tell`].
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Puts problems, and what layers and extractors refuse in bare words, into problem+json.
pub(crate) async fn tell(
    State(services): State<Services>,
    request: Request,
    next: Next,
) -> Response {
    let locale = locale(request.headers());
    let id = RequestId::of(&request);
    let mut response = next.run(request).await;
    let told = response.extensions_mut().remove::<Problem>();
    let Some(problem) = told.or_else(|| bare(&response)) else {
        return response;
    };
    // What a 405 says it would take, and what limits say of themselves, stays.
    let (mut parts, _) = response.into_parts();
    let body = problem.body(locale, id.as_str());
    parts.status = problem.status();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, PROBLEM_JSON);
    let mut say = |name: HeaderName, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            parts.headers.insert(name, value);
        }
    };
    say(header::CONTENT_LANGUAGE, locale.as_str().to_owned());
    say(header::CACHE_CONTROL, "no-store".to_owned());
    if let Some(seconds) = limits::wait(&services, &problem.error) {
        say(header::RETRY_AFTER, seconds.to_string());
    }
    if parts.status == StatusCode::UNAUTHORIZED {
        say(header::WWW_AUTHENTICATE, "Bearer".to_owned());
    }
    Response::from_parts(parts, body.to_string().into())
}

/// The language an answer of the API is in: the one asked for by header, as it knows no cookies.
pub(crate) fn locale(headers: &HeaderMap) -> Locale {
    let accepted = headers.get(header::ACCEPT_LANGUAGE);
    Locale::negotiate(None, accepted.and_then(|text| text.to_str().ok()))
}

/// The problem of an answer that only has a status and at most plain words.
fn bare(response: &Response) -> Option<Problem> {
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE);
    let worded = kind.is_some_and(|kind| !kind.as_bytes().starts_with(b"text/plain"));
    if worded || !(status.is_client_error() || status.is_server_error()) {
        return None;
    }
    let code = ErrorCode::ALL
        .iter()
        .rev()
        .filter(|code| BARE.contains(code))
        .find(|code| code.status() == status.as_u16());
    Some(Problem::new(code.copied().unwrap_or(
        if status.is_server_error() {
            ErrorCode::InternalError
        } else {
            ErrorCode::MalformedRequest
        },
    )))
}

/// The codes of what is refused before any use case is asked.
const BARE: [ErrorCode; 10] = [
    ErrorCode::MalformedRequest,
    ErrorCode::Unauthorized,
    ErrorCode::Forbidden,
    ErrorCode::NotFound,
    ErrorCode::MethodNotAllowed,
    ErrorCode::UnsupportedMediaType,
    ErrorCode::ValidationError,
    ErrorCode::ContentTooLarge,
    ErrorCode::TooManyRequests,
    ErrorCode::ServiceUnavailable,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_speaks_the_callers_language_and_keeps_its_figures() {
        let problem = Problem::new(ErrorCode::InsufficientBalance)
            .figure("required", 1_250)
            .figure("available", 1_000);
        let body = problem.body(Locale::En, "abc");
        assert_eq!(body["code"], "INSUFFICIENT_BALANCE");
        assert_eq!(
            (&body["required"], &body["status"]),
            (&json!(1_250), &json!(409))
        );
        assert_eq!(body["title"], "Not enough points");
        assert!(body["detail"].as_str().unwrap().contains("250"));
        let spanish = problem.body(Locale::Es, "abc");
        assert_eq!(spanish["title"], "Puntos insuficientes");
    }

    #[test]
    fn a_bare_status_gets_the_code_that_goes_with_it() {
        for (status, code) in [
            (StatusCode::METHOD_NOT_ALLOWED, ErrorCode::MethodNotAllowed),
            (StatusCode::NOT_FOUND, ErrorCode::NotFound),
            (StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::ContentTooLarge),
            (StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::InternalError),
            (StatusCode::IM_A_TEAPOT, ErrorCode::MalformedRequest),
        ] {
            assert_eq!(
                bare(&status.into_response()).map(|it| it.error.code),
                Some(code)
            );
        }
        assert!(bare(&StatusCode::OK.into_response()).is_none());
    }
}
