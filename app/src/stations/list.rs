//! The stations page: near a position, near a place, or near the demo's city.

use domain::stations::{FuelType, Position};
use leptos::prelude::*;
use leptos_meta::Title;
use services::stations::{self, Cursor, Nearby, NearbyStation};

use super::cards::{fuel_name, station_card};
use crate::{
    islands::locate::Locate,
    site::{
        format,
        load::page,
        request::{link, query, services},
    },
    tr,
    ui::{
        Button, ButtonKind, Chip, EmptyState, Field, HiddenInput, Notice, PageHeader, Pager, Tone,
    },
};

/// What the address asks for.
#[derive(Clone)]
struct Asked {
    place: Option<String>,
    position: Option<Position>,
    fuel: Option<FuelType>,
    after: Option<Cursor>,
}

/// The middle of the search and what to call it.
enum Around {
    Here(Position),
    Place(Position, String),
    /// The place that was typed is not known: the demo's city instead.
    Unknown(Position, String),
}

impl Asked {
    fn from_query() -> Self {
        let degrees = |name| query(name).and_then(|text| text.parse::<f64>().ok());
        Self {
            place: query("place"),
            position: degrees("lat")
                .zip(degrees("lon"))
                .and_then(|(latitude, longitude)| Position::new(latitude, longitude).ok()),
            fuel: query("fuel").and_then(|name| FuelType::try_from(name.as_str()).ok()),
            after: query("after").and_then(|after| after.parse().ok()),
        }
    }

    fn around(&self) -> Around {
        let city = stations::demo_city();
        match (&self.place, self.position) {
            (Some(text), _) => match stations::find_place(text) {
                Some(found) => Around::Place(found.position, found.name.clone()),
                None => Around::Unknown(city.position, city.name.clone()),
            },
            (None, Some(position)) => Around::Here(position),
            (None, None) => Around::Place(city.position, city.name.clone()),
        }
    }

    fn link(&self) -> String {
        let degrees = |of: fn(Position) -> f64| self.position.map(|at| format!("{:.4}", of(at)));
        link(
            "/stations",
            [
                ("place", self.place.clone()),
                (
                    "lat",
                    degrees(Position::latitude).filter(|_| self.place.is_none()),
                ),
                (
                    "lon",
                    degrees(Position::longitude).filter(|_| self.place.is_none()),
                ),
                ("fuel", self.fuel.map(|fuel| fuel.as_str().to_owned())),
                ("after", self.after.map(|after| after.to_string())),
            ],
        )
    }
}

/// Stations by distance, with their prices.
#[component]
pub fn StationsPage() -> impl IntoView {
    let services = services();
    view! {
        <Title text=tr!("stations-title") />
        <main id="content" class="page" tabindex="-1">
            {page(async move {
                let asked = Asked::from_query();
                let around = asked.around();
                let (position, lead, unknown) = match around {
                    Around::Here(position) => (position, tr!("stations-near-you"), false),
                    Around::Place(position, name) => (position, tr!("stations-near", place = name), false),
                    Around::Unknown(position, name) => (position, tr!("stations-near", place = name), true),
                };
                let wanted = Nearby { fuel: asked.fuel, after: asked.after, ..Nearby::around(position) };
                let found = stations::nearby(services.db(), wanted).await?;
                let unknown = unknown.then(|| {
                    let place = asked.place.clone().unwrap_or_default();
                    view! {
                        <Notice tone=Tone::Warning title=tr!("stations-unknown-title", place = place)>
                            {tr!("stations-unknown-text")}
                        </Notice>
                    }
                });
                let now = services.now();
                let list = if found.stations.is_empty() {
                    view! {
                        <EmptyState
                            icon=icondata_lu::LuFuel
                            title=tr!("stations-none-title")
                            text=tr!("stations-none-text")
                        />
                    }
                    .into_any()
                } else {
                    let cards = found.stations.into_iter().map(|near| item(near, now)).collect_view();
                    view! { <ul class="grid">{cards}</ul> }.into_any()
                };
                let first = asked.after.map(|_| Asked { after: None, ..asked.clone() }.link());
                let next = found.next.map(|after| Asked { after: Some(after), ..asked.clone() }.link());
                Ok(view! {
                    <PageHeader title=tr!("stations-title") lead />
                    {search(&asked)}
                    {unknown}
                    {list}
                    <Pager
                        label=tr!("pager-label")
                        previous=first
                        previous_label=tr!("pager-first")
                        next
                        next_label=tr!("pager-next")
                    />
                }
                .into_any())
            })}
        </main>
    }
}

fn item(near: NearbyStation, now: chrono::DateTime<chrono::Utc>) -> impl IntoView {
    let href = format!("/stations/{}", near.station.id);
    let distance = format::distance(near.distance_metres);
    view! { <li>{station_card(near.station, Some(href), Some(distance), now)}</li> }
}

fn search(asked: &Asked) -> impl IntoView + use<> {
    let here = Asked {
        place: None,
        position: None,
        after: None,
        ..asked.clone()
    };
    let chip = |fuel: Option<FuelType>, label: String| {
        let to = Asked {
            fuel,
            after: None,
            ..asked.clone()
        };
        view! { <Chip href=to.link() label current=asked.fuel == fuel /> }
    };
    let all = chip(None, tr!("fuel-all"));
    let fuels = FuelType::ALL
        .iter()
        .map(|fuel| chip(Some(*fuel), fuel_name(*fuel)))
        .collect_view();
    let fuel = asked
        .fuel
        .map(|fuel| view! { <HiddenInput name="fuel" value=fuel.as_str() /> });
    let cities = stations::cities()
        .iter()
        .map(|city| view! { <option value=city.name.clone()></option> })
        .collect_view();
    view! {
        <form class="filters" method="get" action="/stations" role="search">
            {fuel}
            <Field
                label=tr!("stations-place")
                name="place"
                kind="search"
                value=asked.place.clone().unwrap_or_default()
                placeholder=tr!("stations-place-example")
                {..}
                list="places"
            />
            <datalist id="places">{cities}</datalist>
            <Button kind=ButtonKind::Secondary icon=icondata_lu::LuSearch>{tr!("stations-search")}</Button>
            <Locate
                label=tr!("stations-locate")
                searching=tr!("stations-locating")
                failed=tr!("stations-locate-failed")
                to=here.link()
            />
        </form>
        <nav class="chips" aria-label=tr!("stations-fuels")>
            {all}
            {fuels}
        </nav>
    }
}
