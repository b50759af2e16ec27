//! Stations: near me, near a place, and each on its own page.

mod cards;
pub mod detail;
pub mod list;
