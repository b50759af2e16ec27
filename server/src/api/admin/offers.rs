//! Everyone's offers.

use axum::{Json, extract::State};
use domain::{error::ErrorCode, ids::OfferId, offers::OfferStatus};
use serde::Deserialize;
use services::{Services, identity::actors::Admin, offers::own, paging::Limit};
use utoipa::IntoParams;
use uuid::Uuid;

use crate::api::{
    actor::As,
    extract::{Id, Query},
    merchant::offers::OwnOffer,
    page::Page,
    problem::Answer,
    schema,
};

/// Which offers to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AllOffersQuery {
    /// One merchant's only.
    #[param(required = false, nullable = false)]
    merchant_id: Option<Uuid>,
    /// One status only.
    #[param(schema_with = schema::offer_statuses, required = false)]
    status: Option<OfferStatus>,
    /// Offers on a page.
    #[param(value_type = i64, required = false, minimum = 1, maximum = 100, default = 20)]
    #[serde(default)]
    limit: Limit,
    /// `next_cursor` of the page before.
    #[param(required = false, nullable = false)]
    cursor: Option<Uuid>,
}

/// List everyone's offers
///
/// Of every status, newest first.
#[utoipa::path(
    get, path = "/offers", tag = "admin", operation_id = "list_all_offers",
    params(AllOffersQuery),
    responses((status = 200, description = "One page.", body = Page<OwnOffer>)),
    security(("bearer" = []))
)]
pub(crate) async fn list(
    State(s): State<Services>,
    As(admin): As<Admin>,
    Query(query): Query<AllOffersQuery>,
) -> Answer<Json<Page<OwnOffer>>> {
    let filter = own::Filter {
        status: query.status,
        after: query.cursor.map(Into::into),
        limit: query.limit,
    };
    let merchant = query.merchant_id.map(Into::into);
    let (found, next) = own::list_all(&s, admin, merchant, filter).await?;
    Ok(Json(Page::of(found, next, OwnOffer::from)))
}

/// See anyone's offer
#[utoipa::path(
    get, path = "/offers/{id}", tag = "admin", operation_id = "get_any_offer",
    params(("id" = Uuid, Path, description = "The offer.", example = "01890000-0000-7000-8000-00000000000a")),
    responses((status = 200, description = "The offer.", body = OwnOffer)),
    security(("bearer" = []))
)]
pub(crate) async fn get(
    State(s): State<Services>,
    As(admin): As<Admin>,
    Id(offer): Id<OfferId>,
) -> Answer<Json<OwnOffer>> {
    let found = own::get_any(&s, admin, offer).await?;
    Ok(Json(found.ok_or(ErrorCode::NotFound)?.into()))
}
