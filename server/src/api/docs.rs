//! The document as a page, rendered here: no script, nothing from elsewhere.

use std::{fmt::Write, sync::Arc};

use app::site::i18n::Locale;
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{Html, IntoResponse, Response},
};
use domain::error::ErrorCode;
use serde_json::Value;

use super::problem;
use crate::router::AppState;

/// The page needs nothing but its style.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; \
     frame-ancestors 'none'",
);

/// The page in each language, made once.
#[derive(Clone)]
pub(super) struct Docs(Arc<[(Locale, String)]>);

impl Docs {
    /// Renders the document.
    pub(super) fn new(document: &Value, state: &AppState) -> Self {
        let package = &state.leptos.site_pkg_dir;
        let pages = Locale::ALL
            .iter()
            .map(|locale| (*locale, page(document, *locale, package)));
        Self(pages.collect())
    }
}

/// `/api/docs`.
pub(super) async fn show(State(docs): State<Docs>, headers: HeaderMap) -> Response {
    let wanted = problem::locale(&headers);
    let found = docs.0.iter().find(|(locale, _)| *locale == wanted);
    let page = found.map(|(_, page)| page.clone()).unwrap_or_default();
    ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(page)).into_response()
}

fn page(document: &Value, locale: Locale, package: &str) -> String {
    let words = Words::of(locale);
    let mut page = format!(
        "<!DOCTYPE html><html lang=\"{lang}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{title}</title>\
         <link rel=\"stylesheet\" href=\"/{package}/surtidor.css\">\
         <link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\"></head>\
         <body><main id=\"content\" class=\"page\"><h1>{title}</h1>",
        lang = locale.as_str(),
        title = words.title,
    );
    let info = text(&document["info"]["description"]);
    for paragraph in info.split("\n\n") {
        push(&mut page, "p", paragraph);
    }
    let _ = write!(
        page,
        "<p><a href=\"/api/openapi.json\">openapi.json</a></p><nav aria-label=\"{}\"><ul>",
        words.operations,
    );
    let operations = operations(document);
    for (method, path, _) in &operations {
        let _ = write!(
            page,
            "<li><a href=\"#{}\"><code>{} {}</code></a></li>",
            escape(&anchor(method, path)),
            method.to_uppercase(),
            escape(path),
        );
    }
    page.push_str("</ul></nav>");
    for (method, path, operation) in operations {
        section(&mut page, &words, method, path, operation);
    }
    schemas(&mut page, &words, document);
    codes(&mut page, &words);
    page.push_str("</main></body></html>");
    page
}

/// What the page says beside the document's own words.
struct Words {
    title: &'static str,
    operations: &'static str,
    parameters: &'static str,
    body: &'static str,
    answers: &'static str,
    shapes: &'static str,
    codes: &'static str,
    required: &'static str,
}

impl Words {
    fn of(locale: Locale) -> Self {
        match locale {
            Locale::Es => Self {
                title: "La API de Surtidor",
                operations: "Operaciones",
                parameters: "Parámetros",
                body: "Cuerpo",
                answers: "Respuestas",
                shapes: "Formas",
                codes: "Códigos de error",
                required: "obligatorio",
            },
            Locale::En => Self {
                title: "Surtidor's API",
                operations: "Operations",
                parameters: "Parameters",
                body: "Body",
                answers: "Answers",
                shapes: "Shapes",
                codes: "Error codes",
                required: "required",
            },
        }
    }
}

fn operations(document: &Value) -> Vec<(&String, &String, &Value)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths
        .flat_map(|(path, item)| {
            let methods = item.as_object().into_iter().flatten();
            methods.map(move |(method, operation)| (method, path, operation))
        })
        .collect()
}

fn section(page: &mut String, words: &Words, method: &str, path: &str, operation: &Value) {
    let _ = write!(
        page,
        "<section class=\"stack\" id=\"{}\"><h2><code>{} {}</code></h2>",
        escape(&anchor(method, path)),
        method.to_uppercase(),
        escape(path),
    );
    for name in ["summary", "description"] {
        push(page, "p", text(&operation[name]));
    }
    let parameters: Vec<_> = operation["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|it| {
            let name = it["name"].as_str().unwrap_or("Idempotency-Key");
            let what = format!("{} {}", shape(&it["schema"]), text(&it["description"]));
            (name.to_owned(), what, it["required"] != Value::Bool(false))
        })
        .collect();
    table(page, words, words.parameters, &parameters);
    let body = &operation["requestBody"]["content"];
    for (kind, content) in body.as_object().into_iter().flatten() {
        push(
            page,
            "h3",
            &format!("{}: {kind} {}", words.body, shape(&content["schema"])),
        );
        example(page, content);
    }
    let answers: Vec<_> = operation["responses"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(status, it)| {
            let contents = it["content"].as_object().into_iter().flatten();
            let shapes: Vec<_> = contents
                .map(|(kind, content)| format!("{kind} {}", shape(&content["schema"])))
                .collect();
            let words = match it["$ref"].as_str() {
                Some(place) => place.rsplit('/').next().unwrap_or_default().to_owned(),
                None => format!("{} {}", text(&it["description"]), shapes.join(", ")),
            };
            (status.clone(), words, false)
        })
        .collect();
    table(page, words, words.answers, &answers);
    page.push_str("</section>");
}

fn schemas(page: &mut String, words: &Words, document: &Value) {
    push(page, "h2", words.shapes);
    let schemas = document["components"]["schemas"].as_object();
    for (name, schema) in schemas.into_iter().flatten() {
        let _ = write!(page, "<section class=\"stack\" id=\"{}\">", escape(name));
        push(page, "h3", name);
        push(page, "p", text(&schema["description"]));
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        let fields: Vec<_> = schema["properties"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(field, it)| {
                let what = format!("{} {}", shape(it), text(&it["description"]));
                let needed = required.iter().any(|name| name == field);
                (field.clone(), what, needed)
            })
            .collect();
        table(page, words, words.shapes, &fields);
        page.push_str("</section>");
    }
}

fn codes(page: &mut String, words: &Words) {
    push(page, "h2", words.codes);
    page.push_str("<dl>");
    for code in ErrorCode::ALL {
        let _ = write!(
            page,
            "<dt id=\"{code}\"><code>{code}</code> {}</dt><dd>{}</dd>",
            code.status(),
            escape(code.meaning()),
        );
    }
    page.push_str("</dl>");
}

/// Rows of a name, what it is, and whether it has to be there.
fn table(page: &mut String, words: &Words, caption: &str, rows: &[(String, String, bool)]) {
    if rows.is_empty() {
        return;
    }
    let _ = write!(
        page,
        "<div class=\"table\"><table><caption>{caption}</caption><tbody>"
    );
    for (name, what, required) in rows {
        let mark = if *required && caption != words.answers {
            format!(" ({})", words.required)
        } else {
            String::new()
        };
        let _ = write!(
            page,
            "<tr><th scope=\"row\"><code>{}</code>{mark}</th><td>{}</td></tr>",
            escape(name),
            linked(what),
        );
    }
    page.push_str("</tbody></table></div>");
}

fn example(page: &mut String, content: &Value) {
    let given = &content["example"];
    if let Ok(json) = serde_json::to_string_pretty(given)
        && !given.is_null()
    {
        let _ = write!(
            page,
            "<pre tabindex=\"0\"><code>{}</code></pre>",
            escape(&json)
        );
    }
}

/// A schema in a word or two; a named one as `#Name`.
fn shape(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|it| it.rsplit('/').next()) {
        return format!("#{name}");
    }
    if let Some(names) = schema["enum"].as_array() {
        let names: Vec<_> = names.iter().map(text).collect();
        return names.join(" | ");
    }
    for several in ["oneOf", "anyOf", "allOf"] {
        if let Some(choices) = schema[several].as_array() {
            let shapes: Vec<_> = choices.iter().map(shape).collect();
            return shapes.join(" | ");
        }
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().map(text).collect::<Vec<_>>().join(" | "),
        kind => text(kind).to_owned(),
    };
    if kind.starts_with("array") {
        return format!("[{}]", shape(&schema["items"]));
    }
    match schema["format"].as_str() {
        Some(format) => format!("{kind} ({format})"),
        None => kind,
    }
}

/// Text with `#Name` made a link to that shape.
fn linked(words: &str) -> String {
    let parts = words.split(' ').map(|word| {
        let bare = word.trim_matches(|c: char| matches!(c, '[' | ']' | ',' | '|'));
        match bare.strip_prefix('#') {
            Some(name) if name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') => {
                escape(word).replace(bare, &format!("<a href=\"{bare}\">{name}</a>"))
            }
            _ => escape(word),
        }
    });
    parts.collect::<Vec<_>>().join(" ")
}

fn anchor(method: &str, path: &str) -> String {
    format!("{method}{}", path.replace(['/', '{', '}', '.'], "-"))
}

fn push(page: &mut String, element: &str, words: &str) {
    if !words.is_empty() {
        let _ = write!(page, "<{element}>{}</{element}>", escape(words));
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn escape(words: &str) -> String {
    words
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_is_told_in_a_word() {
        let told = |json: &str| shape(&serde_json::from_str(json).unwrap());
        assert_eq!(
            told(r##"{"$ref": "#/components/schemas/Offer"}"##),
            "#Offer"
        );
        assert_eq!(
            told(r#"{"type": ["string", "null"], "format": "uuid"}"#),
            "string | null (uuid)"
        );
        assert_eq!(
            told(r#"{"type": "array", "items": {"type": "integer"}}"#),
            "[integer]"
        );
    }

    #[test]
    fn nothing_of_the_document_is_taken_for_markup() {
        assert_eq!(escape("<b>\"&"), "&lt;b&gt;&quot;&amp;");
        assert_eq!(
            linked("[#Offer] <i>"),
            "[<a href=\"#Offer\">Offer</a>] &lt;i&gt;"
        );
    }
}
