use std::fmt;

use serde::{Deserialize, Serialize};

use crate::fields::FieldProblem;

/// Something a station has besides fuel.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Amenity {
    /// A place where cars are washed.
    CarWash,
    /// A shop for everyday things.
    ConvenienceStore,
    /// A cash machine.
    Atm,
    /// Toilets.
    Restrooms,
    /// Air for tyres.
    AirPump,
}

impl Amenity {
    /// Every amenity there is.
    pub const ALL: [Self; 5] = [
        Self::CarWash,
        Self::ConvenienceStore,
        Self::Atm,
        Self::Restrooms,
        Self::AirPump,
    ];

    /// The name in storage, in links and in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CarWash => "CAR_WASH",
            Self::ConvenienceStore => "CONVENIENCE_STORE",
            Self::Atm => "ATM",
            Self::Restrooms => "RESTROOMS",
            Self::AirPump => "AIR_PUMP",
        }
    }
}

impl fmt::Display for Amenity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TryFrom<&str> for Amenity {
    type Error = FieldProblem;

    fn try_from(text: &str) -> Result<Self, FieldProblem> {
        Self::ALL
            .into_iter()
            .find(|amenity| amenity.as_str() == text)
            .ok_or(FieldProblem::NotAChoice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amenity_has_the_same_name_everywhere() {
        for amenity in Amenity::ALL {
            assert_eq!(Amenity::try_from(amenity.as_str()), Ok(amenity));
            assert_eq!(serde_json::to_value(amenity).unwrap(), amenity.as_str());
        }
        assert_eq!(Amenity::try_from("atm"), Err(FieldProblem::NotAChoice));
    }
}
