//! The stations nearest to a position.

use std::{fmt, str::FromStr};

use domain::{
    fields::FieldProblem,
    ids::StationId,
    stations::{FuelType, Position, RadiusKm},
};
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
    /// How many stations, 1 to [`Nearby::MAX_LIMIT`].
    pub limit: usize,
    /// The last station of the page before; `None` begins with the nearest.
    pub after: Option<Cursor>,
}

impl Nearby {
    /// How many stations a page shows when not said.
    pub const DEFAULT_LIMIT: usize = 20;
    /// How many stations a page shows at most.
    pub const MAX_LIMIT: usize = 50;

    /// The first page around a position, whatever the distance and fuel.
    #[must_use]
    pub const fn around(position: Position) -> Self {
        Self {
            position,
            radius: None,
            fuel: None,
            limit: Self::DEFAULT_LIMIT,
            after: None,
        }
    }
}

/// Where a page ends and the next one begins. It travels in links as text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cursor {
    metres: f64,
    id: StationId,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.metres, self.id)
    }
}

impl FromStr for Cursor {
    type Err = FieldProblem;

    fn from_str(text: &str) -> Result<Self, FieldProblem> {
        let parse = || {
            let (metres, id) = text.split_once('_')?;
            let metres = metres
                .parse::<f64>()
                .ok()
                .filter(|metres| metres.is_finite())?;
            Some(Self {
                metres,
                id: id.parse().ok()?,
            })
        };
        parse().ok_or(FieldProblem::NotAChoice)
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
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
}

/// The open stations around a position, nearest first.
///
/// # Errors
/// When the database fails.
pub async fn nearby(db: &PgPool, wanted: Nearby) -> Result<NearbyPage, Fault> {
    let after = wanted.after.unwrap_or(Cursor {
        metres: -1.0,
        id: Uuid::nil().into(),
    });
    let mut found = sqlx::query_file!(
        "src/stations/sql/nearby.sql",
        wanted.position.longitude(),
        wanted.position.latitude(),
        wanted.fuel.map(FuelType::as_str),
        after.metres,
        Uuid::from(after.id),
    )
    .fetch_all(db)
    .await?;
    if let Some(radius) = wanted.radius {
        found.retain(|row| row.metres <= radius.metres());
    }
    let limit = wanted.limit.clamp(1, Nearby::MAX_LIMIT);
    let has_more = found.len() > limit;
    found.truncate(limit);

    let ids: Vec<Uuid> = found.iter().map(|row| row.id).collect();
    let last = found.last().map(|row| Cursor {
        metres: row.metres,
        id: row.id.into(),
    });
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
        next: last.filter(|_| has_more),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_a_link() {
        let cursor = Cursor {
            metres: 0.1 + 0.2,
            id: Uuid::from_u128(7).into(),
        };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for text in [
            "",
            "_",
            "1",
            "NaN_00000000-0000-0000-0000-000000000007",
            "1_2",
        ] {
            assert_eq!(
                text.parse::<Cursor>(),
                Err(FieldProblem::NotAChoice),
                "{text}"
            );
        }
    }
}
