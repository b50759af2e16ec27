//! What an import does with small files: history, closing, reopening, order, failure, concurrency.

use std::fmt::Write;

use chrono::{DateTime, TimeDelta, Utc};
use services::{
    entropy::Entropy,
    stations::import::{self, File, Files, ImportError, Input, Reason, Run, Summary},
};
use sqlx::PgPool;

/// A day of September 2024.
fn day(day: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_725_148_800, 0).unwrap() + TimeDelta::days(day - 1)
}

/// A file of stations (key and name, all in Guadalajara) and one of their prices of regular.
fn files(stations: &[(&str, &str, &str)]) -> (String, String) {
    let (mut places, mut prices) = ("<places>".to_owned(), "<places>".to_owned());
    for (key, name, price) in stations {
        write!(
            places,
            "<place place_id='{key}'><name>{name}</name><cre_id>PL/{key}/EXP/ES/2015</cre_id>\
             <location><x>-103.35</x><y>20.67</y></location></place>"
        )
        .unwrap();
        write!(
            prices,
            "<place place_id='{key}'><gas_price type='regular'>{price}</gas_price></place>"
        )
        .unwrap();
    }
    (places + "</places>", prices + "</places>")
}

async fn import_text(
    db: &PgPool,
    as_of: DateTime<Utc>,
    (places, prices): &(String, String),
) -> Result<Summary, ImportError> {
    let files = Files {
        places: Input::from(places.as_bytes()),
        prices: Input::from(prices.as_bytes()),
    };
    let run = Run {
        as_of,
        now: day(30),
        entropy: &Entropy::System,
    };
    import::import(db, files, run, &mut |_| {}).await
}

async fn import(db: &PgPool, on: i64, stations: &[(&str, &str, &str)]) -> Summary {
    import_text(db, day(on), &files(stations)).await.unwrap()
}

/// The history of regular at station 1: day and price of each row, and the day it was confirmed.
async fn history(db: &PgPool) -> Vec<(i32, i32, i32)> {
    sqlx::query_as(
        "select extract(day from valid_from at time zone 'UTC')::int, price_minor,
            extract(day from confirmed_at at time zone 'UTC')::int
        from station_prices inner join stations on id = station_id
        where source_key = '1' order by valid_from",
    )
    .fetch_all(db)
    .await
    .unwrap()
}

/// The stations: key, name, and the day of closing of those that are closed.
async fn stations(db: &PgPool) -> Vec<(String, String, Option<i32>)> {
    sqlx::query_as(
        "select source_key, name, extract(day from closed_at at time zone 'UTC')::int
        from stations order by source_key",
    )
    .fetch_all(db)
    .await
    .unwrap()
}

fn station(key: &str, name: &str, closed: Option<i32>) -> (String, String, Option<i32>) {
    (key.to_owned(), name.to_owned(), closed)
}

#[sqlx::test(migrations = "../migrations")]
async fn history_grows_only_where_the_price_differs(db: PgPool) {
    import(&db, 1, &[("1", "A", "22.10")]).await;
    let same = import(&db, 5, &[("1", "A", "22.1")]).await;
    assert_eq!((same.prices_added, same.prices_unchanged), (0, 1));
    let dearer = import(&db, 9, &[("1", "A", "22.50")]).await;
    assert_eq!(dearer.prices_added, 1);
    assert_eq!(history(&db).await, [(1, 2210, 5), (9, 2250, 9)]);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_station_that_goes_is_closed_and_one_that_comes_back_is_reopened(db: PgPool) {
    import(&db, 1, &[("1", "A", "22"), ("2", "B", "22")]).await;
    let gone = import(&db, 5, &[("1", "A", "22")]).await;
    assert_eq!(gone.closed, 1);
    assert_eq!(
        stations(&db).await,
        [station("1", "A", None), station("2", "B", Some(5))]
    );
    let back = import(&db, 9, &[("1", "A", "22"), ("2", "B", "22")]).await;
    assert_eq!((back.reopened, back.closed, back.updated), (1, 0, 0));
    assert_eq!(
        stations(&db).await,
        [station("1", "A", None), station("2", "B", None)]
    );
}

#[sqlx::test(migrations = "../migrations")]
async fn an_older_file_adds_to_the_history_and_overwrites_nothing_newer(db: PgPool) {
    import(&db, 9, &[("1", "New", "24")]).await;
    let older = import(&db, 1, &[("1", "Old", "22"), ("2", "Gone", "22")]).await;
    assert_eq!(
        (older.added, older.updated, older.closed, older.reopened),
        (1, 0, 0, 0)
    );
    assert_eq!(
        stations(&db).await,
        [station("1", "New", None), station("2", "Gone", Some(9))]
    );
    assert_eq!(history(&db).await, [(1, 2200, 1), (9, 2400, 9)]);
}

#[sqlx::test(migrations = "../migrations")]
async fn an_older_file_with_the_same_price_moves_its_beginning(db: PgPool) {
    import(&db, 9, &[("1", "A", "24")]).await;
    let older = import(&db, 1, &[("1", "A", "24")]).await;
    assert_eq!((older.prices_added, older.prices_corrected), (0, 1));
    assert_eq!(history(&db).await, [(1, 2400, 9)]);
}

#[sqlx::test(migrations = "../migrations")]
async fn another_price_in_between_interrupts_but_does_not_become_the_current_one(db: PgPool) {
    import(&db, 1, &[("1", "A", "22")]).await;
    import(&db, 9, &[("1", "A", "22")]).await;
    let between = import(&db, 5, &[("1", "A", "23")]).await;
    assert_eq!(between.prices_added, 1);
    assert_eq!(
        history(&db).await,
        [(1, 2200, 1), (5, 2300, 5), (9, 2200, 9)]
    );
    let again = import(&db, 5, &[("1", "A", "23")]).await;
    assert_eq!((again.prices_added, again.prices_unchanged), (0, 1));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_corrected_file_of_the_same_date_replaces_the_first(db: PgPool) {
    import(&db, 1, &[("1", "A", "22"), ("2", "B", "22")]).await;
    let corrected = import(&db, 1, &[("1", "A2", "23"), ("2", "B", "22")]).await;
    assert_eq!((corrected.updated, corrected.prices_corrected), (1, 1));
    assert_eq!(history(&db).await, [(1, 2300, 1)]);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_station_listed_with_unusable_data_stays_open_as_it_is_known(db: PgPool) {
    import(&db, 1, &[("1", "A", "22"), ("2", "B", "22")]).await;
    let summary = import(&db, 5, &[("1", "A", "22"), ("2", "", "22")]).await;
    assert_eq!(summary.closed, 0);
    let reasons: Vec<_> = summary
        .rejected
        .iter()
        .map(|row| (row.file, row.reason))
        .collect();
    let expected = [
        (File::Places, Reason::UnusableName),
        (File::Prices, Reason::StationRejected),
    ];
    assert_eq!(reasons, expected);
    assert_eq!(
        stations(&db).await,
        [station("1", "A", None), station("2", "B", None)]
    );
}

#[sqlx::test(migrations = "../migrations")]
async fn a_wrong_or_broken_file_changes_nothing(db: PgPool) {
    let good = files(&[("1", "A", "22"), ("2", "B", "22")]);
    import_text(&db, day(1), &good).await.unwrap();
    let (places, prices) = good;

    let exchanged = import_text(&db, day(5), &(prices.clone(), places.clone())).await;
    assert!(matches!(
        exchanged,
        Err(ImportError::NothingUsable { file: File::Places })
    ));
    let cut = import_text(&db, day(5), &(places.clone(), prices[..60].to_owned())).await;
    assert!(matches!(
        cut,
        Err(ImportError::Malformed {
            file: File::Prices,
            ..
        })
    ));
    assert_eq!(
        stations(&db).await,
        [station("1", "A", None), station("2", "B", None)]
    );
}

#[sqlx::test(migrations = "../migrations")]
async fn an_import_that_fails_in_the_middle_leaves_nothing(db: PgPool) {
    sqlx::raw_sql("alter table station_prices add check (price_minor <> 2300)")
        .execute(&db)
        .await
        .unwrap();
    let failed = import_text(&db, day(1), &files(&[("1", "A", "22"), ("2", "B", "23")])).await;
    assert!(matches!(failed, Err(ImportError::Database(_))));
    assert_eq!(stations(&db).await, []);
}

#[sqlx::test(migrations = "../migrations")]
async fn imports_at_once_wait_for_each_other(db: PgPool) {
    let (first, second) = (files(&[("1", "A", "22")]), files(&[("1", "A", "23")]));
    let (one, two, three) = tokio::join!(
        import_text(&db, day(1), &first),
        import_text(&db, day(5), &second),
        import_text(&db, day(1), &first),
    );
    let added: u64 = [one, two, three]
        .into_iter()
        .map(|done| done.unwrap().added)
        .sum();
    assert_eq!(added, 1);
    assert_eq!(history(&db).await, [(1, 2200, 1), (5, 2300, 5)]);
}
