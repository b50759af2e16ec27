//! A place that somebody types, without asking anyone outside: the state capitals and larger cities.

use std::{collections::HashMap, sync::LazyLock};

use domain::stations::Position;

/// A city of the built-in table.
#[derive(Clone, Debug, PartialEq)]
pub struct City {
    /// Its name as people write it.
    pub name: String,
    /// Its state.
    pub state: String,
    /// Its middle, to about a kilometre.
    pub position: Position,
}

/// The table, and the index of each spelling in it. A spelling that two cities share belongs to the
/// first one: the larger cities come first.
struct Table {
    cities: Vec<City>,
    spellings: HashMap<String, usize>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(include_str!("cities.csv")));

/// The city that a text means: its name, with its state or without, or the beginning of its name from
/// three letters on. Accents, case and stray marks are ignored.
#[must_use]
pub fn find_place(text: &str) -> Option<&'static City> {
    let wanted = fold(text);
    TABLE
        .spellings
        .get(&wanted)
        .map(|&index| &TABLE.cities[index])
        .or_else(|| {
            let begins = |city: &&City| fold(&city.name).starts_with(&wanted);
            (wanted.len() >= 3)
                .then(|| TABLE.cities.iter().find(begins))
                .flatten()
        })
}

/// Every city of the table, for suggestions while typing; the larger ones first.
#[must_use]
pub fn cities() -> &'static [City] {
    &TABLE.cities
}

/// Where a visitor is taken to be who says nothing: Guadalajara.
///
/// # Panics
/// Never: a test looks the city up.
#[must_use]
pub fn demo_city() -> &'static City {
    find_place("Guadalajara").expect("the table has Guadalajara")
}

impl Table {
    /// # Panics
    /// When the built-in file is malformed; the tests read it.
    fn read(csv: &str) -> Self {
        let mut table = Self {
            cities: Vec::new(),
            spellings: HashMap::new(),
        };
        for record in csv::Reader::from_reader(csv.as_bytes()).records() {
            let record = record.expect("the built-in cities are well-formed");
            let degrees = |column: usize| record[column].parse().expect("degrees are numbers");
            let city = City {
                name: record[0].to_owned(),
                state: record[1].to_owned(),
                position: Position::new(degrees(2), degrees(3)).expect("cities are on the globe"),
            };
            let also = record[4].split('|').filter(|name| !name.is_empty());
            for name in also.chain([&record[0]]) {
                let index = table.cities.len();
                for spelling in [fold(name), fold(&format!("{name} {}", city.state))] {
                    table.spellings.entry(spelling).or_insert(index);
                }
            }
            table.cities.push(city);
        }
        table
    }
}

/// Lower case, without the accents of Spanish, words separated by one space.
fn fold(text: &str) -> String {
    let plain: String = text
        .to_lowercase()
        .chars()
        .map(|letter| match letter {
            'á' => 'a',
            'é' => 'e',
            'í' => 'i',
            'ó' => 'o',
            'ú' | 'ü' => 'u',
            'ñ' => 'n',
            other if other.is_alphanumeric() => other,
            _ => ' ',
        })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::stations::mexico;

    use super::*;

    fn name(text: &str) -> Option<&'static str> {
        find_place(text).map(|city| city.name.as_str())
    }

    #[test]
    fn a_city_is_found_whatever_the_accents_and_case() {
        for text in [
            "Mérida",
            "merida",
            "  MÉRIDA ",
            "Mérida, Yucatán",
            "merida yucatan",
        ] {
            assert_eq!(name(text), Some("Mérida"), "{text}");
        }
    }

    #[test]
    fn a_city_is_found_by_its_other_names_and_by_the_beginning() {
        assert_eq!(name("CDMX"), Some("Ciudad de México"));
        assert_eq!(name("mexico city"), Some("Ciudad de México"));
        assert_eq!(name("guadal"), Some("Guadalajara"));
        assert_eq!(name("Acapulco"), Some("Acapulco de Juárez"));
    }

    #[test]
    fn of_two_cities_of_one_name_the_state_decides_and_else_the_larger_is_meant() {
        let state = |text| find_place(text).map(|city| city.state.as_str());
        assert_eq!(state("Guadalupe"), Some("Nuevo León"));
        assert_eq!(state("Guadalupe, Zacatecas"), Some("Zacatecas"));
    }

    #[test]
    fn what_is_not_in_the_table_is_not_found() {
        for text in ["", " ", "gu", "Springfield", "\u{0}", "%"] {
            assert_eq!(name(text), None, "{text}");
        }
    }

    #[test]
    fn every_state_has_a_city_and_every_city_lies_in_mexico() {
        let states: BTreeSet<_> = cities().iter().map(|city| city.state.as_str()).collect();
        assert_eq!(states.len(), 32, "{states:?}");
        for city in cities() {
            assert!(mexico::bounds_contain(city.position), "{city:?}");
        }
    }

    #[test]
    fn the_demo_city_is_guadalajara() {
        assert_eq!(demo_city().state, "Jalisco");
    }
}
