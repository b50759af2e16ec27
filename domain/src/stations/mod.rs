//! Stations: where fuel is sold, at which price, and what else there is.

mod amenity;
mod fuel;
pub mod mexico;
mod position;

use serde::{Deserialize, Serialize};

pub use self::{
    amenity::Amenity,
    fuel::{FuelType, PriceError, PricePerLitre},
    position::{Position, PositionError},
};
use crate::fields::FieldProblem;

/// Where a station's data comes from.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StationSource {
    /// The Mexican regulator's open files.
    Cre,
    /// Invented, for demonstration only.
    Demo,
    /// Entered by hand.
    Manual,
}

impl StationSource {
    /// The name in storage.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cre => "cre",
            Self::Demo => "demo",
            Self::Manual => "manual",
        }
    }
}

impl TryFrom<&str> for StationSource {
    type Error = FieldProblem;

    fn try_from(text: &str) -> Result<Self, FieldProblem> {
        [Self::Cre, Self::Demo, Self::Manual]
            .into_iter()
            .find(|source| source.as_str() == text)
            .ok_or(FieldProblem::NotAChoice)
    }
}

/// Whether a station sells at present.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StationStatus {
    /// Its source lists it.
    Open,
    /// Its source no longer lists it.
    Closed,
}

/// How far around a position to search: 1 to 50 whole kilometres, 10 when not said.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "i64")]
pub struct RadiusKm(u8);

impl RadiusKm {
    /// The smallest radius.
    pub const MIN: i64 = 1;
    /// The largest radius.
    pub const MAX: i64 = 50;

    /// The radius in kilometres.
    #[must_use]
    pub const fn kilometres(self) -> u8 {
        self.0
    }

    /// The radius in metres.
    #[must_use]
    pub fn metres(self) -> f64 {
        f64::from(self.0) * 1000.0
    }
}

impl Default for RadiusKm {
    fn default() -> Self {
        Self(10)
    }
}

impl TryFrom<i64> for RadiusKm {
    type Error = FieldProblem;

    fn try_from(kilometres: i64) -> Result<Self, FieldProblem> {
        u8::try_from(kilometres)
            .ok()
            .filter(|_| (Self::MIN..=Self::MAX).contains(&kilometres))
            .map(Self)
            .ok_or(FieldProblem::NotInRange {
                min: Self::MIN,
                max: Self::MAX,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_radius_is_one_to_fifty_kilometres_and_ten_when_not_said() {
        for kilometres in [1, 10, 50] {
            assert!(RadiusKm::try_from(kilometres).is_ok());
        }
        for kilometres in [-1, 0, 51, 300] {
            assert_eq!(
                RadiusKm::try_from(kilometres),
                Err(FieldProblem::NotInRange { min: 1, max: 50 })
            );
        }
        assert!((RadiusKm::default().metres() - 10_000.0).abs() < f64::EPSILON);
    }
}
