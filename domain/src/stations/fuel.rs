use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::fields::FieldProblem;

/// What comes out of a pump.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FuelType {
    /// Petrol of at least 87 octane, sold as "Magna" or "verde".
    Regular,
    /// Petrol of at least 91 octane, sold as "Premium" or "roja".
    Premium,
    /// Diesel for vehicles.
    Diesel,
}

impl FuelType {
    /// Every fuel, in the order in which stations show them.
    pub const ALL: [Self; 3] = [Self::Regular, Self::Premium, Self::Diesel];

    /// The name in storage, in links and in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Regular => "REGULAR",
            Self::Premium => "PREMIUM",
            Self::Diesel => "DIESEL",
        }
    }
}

impl fmt::Display for FuelType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TryFrom<&str> for FuelType {
    type Error = FieldProblem;

    /// Upper or lower case alike.
    fn try_from(text: &str) -> Result<Self, FieldProblem> {
        Self::ALL
            .into_iter()
            .find(|fuel| fuel.as_str().eq_ignore_ascii_case(text))
            .ok_or(FieldProblem::NotAChoice)
    }
}

/// Why something is no price per litre.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum PriceError {
    /// Not a decimal number with at most two significant places.
    #[error("not a price in pesos and centavos")]
    Unreadable,
    /// Zero or less.
    #[error("a price is more than zero")]
    NotPositive,
}

/// The price of a litre in centavos, more than zero.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "i32")]
pub struct PricePerLitre(i32);

impl PricePerLitre {
    /// The price in centavos.
    #[must_use]
    pub const fn minor(self) -> i32 {
        self.0
    }
}

impl TryFrom<i32> for PricePerLitre {
    type Error = PriceError;

    fn try_from(minor: i32) -> Result<Self, PriceError> {
        if minor > 0 {
            Ok(Self(minor))
        } else {
            Err(PriceError::NotPositive)
        }
    }
}

impl FromStr for PricePerLitre {
    type Err = PriceError;

    /// Reads pesos such as `24.9` exactly, without a float in between.
    fn from_str(text: &str) -> Result<Self, PriceError> {
        let (pesos, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
        let fraction = fraction.trim_end_matches('0');
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if pesos.is_empty() || !digits(pesos) || fraction.len() > 2 || !digits(fraction) {
            return Err(PriceError::Unreadable);
        }
        format!("{pesos}{fraction:0<2}")
            .parse::<i32>()
            .map_err(|_| PriceError::Unreadable)?
            .try_into()
    }
}

impl fmt::Display for PricePerLitre {
    /// Pesos with two places, such as `24.90`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_fuel_has_the_same_name_everywhere() {
        for fuel in FuelType::ALL {
            assert_eq!(FuelType::try_from(fuel.as_str()), Ok(fuel));
            assert_eq!(
                FuelType::try_from(fuel.as_str().to_lowercase().as_str()),
                Ok(fuel)
            );
            assert_eq!(serde_json::to_value(fuel).unwrap(), fuel.as_str());
        }
        assert_eq!(FuelType::try_from("gas"), Err(FieldProblem::NotAChoice));
    }

    #[test]
    fn a_price_is_read_exactly() {
        for (text, minor) in [
            ("24.99", 2499),
            ("21.4", 2140),
            (" 24 ", 2400),
            ("24.9900", 2499),
        ] {
            assert_eq!(text.parse(), Ok(PricePerLitre(minor)), "{text}");
        }
        for text in [
            "",
            ".",
            ".5",
            "1,5",
            "-3",
            "1.005",
            "1e3",
            "24.9x",
            "99999999999",
        ] {
            assert_eq!(
                text.parse::<PricePerLitre>(),
                Err(PriceError::Unreadable),
                "{text}"
            );
        }
    }

    #[test]
    fn a_price_of_zero_is_rejected() {
        assert_eq!(
            "0.00".parse::<PricePerLitre>(),
            Err(PriceError::NotPositive)
        );
        assert!(serde_json::from_str::<PricePerLitre>("0").is_err());
    }

    proptest! {
        #[test]
        fn a_price_survives_being_written_and_read(minor in 1..i32::MAX) {
            let price = PricePerLitre(minor);
            prop_assert_eq!(price.to_string().parse(), Ok(price));
        }
    }
}
