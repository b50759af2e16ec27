use icondata_core::Icon as IconData;
use leptos::prelude::*;

use super::{Badge, Icon, PointsAmount, Tone, page::Heading};

/// Where a photo stands, and how much it matters there.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PhotoPlace {
    /// Across a card's top. Loaded once it comes into sight.
    Card,
    /// Beside a name in a table. Loaded once it comes into sight.
    Table,
    /// What a page is about.
    Page,
}

/// A picture, whose measures keep its place while it loads.
#[component]
pub fn Photo(
    #[prop(into)] src: String,
    /// In pixels, as it is.
    width: i32,
    /// In pixels, as it is.
    height: i32,
    place: PhotoPlace,
    /// What it shows; empty where the words beside it say so already.
    #[prop(optional, into)]
    alt: String,
) -> impl IntoView {
    let (class, loading) = match place {
        PhotoPlace::Card => ("offer-picture", Some("lazy")),
        PhotoPlace::Table => ("offer-thumb", Some("lazy")),
        PhotoPlace::Page => ("offer-photo", None),
    };
    view! {
        <img
            class=class
            src=src
            width=width.to_string()
            height=height.to_string()
            alt=alt
            loading=loading
            decoding="async"
        />
    }
}

/// An offer in a list, as a coupon with a stub to tear off. The whole card leads to the offer.
#[component]
pub fn OfferCard(
    #[prop(into)] href: String,
    #[prop(into)] title: String,
    #[prop(into)] merchant: String,
    /// What the offer costs in points, already formatted.
    #[prop(into)]
    cost: String,
    /// The programme's name for its points.
    #[prop(into)]
    unit: String,
    /// Stands for the category.
    icon: IconData,
    #[prop(optional, into)] category: Option<String>,
    /// Above everything else.
    #[prop(optional_no_strip)]
    photo: Option<AnyView>,
    /// Beside the cost: what is left, or until when.
    #[prop(optional_no_strip, into)]
    note: Option<String>,
    /// The one thing to see first: new, almost gone, sold out.
    #[prop(optional_no_strip, into)]
    badge: Option<(Tone, String)>,
    /// Out of reach for now: sold out, paused, or too dear for this user.
    #[prop(optional)]
    muted: bool,
    /// The heading's level: 2 right under the page's title, 3 under a heading of a part.
    #[prop(default = 3)]
    level: u8,
) -> impl IntoView {
    view! {
        <article class="offer" class:offer-muted=muted>
            <div class="offer-sheet">
                {photo}
                <div class="offer-plate">
                    <Icon icon />
                    {category.map(|category| view! { <span>{category}</span> })}
                    {badge.map(|(tone, text)| view! { <Badge tone text /> })}
                </div>
                <div class="offer-text">
                    <Heading level class="offer-title">
                        <a class="card-link" href=href>
                            {title}
                        </a>
                    </Heading>
                    <p class="offer-merchant">{merchant}</p>
                </div>
                <div class="offer-stub">
                    <PointsAmount value=cost unit />
                    {note.map(|note| view! { <span class="offer-note">{note}</span> })}
                </div>
            </div>
        </article>
    }
}
