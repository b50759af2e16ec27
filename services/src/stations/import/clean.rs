//! From what the files say to rows that can be trusted.

use std::{
    collections::{BTreeMap, HashMap, HashSet, btree_map::Entry},
    sync::LazyLock,
};

use domain::stations::{FuelType, Position, PriceError, PricePerLitre, mexico};
use tzf_rs::DefaultFinder;

use super::{
    reader::{Field, Place},
    rejected::{File, Reason, Rejected},
};
use crate::stations::StationRow;

/// The borders of the time zones; they take a while to unpack.
static ZONES: LazyLock<DefaultFinder> = LazyLock::new(DefaultFinder::new);

/// Takes the places of both files, the stations first.
#[derive(Default)]
pub(super) struct Cleaner {
    /// The usable stations, in the order of the file.
    pub rows: Vec<StationRow>,
    by_key: HashMap<String, usize>,
    permits: HashSet<String>,
    /// Stations that are listed but not usable. They have not gone away.
    pub refused: HashSet<String>,
    /// What was left out.
    pub rejected: Vec<Rejected>,
    /// Stations whose coordinates were exchanged.
    pub repaired: u64,
    /// Stations in the file, usable or not.
    pub stations_read: u64,
    /// Prices in the file, usable or not.
    pub prices_read: u64,
}

impl Cleaner {
    /// Takes a place of the file of stations.
    pub(super) fn station(&mut self, place: Place) {
        self.stations_read += 1;
        match self.judge(&place) {
            Ok(row) => {
                self.by_key.insert(place.id, self.rows.len());
                self.permits.extend(row.permit.clone());
                self.rows.push(row);
            }
            Err((reason, detail)) => {
                if !self.by_key.contains_key(&place.id) {
                    self.refused.insert(place.id.clone());
                }
                let (file, line, place_id) = (File::Places, place.line, place.id);
                self.rejected.push(Rejected {
                    file,
                    line,
                    place_id,
                    reason,
                    detail,
                });
            }
        }
    }

    /// Takes a place of the file of prices. The same place may come several times.
    pub(super) fn prices(&mut self, place: &Place) {
        for field in place
            .fields
            .iter()
            .filter(|field| field.name == "gas_price")
        {
            self.prices_read += 1;
            if let Err((reason, detail)) = self.price(&place.id, field) {
                let (line, place_id) = (field.line, place.id.clone());
                self.rejected.push(Rejected {
                    file: File::Prices,
                    line,
                    place_id,
                    reason,
                    detail,
                });
            }
        }
    }

    /// How many stations have at least one price.
    pub(super) fn has_prices(&self) -> bool {
        self.rows.iter().any(|row| !row.prices.is_empty())
    }

    fn judge(&mut self, place: &Place) -> Result<StationRow, (Reason, String)> {
        if place.id.is_empty() {
            return Err((Reason::MissingId, place.text("name").to_owned()));
        }
        if self.by_key.contains_key(&place.id) || self.refused.contains(&place.id) {
            return Err((Reason::DuplicatePlace, place.text("name").to_owned()));
        }
        let permit = Some(tidy(place.text("cre_id"))).filter(|permit| !permit.is_empty());
        if let Some(permit) = permit
            .as_ref()
            .filter(|permit| self.permits.contains(*permit))
        {
            return Err((Reason::DuplicatePermit, permit.clone()));
        }
        let name = tidy(place.text("name"));
        if name.is_empty() || name.chars().count() > 200 {
            return Err((Reason::UnusableName, name));
        }
        let (position, time_zone) = self.locate(place.text("x"), place.text("y"))?;
        Ok(StationRow {
            key: place.id.clone(),
            permit,
            name,
            brand: None,
            address: None,
            position,
            time_zone,
            is_24_hours: None,
            amenities: None,
            prices: BTreeMap::new(),
        })
    }

    /// The position in Mexico and its time zone; coordinates that were exchanged are put right.
    fn locate(&mut self, x: &str, y: &str) -> Result<(Position, String), (Reason, String)> {
        let rejected = |reason| (reason, format!("x {x}, y {y}"));
        if x.trim().is_empty() || y.trim().is_empty() {
            return Err(rejected(Reason::MissingCoordinates));
        }
        let (Ok(longitude), Ok(latitude)) = (x.trim().parse::<f64>(), y.trim().parse::<f64>())
        else {
            return Err(rejected(Reason::UnreadableCoordinates));
        };
        if longitude == 0.0 && latitude == 0.0 {
            return Err(rejected(Reason::MissingCoordinates));
        }
        if let Some(found) = in_mexico(latitude, longitude) {
            return Ok(found);
        }
        let exchanged = in_mexico(longitude, latitude);
        self.repaired += u64::from(exchanged.is_some());
        exchanged.ok_or_else(|| rejected(Reason::OutsideMexico))
    }

    fn price(&mut self, place_id: &str, field: &Field) -> Result<(), (Reason, String)> {
        let text = field.text.trim();
        let rejected = |reason| Err((reason, format!("{} {text}", field.kind)));
        let Some(&index) = self.by_key.get(place_id) else {
            return rejected(if self.refused.contains(place_id) {
                Reason::StationRejected
            } else {
                Reason::StationNotListed
            });
        };
        let Ok(fuel) = FuelType::try_from(field.kind.as_str()) else {
            return rejected(Reason::UnknownFuel);
        };
        let price = match text.parse::<PricePerLitre>() {
            Ok(price) if mexico::is_plausible(price) => price,
            Ok(_) | Err(PriceError::NotPositive) => return rejected(Reason::ImplausiblePrice),
            Err(PriceError::Unreadable) => return rejected(Reason::UnreadablePrice),
        };
        match self.rows[index].prices.entry(fuel) {
            Entry::Vacant(entry) => {
                entry.insert(price);
                Ok(())
            }
            Entry::Occupied(entry) if *entry.get() == price => Ok(()),
            Entry::Occupied(mut entry) => {
                let lower = price.min(*entry.get());
                let higher = price.max(*entry.get());
                entry.insert(higher);
                Err((
                    Reason::ConflictingPrice,
                    format!("{fuel} {lower}, kept {higher}"),
                ))
            }
        }
    }
}

/// The position and its time zone, if it lies in Mexico.
fn in_mexico(latitude: f64, longitude: f64) -> Option<(Position, String)> {
    let position = Position::new(latitude, longitude).ok()?;
    if !mexico::bounds_contain(position) {
        return None;
    }
    // The bounds hold parts of the sea and of the neighbours as well: their zones are others.
    let zone = ZONES.get_tz_name(longitude, latitude);
    mexico::TIME_ZONES
        .contains(&zone)
        .then(|| (position, zone.to_owned()))
}

/// One space between words, none around them, no double quotes.
fn tidy(text: &str) -> String {
    text.replace('"', " ")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(id: &str, fields: &[(&str, &str, &str)]) -> Place {
        let fields = fields
            .iter()
            .map(|(name, kind, text)| Field {
                line: 2,
                name: (*name).to_owned(),
                kind: (*kind).to_owned(),
                text: (*text).to_owned(),
            })
            .collect();
        Place {
            line: 1,
            id: id.to_owned(),
            fields,
        }
    }

    fn station(id: &str, name: &str, permit: &str, x: &str, y: &str) -> Place {
        let fields = [
            ("name", "", name),
            ("cre_id", "", permit),
            ("x", "", x),
            ("y", "", y),
        ];
        place(id, &fields)
    }

    fn good(id: &str) -> Place {
        station(
            id,
            "GAS",
            &format!("PL/{id}/EXP/ES/2015"),
            "-103.35",
            "20.67",
        )
    }

    fn reason(place: Place) -> Option<Reason> {
        let mut cleaner = Cleaner::default();
        cleaner.station(place);
        cleaner.rejected.pop().map(|rejected| rejected.reason)
    }

    /// The prices that station 1 gets, and the reasons for those that it does not get.
    fn priced(prices: &[(&str, &str)]) -> (Vec<(FuelType, i32)>, Vec<Reason>) {
        let mut cleaner = Cleaner::default();
        cleaner.station(good("1"));
        for (kind, text) in prices {
            cleaner.prices(&place("1", &[("gas_price", kind, text)]));
        }
        let row = cleaner.rows.pop().unwrap();
        (
            row.prices
                .into_iter()
                .map(|(fuel, price)| (fuel, price.minor()))
                .collect(),
            cleaner
                .rejected
                .into_iter()
                .map(|rejected| rejected.reason)
                .collect(),
        )
    }

    #[test]
    fn a_name_loses_stray_spaces_and_double_quotes() {
        assert_eq!(
            tidy(" \"SERVICIO  BARR HER\"\u{a0}SA DE CV "),
            "SERVICIO BARR HER SA DE CV"
        );
        let quotes = station("1", " \" \" ", "", "-103.35", "20.67");
        assert_eq!(reason(quotes), Some(Reason::UnusableName));
    }

    #[test]
    fn exchanged_coordinates_are_put_right_and_counted() {
        let mut cleaner = Cleaner::default();
        cleaner.station(station("1", "GAS", "", "19.41447", "-99.03223"));
        let row = &cleaner.rows[0];
        assert_eq!(row.position, Position::new(19.41447, -99.03223).unwrap());
        assert_eq!(row.time_zone, "America/Mexico_City");
        assert_eq!(cleaner.repaired, 1);
    }

    #[test]
    fn coordinates_that_are_missing_unreadable_or_elsewhere_are_rejected() {
        let at = |x, y| reason(station("1", "GAS", "", x, y));
        assert_eq!(at("-103.35", "20.67"), None);
        assert_eq!(at("0", "0"), Some(Reason::MissingCoordinates));
        assert_eq!(at("", "20.67"), Some(Reason::MissingCoordinates));
        assert_eq!(at("-103,35", "20.67"), Some(Reason::UnreadableCoordinates));
        assert_eq!(at("355773.1", "2272.49"), Some(Reason::OutsideMexico));
        assert_eq!(
            at("101.5987", "21.07213"),
            Some(Reason::OutsideMexico),
            "no minus sign"
        );
        assert_eq!(
            at("-100.1135", "29.75556"),
            Some(Reason::OutsideMexico),
            "Texas"
        );
        assert_eq!(
            at("-116.6142", "23.37432"),
            Some(Reason::OutsideMexico),
            "the Pacific"
        );
        assert_eq!(at("NaN", "NaN"), Some(Reason::OutsideMexico));
    }

    #[test]
    fn a_place_or_a_permit_that_comes_again_is_rejected() {
        let mut cleaner = Cleaner::default();
        cleaner.station(good("1"));
        cleaner.station(good("1"));
        cleaner.station(station("2", "GAS", "PL/1/EXP/ES/2015", "-103.35", "20.67"));
        cleaner.station(station("", "GAS", "", "-103.35", "20.67"));
        let reasons: Vec<_> = cleaner
            .rejected
            .iter()
            .map(|rejected| rejected.reason)
            .collect();
        assert_eq!(
            reasons,
            [
                Reason::DuplicatePlace,
                Reason::DuplicatePermit,
                Reason::MissingId
            ]
        );
        assert_eq!(cleaner.rows.len(), 1);
    }

    #[test]
    fn a_price_of_zero_or_one_centavo_or_one_peso_is_rejected_and_the_others_go_in() {
        let (prices, reasons) = priced(&[
            ("regular", "0"),
            ("premium", "0.01"),
            ("diesel", "1"),
            ("diesel", "24.9"),
        ]);
        assert_eq!(prices, [(FuelType::Diesel, 2490)]);
        assert_eq!(reasons, [Reason::ImplausiblePrice; 3]);
    }

    #[test]
    fn prices_of_one_place_in_several_entries_are_joined() {
        let (prices, reasons) = priced(&[
            ("regular", "23.99"),
            ("diesel", "24.9"),
            ("diesel", "24.90"),
        ]);
        assert_eq!(
            prices,
            [(FuelType::Regular, 2399), (FuelType::Diesel, 2490)]
        );
        assert_eq!(reasons, []);
    }

    #[test]
    fn of_two_prices_for_one_fuel_the_higher_is_kept_whatever_the_order() {
        for texts in [["24.9", "25.1"], ["25.1", "24.9"]] {
            let (prices, reasons) = priced(&texts.map(|text| ("diesel", text)));
            assert_eq!(prices, [(FuelType::Diesel, 2510)]);
            assert_eq!(reasons, [Reason::ConflictingPrice]);
        }
    }

    #[test]
    fn a_price_without_a_station_fuel_or_number_is_rejected() {
        assert_eq!(priced(&[("gas", "23.99")]).1, [Reason::UnknownFuel]);
        assert_eq!(
            priced(&[("regular", "veinte")]).1,
            [Reason::UnreadablePrice]
        );
        let mut cleaner = Cleaner::default();
        cleaner.station(station("1", "GAS", "", "0", "0"));
        for id in ["1", "2"] {
            cleaner.prices(&place(id, &[("gas_price", "regular", "23.99")]));
        }
        let reasons: Vec<_> = cleaner.rejected[1..]
            .iter()
            .map(|rejected| rejected.reason)
            .collect();
        assert_eq!(reasons, [Reason::StationRejected, Reason::StationNotListed]);
    }
}
