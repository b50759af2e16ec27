//! The stations nearest to a position.

use domain::stations::{FuelType, Position, RadiusKm};
use sqlx::PgPool;
use uuid::Uuid;

use super::{Station, queries::by_ids};
use crate::Fault;

/// What to look for.
#[derive(Clone, Copy, Debug)]
pub struct Nearby {
    /// Around where.
    pub position: Position,
    /// How far at most; `None` takes the nearest whatever the distance.
    pub radius: Option<RadiusKm>,
    /// Only stations that sell it.
    pub fuel: Option<FuelType>,
    /// How many stations, at most [`Nearby::MAX_LIMIT`].
    pub limit: u32,
    /// How many of the nearest to leave out, at most [`Nearby::MAX_OFFSET`].
    pub offset: u32,
}

impl Nearby {
    /// How many stations a page shows when not said.
    pub const DEFAULT_LIMIT: u32 = 20;
    /// How many stations a page shows at most.
    pub const MAX_LIMIT: u32 = 50;
    /// How far one may turn pages: each step has to walk past all that is nearer.
    pub const MAX_OFFSET: u32 = 1000;

    /// The first page around a position, whatever the distance and fuel.
    #[must_use]
    pub const fn around(position: Position) -> Self {
        Self {
            position,
            radius: None,
            fuel: None,
            limit: Self::DEFAULT_LIMIT,
            offset: 0,
        }
    }
}

/// A station and how far it is.
#[derive(Clone, Debug, PartialEq)]
pub struct NearbyStation {
    /// The station.
    pub station: Station,
    /// The distance on a sphere, in metres.
    pub distance_metres: u32,
}

/// A page of stations, nearest first.
#[derive(Clone, Debug, PartialEq)]
pub struct NearbyPage {
    /// The stations.
    pub stations: Vec<NearbyStation>,
    /// The offset of the next page, if there is one.
    pub next_offset: Option<u32>,
}

/// The open stations around a position, nearest first.
///
/// # Errors
/// When the database fails.
pub async fn nearby(db: &PgPool, wanted: Nearby) -> Result<NearbyPage, Fault> {
    let limit = wanted.limit.clamp(1, Nearby::MAX_LIMIT);
    let offset = wanted.offset.min(Nearby::MAX_OFFSET);
    // `<->` on geography measures on the sphere and walks the index; the radius is measured alike, and
    // is half the globe when there is none, so that one statement serves with one plan.
    let mut found = sqlx::query!(
        r#"
        select id, location <-> st_makepoint($1, $2)::geography as "metres!"
        from stations
        where
            status = 'open'
            and st_dwithin(
                location, st_makepoint($1, $2)::geography, coalesce($3::float8, 20100000), false
            )
            and (
                $4::text is null
                or exists (
                    select from station_prices
                    where station_id = stations.id and fuel = $4::text::fuel_type
                )
            )
        order by location <-> st_makepoint($1, $2)::geography, id
        limit $5
        offset $6
        "#,
        wanted.position.longitude(),
        wanted.position.latitude(),
        wanted.radius.map(RadiusKm::metres),
        wanted.fuel.map(FuelType::as_str),
        i64::from(limit) + 1,
        i64::from(offset),
    )
    .fetch_all(db)
    .await?;
    let has_more = found.len() > limit as usize;
    found.truncate(limit as usize);

    let ids: Vec<Uuid> = found.iter().map(|row| row.id).collect();
    let stations = by_ids(db, &ids).await?;
    Ok(NearbyPage {
        stations: stations
            .into_iter()
            .zip(found)
            .map(|(station, row)| NearbyStation {
                station,
                distance_metres: whole(row.metres),
            })
            .collect(),
        next_offset: Some(offset + limit).filter(|&next| has_more && next <= Nearby::MAX_OFFSET),
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "no distance on the globe is negative or more than 20,100,000 metres"
)]
fn whole(metres: f64) -> u32 {
    metres.round() as u32
}
