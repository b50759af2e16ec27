//! Everyone's offers.

use axum::{Json, extract::State};
use domain::{error::ErrorCode, ids::OfferId, offers::OfferStatus};
use serde::Deserialize;
use services::{
    Services,
    identity::actors::{Admin, Steward},
    offers::own,
};
use utoipa::IntoParams;
use uuid::Uuid;

use crate::{
    api::{
        actor::As,
        extract::{Id, Nothing, Order, Paged},
        idempotency::Reply,
        merchant::offers::{OfferEdit, OwnOffer, save, set_status},
        page::{Page, Window},
        problem::Answer,
        schema,
    },
    router::AppState,
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
}

/// List everyone's offers
///
/// Of every status, newest first.
#[utoipa::path(
    get, path = "/offers", tag = "admin", operation_id = "list_all_offers",
    params(AllOffersQuery, Window),
    responses((status = 200, description = "One page.", body = Page<OwnOffer>)),
    security(("bearer" = []))
)]
pub(crate) async fn list(
    State(AppState {
        services: s, site, ..
    }): State<AppState>,
    As(admin): As<Admin>,
    Paged(query, window): Paged<AllOffersQuery>,
) -> Answer<Json<Page<OwnOffer>>> {
    let filter = own::Filter {
        status: query.status,
        after: window.cursor.map(Into::into),
        limit: window.limit,
    };
    let merchant = query.merchant_id.map(Into::into);
    let (found, next) = own::list_all(&s, admin, merchant, filter).await?;
    Ok(Json(Page::of(found, next, |it| OwnOffer::of(it, &site))))
}

/// See anyone's offer
#[utoipa::path(
    get, path = "/offers/{id}", tag = "admin", operation_id = "get_any_offer",
    params(("id" = Uuid, Path, description = "The offer.", example = "01890000-0000-7000-8000-00000000000a")),
    responses((status = 200, description = "The offer.", body = OwnOffer)),
    security(("bearer" = []))
)]
pub(crate) async fn get(
    State(AppState {
        services: s, site, ..
    }): State<AppState>,
    As(admin): As<Admin>,
    Id(offer): Id<OfferId>,
) -> Answer<Json<OwnOffer>> {
    let found = own::get_any(&s, admin, offer).await?;
    let found = found.ok_or(ErrorCode::NotFound)?;
    Ok(Json(OwnOffer::of(found, &site)))
}

/// The admin in the place of the offer's merchant.
async fn stand_in(s: &Services, admin: Admin, offer: OfferId) -> Answer<Steward> {
    let steward = own::stand_in(s, admin, offer).await?;
    Ok(steward.ok_or(ErrorCode::NotFound)?)
}

/// Edit anyone's offer
///
/// What consumers hold already stays as it was.
#[utoipa::path(
    put, path = "/offers/{id}", tag = "admin", operation_id = "edit_any_offer",
    params(("id" = Uuid, Path, description = "The offer.", example = "01890000-0000-7000-8000-00000000000a")),
    request_body = OfferEdit,
    responses((status = 200, description = "Saved.", body = OwnOffer)),
    security(("bearer" = []))
)]
pub(crate) async fn edit(
    State(AppState {
        services: s, site, ..
    }): State<AppState>,
    As(admin): As<Admin>,
    Id(offer): Id<OfferId>,
    order: Order<OfferEdit>,
) -> Answer<Reply> {
    let steward = stand_in(&s, admin, offer).await?;
    save(s, site, steward, offer, order).await
}

/// Let consumers redeem anyone's offer
#[utoipa::path(
    post, path = "/offers/{id}/activate", tag = "admin", operation_id = "activate_any_offer",
    params(("id" = Uuid, Path, description = "The offer.", example = "01890000-0000-7000-8000-00000000000a")),
    responses((status = 200, description = "Active.", body = OwnOffer)),
    security(("bearer" = []))
)]
pub(crate) async fn activate(
    State(AppState {
        services: s, site, ..
    }): State<AppState>,
    As(admin): As<Admin>,
    Id(offer): Id<OfferId>,
    order: Order<Nothing>,
) -> Answer<Reply> {
    let steward = stand_in(&s, admin, offer).await?;
    set_status(s, site, steward, offer, order, OfferStatus::Active).await
}

/// Withhold anyone's offer for now
///
/// Pending redemptions stay good.
#[utoipa::path(
    post, path = "/offers/{id}/pause", tag = "admin", operation_id = "pause_any_offer",
    params(("id" = Uuid, Path, description = "The offer.", example = "01890000-0000-7000-8000-00000000000a")),
    responses((status = 200, description = "Paused.", body = OwnOffer)),
    security(("bearer" = []))
)]
pub(crate) async fn pause(
    State(AppState {
        services: s, site, ..
    }): State<AppState>,
    As(admin): As<Admin>,
    Id(offer): Id<OfferId>,
    order: Order<Nothing>,
) -> Answer<Reply> {
    let steward = stand_in(&s, admin, offer).await?;
    set_status(s, site, steward, offer, order, OfferStatus::Paused).await
}

/// Archive anyone's offer
///
/// For good. Refused with `OFFER_HAS_PENDING_REDEMPTIONS` (`pending`: how many) while consumers hold codes.
#[utoipa::path(
    delete, path = "/offers/{id}", tag = "admin", operation_id = "archive_any_offer",
    params(("id" = Uuid, Path, description = "The offer.", example = "01890000-0000-7000-8000-00000000000a")),
    responses((status = 200, description = "Archived.", body = OwnOffer)),
    security(("bearer" = []))
)]
pub(crate) async fn archive(
    State(AppState {
        services: s, site, ..
    }): State<AppState>,
    As(admin): As<Admin>,
    Id(offer): Id<OfferId>,
    order: Order<Nothing>,
) -> Answer<Reply> {
    let steward = stand_in(&s, admin, offer).await?;
    set_status(s, site, steward, offer, order, OfferStatus::Archived).await
}
