//! Reading stations by key, text or merchant.

use chrono::{DateTime, Utc};
use domain::{
    ids::{MerchantId, StationId},
    stations::{Amenity, FuelType, Position, StationSource, StationStatus},
};
use sqlx::{PgExecutor, PgPool, types::Json};
use uuid::Uuid;

use super::{CurrentPrice, PricePoint, Station};
use crate::Fault;

/// The station, open or closed, if there is one.
///
/// # Errors
/// When the database fails.
pub async fn detail(db: impl PgExecutor<'_>, id: StationId) -> Result<Option<Station>, Fault> {
    Ok(by_ids(db, &[id.into()]).await?.pop())
}

/// The stations that a merchant runs, by name.
///
/// # Errors
/// When the database fails.
pub async fn of_merchant(db: &PgPool, merchant: MerchantId) -> Result<Vec<Station>, Fault> {
    let ids = sqlx::query_scalar!(
        "select id from stations where merchant_id = $1 order by name, id",
        Uuid::from(merchant),
    )
    .fetch_all(db)
    .await?;
    by_ids(db, &ids).await
}

/// Stations by code, permit or name, best match first. Accents and case are ignored, and so are
/// small misspellings of a name.
///
/// # Errors
/// When the database fails.
pub async fn search(db: &PgPool, text: &str, limit: u32) -> Result<Vec<Station>, Fault> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let ids = sqlx::query_scalar!(
        r#"
        select stations.id
        from
            stations,
            -- A search for "100%" looks for a percent sign.
            (values (
                search_text($1),
                '%' || regexp_replace(search_text($1), '([\\%_])', '\\\1', 'g') || '%'
            )) as wanted (text, pattern)
        where
            source_key = $1
            or search_text(permit) like wanted.pattern
            or search_text(name) like wanted.pattern
            or wanted.text <% search_text(name)
        order by
            source_key = $1 desc,
            coalesce(search_text(permit) = wanted.text, false) desc,
            word_similarity(wanted.text, search_text(name)) desc,
            status,
            name,
            stations.id
        limit $2
        "#,
        text,
        i64::from(limit),
    )
    .fetch_all(db)
    .await?;
    by_ids(db, &ids).await
}

/// A station's prices that began in a span of time, newest first; at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn history(
    db: impl PgExecutor<'_>,
    station: StationId,
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
    limit: u32,
) -> Result<Vec<PricePoint>, Fault> {
    let rows = sqlx::query!(
        r#"
        select
            fuel::text as "fuel!", price_minor, valid_from, confirmed_at, source::text as "source!"
        from station_prices
        where
            station_id = $1
            and valid_from >= coalesce($2, '-infinity'::timestamptz)
            and valid_from < coalesce($3, 'infinity'::timestamptz)
        order by valid_from desc, fuel
        limit $4
        "#,
        Uuid::from(station),
        from,
        until,
        i64::from(limit),
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(PricePoint {
                fuel: FuelType::try_from(row.fuel.as_str())
                    .map_err(|_| Fault::Broken("a fuel without a name"))?,
                price: row
                    .price_minor
                    .try_into()
                    .map_err(|_| Fault::Broken("a price that is not positive"))?,
                valid_from: row.valid_from,
                confirmed_at: row.confirmed_at,
                source: source(&row.source)?,
            })
        })
        .collect()
}

/// The stations with these identifiers, in this order.
pub(super) async fn by_ids(db: impl PgExecutor<'_>, ids: &[Uuid]) -> Result<Vec<Station>, Fault> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        select
            stations.id,
            source::text as "source!",
            source_key,
            permit,
            name,
            brand,
            address,
            st_y(location::geometry) as "latitude!",
            st_x(location::geometry) as "longitude!",
            time_zone,
            is_24_hours,
            amenities,
            status = 'open' as "is_open!",
            merchant_id,
            current_prices(stations.id) as "prices!: Json<Vec<CurrentPrice>>"
        from unnest($1::uuid []) with ordinality as wanted (id, place)
        inner join stations on wanted.id = stations.id
        order by wanted.place
        "#,
        ids,
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(Station::try_from).collect()
}

struct Row {
    id: Uuid,
    source: String,
    source_key: String,
    permit: Option<String>,
    name: String,
    brand: Option<String>,
    address: Option<String>,
    latitude: f64,
    longitude: f64,
    time_zone: String,
    is_24_hours: bool,
    amenities: Vec<String>,
    is_open: bool,
    merchant_id: Option<Uuid>,
    prices: Json<Vec<CurrentPrice>>,
}

impl TryFrom<Row> for Station {
    type Error = Fault;

    fn try_from(row: Row) -> Result<Self, Fault> {
        Ok(Self {
            id: row.id.into(),
            source: source(&row.source)?,
            code: row.source_key,
            permit: row.permit,
            name: row.name,
            brand: row.brand,
            address: row.address,
            position: Position::new(row.latitude, row.longitude)
                .map_err(|_| Fault::Broken("a station outside the globe"))?,
            time_zone: row.time_zone,
            is_24_hours: row.is_24_hours,
            amenities: row
                .amenities
                .iter()
                .map(|amenity| Amenity::try_from(amenity.as_str()))
                .collect::<Result<_, _>>()
                .map_err(|_| Fault::Broken("an amenity without a name"))?,
            status: if row.is_open {
                StationStatus::Open
            } else {
                StationStatus::Closed
            },
            merchant_id: row.merchant_id.map(Into::into),
            prices: row.prices.0,
        })
    }
}

fn source(text: &str) -> Result<StationSource, Fault> {
    StationSource::try_from(text).map_err(|_| Fault::Broken("a source without a name"))
}
