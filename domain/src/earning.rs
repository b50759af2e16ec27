//! Earning: what a sale is worth, and what loyalty adds to it.

use serde::{Deserialize, Serialize};

use crate::{
    fields::{FieldProblem, line},
    named,
    points::Points,
};

named! {
    /// A consumer's standing, by the points earned in the last twelve months.
    pub enum Tier {
        /// Everyone begins here.
        Bronze = "bronze",
        /// See [`TierRule`].
        Silver = "silver",
        /// See [`TierRule`].
        Gold = "gold",
        /// See [`TierRule`].
        Platinum = "platinum",
    }
}

/// From how many points a tier holds, and what it multiplies the points of a sale by.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct TierRule {
    /// The tier.
    pub tier: Tier,
    /// Points earned in the last twelve months.
    pub from: Points,
    /// In percent, 100 or more.
    pub multiplier: i32,
}

/// The rule that holds for someone who earned `earned` in the last twelve months, and the next one, if there
/// is one. Rules are in ascending order and the first begins at zero.
#[must_use]
pub fn tier_of(rules: &[TierRule], earned: Points) -> Option<(TierRule, Option<TierRule>)> {
    let at = rules.iter().rposition(|rule| rule.from <= earned)?;
    Some((rules[at], rules.get(at + 1).copied()))
}

named! {
    /// What a lot was given as; each kind lasts its own time.
    pub enum LotKind {
        /// Earned by a sale or given by the programme.
        Standard = "standard",
        /// Part of a promotion.
        Promotional = "promotional",
        /// A present.
        Gift = "gift",
    }
}

/// The number on a sale's receipt: what makes its points come once only. Case and spaces do not matter.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Receipt(String);

impl Receipt {
    /// In characters.
    pub const MAX_LENGTH: usize = 40;

    /// The canonical text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<&str> for Receipt {
    type Error = FieldProblem;

    fn try_from(text: &str) -> Result<Self, FieldProblem> {
        line(text, 1, Self::MAX_LENGTH).map(|text| Self(text.replace(' ', "").to_uppercase()))
    }
}

/// The most points that one adjustment moves.
pub const LARGEST_ADJUSTMENT: i64 = 10_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Vec<TierRule> {
        [
            (Tier::Bronze, 0),
            (Tier::Silver, 5_000),
            (Tier::Gold, 20_000),
        ]
        .map(|(tier, from)| TierRule {
            tier,
            from: Points::try_from(from).unwrap(),
            multiplier: 100,
        })
        .to_vec()
    }

    #[test]
    fn a_tier_holds_from_its_threshold_on() {
        let tier = |earned| {
            let (now, next) = tier_of(&rules(), Points::try_from(earned).unwrap()).unwrap();
            (now.tier, next.map(|rule| rule.tier))
        };
        assert_eq!(tier(0), (Tier::Bronze, Some(Tier::Silver)));
        assert_eq!(tier(4_999), (Tier::Bronze, Some(Tier::Silver)));
        assert_eq!(tier(5_000), (Tier::Silver, Some(Tier::Gold)));
        assert_eq!(tier(1_000_000), (Tier::Gold, None));
    }

    #[test]
    fn a_receipt_is_the_same_in_any_case_and_spacing() {
        let receipt = Receipt::try_from(" a-12 34 ").unwrap();
        assert_eq!(receipt.as_str(), "A-1234");
        assert_eq!(Receipt::try_from(" "), Err(FieldProblem::Required));
    }
}
