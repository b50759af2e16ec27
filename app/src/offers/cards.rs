//! Offers as cards, and the words for their kinds and states.

use domain::{
    images::Picture,
    offers::{Availability, Category},
};
use icondata_core::Icon;
use leptos::prelude::*;
use services::offers::browse::Summary;

use crate::{
    site::{format, request::site},
    tr,
    ui::{OfferCard, Photo, PhotoPlace, Tone},
};

/// A grid of offers, whose headings have this level: 2 right under the page's title, 3 under that of a part.
pub fn offer_grid(offers: Vec<Summary>, level: u8) -> impl IntoView {
    let cards = offers
        .into_iter()
        .map(|offer| card(offer, level))
        .collect_view();
    view! { <ul class="grid">{cards}</ul> }
}

fn card(offer: Summary, level: u8) -> impl IntoView {
    let sold_out = offer.availability == Availability::SoldOut;
    let few = offer
        .stock_remaining
        .filter(|units| (1..=10).contains(units));
    let note = few.map(|units| tr!("offer-left", n = i64::from(units)));
    let badge = sold_out.then(|| (Tone::Warning, tr!("offer-sold-out")));
    view! {
        <li>
            <OfferCard
                href=format!("/offers/{}", offer.id)
                title=offer.name
                merchant=offer.merchant_name
                cost=format::points(offer.points_cost)
                unit=site().points_name
                icon=category_icon(offer.category)
                category=category_name(offer.category)
                photo=offer.picture.map(|picture| photo(picture, PhotoPlace::Card, ""))
                note
                badge
                muted=sold_out
                level
            />
        </li>
    }
}

/// An offer's picture. Where the offer's name stands beside it, `alt` is empty: nobody is read the name twice.
pub(super) fn photo(picture: Picture, place: PhotoPlace, alt: &str) -> AnyView {
    let (width, height) = (picture.width, picture.height);
    view! { <Photo src=picture.path() width height place alt /> }.into_any()
}

/// The icon of a category.
#[must_use]
pub fn category_icon(category: Category) -> Icon {
    match category {
        Category::Fuel => icondata_lu::LuFuel,
        Category::Food => icondata_lu::LuCoffee,
        Category::CarWash => icondata_lu::LuDroplets,
        Category::CarCare => icondata_lu::LuWrench,
        Category::Shop => icondata_lu::LuShoppingBag,
        Category::Other => icondata_lu::LuGift,
    }
}

/// A category in the reader's language.
#[must_use]
pub fn category_name(category: Category) -> String {
    match category {
        Category::Fuel => tr!("category-fuel"),
        Category::Food => tr!("category-food"),
        Category::CarWash => tr!("category-car-wash"),
        Category::CarCare => tr!("category-car-care"),
        Category::Shop => tr!("category-shop"),
        Category::Other => tr!("category-other"),
    }
}
