//! Finding stations: by distance, by text, by merchant.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    ids::StationId,
    stations::{
        Amenity, FuelType, Position, PricePerLitre, RadiusKm, StationSource, StationStatus,
    },
};
use services::{
    entropy::Entropy,
    stations::{self, Batch, Cursor, Nearby, StationRow, detail, history, nearby, search, upsert},
};
use sqlx::PgPool;
use uuid::Uuid;

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_725_192_000, 0).unwrap()
}

fn guadalajara() -> Position {
    stations::demo_city().position
}

/// A station `north` hundredths of a degree (1.1 km each) north of the middle of Guadalajara.
fn row(key: &str, north: u32, prices: &[(FuelType, i32)]) -> StationRow {
    let centre = guadalajara();
    let latitude = centre.latitude() + f64::from(north) / 100.0;
    StationRow {
        key: key.to_owned(),
        permit: Some(format!("PL/{key}/EXP/ES/2015")),
        name: format!("Gasolinera número {key}"),
        brand: Some("Ágave".to_owned()),
        address: None,
        position: Position::new(latitude, centre.longitude()).unwrap(),
        time_zone: "America/Mexico_City".to_owned(),
        is_24_hours: Some(true),
        amenities: Some(vec![Amenity::Atm, Amenity::CarWash]),
        prices: prices
            .iter()
            .map(|&(fuel, minor)| (fuel, PricePerLitre::try_from(minor).unwrap()))
            .collect::<BTreeMap<_, _>>(),
    }
}

async fn load(db: &PgPool, as_of: DateTime<Utc>, rows: &[StationRow]) {
    let batch = Batch {
        source: StationSource::Demo,
        as_of,
        now: noon(),
        entropy: &Entropy::System,
    };
    upsert(&mut db.acquire().await.unwrap(), batch, rows)
        .await
        .unwrap();
}

async fn keys(db: &PgPool, wanted: Nearby) -> (Vec<String>, Option<Cursor>) {
    let page = nearby(db, wanted).await.unwrap();
    (
        page.stations
            .into_iter()
            .map(|found| found.station.code)
            .collect(),
        page.next,
    )
}

async fn id(db: &PgPool, key: &str) -> StationId {
    let id: Uuid = sqlx::query_scalar("select id from stations where source_key = $1")
        .bind(key)
        .fetch_one(db)
        .await
        .unwrap();
    id.into()
}

#[sqlx::test(migrations = "../migrations")]
async fn the_nearest_come_first_with_distance_and_prices(db: PgPool) {
    let prices = [(FuelType::Diesel, 2550), (FuelType::Regular, 2310)];
    load(
        &db,
        noon(),
        &[
            row("far", 9, &[]),
            row("near", 1, &prices),
            row("mid", 5, &[]),
        ],
    )
    .await;

    let page = nearby(&db, Nearby::around(guadalajara())).await.unwrap();
    let found: Vec<_> = page
        .stations
        .iter()
        .map(|found| found.station.code.as_str())
        .collect();
    assert_eq!(found, ["near", "mid", "far"]);
    let first = &page.stations[0];
    assert!(
        (1_100..1_120).contains(&first.distance_metres),
        "{}",
        first.distance_metres
    );
    let station = &first.station;
    let prices: Vec<_> = station
        .prices
        .iter()
        .map(|price| (price.fuel, price.price.minor()))
        .collect();
    assert_eq!(
        prices,
        [(FuelType::Regular, 2310), (FuelType::Diesel, 2550)]
    );
    assert_eq!(station.prices[0].valid_from, noon());
    assert_eq!(station.source, StationSource::Demo);
    assert_eq!(station.status, StationStatus::Open);
    assert_eq!(station.amenities, [Amenity::Atm, Amenity::CarWash]);
    assert_eq!(page.next, None);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_radius_and_a_fuel_narrow_the_search(db: PgPool) {
    let diesel = [(FuelType::Diesel, 2550)];
    load(
        &db,
        noon(),
        &[
            row("1", 0, &[]),
            row("2", 8, &diesel),
            row("3", 20, &diesel),
        ],
    )
    .await;
    let all = Nearby::around(guadalajara());
    let ten = Nearby {
        radius: Some(RadiusKm::default()),
        ..all
    };
    assert_eq!(keys(&db, all).await.0, ["1", "2", "3"]);
    assert_eq!(keys(&db, ten).await.0, ["1", "2"]);
    assert_eq!(
        keys(
            &db,
            Nearby {
                fuel: Some(FuelType::Diesel),
                ..all
            }
        )
        .await
        .0,
        ["2", "3"]
    );
    assert_eq!(
        keys(
            &db,
            Nearby {
                fuel: Some(FuelType::Diesel),
                ..ten
            }
        )
        .await
        .0,
        ["2"]
    );
    assert!(
        keys(
            &db,
            Nearby {
                fuel: Some(FuelType::Premium),
                ..all
            }
        )
        .await
        .0
        .is_empty()
    );
}

#[sqlx::test(migrations = "../migrations")]
async fn from_the_other_side_of_the_globe_the_nearest_are_found_as_well(db: PgPool) {
    load(&db, noon(), &[row("1", 0, &[])]).await;
    let antipode = Position::new(-guadalajara().latitude(), 76.65).unwrap();
    let page = nearby(&db, Nearby::around(antipode)).await.unwrap();
    assert!(page.stations[0].distance_metres > 20_000_000);
}

#[sqlx::test(migrations = "../migrations")]
async fn pages_follow_each_other_without_gap_or_repetition(db: PgPool) {
    let rows: Vec<_> = (0..7).map(|n| row(&n.to_string(), n / 3, &[])).collect();
    load(&db, noon(), &rows).await;
    let mut wanted = Nearby {
        limit: 2,
        ..Nearby::around(guadalajara())
    };
    let mut seen = Vec::new();
    loop {
        let (page, next) = keys(&db, wanted).await;
        seen.extend(page);
        if next.is_none() {
            break;
        }
        wanted.after = next;
    }
    seen.sort();
    assert_eq!(seen, ["0", "1", "2", "3", "4", "5", "6"]);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_closed_station_is_not_near_but_keeps_its_page(db: PgPool) {
    load(&db, noon(), &[row("1", 0, &[])]).await;
    sqlx::query("update stations set status = 'closed', closed_at = now()")
        .execute(&db)
        .await
        .unwrap();
    assert!(keys(&db, Nearby::around(guadalajara())).await.0.is_empty());
    let station = detail(&db, id(&db, "1").await).await.unwrap().unwrap();
    assert_eq!(station.status, StationStatus::Closed);
    assert_eq!(detail(&db, Uuid::nil().into()).await.unwrap(), None);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_history_is_newest_first_and_can_be_limited_in_time_and_number(db: PgPool) {
    let later = noon() + TimeDelta::days(3);
    load(&db, noon(), &[row("1", 0, &[(FuelType::Regular, 2300)])]).await;
    load(&db, later, &[row("1", 0, &[(FuelType::Regular, 2400)])]).await;
    let station = id(&db, "1").await;
    let prices = async |from, until, limit| -> Vec<i32> {
        let points = history(&db, station, from, until, limit).await.unwrap();
        points
            .into_iter()
            .map(|point| point.price.minor())
            .collect()
    };
    assert_eq!(prices(None, None, 9).await, [2400, 2300]);
    assert_eq!(prices(None, None, 1).await, [2400]);
    assert_eq!(prices(Some(later), None, 9).await, [2400]);
    assert_eq!(prices(None, Some(later), 9).await, [2300]);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_search_forgives_accents_case_and_small_misspellings(db: PgPool) {
    let mut named = row("11703", 0, &[]);
    named.name = "ESTACIÓN HIPÓDROMO, S.A. DE C.V.".to_owned();
    load(&db, noon(), &[row("2", 1, &[]), named, row("100%", 2, &[])]).await;
    for text in [
        "estacion hipodromo",
        "Hipódromo",
        "hipodrmo",
        "11703",
        "pl/11703/exp",
    ] {
        let found = search(&db, text, 10).await.unwrap();
        assert_eq!(
            found.first().map(|station| station.code.as_str()),
            Some("11703"),
            "{text}"
        );
    }
    assert_eq!(search(&db, "0%", 10).await.unwrap().len(), 1);
    assert_eq!(search(&db, "gasolinera", 1).await.unwrap().len(), 1);
    for nothing in ["", "  ", "zzzzzz", "\\"] {
        assert_eq!(search(&db, nothing, 10).await.unwrap(), [], "{nothing}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn what_a_source_does_not_tell_stays_as_it_is(db: PgPool) {
    load(&db, noon(), &[row("1", 0, &[])]).await;
    let silent = StationRow {
        brand: None,
        is_24_hours: None,
        amenities: None,
        ..row("1", 0, &[])
    };
    load(&db, noon() + TimeDelta::days(1), &[silent]).await;
    let station = detail(&db, id(&db, "1").await).await.unwrap().unwrap();
    assert_eq!(station.brand.as_deref(), Some("Ágave"));
    assert_eq!(station.amenities, [Amenity::Atm, Amenity::CarWash]);
    assert!(station.is_24_hours);
}

/// The walk along the index is what makes "near me" fast: a plan without it measures the way to
/// every station, and sorts.
#[sqlx::test(migrations = "../migrations")]
async fn the_nearest_are_found_by_walking_the_index(db: PgPool) {
    let rows: Vec<_> = (0..3000).map(|n| row(&n.to_string(), n, &[])).collect();
    load(&db, noon(), &rows).await;
    let mut connection = db.acquire().await.unwrap();
    // As the server plans.
    let prepare = format!(
        "analyze stations; set plan_cache_mode = force_generic_plan; prepare nearby as {}",
        include_str!("../src/stations/sql/nearby.sql")
    );
    sqlx::raw_sql(&prepare)
        .execute(&mut *connection)
        .await
        .unwrap();
    let plan: Vec<String> =
        sqlx::query_scalar("explain execute nearby(-103, 20, null, -1, gen_random_uuid())")
            .fetch_all(&mut *connection)
            .await
            .unwrap();
    let plan = plan.join("\n");
    assert!(plan.contains("stations_open_location_idx"), "{plan}");
    assert!(plan.contains("Order By: (location <->"), "{plan}");
}
