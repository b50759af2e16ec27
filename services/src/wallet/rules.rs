//! The programme's rules of earning, from its configuration.

use chrono::{DateTime, Days, Months, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use domain::{
    earning::{LotKind, TierRule},
    points::Points,
};
use serde::{Deserialize, Serialize};

/// How points are earned, how long they last, and what needs a second pair of eyes.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// What a sale must come to for a point, in minor units, unless its merchant says otherwise.
    pub minor_per_point: i64,
    /// The most that one consumer earns by sales and games in a day.
    pub daily_cap: Points,
    /// Months that points last.
    pub months: Lifetimes,
    /// The tiers, ascending, the first from zero.
    pub tiers: Vec<TierRule>,
    /// What a referral brings to each side.
    pub referral: Referral,
    /// An adjustment of more than this needs a second admin's approval.
    pub approval_above: Points,
    /// Where the programme's days begin and end.
    pub zone: Tz,
}

/// Months that points last, by the kind of their lot.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Lifetimes {
    /// See [`LotKind::Standard`].
    pub standard: u32,
    /// See [`LotKind::Promotional`].
    pub promotional: u32,
    /// See [`LotKind::Gift`].
    pub gift: u32,
}

/// What a referral brings; nothing is allowed.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Referral {
    /// To who referred.
    pub referrer: Points,
    /// To who was referred.
    pub referred: Points,
}

/// Why rules cannot be used.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum BadRules {
    /// A sale cannot be divided by it.
    #[error("earning.minor_per_point must be 1 or more")]
    MinorPerPoint,
    /// Points would be gone at once.
    #[error("earning.months must be 1 or more for every kind")]
    Months,
    /// They would leave someone without a tier, or in two.
    #[error("earning.tiers must begin at 0, ascend, and multiply by 100 percent or more")]
    Tiers,
}

impl Rules {
    /// Checks what the types cannot.
    ///
    /// # Errors
    /// The first rule that makes no sense.
    pub fn check(&self) -> Result<(), BadRules> {
        let months = [
            self.months.standard,
            self.months.promotional,
            self.months.gift,
        ];
        let begin_at_zero = self
            .tiers
            .first()
            .is_some_and(|rule| rule.from == Points::ZERO);
        let ascend = self.tiers.is_sorted_by(|a, b| a.from < b.from);
        let never_less = self.tiers.iter().all(|rule| rule.multiplier >= 100);
        if self.minor_per_point < 1 {
            Err(BadRules::MinorPerPoint)
        } else if months.contains(&0) {
            Err(BadRules::Months)
        } else if begin_at_zero && ascend && never_less {
            Ok(())
        } else {
            Err(BadRules::Tiers)
        }
    }

    /// When points of a kind that are earned now expire.
    #[must_use]
    pub fn expiry(&self, kind: LotKind, now: DateTime<Utc>) -> DateTime<Utc> {
        let months = match kind {
            LotKind::Standard => self.months.standard,
            LotKind::Promotional => self.months.promotional,
            LotKind::Gift => self.months.gift,
        };
        now.checked_add_months(Months::new(months))
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// The beginning of the programme's day that `now` is in.
    #[must_use]
    pub fn day_start(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let day = now.with_timezone(&self.zone).date_naive();
        // Where clocks go forward at midnight, the day begins an hour later.
        self.zone
            .from_local_datetime(&day.and_time(NaiveTime::MIN))
            .earliest()
            .map_or(now - Days::new(1), |start| start.with_timezone(&Utc))
    }

    /// A year before `now`: what was earned since decides the tier.
    #[must_use]
    pub fn year_start(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now.checked_sub_months(Months::new(12)).unwrap_or(now)
    }

    /// The tiers as a statement takes them: thresholds and multipliers, side by side.
    pub(crate) fn tier_columns(&self) -> (Vec<i64>, Vec<i32>) {
        self.tiers
            .iter()
            .map(|rule| (rule.from.get(), rule.multiplier))
            .unzip()
    }
}

impl Default for Rules {
    /// The rules that are shipped; the configuration's own file repeats them with comments.
    fn default() -> Self {
        use domain::earning::Tier::{Bronze, Gold, Platinum, Silver};
        let points = |amount| Points::try_from(amount).unwrap_or_default();
        let tier = |tier, from, multiplier| TierRule {
            tier,
            from: points(from),
            multiplier,
        };
        Self {
            minor_per_point: 10_000,
            daily_cap: points(10_000),
            months: Lifetimes {
                standard: 12,
                promotional: 3,
                gift: 6,
            },
            tiers: vec![
                tier(Bronze, 0, 100),
                tier(Silver, 5_000, 110),
                tier(Gold, 20_000, 125),
                tier(Platinum, 50_000, 150),
            ],
            referral: Referral {
                referrer: points(100),
                referred: points(50),
            },
            approval_above: points(1_000),
            zone: chrono_tz::America::Mexico_City,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn the_shipped_rules_make_sense() {
        assert_eq!(Rules::default().check(), Ok(()));
    }

    #[test]
    fn tiers_out_of_order_or_not_from_zero_are_refused() {
        let mut rules = Rules::default();
        rules.tiers.swap(0, 1);
        assert_eq!(rules.check(), Err(BadRules::Tiers));
        rules.tiers.clear();
        assert_eq!(rules.check(), Err(BadRules::Tiers));
    }

    #[test]
    fn each_kind_of_points_lasts_its_own_time() {
        let rules = Rules::default();
        let now = at("2026-11-30T12:00:00Z");
        let expiry = |kind| rules.expiry(kind, now);
        assert_eq!(expiry(LotKind::Standard), at("2027-11-30T12:00:00Z"));
        assert_eq!(expiry(LotKind::Promotional), at("2027-02-28T12:00:00Z"));
        assert_eq!(expiry(LotKind::Gift), at("2027-05-30T12:00:00Z"));
    }

    #[test]
    fn a_day_begins_at_the_programmes_midnight() {
        let rules = Rules::default();
        // Mexico City is six hours behind UTC.
        assert_eq!(
            rules.day_start(at("2026-11-22T05:59:00Z")),
            at("2026-11-21T06:00:00Z")
        );
        assert_eq!(
            rules.day_start(at("2026-11-22T06:00:00Z")),
            at("2026-11-22T06:00:00Z")
        );
    }
}
