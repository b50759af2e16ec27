//! Figures about redemptions: for one merchant, or for all.

mod overview;
pub mod personal;
pub mod reports;
mod summary;

use chrono::{DateTime, Days, Months, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use domain::{ids::MerchantId, named};
use uuid::Uuid;

pub use self::{
    overview::{Comparison, Day, Hour, Latest, Overview, Popular, overview},
    summary::{Summary, summary},
};
use crate::{
    Services,
    identity::actors::{Admin, Operator, Steward},
};

/// Whose redemptions are counted. It is made from an actor alone, so that nobody counts another merchant's.
#[derive(Clone, Copy, Debug)]
pub struct Scope(Option<MerchantId>);

impl From<Operator> for Scope {
    fn from(operator: Operator) -> Self {
        Self(Some(operator.merchant()))
    }
}

impl From<Steward> for Scope {
    fn from(steward: Steward) -> Self {
        Self(Some(steward.merchant()))
    }
}

impl From<Admin> for Scope {
    fn from(_: Admin) -> Self {
        Self(None)
    }
}

impl Scope {
    /// One merchant's for an admin, or all.
    #[must_use]
    pub fn of(_: Admin, merchant: Option<MerchantId>) -> Self {
        Self(merchant)
    }

    /// As SQL takes it; null means all.
    fn id(self) -> Option<Uuid> {
        self.0.map(Uuid::from)
    }
}

named! {
    /// A stretch of time that is asked for by name.
    pub enum RangeName {
        /// Since midnight.
        Today = "today",
        /// The last seven days, today among them.
        Week = "week",
        /// The last thirty days, today among them.
        Month = "month",
        /// From one day to another.
        Custom = "custom",
    }
}

/// The most days that are counted at once.
pub const LONGEST_DAYS: i64 = 366;

/// Days in the programme's zone, both included.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Range {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
}

/// Days that are no range: they end before they begin, or there are more than [`LONGEST_DAYS`].
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a range of 1 to {LONGEST_DAYS} days")]
pub struct NotARange;

impl Range {
    /// The range from one day to another.
    ///
    /// # Errors
    /// When there is no day in it, or too many are.
    pub fn new(from: NaiveDate, to: NaiveDate) -> Result<Self, NotARange> {
        let days = (to - from).num_days() + 1;
        if (1..=LONGEST_DAYS).contains(&days) {
            Ok(Self { from, to })
        } else {
            Err(NotARange)
        }
    }

    /// The range of a name, ending today; none for [`RangeName::Custom`], which says its days itself.
    #[must_use]
    pub fn named(s: &Services, name: RangeName) -> Option<Self> {
        let days = match name {
            RangeName::Today => 0,
            RangeName::Week => 6,
            RangeName::Month => 29,
            RangeName::Custom => return None,
        };
        let to = s.now().with_timezone(&s.rules.zone).date_naive();
        let from = to.checked_sub_days(Days::new(days))?;
        Some(Self { from, to })
    }

    /// The first moment of it and the first behind it.
    fn moments(self, zone: Tz) -> (DateTime<Utc>, DateTime<Utc>) {
        let after = self.to.checked_add_days(Days::new(1)).unwrap_or(self.to);
        (begin(self.from, zone), begin(after, zone))
    }

    /// As many days, so many days earlier.
    fn shifted(self, days: u64) -> Self {
        let back = |day: NaiveDate| day.checked_sub_days(Days::new(days)).unwrap_or(day);
        Self {
            from: back(self.from),
            to: back(self.to),
        }
    }

    /// The month of days that ends with a day.
    fn month_to(to: NaiveDate) -> Self {
        let from = to.checked_sub_months(Months::new(1)).unwrap_or(to);
        Self {
            from: from.checked_add_days(Days::new(1)).unwrap_or(from),
            to,
        }
    }
}

/// When a day begins in a zone. Where clocks go forward at midnight, it begins an hour later.
fn begin(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    let local = zone.from_local_datetime(&midnight).earliest();
    let local = local.or_else(|| {
        let later = midnight.checked_add_signed(TimeDelta::hours(1))?;
        zone.from_local_datetime(&later).earliest()
    });
    local.map_or_else(|| midnight.and_utc(), |local| local.with_timezone(&Utc))
}

/// A part of a whole, from 0 to 1; nothing of nothing is 0.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts are far below 2^52, and a rate is rounded anyway"
)]
fn rate(part: i64, whole: i64) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    (part as f64 / whole as f64 * 10_000.0).round() / 10_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_range_has_at_least_one_day_and_at_most_a_year_of_them() {
        assert!(Range::new(day("2026-03-01"), day("2026-03-01")).is_ok());
        assert!(Range::new(day("2026-03-02"), day("2026-03-01")).is_err());
        assert!(Range::new(day("2024-01-01"), day("2024-12-31")).is_ok());
        assert!(Range::new(day("2024-01-01"), day("2025-01-01")).is_err());
    }

    #[test]
    fn a_range_begins_and_ends_at_the_zones_midnight() {
        let range = Range::new(day("2026-03-01"), day("2026-03-02")).unwrap();
        let (from, until) = range.moments(chrono_tz::America::Mexico_City);
        assert_eq!(from.to_rfc3339(), "2026-03-01T06:00:00+00:00");
        assert_eq!(until.to_rfc3339(), "2026-03-03T06:00:00+00:00");
    }

    #[test]
    fn a_month_ends_with_its_day() {
        let month = Range::month_to(day("2026-03-31"));
        assert_eq!(month.from, day("2026-03-01"));
    }

    #[test]
    fn nothing_of_nothing_is_no_fault() {
        assert!(rate(0, 0).abs() < f64::EPSILON);
        assert!((rate(1, 3) - 0.3333).abs() < f64::EPSILON);
    }
}
