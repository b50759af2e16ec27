//! A station as a price sign, and the words for what it sells and has.

use chrono::{DateTime, Utc};
use domain::stations::{Amenity, FuelType, StationSource, StationStatus};
use leptos::prelude::*;
use services::stations::{CurrentPrice, Station};

use crate::{
    site::format,
    tr,
    ui::{Badge, FuelGrade, FuelPrice, StationCard, Tone},
};

/// A station with its prices. Without a link it stands on its own page.
pub(super) fn station_card(
    station: Station,
    href: Option<String>,
    distance: Option<String>,
    now: DateTime<Utc>,
) -> impl IntoView {
    let level = if href.is_some() { 2 } else { 1 };
    let prices = station
        .prices
        .iter()
        .map(|price| fuel_price(price, now))
        .collect();
    let demo = (station.source == StationSource::Demo)
        .then(|| view! { <Badge tone=Tone::Info text=tr!("station-demo") /> });
    let closed = (station.status == StationStatus::Closed)
        .then(|| view! { <Badge tone=Tone::Warning text=tr!("station-closed") /> });
    let all_day = station
        .is_24_hours
        .then(|| view! { <Badge tone=Tone::Success text=tr!("station-24-hours") /> });
    view! {
        <StationCard
            name=station.name
            href
            brand=station.brand
            address=station.address
            distance
            prices
            unit=tr!("price-unit")
            no_prices=tr!("station-no-prices")
            level
        >
            {demo}
            {closed}
            {all_day}
        </StationCard>
    }
}

fn fuel_price(price: &CurrentPrice, now: DateTime<Utc>) -> FuelPrice {
    FuelPrice {
        grade: match price.fuel {
            FuelType::Regular => FuelGrade::Regular,
            FuelType::Premium => FuelGrade::Premium,
            FuelType::Diesel => FuelGrade::Diesel,
        },
        label: fuel_name(price.fuel),
        price: format::price(price.price),
        age: format::ago(price.confirmed_at, now),
    }
}

/// A fuel in the reader's language.
pub(super) fn fuel_name(fuel: FuelType) -> String {
    match fuel {
        FuelType::Regular => tr!("fuel-regular"),
        FuelType::Premium => tr!("fuel-premium"),
        FuelType::Diesel => tr!("fuel-diesel"),
    }
}

/// An amenity in the reader's language.
pub(super) fn amenity_name(amenity: Amenity) -> String {
    match amenity {
        Amenity::CarWash => tr!("amenity-car-wash"),
        Amenity::ConvenienceStore => tr!("amenity-convenience-store"),
        Amenity::Atm => tr!("amenity-atm"),
        Amenity::Restrooms => tr!("amenity-restrooms"),
        Amenity::AirPump => tr!("amenity-air-pump"),
    }
}
