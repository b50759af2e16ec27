//! Offers as a table for spreadsheets: comma-separated values (RFC 4180) with a line of names, written so that what was
//! written can be read again.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDateTime, SecondsFormat, Utc};
use chrono_tz::Tz;
use csv::{ReaderBuilder, StringRecord};
use domain::{
    fields::{FieldProblem, Problems},
    ids::OfferId,
    offers::{DEFAULT_LIFETIME_MINUTES, DEFAULT_MAX_PER_USER, OfferDraft, OfferForm},
};

use super::own::Own;
use crate::spreadsheet::{guarded, unguarded};

/// The most rows that are read.
pub const MOST_ROWS: usize = 1_000;
/// Which offer a row changes; a row without one is a new offer.
const OFFER: &str = "offer_id";
/// Which version of it was written; a row without one changes any.
const VERSION: &str = "version";
/// What every row has to say.
const REQUIRED: [&str; 6] = [
    "name",
    "description",
    "category",
    "points_cost",
    "valid_from",
    "valid_to",
];
/// What a row of a new offer may leave out.
const OPTIONAL: [&str; 4] = [
    "terms_and_conditions",
    "stock_quantity",
    "max_redemptions_per_user",
    "lifetime_minutes",
];
/// What is written to be looked at, and not read again.
const SHOWN: [&str; 3] = ["status", "stock_remaining", "image"];
/// Tells spreadsheets that the text is UTF-8.
const MARK: &str = "\u{feff}";

/// The names of what can be read, in the order in which it is written.
#[must_use]
pub fn columns() -> [&'static str; 12] {
    let [name, description, category, cost, from, to] = REQUIRED;
    let [terms, stock, most, lifetime] = OPTIONAL;
    [
        OFFER,
        VERSION,
        name,
        description,
        terms,
        category,
        cost,
        stock,
        most,
        lifetime,
        from,
        to,
    ]
}

/// Whether a new offer has to have a column filled in.
#[must_use]
pub fn is_required(column: &str) -> bool {
    REQUIRED.contains(&column)
}

/// A row that can be stored.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Row {
    /// The line it begins on, from 1.
    pub line: u64,
    /// The offer that it changes; none for a new one.
    pub offer: Option<OfferId>,
    /// The version that was written.
    pub version: Option<i32>,
    /// What it says.
    pub draft: OfferDraft,
}

/// Why a table is not taken as it is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Flaw {
    /// The line, from 1.
    pub line: u64,
    /// The column's name, where it is one column's flaw.
    pub column: Option<String>,
    /// What is wrong.
    pub problem: FieldProblem,
}

impl Flaw {
    pub(super) fn of(line: u64, column: &str, problem: FieldProblem) -> Self {
        Self {
            line,
            column: Some(column.to_owned()),
            problem,
        }
    }

    fn of_line(line: u64, problem: FieldProblem) -> Self {
        Self {
            line,
            column: None,
            problem,
        }
    }
}

/// The table of these offers. Pictures are told by their address below `base`.
///
/// # Errors
/// When there is no memory for it.
pub fn write(offers: &[Own], base: &str) -> Result<Vec<u8>, csv::Error> {
    let mut table = csv::Writer::from_writer(MARK.as_bytes().to_vec());
    table.write_record(columns().iter().chain(&SHOWN))?;
    for offer in offers {
        let draft = &offer.draft;
        let number = |number: Option<i32>| number.map(|it| it.to_string()).unwrap_or_default();
        let time = |time: DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        let image = offer
            .picture
            .map(|picture| format!("{base}{}", picture.path()));
        table.write_record([
            offer.id.to_string(),
            offer.version.to_string(),
            guarded(&draft.name),
            guarded(&draft.description),
            guarded(&draft.terms),
            draft.category.to_string(),
            draft.points_cost.to_string(),
            number(draft.stock_quantity),
            draft.max_per_user.to_string(),
            draft.lifetime_minutes.to_string(),
            time(draft.valid_from),
            time(draft.valid_to),
            offer.status.to_string(),
            number(offer.stock_remaining),
            image.unwrap_or_default(),
        ])?;
    }
    table
        .into_inner()
        .map_err(|error| error.into_error().into())
}

/// The rows of a table, or everything that is wrong with it. Columns stand in any order, apart by commas, semicolons
/// or tabs; times that name no zone are times of `zone`.
///
/// # Errors
/// The flaws, by line.
pub fn read(text: &str, zone: Tz) -> Result<Vec<Row>, Vec<Flaw>> {
    let text = text.strip_prefix(MARK).unwrap_or(text);
    // One kind of end for every line, so that lines can be counted.
    let text = &text.replace("\r\n", "\n").replace('\r', "\n");
    if text.contains('\0') {
        return Err(vec![Flaw::of_line(1, FieldProblem::NotATable)]);
    }
    let mut table = ReaderBuilder::new()
        .delimiter(delimiter(text))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut lines = table.records().filter(|line| {
        let is_blank = |line: &StringRecord| line.iter().all(|cell| cell.trim().is_empty());
        !line.as_ref().is_ok_and(is_blank)
    });
    let names = match lines.next() {
        Some(Ok(names)) => names,
        Some(Err(_)) => return Err(vec![Flaw::of_line(1, FieldProblem::NotATable)]),
        None => return Err(vec![Flaw::of_line(1, FieldProblem::Required)]),
    };
    let names = named(&names)?;
    let (mut rows, mut flaws) = (Vec::new(), Vec::new());
    let mut seen = HashSet::new();
    for (number, line) in lines.enumerate() {
        let Ok(line) = line else {
            // Nothing behind it can be told apart any more.
            flaws.push(Flaw::of_line(1, FieldProblem::NotATable));
            break;
        };
        let at = line.position().map_or(0, |begins| first_line(text, begins));
        if number == MOST_ROWS {
            let max = MOST_ROWS;
            flaws.push(Flaw::of_line(at, FieldProblem::TooManyRows { max }));
            break;
        }
        match row(&names, &line, at, zone) {
            Ok(row) => match row.offer {
                Some(offer) if !seen.insert(offer) => {
                    flaws.push(Flaw::of(at, OFFER, FieldProblem::Twice));
                }
                _ => rows.push(row),
            },
            Err(problems) => flaws.extend(problems),
        }
    }
    if rows.is_empty() && flaws.is_empty() {
        flaws.push(Flaw::of_line(2, FieldProblem::Required));
    }
    if flaws.is_empty() {
        Ok(rows)
    } else {
        Err(flaws)
    }
}

/// The line on which a record begins, whose position is that of empty lines before it.
fn first_line(text: &str, position: &csv::Position) -> u64 {
    let rest = usize::try_from(position.byte()).map_or("", |byte| &text[byte..]);
    let empty = rest.bytes().take_while(|byte| *byte == b'\n').count();
    position.line() + empty as u64
}

/// What stands most often between the names of the first line, of which none is part of a name.
fn delimiter(text: &str) -> u8 {
    let first = text.trim_start().lines().next().unwrap_or_default();
    let count = |delimiter: &u8| first.bytes().filter(|byte| byte == delimiter).count();
    // Of several that are equally frequent the last is taken.
    let found = [b'\t', b';', b','].into_iter().max_by_key(count);
    found.unwrap_or(b',')
}

/// The names of the columns, in their order, if they are known and whole.
fn named(names: &StringRecord) -> Result<Vec<String>, Vec<Flaw>> {
    let names: Vec<String> = names
        .iter()
        .map(|name| name.trim().to_lowercase())
        .collect();
    let mut flaws = Vec::new();
    let known = [&columns()[..], &SHOWN].concat();
    for (n, name) in names.iter().enumerate() {
        let problem = if names[..n].contains(name) {
            FieldProblem::Twice
        } else if name.is_empty() || known.contains(&name.as_str()) {
            continue;
        } else {
            FieldProblem::UnknownField
        };
        flaws.push(Flaw::of(1, name, problem));
    }
    // What changes an offer says all of it: nothing is lost because a column was left out.
    let has = |column: &str| names.iter().any(|name| name == column);
    let needed: &[&str] = if has(OFFER) { &OPTIONAL } else { &[] };
    for column in REQUIRED.iter().chain(needed) {
        if !has(column) {
            flaws.push(Flaw::of(1, column, FieldProblem::Required));
        }
    }
    if flaws.is_empty() {
        Ok(names)
    } else {
        Err(flaws)
    }
}

fn row(names: &[String], line: &StringRecord, at: u64, zone: Tz) -> Result<Row, Vec<Flaw>> {
    if line
        .iter()
        .skip(names.len())
        .any(|cell| !cell.trim().is_empty())
    {
        return Err(vec![Flaw::of_line(at, FieldProblem::NotATable)]);
    }
    let cell = |column: &str| {
        let place = names.iter().position(|name| name == column);
        let cell = place.and_then(|place| line.get(place));
        unguarded(cell.unwrap_or_default()).trim()
    };
    let or_default = |column: &str, default: i32| match cell(column) {
        "" => default.to_string(),
        text => text.to_owned(),
    };
    let form = OfferForm {
        name: cell("name").to_owned(),
        description: cell("description").to_owned(),
        terms: cell("terms_and_conditions").to_owned(),
        category: cell("category").to_lowercase(),
        points_cost: cell("points_cost").to_owned(),
        stock_quantity: cell("stock_quantity").to_owned(),
        max_per_user: or_default("max_redemptions_per_user", DEFAULT_MAX_PER_USER),
        lifetime_minutes: or_default("lifetime_minutes", DEFAULT_LIFETIME_MINUTES),
    };
    let mut problems = Problems::default();
    let offer = problems.take(OFFER, optional(cell(OFFER)));
    let version = problems.take(VERSION, optional(cell(VERSION)));
    let moment = |column| time(cell(column), zone);
    let draft = form.check(moment("valid_from"), moment("valid_to"));
    match (draft, offer, version) {
        (Ok(draft), Some(offer), Some(version)) => Ok(Row {
            line: at,
            offer,
            version,
            draft,
        }),
        (draft, ..) => {
            let of_draft = draft.err().map(Problems::as_in_the_api).unwrap_or_default();
            let all = problems.0.into_iter().chain(of_draft.0);
            Err(all
                .map(|(column, problem)| Flaw::of(at, &column, problem))
                .collect())
        }
    }
}

fn optional<T: std::str::FromStr>(text: &str) -> Result<Option<T>, FieldProblem> {
    match text {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| FieldProblem::Malformed),
    }
}

/// A time: `2026-12-24T10:00Z` as written here, or one of the zone's, `2026-12-24T10:00` or with a space.
fn time(text: &str, zone: Tz) -> Result<DateTime<Utc>, FieldProblem> {
    if text.is_empty() {
        return Err(FieldProblem::Required);
    }
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Ok(time.to_utc());
    }
    [
        "%Y-%m-%dT%H:%M",
        "%Y-%m-%d %H:%M",
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%d %H:%M:%S",
    ]
    .iter()
    .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
    .and_then(|local| local.and_local_timezone(zone).earliest())
    .map(|time| time.to_utc())
    .ok_or(FieldProblem::NotADate)
}

#[cfg(test)]
mod tests;
