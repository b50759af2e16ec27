//! Points: whole units of the programme's own currency.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An amount of points, never negative. Movements are amounts too: their direction is a matter of
/// which account is debited.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(try_from = "i64", into = "i64")]
pub struct Points(i64);

/// A number that is no amount of points: it is negative.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0} is not an amount of points")]
pub struct NotPoints(i64);

impl Points {
    /// No points at all.
    pub const ZERO: Self = Self(0);

    /// The amount as the ledger stores it.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// How many points are missing to pay `price`; zero when there are enough.
    #[must_use]
    pub fn missing_for(self, price: Self) -> Self {
        Self((price.0 - self.0).max(0))
    }
}

impl TryFrom<i64> for Points {
    type Error = NotPoints;

    fn try_from(amount: i64) -> Result<Self, NotPoints> {
        if amount < 0 {
            Err(NotPoints(amount))
        } else {
            Ok(Self(amount))
        }
    }
}

impl From<Points> for i64 {
    fn from(points: Points) -> Self {
        points.0
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_negative_number_is_no_amount_of_points() {
        assert_eq!(Points::try_from(-1), Err(NotPoints(-1)));
        assert_eq!(Points::try_from(0), Ok(Points::ZERO));
    }

    #[test]
    fn what_is_missing_is_never_negative() {
        let [ten, thirty] = [10, 30].map(|n| Points::try_from(n).unwrap());
        assert_eq!(ten.missing_for(thirty).get(), 20);
        assert_eq!(thirty.missing_for(ten), Points::ZERO);
    }
}
