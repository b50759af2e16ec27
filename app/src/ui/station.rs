use leptos::prelude::*;

use super::{Dial, Icon, page::Heading};

/// The grade's colour on the price sign, as drivers know them from the pump.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FuelGrade {
    /// Green.
    Regular,
    /// Red.
    Premium,
    /// Black.
    Diesel,
}

impl FuelGrade {
    const fn name(self) -> &'static str {
        match self {
            Self::Regular => "regular",
            Self::Premium => "premium",
            Self::Diesel => "diesel",
        }
    }
}

/// One line of a station's price sign.
#[derive(Clone, Debug)]
pub struct FuelPrice {
    /// Picks the colour of the line.
    pub grade: FuelGrade,
    /// The grade's name as shown.
    pub label: String,
    /// Per litre, already formatted without currency, such as `23.99`.
    pub price: String,
    /// How old the price is, in words.
    pub age: String,
}

/// The lines of a price sign, each with its age.
#[component]
fn PriceSign(prices: Vec<FuelPrice>, unit: String) -> impl IntoView {
    let lines = prices
        .into_iter()
        .map(|line| {
            view! {
                <li class="price" data-grade=line.grade.name()>
                    <span class="price-grade">{line.label}</span>
                    <span class="price-age">{line.age}</span>
                    <Dial value=line.price />
                    <span class="visually-hidden">{unit.clone()}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="prices">{lines}</ul> }
}

/// A station in a list or at the top of its page: a price sign at the road.
#[component]
pub fn StationCard(
    #[prop(into)] name: String,
    /// Without one the name is plain text, as on the station's own page.
    #[prop(optional_no_strip, into)]
    href: Option<String>,
    /// Brand or operator.
    #[prop(optional_no_strip, into)]
    brand: Option<String>,
    #[prop(optional_no_strip, into)] address: Option<String>,
    /// In words, such as `1.2 km`.
    #[prop(optional_no_strip, into)]
    distance: Option<String>,
    /// In the order shown.
    prices: Vec<FuelPrice>,
    /// What the figures are, such as `MXN per litre`; read out after each.
    #[prop(into)]
    unit: String,
    /// Shown instead of the sign when there are no prices.
    #[prop(into)]
    no_prices: String,
    /// The heading's level: 1 on the station's own page, 2 right under a page's title, 3 under
    /// a heading of a part.
    #[prop(default = 3)]
    level: u8,
    /// Badges and the like.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let heading = match href {
        Some(href) => view! { <a class="card-link" href=href>{name}</a> }.into_any(),
        None => name.into_any(),
    };
    let sign = if prices.is_empty() {
        view! { <p class="station-silent">{no_prices}</p> }.into_any()
    } else {
        view! { <PriceSign prices unit /> }.into_any()
    };
    view! {
        <article class="station">
            <div class="station-text">
                <div class="station-top">
                    {brand.map(|brand| view! { <p class="station-brand">{brand}</p> })}
                    {distance
                        .map(|distance| {
                            view! {
                                <p class="station-distance">
                                    <Icon icon=icondata_lu::LuNavigation />
                                    <span>{distance}</span>
                                </p>
                            }
                        })}
                </div>
                <Heading level class="station-name">{heading}</Heading>
                {address.map(|address| view! { <p class="station-address">{address}</p> })}
                <div class="station-more">{children.map(|children| children())}</div>
            </div>
            {sign}
        </article>
    }
}
