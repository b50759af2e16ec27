use chrono_tz::America::{Mexico_City, Tijuana};
use domain::{
    ids::MerchantId,
    images::{ImageHash, Picture},
    offers::{Availability, Category, OfferStatus},
    points::Points,
};
use uuid::Uuid;

use super::*;

const NAMES: &str = "name,description,category,points_cost,valid_from,valid_to";
const COFFEE: &str = "Café,Del día.,food,250,2026-01-01T06:00,2026-12-24 10:00";

fn offer() -> Own {
    Own {
        id: Uuid::from_u128(7).into(),
        merchant_id: MerchantId::from(Uuid::from_u128(8)),
        merchant_name: "Estrella".into(),
        draft: OfferDraft {
            name: "=Café; \"grande\", del día".into(),
            description: "Dos\nlíneas.".into(),
            terms: "@mañana".into(),
            category: Category::CarWash,
            points_cost: Points::try_from(1_250).unwrap(),
            stock_quantity: Some(40),
            max_per_user: 3,
            lifetime_minutes: 60,
            valid_from: "2026-01-01T06:00:00Z".parse().unwrap(),
            valid_to: "2026-12-24T16:00:00.000001Z".parse().unwrap(),
        },
        picture: Some(Picture {
            hash: ImageHash::from([0; 32]),
            width: 4,
            height: 3,
        }),
        status: OfferStatus::Active,
        availability: Availability::Available,
        is_over: false,
        is_sold_out: false,
        stock_remaining: Some(38),
        version: 5,
        pending: 0,
        confirmed: 2,
        created_at: DateTime::UNIX_EPOCH,
    }
}

fn flaws(text: &str) -> Vec<Flaw> {
    read(text, Mexico_City).unwrap_err()
}

#[test]
fn what_is_written_is_read_back_and_holds_no_formula() {
    let own = offer();
    let written = write(std::slice::from_ref(&own), "https://x.test").unwrap();
    let text = String::from_utf8(written).unwrap();
    assert!(text.starts_with("\u{feff}offer_id,version,name,"), "{text}");
    assert!(
        text.contains("\"'=Café; \"\"grande\"\", del día\""),
        "{text}"
    );
    assert!(text.contains(",'@mañana,") && text.contains(",active,38,https://x.test/images/000"));
    let row = Row {
        line: 2,
        offer: Some(own.id),
        version: Some(5),
        draft: own.draft,
    };
    assert_eq!(read(&text, Tijuana), Ok(vec![row.clone()]));
    // As a spreadsheet of another country writes it.
    let apart = text.replace(',', "\u{1}");
    let apart = apart.replace(';', ",").replace('\u{1}', ";");
    let read = read(&apart, Tijuana).unwrap();
    assert_eq!((read[0].offer, read[0].version), (row.offer, row.version));
    assert_eq!(read[0].draft.points_cost, row.draft.points_cost);
}

#[test]
fn a_new_offer_takes_what_is_usual_and_times_of_the_readers_zone() {
    let rows = read(
        &format!("{NAMES}\r\n\r\n{COFFEE}\r\n,,,,,\r\n"),
        Mexico_City,
    )
    .unwrap();
    let [row] = &rows[..] else { panic!("{rows:?}") };
    assert_eq!((row.line, row.offer, row.version), (3, None, None));
    assert_eq!(row.draft.stock_quantity, None);
    assert_eq!(
        (row.draft.max_per_user, row.draft.lifetime_minutes),
        (5, 15)
    );
    assert_eq!(
        row.draft.valid_from.to_rfc3339(),
        "2026-01-01T12:00:00+00:00"
    );
    assert_eq!(row.draft.valid_to.to_rfc3339(), "2026-12-24T16:00:00+00:00");
}

#[test]
fn columns_stand_in_any_order_and_case_apart_by_what_spreadsheets_use() {
    for apart in [";", ",", "\t"] {
        let text = [
            "Points_Cost",
            "VALID_TO",
            "valid_from",
            "category",
            "description",
            " name ",
            "",
        ]
        .join(apart)
            + "\n"
            + &[
                "9",
                "2026-02-01 00:00",
                "2026-01-01 00:00",
                "Food",
                "D.",
                "Té solo",
                "",
            ]
            .join(apart);
        let rows = read(&text, Mexico_City).unwrap();
        assert_eq!(rows[0].draft.name, "Té solo", "{apart:?}");
    }
}

#[test]
fn everything_that_is_wrong_is_told_by_line_and_column() {
    let text = format!(
        "{NAMES}\n{COFFEE}\nab,\"Dos\nlíneas\",pan,0,hoy,\n{COFFEE},more\n\"Té\",x,food,1,2026-02-01 00:00,2026-01-01 00:00"
    );
    let told: Vec<_> = flaws(&text)
        .into_iter()
        .map(|flaw| (flaw.line, flaw.column.unwrap_or_default(), flaw.problem))
        .collect();
    let of = |line, column: &str, problem| (line, column.to_owned(), problem);
    let (min, max) = (1, 1_000_000);
    assert_eq!(
        told,
        [
            of(3, "name", FieldProblem::TooShort { min: 3 }),
            of(3, "category", FieldProblem::NotAChoice),
            of(3, "points_cost", FieldProblem::NotInRange { min, max }),
            of(3, "valid_from", FieldProblem::NotADate),
            of(3, "valid_to", FieldProblem::Required),
            of(5, "", FieldProblem::NotATable),
            of(6, "name", FieldProblem::TooShort { min: 3 }),
            of(6, "valid_to", FieldProblem::EndsBeforeStart),
        ]
    );
}

#[test]
fn the_names_of_the_columns_have_to_be_known_and_whole() {
    let told = flaws("name,name,precio,description,category,valid_from,valid_to\nx");
    let told: Vec<_> = told
        .iter()
        .map(|flaw| (flaw.column.as_deref().unwrap(), &flaw.problem))
        .collect();
    assert_eq!(
        told,
        [
            ("name", &FieldProblem::Twice),
            ("precio", &FieldProblem::UnknownField),
            ("points_cost", &FieldProblem::Required),
        ]
    );
    // What changes an offer would take away what it does not say.
    let told = flaws(&format!("offer_id,{NAMES}\n,{COFFEE}"));
    let columns: Vec<_> = told.into_iter().filter_map(|flaw| flaw.column).collect();
    assert_eq!(columns, OPTIONAL);
}

#[test]
fn an_offer_is_changed_by_one_row_alone() {
    let names = columns().join(",");
    let id = Uuid::from_u128(7);
    let line = format!("{id},,Café,x,,food,1,,,,2026-01-01 00:00,2026-02-01 00:00");
    let told = flaws(&format!("{names}\n{line}\n{line}"));
    assert_eq!(told, [Flaw::of(3, OFFER, FieldProblem::Twice)]);
    let told = flaws(&format!("{names}\n{}", line.replace(&id.to_string(), "7")));
    assert_eq!(told, [Flaw::of(2, OFFER, FieldProblem::Malformed)]);
}

#[test]
fn a_table_has_rows_but_not_too_many() {
    assert_eq!(flaws(NAMES), [Flaw::of_line(2, FieldProblem::Required)]);
    assert_eq!(flaws(" \n "), [Flaw::of_line(1, FieldProblem::Required)]);
    assert_eq!(flaws("a\0b"), [Flaw::of_line(1, FieldProblem::NotATable)]);
    let lines = |rows: usize| format!("{NAMES}\n{}", format!("{COFFEE}\n").repeat(rows));
    assert_eq!(
        read(&lines(MOST_ROWS), Mexico_City).unwrap().len(),
        MOST_ROWS
    );
    let max = MOST_ROWS;
    assert_eq!(
        flaws(&lines(MOST_ROWS + 1)),
        [Flaw::of_line(1_002, FieldProblem::TooManyRows { max })]
    );
}

#[test]
fn a_time_that_a_zone_has_skipped_is_none() {
    // Tijuana's clocks went from 2 to 3.
    assert_eq!(
        time("2026-03-08 02:30", Tijuana),
        Err(FieldProblem::NotADate)
    );
    assert!(time("2026-03-08 03:30", Tijuana).is_ok());
    let exact = time("2026-12-24T10:00:00+02:00", Tijuana).unwrap();
    assert_eq!(exact.to_rfc3339(), "2026-12-24T08:00:00+00:00");
    for bad in [
        "24/12/2026 10:00",
        "2026-12-24",
        "2026-13-01 00:00",
        "10:00",
    ] {
        assert_eq!(time(bad, Tijuana), Err(FieldProblem::NotADate), "{bad}");
    }
}
