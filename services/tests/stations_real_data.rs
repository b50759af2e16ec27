//! The import on real copies of the regulator's files, of June 2020 and September 2024.

use std::{
    env,
    path::PathBuf,
    time::{Duration, Instant},
};

use chrono::{DateTime, NaiveDate, Utc};
use services::{
    entropy::Entropy,
    stations::import::{self, Files, Progress, Reason, Run, Stage, Summary},
};
use sqlx::PgPool;

/// Where the packed files are: `CRE_DATA_DIR`, else beside the repository.
fn data(name: &str) -> PathBuf {
    let folder = env::var_os("CRE_DATA_DIR").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/cre"),
        PathBuf::from,
    );
    let path = folder.join(name);
    assert!(
        path.exists(),
        "{} is missing: set CRE_DATA_DIR to the folder that has it",
        path.display()
    );
    path
}

fn midnight(year: i32, month: u32) -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(year, month, 1)
        .unwrap()
        .and_hms_opt(0, 0, 0)
        .unwrap()
        .and_utc()
}

async fn import(db: &PgPool, year: i32, month: u32) -> Summary {
    import_with(db, year, month, &mut |_| {}).await
}

async fn import_with(
    db: &PgPool,
    year: i32,
    month: u32,
    progress: import::OnProgress<'_>,
) -> Summary {
    let places = data(&format!("{year}-{month:02}-places.xml.xz"));
    let prices = data(&format!("{year}-{month:02}-prices.xml.xz"));
    let run = Run {
        as_of: midnight(year, month),
        now: midnight(2026, 1),
        entropy: &Entropy::System,
    };
    let files = Files {
        places: &*places,
        prices: &*prices,
    };
    import::import_paths(db, files, run, progress)
        .await
        .unwrap()
}

/// Every row of the tables, with the transaction that wrote it.
async fn contents(db: &PgPool) -> String {
    sqlx::query_scalar(
        "select concat(
            (select md5(string_agg(concat(xmin, ctid, s), ',' order by id)) from stations as s),
            (select md5(string_agg(concat(xmin, ctid, p), ',' order by ctid))
             from station_prices as p),
            (select md5(string_agg(concat(xmin, i), ',' order by as_of))
             from station_imports as i)
        )",
    )
    .fetch_one(db)
    .await
    .unwrap()
}

/// What the tables say, whatever the order in which it came in.
async fn meaning(db: &PgPool) -> String {
    sqlx::query_scalar(
        "select concat(
            (select md5(string_agg(concat_ws('|', source_key, permit, name, location, time_zone,
                status, listed_at, closed_at), ',' order by source_key)) from stations),
            (select md5(string_agg(concat_ws('|', source_key, fuel, valid_from, confirmed_at,
                price_minor), ',' order by source_key, fuel, valid_from))
             from station_prices inner join stations on id = station_id)
        )",
    )
    .fetch_one(db)
    .await
    .unwrap()
}

async fn count(db: &PgPool, sql: &str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(db).await.unwrap()
}

fn rejected(summary: &Summary, reason: Reason) -> usize {
    summary
        .rejected
        .iter()
        .filter(|rejected| rejected.reason == reason)
        .count()
}

#[sqlx::test(migrations = "../migrations")]
#[ignore = "needs the regulator's files, see CONTRIBUTING.md"]
async fn both_dates_go_in_and_prices_have_a_history_between_them(db: PgPool) {
    let started = Instant::now();
    let first = import(&db, 2020, 6).await;
    assert!(
        started.elapsed() < Duration::from_secs(20),
        "2020-06 took {:?}",
        started.elapsed()
    );
    assert_eq!(first.stations_read, 12_709);
    assert!(first.stations_usable >= 12_500, "{}", first.stations_usable);
    assert_eq!(first.added, first.stations_usable);
    assert_eq!(first.repaired, 4);
    assert!(rejected(&first, Reason::MissingCoordinates) > 100);
    assert!(rejected(&first, Reason::OutsideMexico) > 20);
    assert_eq!(rejected(&first, Reason::ImplausiblePrice), 21);

    let started = Instant::now();
    let second = import(&db, 2024, 9).await;
    assert!(
        started.elapsed() < Duration::from_secs(20),
        "2024-09 took {:?}",
        started.elapsed()
    );
    assert_eq!(second.stations_read, 14_109);
    assert!(
        second.stations_usable >= 13_900,
        "{}",
        second.stations_usable
    );
    assert!(second.added > 1_000 && second.updated > 500, "{second:?}");
    assert_eq!(
        second.added + second.updated + second.unchanged,
        second.stations_usable
    );
    assert_eq!(rejected(&second, Reason::ConflictingPrice), 17);

    let open = count(&db, "select count(*) from stations where status = 'open'").await;
    assert!(open >= 13_900, "{open}");
    let changed = count(
        &db,
        "select count(*) from station_prices as before
        inner join station_prices as after using (station_id, fuel)
        where before.valid_from = '2020-06-01Z' and after.valid_from = '2024-09-01Z'
            and before.price_minor <> after.price_minor",
    )
    .await;
    assert!(changed > 25_000, "{changed}");
    let prices = count(&db, "select count(*) from station_prices").await;
    assert_eq!(
        prices,
        i64::try_from(first.prices_added + second.prices_added).unwrap()
    );
    assert_eq!(
        count(
            &db,
            "select count(*) from stations where name ~ '\"|^ | $|  '"
        )
        .await,
        0
    );
}

#[sqlx::test(migrations = "../migrations")]
#[ignore = "needs the regulator's files, see CONTRIBUTING.md"]
async fn importing_again_writes_nothing(db: PgPool) {
    for (year, month) in [(2020, 6), (2024, 9)] {
        import(&db, year, month).await;
        let before = contents(&db).await;
        let again = import(&db, year, month).await;
        assert_eq!(contents(&db).await, before);
        assert_eq!(
            (again.added, again.updated, again.reopened, again.closed),
            (0, 0, 0, 0)
        );
        assert_eq!((again.prices_added, again.prices_corrected), (0, 0));
        assert_eq!(again.unchanged, again.stations_usable);
    }
    let before = contents(&db).await;
    import(&db, 2020, 6).await;
    assert_eq!(
        contents(&db).await,
        before,
        "the older file after the newer one"
    );
}

#[sqlx::test(migrations = "../migrations")]
#[ignore = "needs the regulator's files, see CONTRIBUTING.md"]
async fn the_order_of_the_files_does_not_matter(db: PgPool) {
    import(&db, 2020, 6).await;
    import(&db, 2024, 9).await;
    let in_order = meaning(&db).await;
    sqlx::raw_sql("truncate stations, station_prices, station_imports cascade")
        .execute(&db)
        .await
        .unwrap();
    import(&db, 2024, 9).await;
    import(&db, 2020, 6).await;
    assert_eq!(meaning(&db).await, in_order);
}

#[sqlx::test(migrations = "../migrations")]
#[ignore = "needs the regulator's files, see CONTRIBUTING.md"]
async fn progress_reaches_the_end_of_every_stage(db: PgPool) {
    let mut told: Vec<Progress> = Vec::new();
    import_with(&db, 2020, 6, &mut |progress| told.push(progress)).await;
    for stage in [Stage::ReadingPlaces, Stage::ReadingPrices, Stage::Writing] {
        let of_stage: Vec<_> = told
            .iter()
            .filter(|progress| progress.stage == stage)
            .collect();
        assert!(of_stage.len() > 5 && of_stage.is_sorted_by_key(|progress| progress.done));
        let last = of_stage.last().unwrap();
        assert!(last.total.unwrap() - last.done < 20, "{last:?}");
    }
}
