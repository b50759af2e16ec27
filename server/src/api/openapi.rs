//! The OpenAPI document: what the handlers say of themselves, and what holds for all of them.

use domain::error::ErrorCode;
use serde_json::{Map, Value, json};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Object, ObjectBuilder, OpenApi,
        schema::{SchemaType, Type},
    },
};

use super::{extract::KEY, problem::ProblemBody};

/// Every code, as a schema.
pub(crate) fn error_codes() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(ErrorCode::ALL.iter().map(|code| code.as_str())))
        .examples([ErrorCode::InsufficientBalance.as_str()])
        .build()
}

/// Every code, or null.
pub(crate) fn nullable_error_codes() -> Object {
    let names = ErrorCode::ALL.iter().map(|code| json!(code.as_str()));
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
        .enum_values(Some(names.chain([Value::Null])))
        .build()
}

/// The whole document.
pub(super) fn complete(operations: OpenApi, public_url: &str) -> Value {
    let mut document = serde_json::to_value(operations).unwrap_or_default();
    document["openapi"] = "3.1.0".into();
    document["info"] = json!({
        "title": "Surtidor",
        "version": env!("CARGO_PKG_VERSION"),
        "summary": "Points, offers and redemptions for fuel stations.",
        "description": DESCRIPTION,
        "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
    });
    document["servers"] = json!([{ "url": public_url }]);
    document["tags"] = json!([
        { "name": "auth", "description": "Signing up, in and out; one's own profile." },
        { "name": "rewards", "description": "What consumers do: look at offers, redeem them, see their points." },
        { "name": "merchant", "description": "What merchants do: validate, confirm, credit sales, run their offers." },
        { "name": "admin", "description": "What those do who run the programme." },
    ]);
    add_components(&mut document);
    let Some(Value::Object(paths)) = document.get_mut("paths") else {
        return document;
    };
    // The router cannot match a suffix behind a parameter; the address is this all the same.
    *paths = std::mem::take(paths)
        .into_iter()
        .map(|(path, item)| (path.replace("{code_png}", "{code}.png"), item))
        .collect();
    for (path, item) in paths {
        let operations = item.as_object_mut().into_iter().flatten();
        for (method, operation) in operations {
            finish(method, path, operation);
        }
    }
    document
}

const DESCRIPTION: &str = "\
Send `Authorization: Bearer` with an access token (people: `POST /api/v1/auth/login`; integrations: \
`POST /api/v1/merchant/auth/login`) or, for merchants, `X-Api-Key`.\n\n\
Every request that changes something needs an `Idempotency-Key`, unless its description says otherwise, of 1 to 64 visible characters. The same key with the \
same body is answered as the first time, for a day; with another body it is refused with `IDEMPOTENCY_KEY_REUSED`.\n\n\
Amounts of points are whole numbers. Amounts of money are whole numbers of minor units (centavos). Times are RFC 3339 \
in UTC; days are days in the programme's zone.\n\n\
Lists come page by page: send `next_cursor` as `cursor`, with the same filters. Answers to GET carry an `ETag`; send it as \
`If-None-Match` and get 304 while nothing has changed.\n\n\
Refusals are `application/problem+json` (RFC 9457), in the language of `Accept-Language` (Spanish or English). Match on \
`code`; tell us `request_id` (also in `X-Request-Id`, which you may set) when you ask for help.\n\n\
Every answer says by `X-RateLimit-Limit`, `X-RateLimit-Remaining` and `X-RateLimit-Reset` what is left of the limit that \
is nearest: the most in its window, how many more of that, and the seconds until there is room for another. Redeeming, \
validating and signing in have limits of their own, and their answers tell of those. Beyond a limit the answer is 429, \
`TOO_MANY_REQUESTS`, with `Retry-After` in seconds.";

fn add_components(document: &mut Value) {
    let mut nested = Vec::new();
    ProblemBody::schemas(&mut nested);
    let mut schemas: Map<String, Value> = nested
        .into_iter()
        .filter_map(|(name, schema)| Some((name, serde_json::to_value(schema).ok()?)))
        .collect();
    let problem = serde_json::to_value(ProblemBody::schema()).unwrap_or_default();
    schemas.insert("Problem".to_owned(), problem);
    let components = &mut document["components"];
    for (name, schema) in schemas {
        components["schemas"][name] = schema;
    }
    components["headers"] = limit_headers();
    let content = json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } });
    let name = json!({ "schema": { "type": "string" } });
    components["responses"] = json!({
        "Problem": {
            "description": "Refused: see `code`.",
            "headers": { "X-Request-Id": name },
            "content": content,
        },
        "TooManyRequests": {
            "description": "Too soon: see `code` and `Retry-After`.",
            "headers": {
                "X-Request-Id": name,
                "Retry-After": {
                    "description": "Seconds after which it is worth trying again.", "required": true,
                    "schema": { "type": "integer", "minimum": 1 },
                },
            },
            "content": content,
        },
    });
    for (_, response) in components["responses"]
        .as_object_mut()
        .into_iter()
        .flatten()
    {
        tell_limits(response);
    }
    components["parameters"] = json!({ "IdempotencyKey": {
        "name": KEY, "in": "header", "required": true,
        "description": "The request's name: the same name stands for the same request.",
        "schema": { "type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[!-~]{1,64}$" },
        "example": "9d6f1a52-till-3-000481",
    }});
    components["securitySchemes"] = json!({
        "bearer": {
            "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
            "description": "A person's access token, good for an hour.",
        },
        "merchant_bearer": {
            "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
            "description": "An integration's token, good for eight hours.",
        },
        "api_key": {
            "type": "apiKey", "in": "header", "name": "X-Api-Key",
            "description": "An integration's key.",
        },
    });
}

/// What every answer says of limits.
fn limit_headers() -> Value {
    let header = |what: &str, least: u32| {
        json!({
            "description": what, "required": true,
            "schema": { "type": "integer", "minimum": least },
        })
    };
    json!({
        "X-RateLimit-Limit": header("The most in the window that leaves least.", 1),
        "X-RateLimit-Remaining": header("How many more it leaves.", 0),
        "X-RateLimit-Reset": header("Seconds until there is room for one more than now.", 0),
    })
}

/// Adds those headers to an answer.
fn tell_limits(response: &mut Value) {
    for name in [
        "X-RateLimit-Limit",
        "X-RateLimit-Remaining",
        "X-RateLimit-Reset",
    ] {
        let header = format!("#/components/headers/{name}");
        response["headers"][name] = json!({ "$ref": header });
    }
}

/// Ends of the paths whose requests need no name: they change nothing, or no more when they are sent again.
const UNNAMED: [&str; 7] = [
    "/login",
    "/refresh",
    "/logout",
    "/forgot-password",
    "/reset-password",
    "/verify-email",
    "/validate",
];
/// Ends of the paths where who calls proves it by the body.
const PROVING: [&str; 2] = ["/login", "/refresh"];
/// Ends of the paths where what the body or the path names can be over.
const PASSING: [&str; 2] = ["/reset-password", "/verify-email"];

/// Adds to an operation what its kind implies.
fn finish(method: &str, path: &str, operation: &mut Value) {
    let changes = method != "get";
    let is_order = changes && !operation["x-no-key"].as_bool().unwrap_or_default();
    if is_order && !UNNAMED.iter().any(|end| path.ends_with(end)) {
        let key = json!({ "$ref": "#/components/parameters/IdempotencyKey" });
        match operation["parameters"].as_array_mut() {
            Some(parameters) => parameters.push(key),
            None => operation["parameters"] = json!([key]),
        }
    }
    let secured = operation["security"].is_array();
    let with_body = operation["requestBody"].is_object();
    let with_input = with_body || operation["parameters"].is_array();
    let statuses: [(&str, bool); 12] = [
        ("400", with_body),
        (
            "401",
            secured || PROVING.iter().any(|end| path.ends_with(end)),
        ),
        ("403", secured),
        // A body names things as a path does.
        ("404", path.contains('{') || (changes && secured)),
        ("409", changes),
        (
            "410",
            path.contains("/cancel")
                || path.contains("/confirm")
                || PASSING.iter().any(|end| path.ends_with(end)),
        ),
        ("413", with_body),
        ("415", with_body),
        ("422", with_input),
        ("429", true),
        ("500", false),
        ("503", true),
    ];
    let responses = &mut operation["responses"];
    for (status, _) in statuses.iter().filter(|(_, answered)| *answered) {
        if responses[*status].is_null() {
            let told = if *status == "429" {
                "TooManyRequests"
            } else {
                "Problem"
            };
            responses[*status] = json!({ "$ref": format!("#/components/responses/{told}") });
        }
    }
    if !changes && responses["200"]["content"]["application/json"].is_object() {
        responses["304"] = json!({ "description": "Still what `If-None-Match` names." });
        responses["200"]["headers"]["ETag"] = json!({
            "description": "A weak hash of the body.", "schema": { "type": "string" },
        });
    }
    let own = responses.as_object_mut().into_iter().flatten();
    for (_, response) in own.filter(|(_, response)| response["$ref"].is_null()) {
        tell_limits(response);
    }
}
