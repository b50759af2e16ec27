//! Asking the server: the same addresses that the plain forms post to, answered as JSON.

use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response, UrlSearchParams};

use crate::answer::TillAnswer;

/// Why a question got no answer.
pub(crate) enum Unanswered {
    /// A limit was hit. So many seconds until it is worth asking again.
    Limited(u32),
    /// The server cannot be reached, or has none.
    Lost,
}

/// Posts `fields` and reads the till's answer.
pub(crate) async fn ask(
    address: &str,
    fields: &[(&'static str, String)],
) -> Result<TillAnswer, Unanswered> {
    let response = post(address, fields).await.map_err(|_| Unanswered::Lost)?;
    if response.status() == 401 {
        // The session is over: the page itself says so and leads to the sign-in.
        let _ = window().location().reload();
    }
    if response.status() == 429 {
        return Err(Unanswered::Limited(retry_after(&response)));
    }
    if !response.ok() {
        return Err(Unanswered::Lost);
    }
    let text = body(&response).await.ok().and_then(|body| body.as_string());
    text.as_deref().and_then(read).ok_or(Unanswered::Lost)
}

/// What an answer's body says. That it arrived says nothing: a body without a tone is no answer.
fn read(body: &str) -> Option<TillAnswer> {
    serde_json::from_str(body).ok()
}

async fn post(address: &str, fields: &[(&'static str, String)]) -> Result<Response, JsValue> {
    let body = UrlSearchParams::new()?;
    for (name, value) in fields {
        body.append(name, value);
    }
    let headers = Headers::new()?;
    headers.set("Accept", "application/json")?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(&body);
    let sent = window().fetch_with_str_and_init(address, &request);
    JsFuture::from(sent).await?.dyn_into()
}

async fn body(response: &Response) -> Result<JsValue, JsValue> {
    JsFuture::from(response.text()?).await
}

/// Seconds (RFC 9110 §10.2.3), at least one.
fn retry_after(response: &Response) -> u32 {
    let header = response.headers().get("Retry-After").ok().flatten();
    let seconds = header.and_then(|seconds| seconds.parse().ok());
    seconds.unwrap_or(1).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::TillTone;

    #[test]
    fn mistake_1_the_till_showed_valid_for_any_http_200() {
        let bad = r#"{"tone":"bad","word":"Not valid","what":"","detail":"","confirm":null,"recent":null}"#;
        assert_eq!(read(bad).map(|answer| answer.tone), Some(TillTone::Bad));
        for body in [
            r#"{"valid":false}"#,
            r#"{"valid":true}"#,
            "{}",
            "null",
            "true",
            "",
            "<!DOCTYPE html><p>Valid</p>",
        ] {
            assert_eq!(read(body), None, "{body}");
        }
    }
}
