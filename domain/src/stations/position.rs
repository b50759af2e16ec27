use serde::{Deserialize, Serialize};

/// A place on the globe: WGS 84 degrees.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[serde(try_from = "Degrees")]
pub struct Position {
    latitude: f64,
    longitude: f64,
}

/// Not a place on the globe.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a latitude is -90 to 90 degrees, a longitude -180 to 180")]
pub struct PositionError;

#[derive(Deserialize)]
struct Degrees {
    latitude: f64,
    longitude: f64,
}

impl Position {
    /// A position from degrees north and degrees east.
    ///
    /// # Errors
    /// When either is out of its range or not a number.
    pub fn new(latitude: f64, longitude: f64) -> Result<Self, PositionError> {
        let valid = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
        if valid {
            Ok(Self {
                latitude,
                longitude,
            })
        } else {
            Err(PositionError)
        }
    }

    /// Degrees north.
    #[must_use]
    pub const fn latitude(self) -> f64 {
        self.latitude
    }

    /// Degrees east.
    #[must_use]
    pub const fn longitude(self) -> f64 {
        self.longitude
    }
}

impl TryFrom<Degrees> for Position {
    type Error = PositionError;

    fn try_from(degrees: Degrees) -> Result<Self, PositionError> {
        Self::new(degrees.latitude, degrees.longitude)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_lies_on_the_globe() {
        assert!(Position::new(20.67, -103.35).is_ok());
        assert!(Position::new(-90.0, 180.0).is_ok());
        for (latitude, longitude) in [(90.1, 0.0), (0.0, -180.5), (f64::NAN, 0.0)] {
            assert_eq!(Position::new(latitude, longitude), Err(PositionError));
        }
    }

    #[test]
    fn a_position_is_checked_when_it_is_deserialised() {
        let read = serde_json::from_str::<Position>;
        assert!(read(r#"{"latitude": 20.67, "longitude": -103.35}"#).is_ok());
        assert!(read(r#"{"latitude": 103.35, "longitude": 20.67}"#).is_err());
    }
}
