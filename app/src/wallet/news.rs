//! What an open card says when points move.

use crate::{
    site::{format, i18n::Locale, request::Site},
    tr,
};

/// The words for points that arrived, or below zero were taken back; nothing for none.
#[must_use]
pub fn arrived(locale: Locale, site: &Site, points: i64) -> Option<String> {
    let amount = format::number(points.saturating_abs());
    let unit = site.points_name.clone();
    match points {
        0 => None,
        1.. => Some(tr!(in locale, "card-arrived", amount = amount, unit = unit)),
        _ => Some(tr!(in locale, "card-taken-back", amount = amount, unit = unit)),
    }
}
