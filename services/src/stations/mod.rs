//! Stations: import from the regulator, search by place and by text, prices and their history.

pub mod import;
mod merge;
mod nearby;
mod places;
mod queries;

use chrono::{DateTime, Utc};
use domain::{
    ids::{MerchantId, StationId},
    stations::{Amenity, FuelType, Position, PricePerLitre, StationSource, StationStatus},
};
use serde::{Deserialize, Serialize};

pub use self::{
    merge::{Batch, Merged, StationRow, upsert},
    nearby::{Cursor, Nearby, NearbyPage, NearbyStation, nearby},
    places::{City, cities, demo_city, find_place},
    queries::{detail, history, of_merchant, search},
};

/// A station as pages show it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Station {
    /// Its identifier.
    pub id: StationId,
    /// Where its data comes from; [`StationSource::Demo`] must be shown as invented.
    pub source: StationSource,
    /// Its key in that source: the regulator's `place_id`.
    pub code: String,
    /// The regulator's permit, such as `PL/658/EXP/ES/2015`.
    pub permit: Option<String>,
    /// Its name, usually that of the company.
    pub name: String,
    /// The brand on its sign, where known.
    pub brand: Option<String>,
    /// Its postal address, where known.
    pub address: Option<String>,
    /// Where it stands.
    pub position: Position,
    /// Its zone in the IANA time zone database.
    pub time_zone: String,
    /// Whether it is known to be open day and night.
    pub is_24_hours: bool,
    /// What else there is.
    pub amenities: Vec<Amenity>,
    /// Whether its source still lists it.
    pub status: StationStatus,
    /// The merchant that runs it here, if one does.
    pub merchant_id: Option<MerchantId>,
    /// The newest price of each fuel, in the order of [`FuelType::ALL`].
    pub prices: Vec<CurrentPrice>,
}

/// The newest known price of a fuel at a station.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct CurrentPrice {
    /// The fuel.
    pub fuel: FuelType,
    /// Its price.
    pub price: PricePerLitre,
    /// Since when it costs that.
    pub valid_from: DateTime<Utc>,
    /// When the source last said so; an old date means a stale price.
    pub confirmed_at: DateTime<Utc>,
}

/// One row of a station's price history.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct PricePoint {
    /// The fuel.
    pub fuel: FuelType,
    /// Its price from then on.
    pub price: PricePerLitre,
    /// From when.
    pub valid_from: DateTime<Utc>,
    /// When the source last said so.
    pub confirmed_at: DateTime<Utc>,
    /// Who said so.
    pub source: StationSource,
}
