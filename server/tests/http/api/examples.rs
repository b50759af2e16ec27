//! The document's examples, each of them run.

use serde_json::Value;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::{
    client::sending,
    document::{document, operations, resolved},
    matrix::{Callers, Things},
};
use crate::support::{Answer, TestServer, Wish};

/// What the examples name, and which thing of a test's takes its place.
const STAND_INS: [(&str, &str); 17] = [
    ("01890000-0000-7000-8000-00000000000a", "{offer}"),
    ("01890000-0000-7000-8000-00000000000b", "{redemption}"),
    ("01890000-0000-7000-8000-00000000000c", "{accrual}"),
    ("01890000-0000-7000-8000-00000000000d", "{merchant}"),
    ("01890000-0000-7000-8000-00000000000e", "{consumer}"),
    ("01890000-0000-7000-8000-00000000000f", "{adjustment}"),
    ("01890000-0000-7000-8000-000000000010", "{key}"),
    ("01890000-0000-7000-8000-000000000011", "{staff}"),
    ("01890000-0000-7000-8000-000000000012", "{station}"),
    ("01890000-0000-7000-8000-000000000013", "{webhook}"),
    ("01890000-0000-7000-8000-000000000014", "{delivery}"),
    ("LUMS-0000-0000-0000", "{code}"),
    ("ABCDEFGHJK", "{member}"),
    ("the token that validate returned", "{token}"),
    ("consumer@demo.test", "{address}"),
    (
        "srt_4pZ0f3oXn1uQ2sV9yB7cD5eG8hJ6kL0mN2pR4tU6wY8",
        "{key_text}",
    ),
    ("4pZ0f3oXn1uQ2sV9yB7cD5eG8hJ6kL0mN2pR4tU6wY8", "{secret}"),
];

/// An example with the names of things in it. A secret and a code are what its operation needs them for.
fn with_stand_ins(example: &str, path: &str) -> String {
    let secret = match path {
        "/auth/reset-password" => "{reset}",
        "/auth/verify-email" => "{verification}",
        _ => "{refresh}",
    };
    let otp = match path {
        "/auth/mfa/activate" => "{first_otp}",
        _ => "{otp}",
    };
    STAND_INS
        .iter()
        .fold(example.to_owned(), |text, (given, thing)| {
            text.replace(given, thing)
        })
        .replace("{secret}", secret)
        .replace("123456", otp)
}

/// The body of an operation's example; none if it takes no body.
fn body(document: &Value, operation: &Value) -> Option<String> {
    let contents = operation["requestBody"]["content"].as_object()?;
    if contents.keys().any(|kind| kind.starts_with("image/")) {
        return Some("{picture}".to_owned());
    }
    if let Some(table) = contents.get("text/csv") {
        return Some(table["example"].as_str().expect("an example").to_owned());
    }
    let content = contents.get("application/json")?;
    let schema = resolved(document, &content["schema"]);
    let example = [&content["example"], &schema["example"]];
    let found = example.into_iter().find(|it| !it.is_null());
    Some(found.expect("an example").to_string())
}

/// The path with its parameters' examples in it, and the query that it cannot do without.
fn address(path: &str, operation: &Value) -> String {
    let mut address = path.to_owned();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap_or_default();
        let needed = parameter["required"] == true;
        match parameter["in"].as_str() {
            Some("path") => {
                let value = parameter["example"].as_str().expect("an example");
                address = address.replace(&format!("{{{name}}}"), value);
            }
            Some("query") if needed => {
                let value = parameter["schema"]["enum"][0].as_str().unwrap();
                address = format!("{address}?{name}={value}");
            }
            _ => {}
        }
    }
    address
}

#[sqlx::test(migrations = "../migrations")]
async fn every_example_of_the_document_runs(_: PgPoolOptions, options: PgConnectOptions) {
    let server = TestServer::wished(&options, Wish::without_limits()).await;
    let document = document(&server).await;
    for (method, path, operation) in operations(&document) {
        let path = path.trim_start_matches("/api/v1");
        let callers = Callers::new(&server, &options).await;
        let mut things = Things::new(&server, &callers);
        let security = operation["security"].to_string();
        let caller = match operation["tags"][0].as_str().unwrap() {
            "admin" => &callers.admin,
            "merchant" if security.contains("api_key") => &callers.key,
            "merchant" => &callers.manager,
            _ if path.starts_with("/auth/mfa") => &callers.manager,
            _ => &callers.consumer,
        };
        let example = with_stand_ins(&address(path, &operation), path);
        let address = things.named_in(&example).await;
        let request = caller.request(&method, &address);
        let request = request.header("idempotency-key", server.town().key());
        let example = body(&document, &operation).unwrap_or_default();
        let body = things.named_in(&with_stand_ins(&example, path)).await;
        let answer = Answer::of(sending(request, &body)).await;
        let what = format!("{method} {address}: {} {}", answer.status, answer.text);
        assert!(answer.status < 300, "{what}");
        let told = &operation["responses"][answer.status.to_string()];
        assert!(told.is_object(), "the document does not tell of {what}");
    }
    server.stop().await;
}
