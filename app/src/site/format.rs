//! Figures, times and places as people read them.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::{points::Points, stations::PricePerLitre};

use super::{
    i18n::{Locale, locale},
    request::visitor,
};
use crate::tr;

/// Where a reader is taken to be whose browser has not said.
pub const HOME_ZONE: Tz = chrono_tz::America::Mexico_City;

/// The reader's zone, for what belongs to no station.
#[must_use]
pub fn zone() -> Tz {
    visitor().zone
}

/// A whole number with its thousands apart: a comma, as in Mexico and in English.
#[must_use]
pub fn number(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if value < 0 {
        grouped.push('−');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// An amount of points.
#[must_use]
pub fn points(amount: Points) -> String {
    number(amount.get())
}

/// An amount of money in minor units: `$1,234.50`.
#[must_use]
pub fn money(minor: i64) -> String {
    format!("${}.{:02}", number(minor / 100), minor % 100)
}

/// A price per litre: `23.99`.
#[must_use]
pub fn price(price: PricePerLitre) -> String {
    price.to_string()
}

/// A distance: metres when near, else kilometres.
#[must_use]
pub fn distance(metres: u32) -> String {
    match metres {
        m if m < 950 => format!("{} m", (m + 5) / 10 * 10),
        m if m < 9_950 => format!("{:.1} km", f64::from(m) / 1_000.0),
        m => format!("{} km", number(i64::from((m + 500) / 1_000))),
    }
}

/// A day and a time in a zone: `21 nov 2026, 22:05`.
#[must_use]
pub fn date_time(time: DateTime<Utc>, zone: Tz) -> String {
    let local = time.with_timezone(&zone);
    format!("{}, {}", date(time, zone), local.format("%H:%M"))
}

/// A day in a zone: `21 nov 2026`.
#[must_use]
pub fn date(time: DateTime<Utc>, zone: Tz) -> String {
    day(time.with_timezone(&zone).date_naive(), locale())
}

/// A day in a language: `21 nov 2026`.
#[must_use]
pub fn day(day: NaiveDate, locale: Locale) -> String {
    format!(
        "{} {} {}",
        day.day(),
        month(day.month0(), locale),
        day.year()
    )
}

/// A time of day in a zone: `22:05`.
#[must_use]
pub fn time_of_day(time: DateTime<Utc>, zone: Tz) -> String {
    time.with_timezone(&zone).format("%H:%M").to_string()
}

/// A moment as in "used at 10:42", in the reader's zone, with its day unless that is today.
#[must_use]
pub fn moment(time: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let zone = zone();
    let clock = time_of_day(time, zone);
    let day = date(time, zone);
    if day == date(now, zone) {
        tr!("at-time", time = clock)
    } else {
        tr!("at-day", day = day, time = clock)
    }
}

fn month(month0: u32, locale: Locale) -> &'static str {
    const ES: [&str; 12] = [
        "ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic",
    ];
    const EN: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let names = match locale {
        Locale::Es => ES,
        Locale::En => EN,
    };
    names.get(month0 as usize).copied().unwrap_or_default()
}

/// How long ago something was: `hace 3 h`.
#[must_use]
pub fn ago(time: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let passed = now - time;
    if passed < TimeDelta::minutes(1) {
        tr!("ago-moments")
    } else if passed < TimeDelta::hours(1) {
        tr!("ago-minutes", n = passed.num_minutes())
    } else if passed < TimeDelta::days(2) {
        tr!("ago-hours", n = passed.num_hours())
    } else if passed < TimeDelta::days(90) {
        tr!("ago-days", n = passed.num_days())
    } else {
        tr!("ago-date", date = date(time, zone()))
    }
}

/// A moment as `<input type="datetime-local">` takes it, in a zone.
#[must_use]
pub fn input_date_time(time: DateTime<Utc>, zone: Tz) -> String {
    time.with_timezone(&zone)
        .format("%Y-%m-%dT%H:%M")
        .to_string()
}

/// Reads what `<input type="datetime-local">` gives, in a zone. A time that the zone's clocks skip is none;
/// of one that they show twice, the first is meant.
#[must_use]
pub fn from_input_date_time(text: &str, zone: Tz) -> Option<DateTime<Utc>> {
    let naive = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
        .into_iter()
        .find_map(|format| chrono::NaiveDateTime::parse_from_str(text.trim(), format).ok())?;
    naive
        .and_local_timezone(zone)
        .earliest()
        .map(|local| local.with_timezone(&Utc))
}

/// The first moment, in a zone, of the day that `<input type="date">` gives.
#[must_use]
pub fn from_input_date(text: &str, zone: Tz) -> Option<DateTime<Utc>> {
    let day = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok()?;
    // Where clocks go forward at midnight, the day begins an hour later.
    let midnight = day.and_time(NaiveTime::MIN);
    [midnight, midnight + TimeDelta::hours(1)]
        .into_iter()
        .find_map(|start| start.and_local_timezone(zone).earliest())
        .map(|start| start.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(number(0), "0");
        assert_eq!(number(1_234_567), "1,234,567");
        assert_eq!(number(-1_000), "−1,000");
    }

    #[test]
    fn money_has_its_minor_units() {
        assert_eq!(money(123_450), "$1,234.50");
        assert_eq!(money(5), "$0.05");
    }

    #[test]
    fn distances_are_as_exact_as_they_are_useful() {
        assert_eq!(distance(344), "340 m");
        assert_eq!(distance(1_240), "1.2 km");
        assert_eq!(distance(1_234_000), "1,234 km");
    }

    #[test]
    fn a_typed_time_is_read_in_its_zone_and_written_back() {
        let time = from_input_date_time("2026-11-21T16:05", HOME_ZONE).unwrap();
        assert_eq!(time.to_rfc3339(), "2026-11-21T22:05:00+00:00");
        assert_eq!(input_date_time(time, HOME_ZONE), "2026-11-21T16:05");
        assert_eq!(from_input_date_time("tomorrow", HOME_ZONE), None);
    }

    #[test]
    fn a_typed_day_begins_at_its_zones_first_moment() {
        let day = |text, zone| from_input_date(text, zone).map(|start| start.to_rfc3339());
        let start = |text: &str| Some(text.to_owned());
        assert_eq!(
            day("2026-11-21", HOME_ZONE),
            start("2026-11-21T06:00:00+00:00")
        );
        // Clocks went from midnight to one.
        let beirut = chrono_tz::Asia::Beirut;
        assert_eq!(
            day("2022-03-27", beirut),
            start("2022-03-26T22:00:00+00:00")
        );
        assert_eq!(day("21/11/2026", HOME_ZONE), None);
    }

    #[test]
    fn a_day_is_written_in_the_language_asked_for() {
        let christmas = NaiveDate::from_ymd_opt(2026, 12, 25).unwrap();
        assert_eq!(day(christmas, Locale::Es), "25 dic 2026");
        assert_eq!(day(christmas, Locale::En), "25 Dec 2026");
    }
}
