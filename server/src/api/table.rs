//! Answers for spreadsheets.

use app::site::request::Site;
use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use domain::error::ErrorCode;
use serde::Serialize;
use serde_json::Value;
use services::{
    offers::{own::Own, table},
    spreadsheet::guarded,
};

use super::problem::Problem;

/// A file of comma-separated values (RFC 4180) with a line of names.
pub(crate) struct Csv {
    name: &'static str,
    text: Vec<u8>,
}

impl Csv {
    /// The table of a merchant's own offers.
    pub(crate) fn of_offers(offers: &[Own], site: &Site) -> Result<Self, Problem> {
        let text = table::write(offers, &site.public_url).map_err(|error| {
            tracing::error!(%error, "a table cannot be written");
            ErrorCode::InternalError
        })?;
        let name = "offers";
        Ok(Self { name, text })
    }

    /// The file of these rows; rows are flat, and have the same fields in the same order.
    pub(crate) fn of<T: Serialize>(
        name: &'static str,
        rows: impl Iterator<Item = T>,
    ) -> Result<Self, Problem> {
        let written = write(rows).map_err(|error| {
            tracing::error!(%error, "a table cannot be written");
            ErrorCode::InternalError
        })?;
        Ok(Self {
            name,
            text: written,
        })
    }
}

fn write<T: Serialize>(rows: impl Iterator<Item = T>) -> anyhow::Result<Vec<u8>> {
    let mut file = csv::Writer::from_writer(Vec::new());
    let mut begun = false;
    for row in rows {
        let Value::Object(row) = serde_json::to_value(row)? else {
            anyhow::bail!("a row is an object");
        };
        if !begun {
            file.write_record(row.keys())?;
            begun = true;
        }
        file.write_record(row.values().map(cell))?;
    }
    Ok(file.into_inner()?)
}

/// A value as a spreadsheet shows it, and no formula.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => guarded(text),
        other => other.to_string(),
    }
}

impl IntoResponse for Csv {
    fn into_response(self) -> Response {
        let kind = HeaderValue::from_static("text/csv; charset=utf-8");
        let name = format!("attachment; filename=\"{}.csv\"", self.name);
        let name = HeaderValue::from_str(&name);
        let name = name.unwrap_or(HeaderValue::from_static("attachment"));
        let headers = [
            (header::CONTENT_TYPE, kind),
            (header::CONTENT_DISPOSITION, name),
            (
                header::CACHE_CONTROL,
                HeaderValue::from_static("private, no-store"),
            ),
        ];
        (headers, self.text).into_response()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_in_a_table_is_a_formula() {
        assert_eq!(cell(&json!("=1+1")), "'=1+1");
        assert_eq!(cell(&json!(-5)), "-5");
        assert_eq!(cell(&json!(null)), "");
    }

    #[test]
    fn a_table_begins_with_its_names() {
        let rows = [json!({ "a": 1, "b": "x, y" })];
        let text = write(rows.into_iter()).unwrap();
        assert_eq!(String::from_utf8(text).unwrap(), "a,b\n1,\"x, y\"\n");
    }
}
