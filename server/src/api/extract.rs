//! What handlers take from a request. Whatever cannot be read is a [`Problem`] that names the field.

use std::str::FromStr;

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Path, Request},
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::IntoResponse,
};
use domain::{error::ErrorCode, fields::FieldProblem};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use services::idempotency::Request as Named;
use url::form_urlencoded;

use super::{page::Window, problem::Problem};

/// The header that names a request.
pub(crate) const KEY: &str = "Idempotency-Key";
/// The longest name, in characters.
const LONGEST_KEY: usize = 64;

/// The one thing that a path names.
pub(crate) struct Id<T>(pub(crate) T);

impl<T: FromStr, S: Send + Sync> FromRequestParts<S> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(text) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|_| ErrorCode::NotFound)?;
        // Nothing can be there under a name that is none.
        let id = text.parse().map_err(|_| ErrorCode::NotFound)?;
        Ok(Self(id))
    }
}

/// The two things that a path names, one below the other.
pub(crate) struct Ids<A, B>(pub(crate) A, pub(crate) B);

impl<A: FromStr, B: FromStr, S: Send + Sync> FromRequestParts<S> for Ids<A, B> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let found = Path::<(String, String)>::from_request_parts(parts, state).await;
        let Path((one, other)) = found.map_err(|_| ErrorCode::NotFound)?;
        match (one.parse(), other.parse()) {
            (Ok(one), Ok(other)) => Ok(Self(one, other)),
            _ => Err(ErrorCode::NotFound.into()),
        }
    }
}

/// The parameters of a query.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parameters(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

/// The parameters of a list: its own, and which page is wanted.
pub(crate) struct Paged<T>(pub(crate) T, pub(crate) Window);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Paged<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        // Flattened into one struct, the two could not refuse what is unknown to both.
        let of_window = |wanted: bool| {
            let pairs = form_urlencoded::parse(query.as_bytes());
            let pairs = pairs.filter(|(name, _)| Window::NAMES.contains(&&**name) == wanted);
            form_urlencoded::Serializer::new(String::new())
                .extend_pairs(pairs)
                .finish()
        };
        Ok(Self(
            parameters(&of_window(false))?,
            parameters(&of_window(true))?,
        ))
    }
}

fn parameters<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    let pairs = form_urlencoded::parse(query.as_bytes());
    for (name, value) in pairs {
        if value.contains('\0') {
            return Err(Problem::field(&name, FieldProblem::Malformed));
        }
    }
    let read = serde_urlencoded::Deserializer::new(pairs);
    serde_path_to_error::deserialize(read)
        .map_err(|error| unread(&error.path().to_string(), &error.inner().to_string()))
}

/// A JSON body, and the name that its caller gave to the request. An empty body stands for an empty object.
pub(crate) struct Order<T> {
    /// What is asked for.
    pub(crate) body: T,
    /// The request's name.
    pub(crate) request: Named,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Order<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let key = key(request.headers())?;
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let bytes = bytes(request, state, is_json).await?;
        Ok(Self {
            body: json(&bytes)?,
            request: Named::new(key, method.as_str(), &path, &bytes),
        })
    }
}

impl Order<Vec<u8>> {
    /// A body that is a file of a kind that is taken; how much of it is read is up to the route's layers.
    pub(crate) async fn file(
        request: Request,
        is_taken: impl Fn(&str) -> bool,
    ) -> Result<Self, Problem> {
        let key = key(request.headers())?;
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let bytes = bytes(request, &(), is_taken).await?;
        Ok(Self {
            request: Named::new(key, method.as_str(), &path, &bytes),
            body: bytes.into(),
        })
    }
}

/// A JSON body of an operation that changes nothing.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        json(&bytes(request, state, is_json).await?).map(Self)
    }
}

/// The body of an operation that needs none.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// The name of a request: required, 1 to 64 visible ASCII characters.
fn key(headers: &HeaderMap) -> Result<String, Problem> {
    let given = headers
        .get(KEY)
        .ok_or_else(|| Problem::field(KEY, FieldProblem::Required))?;
    let text = given.to_str().unwrap_or_default();
    let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
    match text.len() {
        0 => Err(Problem::field(KEY, FieldProblem::Malformed)),
        _ if !visible => Err(Problem::field(KEY, FieldProblem::Malformed)),
        1..=LONGEST_KEY => Ok(text.to_owned()),
        _ => Err(Problem::field(
            KEY,
            FieldProblem::TooLong { max: LONGEST_KEY },
        )),
    }
}

async fn bytes<S: Send + Sync>(
    request: Request,
    state: &S,
    is_taken: impl Fn(&str) -> bool,
) -> Result<Bytes, Problem> {
    let kind = request.headers().get(header::CONTENT_TYPE).cloned();
    let bytes = Bytes::from_request(request, state)
        .await
        .map_err(|refused| match refused.into_response().status() {
            StatusCode::PAYLOAD_TOO_LARGE => ErrorCode::ContentTooLarge,
            _ => ErrorCode::MalformedRequest,
        })?;
    let is_taken = kind.is_none_or(|kind| {
        let kind = kind.to_str().unwrap_or_default().to_ascii_lowercase();
        is_taken(kind.split(';').next().unwrap_or_default().trim())
    });
    if bytes.is_empty() || is_taken {
        Ok(bytes)
    } else {
        Err(ErrorCode::UnsupportedMediaType.into())
    }
}

fn is_json(kind: &str) -> bool {
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

fn json<T: DeserializeOwned>(bytes: &Bytes) -> Result<T, Problem> {
    let text: &[u8] = if bytes.is_empty() { b"{}" } else { bytes };
    let value: Value = serde_json::from_slice(text).map_err(|_| ErrorCode::MalformedRequest)?;
    if let Some(path) = nul(&value, String::new()) {
        return Err(Problem::field(&path, FieldProblem::Malformed));
    }
    serde_path_to_error::deserialize(value)
        .map_err(|error| unread(&error.path().to_string(), &error.inner().to_string()))
}

/// Where a text holds the one character that the database does not take.
fn nul(value: &Value, path: String) -> Option<String> {
    let inside = |name: &str, value| nul(value, join(&path, name));
    match value {
        Value::String(text) => text.contains('\0').then_some(path),
        Value::Array(items) => (0..)
            .zip(items)
            .find_map(|(n, item): (usize, _)| inside(&n.to_string(), item)),
        Value::Object(members) => members
            .iter()
            .find_map(|(name, member)| inside(name, member)),
        _ => None,
    }
}

fn join(path: &str, name: &str) -> String {
    match path {
        "" | "." => name.to_owned(),
        path => format!("{path}.{name}"),
    }
}

/// The problem of a field that serde could not read; its words are those of `serde::de::Error`.
fn unread(path: &str, words: &str) -> Problem {
    let named = words.split('`').nth(1).unwrap_or_default();
    if words.starts_with("unknown field") {
        // The path of an unknown field ends with it, or not, as its format has it.
        let path = path
            .strip_suffix(named)
            .unwrap_or(path)
            .trim_end_matches('.');
        Problem::field(&join(path, named), FieldProblem::UnknownField)
    } else if words.starts_with("missing field") {
        Problem::field(&join(path, named), FieldProblem::Required)
    } else {
        let path = if path == "." { "body" } else { path };
        Problem::field(path, FieldProblem::Malformed)
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "read, not used")]
    struct Sale {
        amount: i64,
        note: Option<String>,
    }

    fn refused(body: &'static str) -> String {
        let problem = json::<Sale>(&Bytes::from(body)).unwrap_err();
        format!("{problem:?}")
    }

    #[test]
    fn what_is_wrong_with_a_body_is_told_by_field() {
        for (body, field, problem) in [
            ("{}", "amount", "Required"),
            ("", "amount", "Required"),
            (r#"{"amount": "x"}"#, "amount", "Malformed"),
            (r#"{"amount": 1, "tip": 2}"#, "tip", "Unknown"),
            (r#"{"amount": 1, "note": "a\u0000"}"#, "note", "Malformed"),
            ("[]", "body", "Malformed"),
        ] {
            let told = refused(body);
            assert!(told.contains(&format!("\"{field}\"")), "{body}: {told}");
            assert!(told.contains(problem), "{body}: {told}");
        }
        assert!(refused("{").contains("MalformedRequest"));
    }

    #[test]
    fn a_request_is_named_in_visible_characters() {
        let named = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(KEY, text.parse().unwrap());
            key(&headers)
        };
        assert_eq!(named("a-1").unwrap(), "a-1");
        for bad in ["", "a b", &"x".repeat(65)] {
            assert!(named(bad).is_err(), "{bad}");
        }
        assert!(key(&HeaderMap::new()).is_err());
    }
}
