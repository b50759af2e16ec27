//! Money: whole minor units (centavos) of the merchant's currency.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::fields::FieldProblem;

/// An amount of money, more than nothing, in minor units.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Money(i64);

/// Minor units in a major one.
const MINOR: i64 = 100;

impl Money {
    /// The largest sale that a till takes: a slip of the finger is larger more often than a sale is.
    pub const MAX: Self = Self(1_000_000 * MINOR);

    /// Minor units.
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.0
    }
}

impl TryFrom<i64> for Money {
    type Error = FieldProblem;

    fn try_from(minor: i64) -> Result<Self, FieldProblem> {
        if (1..=Self::MAX.0).contains(&minor) {
            Ok(Self(minor))
        } else {
            Err(FieldProblem::NotAnAmount)
        }
    }
}

impl TryFrom<&str> for Money {
    type Error = FieldProblem;

    /// Reads what a person types: `850`, `850.5`, `$1,234.50`. The comma groups thousands, as in Mexico.
    fn try_from(text: &str) -> Result<Self, FieldProblem> {
        let text = text.trim().trim_start_matches('$').trim_start();
        if text.is_empty() {
            return Err(FieldProblem::Required);
        }
        let (major, minor) = text.split_once('.').unwrap_or((text, ""));
        let major = whole(major).ok_or(FieldProblem::NotAnAmount)?;
        let minor = match minor.as_bytes() {
            [] => 0,
            [tens] if tens.is_ascii_digit() => i64::from(tens - b'0') * 10,
            [tens, ones] if tens.is_ascii_digit() && ones.is_ascii_digit() => {
                i64::from(tens - b'0') * 10 + i64::from(ones - b'0')
            }
            _ => return Err(FieldProblem::NotAnAmount),
        };
        major
            .checked_mul(MINOR)
            .and_then(|major| major.checked_add(minor))
            .ok_or(FieldProblem::NotAnAmount)
            .and_then(Self::try_from)
    }
}

/// A number of digits, with commas before groups of three or without any.
fn whole(text: &str) -> Option<i64> {
    let mut groups = text.split(',');
    let first = groups.next()?;
    let grouped = text.contains(',');
    let good = |group: &str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
    if !good(first) || (grouped && first.len() > 3) {
        return None;
    }
    if !groups.all(|group| good(group) && group.len() == 3) {
        return None;
    }
    text.replace(',', "").parse().ok()
}

impl From<Money> for i64 {
    fn from(money: Money) -> Self {
        money.0
    }
}

impl fmt::Display for Money {
    /// Major units with two places, ungrouped.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / MINOR, self.0 % MINOR)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_is_read_as_minor_units() {
        for (text, minor) in [
            ("850", 85_000),
            ("850.5", 85_050),
            (" $1,234.50 ", 123_450),
            ("0.01", 1),
            ("1,000,000", 100_000_000),
        ] {
            assert_eq!(Money::try_from(text).map(Money::minor), Ok(minor), "{text}");
        }
    }

    #[test]
    fn what_could_be_meant_in_two_ways_is_refused() {
        for text in [
            "1.234", "12,34", "1.234,50", "-5", "0", "five", "1,0000", "1000001", ".5",
        ] {
            let read = Money::try_from(text);
            assert_eq!(read, Err(FieldProblem::NotAnAmount), "{text}");
        }
        assert_eq!(Money::try_from(" "), Err(FieldProblem::Required));
    }

    #[test]
    fn an_amount_is_shown_with_its_minor_units() {
        assert_eq!(Money::try_from(123_405).unwrap().to_string(), "1234.05");
    }
}
