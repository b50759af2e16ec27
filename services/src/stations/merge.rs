//! Bringing typed rows of a source into the tables: what is equal is left alone, what is older than
//! what is known finds its place in history and overwrites nothing.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::stations::{Amenity, FuelType, Position, PricePerLitre, StationSource};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::entropy::Entropy;

/// A station and its prices as a source tells them. `None` says that the source does not tell:
/// what is known stays.
#[derive(Clone, Debug, PartialEq)]
pub struct StationRow {
    /// The station's key in its source.
    pub key: String,
    /// The regulator's permit.
    pub permit: Option<String>,
    /// 1 to 200 characters.
    pub name: String,
    /// The brand on its sign.
    pub brand: Option<String>,
    /// Its postal address.
    pub address: Option<String>,
    /// Where it stands.
    pub position: Position,
    /// Its zone in the IANA time zone database.
    pub time_zone: String,
    /// Whether it is open day and night.
    pub is_24_hours: Option<bool>,
    /// What else there is.
    pub amenities: Option<Vec<Amenity>>,
    /// The prices at the date of the source.
    pub prices: BTreeMap<FuelType, PricePerLitre>,
}

/// What a set of rows has in common.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// Who tells it.
    pub source: StationSource,
    /// The date the source speaks of.
    pub as_of: DateTime<Utc>,
    /// The current time, for new identifiers.
    pub now: DateTime<Utc>,
    /// The random part of new identifiers.
    pub entropy: &'a Entropy,
}

/// What a merge did.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Merged {
    /// Stations not known before.
    pub added: u64,
    /// Stations whose description changed.
    pub updated: u64,
    /// Stations that were closed and are listed again.
    pub reopened: u64,
    /// Rows of price history added.
    pub prices_added: u64,
    /// Rows of price history that were moved to an earlier date or corrected.
    pub prices_corrected: u64,
    /// Prices equal to what is known.
    pub prices_unchanged: u64,
}

impl Merged {
    /// Adds another part's counts.
    pub(super) fn add(&mut self, other: Self) {
        self.added += other.added;
        self.updated += other.updated;
        self.reopened += other.reopened;
        self.prices_added += other.prices_added;
        self.prices_corrected += other.prices_corrected;
        self.prices_unchanged += other.prices_unchanged;
    }
}

/// Adds and updates stations and their prices; closes nothing. The keys of the rows must differ from
/// each other. Run it inside a transaction: it is several statements, and it asks PostgreSQL to plan the
/// rest of that transaction anew at each execution.
///
/// # Errors
/// When the database fails.
pub async fn upsert(
    db: &mut PgConnection,
    batch: Batch<'_>,
    rows: &[StationRow],
) -> Result<Merged, sqlx::Error> {
    // A plan made for the empty tables of a first import would be kept for the full ones. Compiling a
    // plan takes longer than running it.
    sqlx::query!(
        "select
            set_config('plan_cache_mode', 'force_custom_plan', true) as plans,
            set_config('jit', 'off', true) as jit"
    )
    .fetch_one(&mut *db)
    .await?;
    let columns = Columns::of(rows);
    let (updated, reopened) = update_known(db, batch, &columns).await?;
    let added = insert_new(db, batch, &columns).await?;
    let mut merged = Merged {
        added,
        updated,
        reopened,
        ..Merged::default()
    };
    merge_prices(db, batch, rows, &mut merged).await?;
    Ok(merged)
}

/// The rows turned into the arrays that one statement takes.
#[derive(Default)]
struct Columns {
    keys: Vec<String>,
    permits: Vec<Option<String>>,
    names: Vec<String>,
    brands: Vec<Option<String>>,
    addresses: Vec<Option<String>>,
    longitudes: Vec<f64>,
    latitudes: Vec<f64>,
    time_zones: Vec<String>,
    is_24_hours: Vec<Option<bool>>,
    /// Separated by commas, because PostgreSQL has no arrays of arrays of different lengths.
    amenities: Vec<Option<String>>,
}

impl Columns {
    fn of(rows: &[StationRow]) -> Self {
        let mut columns = Self::default();
        for row in rows {
            columns.keys.push(row.key.clone());
            columns.permits.push(row.permit.clone());
            columns.names.push(row.name.clone());
            columns.brands.push(row.brand.clone());
            columns.addresses.push(row.address.clone());
            columns.longitudes.push(row.position.longitude());
            columns.latitudes.push(row.position.latitude());
            columns.time_zones.push(row.time_zone.clone());
            columns.is_24_hours.push(row.is_24_hours);
            columns
                .amenities
                .push(row.amenities.as_ref().map(|amenities| {
                    amenities
                        .iter()
                        .map(|amenity| amenity.as_str())
                        .collect::<Vec<_>>()
                        .join(",")
                }));
        }
        columns
    }
}

/// A statement of a file over all rows: $1 source, $2 as of, $3 to $12 the columns, then what else it takes.
macro_rules! query_rows {
    ($file:literal, $batch:expr, $columns:expr $(, $more:expr)*) => {
        sqlx::query_file!(
            $file,
            $batch.source.as_str(),
            $batch.as_of,
            &$columns.keys,
            &$columns.permits as &[Option<String>],
            &$columns.names,
            &$columns.brands as &[Option<String>],
            &$columns.addresses as &[Option<String>],
            &$columns.longitudes,
            &$columns.latitudes,
            &$columns.time_zones,
            &$columns.is_24_hours as &[Option<bool>],
            &$columns.amenities as &[Option<String>],
            $($more,)*
        )
    };
}

/// Returns how many descriptions changed and how many stations are open again.
async fn update_known(
    db: &mut PgConnection,
    batch: Batch<'_>,
    columns: &Columns,
) -> Result<(u64, u64), sqlx::Error> {
    let changes = query_rows!("src/stations/sql/update_known.sql", batch, columns)
        .fetch_all(db)
        .await?;
    let updated = changes.iter().filter(|change| change.is_changed).count() as u64;
    let reopened = changes.iter().filter(|change| change.is_reopened).count() as u64;
    Ok((updated, reopened))
}

/// Returns how many stations were added.
async fn insert_new(
    db: &mut PgConnection,
    batch: Batch<'_>,
    columns: &Columns,
) -> Result<u64, sqlx::Error> {
    let ids: Vec<Uuid> = columns
        .keys
        .iter()
        .map(|_| batch.entropy.uuid_v7(batch.now))
        .collect();
    let inserted = query_rows!("src/stations/sql/insert_new.sql", batch, columns, &ids)
        .execute(db)
        .await?;
    Ok(inserted.rows_affected())
}

async fn merge_prices(
    db: &mut PgConnection,
    batch: Batch<'_>,
    rows: &[StationRow],
    merged: &mut Merged,
) -> Result<(), sqlx::Error> {
    let (mut keys, mut fuels, mut prices) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        for (fuel, price) in &row.prices {
            keys.push(row.key.clone());
            fuels.push(fuel.as_str().to_owned());
            prices.push(price.minor());
        }
    }
    let counts = sqlx::query_file!(
        "src/stations/sql/merge_prices.sql",
        batch.source.as_str(),
        batch.as_of,
        &keys,
        &fuels,
        &prices,
    )
    .fetch_all(db)
    .await?;
    for count in counts {
        let rows = u64::try_from(count.rows).unwrap_or_default();
        match count.action.as_str() {
            "insert" | "interrupt" => merged.prices_added += rows,
            "correct" | "extend" => merged.prices_corrected += rows,
            _ => merged.prices_unchanged += rows,
        }
    }
    Ok(())
}
