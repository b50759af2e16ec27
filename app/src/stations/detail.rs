//! A station's own page: prices, what it has, and what can be redeemed there.

use chrono_tz::Tz;
use domain::{error::ErrorCode, ids::StationId};
use leptos::prelude::*;
use leptos_meta::Title;
use services::{
    offers::browse::{self, Filter},
    stations::{self, PricePoint, Station},
};

use super::cards::{amenity_name, fuel_name, station_card};
use crate::{
    error::AppError,
    offers::cards::offer_grid,
    site::{
        format,
        load::page,
        request::{param, services},
    },
    tr,
    ui::{BackLink, Card, Cell, DataTable, Facts, LinkButton, Row},
};

/// Price changes shown.
const HISTORY: u32 = 12;

/// One station.
#[component]
pub fn StationPage() -> impl IntoView {
    let services = services();
    let id = param::<StationId>("id");
    view! {
        <main id="content" class="page" tabindex="-1">
            <BackLink href="/stations" label=tr!("stations-title") />
            {page(async move {
                let station = stations::detail(services.db(), id?)
                    .await?
                    .ok_or_else(|| AppError::new(ErrorCode::NotFound))?;
                let history = stations::history(services.db(), station.id, None, None, HISTORY).await?;
                let offers = match station.merchant_id {
                    Some(merchant) => {
                        let filter = Filter { merchant: Some(merchant), ..Filter::default() };
                        browse::list(&services, &filter).await?.offers
                    }
                    None => Vec::new(),
                };
                let offers = if offers.is_empty() {
                    view! { <p class="muted">{tr!("station-no-offers")}</p> }.into_any()
                } else {
                    offer_grid(offers, 3).into_any()
                };
                let zone = station.time_zone.parse().unwrap_or(format::zone());
                let facts = facts(&station);
                let directions = directions(&station);
                Ok(view! {
                    <Title text=station.name.clone() />
                    {station_card(station, None, None, services.now())}
                    <div class="split">
                        <section class="stack">
                            <h2>{tr!("station-offers")}</h2>
                            {offers}
                        </section>
                        <aside class="stack">
                            <Card title=tr!("station-about")>
                                <Facts items=facts />
                                <LinkButton href=directions icon=icondata_lu::LuNavigation>
                                    {tr!("station-directions")}
                                </LinkButton>
                            </Card>
                            {price_history(history, zone)}
                        </aside>
                    </div>
                }
                .into_any())
            })}
        </main>
    }
}

fn facts(station: &Station) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    if let Some(permit) = &station.permit {
        facts.push((tr!("station-permit"), permit.clone()));
    }
    if !station.amenities.is_empty() {
        let names: Vec<String> = station
            .amenities
            .iter()
            .map(|each| amenity_name(*each))
            .collect();
        facts.push((tr!("station-amenities"), names.join(", ")));
    }
    let at = station.position;
    facts.push((
        tr!("station-position"),
        format!("{:.4}, {:.4}", at.latitude(), at.longitude()),
    ));
    facts
}

/// Opens the device's own map (RFC 5870).
fn directions(station: &Station) -> String {
    let (latitude, longitude) = (station.position.latitude(), station.position.longitude());
    format!("geo:{latitude:.5},{longitude:.5}?q={latitude:.5},{longitude:.5}")
}

fn price_history(history: Vec<PricePoint>, zone: Tz) -> impl IntoView {
    let columns = [tr!("column-date"), tr!("column-fuel"), tr!("column-price")];
    let rows = history
        .into_iter()
        .map(|point| {
            let [date, fuel, price] = columns.clone();
            view! {
                <Row>
                    <Cell label=date>{format::date(point.valid_from, zone)}</Cell>
                    <Cell label=fuel>{fuel_name(point.fuel)}</Cell>
                    <Cell label=price numeric=true>{format::price(point.price)}</Cell>
                </Row>
            }
        })
        .collect_view();
    view! {
        <Card title=tr!("station-history")>
            <DataTable caption=tr!("station-history") columns=columns.to_vec()>{rows}</DataTable>
        </Card>
    }
}
