//! What is true of Mexico: the rules by which the import judges a row.

use super::{Position, PricePerLitre};

// The extreme points of the national territory, islands included, as published by INEGI (the
// national statistics and geography institute): 32°43'06" N (Monument 206, Baja California),
// 14°32'27" N (mouth of the Suchiate), 118°22'00" W (Isla Guadalupe), 86°42'36" W (Isla Mujeres).
const NORTH: f64 = 32.7184;
const SOUTH: f64 = 14.5408;
const WEST: f64 = -118.3667;
const EAST: f64 = -86.7100;

/// The zones of the IANA time zone database that lie in Mexico.
pub const TIME_ZONES: [&str; 12] = [
    "America/Bahia_Banderas",
    "America/Cancun",
    "America/Chihuahua",
    "America/Ciudad_Juarez",
    "America/Hermosillo",
    "America/Matamoros",
    "America/Mazatlan",
    "America/Merida",
    "America/Mexico_City",
    "America/Monterrey",
    "America/Ojinaga",
    "America/Tijuana",
];

/// Whether a position lies between the country's extreme points. Parts of the neighbours and of
/// the sea do so as well; the time zone tells those apart.
#[must_use]
pub fn bounds_contain(position: Position) -> bool {
    (SOUTH..=NORTH).contains(&position.latitude()) && (WEST..=EAST).contains(&position.longitude())
}

/// Whether someone could be asking this price. Real prices were 8.21 to 25.00 pesos in 2020
/// and 17.28 to 29.49 in 2024; what is wrong is wrong by far (0.01, 1.00).
#[must_use]
pub fn is_plausible(price: PricePerLitre) -> bool {
    (500..=6000).contains(&price.minor())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(latitude: f64, longitude: f64) -> bool {
        bounds_contain(Position::new(latitude, longitude).unwrap())
    }

    #[test]
    fn the_ends_of_the_country_are_inside() {
        assert!(at(32.6519, -115.4683), "Mexicali");
        assert!(at(14.9056, -92.2634), "Tapachula");
        assert!(at(32.5149, -117.0382), "Tijuana");
        assert!(at(21.2330, -86.7315), "Isla Mujeres");
    }

    #[test]
    fn elsewhere_is_outside() {
        assert!(!at(0.0, 0.0));
        assert!(!at(21.07, 101.59), "the minus sign lost");
        assert!(!at(34.05, -118.24), "Los Angeles");
        assert!(!at(14.0818, -87.2068), "Tegucigalpa");
    }

    #[test]
    fn a_price_that_nobody_asks_is_implausible() {
        let plausible = |minor: i32| is_plausible(minor.try_into().unwrap());
        assert!([821, 2499, 2949].into_iter().all(plausible));
        assert!(![1, 100, 499, 6001, 249_900].into_iter().any(plausible));
    }
}
