//! Offers to look at.

use app::site::request::Site;
use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use domain::{
    error::ErrorCode,
    fields::FieldProblem,
    ids::OfferId,
    offers::{Availability, Category, OfferStatus},
    points::Points,
};
use serde::{Deserialize, Serialize};
use services::{
    identity::actors::Consumer,
    offers::{
        browse::{Cursor, Filter, Sort},
        catalogue::{self, Entry},
    },
    paging::Limit,
};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    api::{
        actor::Maybe,
        extract::{Id, Query},
        page::Page,
        problem::{Answer, Problem},
        schema,
    },
    router::AppState,
};

/// An offer that is not a draft.
#[derive(Debug, Serialize, ToSchema)]
#[expect(
    clippy::struct_field_names,
    reason = "the fields are named as integrations know them"
)]
pub(crate) struct Offer {
    offer_id: Uuid,
    merchant_id: Uuid,
    #[schema(example = "Gasolinera del Valle")]
    merchant_name: String,
    #[schema(example = "Café grande")]
    name: String,
    description: String,
    terms_and_conditions: String,
    /// Where its picture is, at most 1,200 pixels wide; null where it has none.
    #[schema(schema_with = schema::address)]
    image: Option<String>,
    #[schema(schema_with = schema::categories)]
    category: Category,
    /// In points.
    #[schema(value_type = i64, minimum = 1, example = 250)]
    points_cost: Points,
    /// Units ever given out; null for no limit.
    stock_quantity: Option<i32>,
    /// Units left; null for no limit.
    stock_remaining: Option<i32>,
    /// The most that one consumer may have.
    #[schema(minimum = 1, example = 5)]
    max_redemptions_per_user: i32,
    /// How long a redemption can be confirmed.
    #[schema(minimum = 1, example = 15)]
    lifetime_minutes: i32,
    valid_from: DateTime<Utc>,
    /// The first moment at which it may no longer be redeemed.
    valid_to: DateTime<Utc>,
    #[schema(schema_with = schema::offer_statuses)]
    status: OfferStatus,
    /// Whether it can be redeemed now.
    is_available: bool,
    /// Whether its time is over, whatever its status.
    is_expired: bool,
    /// Whether no unit is left, whatever its status.
    is_sold_out: bool,
    /// Redemptions of the caller that count towards the limit; null when no consumer asks.
    user_redemptions_count: Option<i64>,
    /// Whether the caller could redeem it now; null when no consumer asks.
    user_can_redeem: Option<bool>,
    /// What the caller can spend, in points; null when no consumer asks.
    user_balance: Option<i64>,
}

impl Offer {
    /// The offer, whose picture is on this site.
    fn of(entry: Entry, site: &Site) -> Self {
        let viewer = entry.viewer;
        let image = entry.picture.map(|picture| site.url(&picture.path()));
        Self {
            offer_id: entry.id.into(),
            merchant_id: entry.merchant_id.into(),
            merchant_name: entry.merchant_name,
            name: entry.name,
            description: entry.description,
            terms_and_conditions: entry.terms,
            image,
            category: entry.category,
            points_cost: entry.points_cost,
            stock_quantity: entry.stock_quantity,
            stock_remaining: entry.stock_remaining,
            max_redemptions_per_user: entry.max_per_user,
            lifetime_minutes: entry.lifetime_minutes,
            valid_from: entry.valid_from,
            valid_to: entry.valid_to,
            status: entry.status,
            is_available: entry.availability == Availability::Available,
            is_expired: entry.is_over,
            is_sold_out: entry.is_sold_out,
            user_redemptions_count: viewer.map(|it| it.redeemed),
            user_can_redeem: viewer.map(|it| it.can_redeem),
            user_balance: viewer.map(|it| it.balance.get()),
        }
    }
}

/// Which offers to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct OffersQuery {
    /// One category only.
    #[param(schema_with = schema::categories, required = false)]
    category: Option<Category>,
    /// One merchant's only.
    #[param(required = false, nullable = false)]
    merchant_id: Option<Uuid>,
    /// Costing at least so many points.
    #[param(value_type = i64, required = false, minimum = 0)]
    min_cost: Option<Points>,
    /// Costing at most so many points.
    #[param(value_type = i64, required = false, minimum = 0)]
    max_cost: Option<Points>,
    /// Words in the name, the description or the merchant's name; case and accents do not matter.
    #[param(required = false, nullable = false, max_length = 200)]
    q: Option<String>,
    /// The order.
    #[param(schema_with = sorts, required = false)]
    sort: Option<String>,
    /// Offers on a page.
    #[param(value_type = i64, required = false, minimum = 1, maximum = 100, default = 20)]
    #[serde(default)]
    limit: Limit,
    /// `next_cursor` of the page before, in the same order.
    #[param(
        required = false,
        nullable = false,
        pattern = r"^-?[0-9]{1,18}\.[0-9a-f]{32}$"
    )]
    cursor: Option<String>,
}

fn sorts() -> utoipa::openapi::Object {
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::Type::String)
        .enum_values(Some(SORTS.map(Sort::as_str)))
        .build()
}

const SORTS: [Sort; 3] = [Sort::Newest, Sort::CostAscending, Sort::CostDescending];
/// Longer texts find nothing, in characters.
const LONGEST_TEXT: usize = 200;

impl OffersQuery {
    fn filter(self) -> Result<Filter, Problem> {
        let sort = match self.sort {
            None => Sort::default(),
            Some(name) => SORTS
                .into_iter()
                .find(|sort| sort.as_str() == name)
                .ok_or_else(|| Problem::field("sort", FieldProblem::NotAChoice))?,
        };
        let after = self.cursor.map(|text| {
            Cursor::from_text(&text)
                .ok_or_else(|| Problem::field("cursor", FieldProblem::Malformed))
        });
        let is_long = |text: &String| text.chars().count() > LONGEST_TEXT;
        if self.q.as_ref().is_some_and(is_long) {
            let problem = FieldProblem::TooLong { max: LONGEST_TEXT };
            return Err(Problem::field("q", problem));
        }
        Ok(Filter {
            text: self.q,
            category: self.category,
            merchant: self.merchant_id.map(Into::into),
            min_cost: self.min_cost,
            max_cost: self.max_cost,
            sort,
            after: after.transpose()?,
            limit: self.limit,
        })
    }
}

/// List offers
///
/// Those that are on now; sold-out ones are among them, as a cancellation brings a unit back. Anyone may ask; a
/// consumer sees their own standing, too.
#[utoipa::path(
    get, path = "/offers", tag = "rewards", operation_id = "list_offers",
    params(OffersQuery),
    responses((status = 200, description = "One page.", body = Page<Offer>)),
    security((), ("bearer" = []))
)]
pub(crate) async fn list(
    State(AppState {
        services: s, site, ..
    }): State<AppState>,
    Maybe(viewer): Maybe<Consumer>,
    Query(query): Query<OffersQuery>,
) -> Answer<Json<Page<Offer>>> {
    let found = catalogue::list(&s, &query.filter()?, viewer).await?;
    let next = found.next.map(Cursor::to_text);
    Ok(Json(Page::of(found.entries, next, |it| {
        Offer::of(it, &site)
    })))
}

/// See an offer
///
/// Whether or not it is on now. Anyone may ask; a consumer sees their own standing, too.
#[utoipa::path(
    get, path = "/offers/{id}", tag = "rewards", operation_id = "get_offer",
    params(("id" = Uuid, Path, description = "The offer.", example = "01890000-0000-7000-8000-00000000000a")),
    responses((status = 200, description = "The offer.", body = Offer)),
    security((), ("bearer" = []))
)]
pub(crate) async fn get(
    State(AppState {
        services: s, site, ..
    }): State<AppState>,
    Maybe(viewer): Maybe<Consumer>,
    Id(offer): Id<OfferId>,
) -> Answer<Json<Offer>> {
    let found = catalogue::get(&s, offer, viewer).await?;
    Ok(Json(Offer::of(found.ok_or(ErrorCode::NotFound)?, &site)))
}
