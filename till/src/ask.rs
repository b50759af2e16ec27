//! Asking the server: the same addresses that the plain forms post to, answered as JSON.

use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsError, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response, UrlSearchParams};

use crate::answer::TillAnswer;

/// Posts `fields` and reads the till's answer; none when the server cannot be reached or has none.
pub(crate) async fn ask(address: &str, fields: &[(&str, &str)]) -> Option<TillAnswer> {
    let text = post(address, fields).await.ok()?.as_string()?;
    serde_json::from_str(&text).ok()
}

async fn post(address: &str, fields: &[(&str, &str)]) -> Result<JsValue, JsValue> {
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
    let response: Response = JsFuture::from(sent).await?.dyn_into()?;
    if response.status() == 401 {
        // The session is over: the page itself says so and leads to the sign-in.
        window().location().reload()?;
    }
    if !response.ok() {
        return Err(JsError::new("no answer").into());
    }
    JsFuture::from(response.text()?).await
}
