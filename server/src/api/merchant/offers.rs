//! A merchant's own offers.

use app::site::{messages, request::Site};
use axum::{Json, extract::State, http::HeaderMap};
use chrono::{DateTime, Utc};
use domain::{
    error::ErrorCode,
    ids::OfferId,
    offers::{
        Availability, Category, DEFAULT_LIFETIME_MINUTES, DEFAULT_MAX_PER_USER, OfferDraft,
        OfferForm, OfferStatus,
    },
    points::Points,
};
use serde::{Deserialize, Serialize};
use services::{
    Services,
    identity::actors::Steward,
    offers::{
        manage,
        own::{self, Own},
    },
};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    api::{
        actor::{As, Named},
        extract::{Id, Nothing, Order, Paged},
        idempotency::Reply,
        page::{Page, Window},
        problem::{self, Answer, Problem},
        schema,
    },
    router::AppState,
};

/// An offer as its merchant sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwnOffer {
    offer_id: Uuid,
    merchant_id: Uuid,
    merchant_name: String,
    name: String,
    description: String,
    terms_and_conditions: String,
    /// Where its picture is, at most 1,200 pixels wide; null where it has none.
    #[schema(schema_with = schema::address)]
    image: Option<String>,
    #[schema(schema_with = schema::categories)]
    category: Category,
    /// In points.
    #[schema(value_type = i64, minimum = 1)]
    points_cost: Points,
    /// Units ever given out; null for no limit.
    stock_quantity: Option<i32>,
    /// Units left; null for no limit.
    stock_remaining: Option<i32>,
    /// The most that one consumer may have.
    max_redemptions_per_user: i32,
    /// How long a redemption can be confirmed.
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
    /// Sent back with an edit.
    version: i32,
    /// Redemptions that wait for the till.
    pending: i64,
    /// Redemptions that were handed out.
    confirmed: i64,
    created_at: DateTime<Utc>,
}

impl OwnOffer {
    /// The offer, whose picture is on this site.
    pub(crate) fn of(it: Own, site: &Site) -> Self {
        let image = it.picture.map(|picture| site.url(&picture.path()));
        Self {
            offer_id: it.id.into(),
            merchant_id: it.merchant_id.into(),
            merchant_name: it.merchant_name,
            name: it.draft.name,
            description: it.draft.description,
            terms_and_conditions: it.draft.terms,
            image,
            category: it.draft.category,
            points_cost: it.draft.points_cost,
            stock_quantity: it.draft.stock_quantity,
            stock_remaining: it.stock_remaining,
            max_redemptions_per_user: it.draft.max_per_user,
            lifetime_minutes: it.draft.lifetime_minutes,
            valid_from: it.draft.valid_from,
            valid_to: it.draft.valid_to,
            status: it.status,
            is_available: it.availability == Availability::Available,
            is_expired: it.is_over,
            is_sold_out: it.is_sold_out,
            version: it.version,
            pending: it.pending,
            confirmed: it.confirmed,
            created_at: it.created_at,
        }
    }
}

/// Which offers to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct OwnQuery {
    /// One status only.
    #[param(schema_with = schema::offer_statuses, required = false)]
    status: Option<OfferStatus>,
}

/// List your offers
///
/// Of every status, newest first.
#[utoipa::path(
    get, path = "/offers", tag = "merchant", operation_id = "list_own_offers",
    params(OwnQuery, Window),
    responses((status = 200, description = "One page.", body = Page<OwnOffer>)),
    security(("bearer" = []), ("merchant_bearer" = []), ("api_key" = []))
)]
pub(crate) async fn list(
    State(AppState {
        services: s, site, ..
    }): State<AppState>,
    As(steward): As<Steward>,
    Paged(query, window): Paged<OwnQuery>,
) -> Answer<Json<Page<OwnOffer>>> {
    let filter = own::Filter {
        status: query.status,
        after: window.cursor.map(Into::into),
        limit: window.limit,
    };
    let (found, next) = own::list(&s, steward, filter).await?;
    Ok(Json(Page::of(found, next, |it| OwnOffer::of(it, &site))))
}

/// See one of your offers
#[utoipa::path(
    get, path = "/offers/{id}", tag = "merchant", operation_id = "get_own_offer",
    params(("id" = Uuid, Path, description = "The offer.", example = "01890000-0000-7000-8000-00000000000a")),
    responses((status = 200, description = "The offer.", body = OwnOffer)),
    security(("bearer" = []), ("merchant_bearer" = []), ("api_key" = []))
)]
pub(crate) async fn get(
    State(AppState {
        services: s, site, ..
    }): State<AppState>,
    As(steward): As<Steward>,
    Id(offer): Id<OfferId>,
) -> Answer<Json<OwnOffer>> {
    Ok(Json(one(&s, &site, steward, offer).await?))
}

/// One of the caller's own offers.
pub(super) async fn one(
    s: &Services,
    site: &Site,
    steward: Steward,
    offer: OfferId,
) -> Answer<OwnOffer> {
    let found = own::get(s, steward, offer).await?;
    Ok(OwnOffer::of(found.ok_or(ErrorCode::NotFound)?, site))
}

/// An offer as it is written.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "Café grande", "description": "Del día, de 16 onzas.", "category": "food", "points_cost": 250,
    "stock_quantity": 500, "valid_from": "2026-01-01T06:00:00Z", "valid_to": "2099-01-01T06:00:00Z",
}))]
pub(crate) struct OfferInput {
    #[schema(min_length = 3, max_length = 80, pattern = r"^\S(.*\S)?$")]
    name: String,
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S")]
    description: String,
    #[serde(default)]
    #[schema(max_length = 4000)]
    terms_and_conditions: String,
    #[schema(schema_with = schema::categories)]
    category: Category,
    /// In points.
    #[schema(minimum = 1, maximum = 1_000_000)]
    points_cost: i64,
    /// Units ever given out; null for no limit.
    #[schema(minimum = 1, maximum = 1_000_000)]
    stock_quantity: Option<i64>,
    /// The most that one consumer may have.
    #[serde(default = "max_per_user")]
    #[schema(minimum = 1, maximum = 1000, default = 5)]
    max_redemptions_per_user: i64,
    /// How long a redemption can be confirmed.
    #[serde(default = "lifetime_minutes")]
    #[schema(minimum = 1, maximum = 43_200, default = 15)]
    lifetime_minutes: i64,
    valid_from: DateTime<Utc>,
    /// The first moment at which it may no longer be redeemed; later than `valid_from`.
    valid_to: DateTime<Utc>,
}

fn max_per_user() -> i64 {
    DEFAULT_MAX_PER_USER.into()
}

fn lifetime_minutes() -> i64 {
    DEFAULT_LIFETIME_MINUTES.into()
}

impl OfferInput {
    /// The offer, checked by the same rules as the form's.
    fn read(self) -> Result<OfferDraft, Problem> {
        let form = OfferForm {
            name: self.name,
            description: self.description,
            terms: self.terms_and_conditions,
            category: self.category.to_string(),
            points_cost: self.points_cost.to_string(),
            stock_quantity: self
                .stock_quantity
                .map(|it| it.to_string())
                .unwrap_or_default(),
            max_per_user: self.max_redemptions_per_user.to_string(),
            lifetime_minutes: self.lifetime_minutes.to_string(),
        };
        let checked = form.check(Ok(self.valid_from), Ok(self.valid_to));
        checked.map_err(|problems| problems.as_in_the_api().into())
    }
}

/// Write an offer
///
/// It begins as a draft: activate it to let consumers see it.
#[utoipa::path(
    post, path = "/offers", tag = "merchant", operation_id = "create_offer",
    request_body = OfferInput,
    responses((status = 201, description = "Written.", body = OwnOffer)),
    security(("bearer" = []), ("merchant_bearer" = []), ("api_key" = []))
)]
pub(crate) async fn create(
    State(AppState {
        services: s, site, ..
    }): State<AppState>,
    As(steward): As<Steward>,
    order: Order<OfferInput>,
) -> Answer<Reply> {
    let act = async move |s: Services, id: Uuid, input: OfferInput| {
        let offer = manage::create_as(&s, steward, id.into(), &input.read()?).await?;
        Reply::created(one(&s, &site, steward, offer).await?)
    };
    order.once(&s, steward.owner(), act).await
}

/// Copy one of your offers
///
/// The copy is a draft with the same picture; its name says that it is a copy, in the language of `Accept-Language`.
#[utoipa::path(
    post, path = "/offers/{id}/copy", tag = "merchant", operation_id = "copy_offer",
    params(("id" = Uuid, Path, description = "The offer.", example = "01890000-0000-7000-8000-00000000000a")),
    responses((status = 201, description = "Copied.", body = OwnOffer)),
    security(("bearer" = []), ("merchant_bearer" = []), ("api_key" = []))
)]
pub(crate) async fn copy(
    State(AppState {
        services: s, site, ..
    }): State<AppState>,
    As(steward): As<Steward>,
    Id(offer): Id<OfferId>,
    headers: HeaderMap,
    order: Order<Nothing>,
) -> Answer<Reply> {
    let mark = messages::copy_mark(problem::locale(&headers));
    let act = async move |s: Services, id: Uuid, _| {
        manage::copy(&s, steward, offer, id.into(), &mark).await?;
        Reply::created(one(&s, &site, steward, id.into()).await?)
    };
    order.once(&s, steward.owner(), act).await
}

/// An edit of an offer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "version": 1, "offer": {
    "name": "Café grande", "description": "Del día, de 16 onzas.", "category": "food", "points_cost": 300,
    "valid_from": "2026-01-01T06:00:00Z", "valid_to": "2099-01-01T06:00:00Z",
}}))]
pub(crate) struct OfferEdit {
    /// The version that was read: an edit of an older one is refused with `EDIT_CONFLICT`.
    #[schema(minimum = 1)]
    version: i32,
    /// The whole offer as it will be.
    offer: OfferInput,
}

/// Edit one of your offers
///
/// What consumers hold already stays as it was.
#[utoipa::path(
    put, path = "/offers/{id}", tag = "merchant", operation_id = "edit_offer",
    params(("id" = Uuid, Path, description = "The offer.", example = "01890000-0000-7000-8000-00000000000a")),
    request_body = OfferEdit,
    responses((status = 200, description = "Saved.", body = OwnOffer)),
    security(("bearer" = []), ("merchant_bearer" = []), ("api_key" = []))
)]
pub(crate) async fn edit(
    State(AppState {
        services: s, site, ..
    }): State<AppState>,
    As(steward): As<Steward>,
    Id(offer): Id<OfferId>,
    order: Order<OfferEdit>,
) -> Answer<Reply> {
    save(s, site, steward, offer, order).await
}

/// Saves an edit for whoever may.
pub(crate) async fn save(
    s: Services,
    site: Site,
    steward: Steward,
    offer: OfferId,
    order: Order<OfferEdit>,
) -> Answer<Reply> {
    let act = async move |s: Services, _, edit: OfferEdit| {
        let (version, draft) = (edit.version, edit.offer.read()?);
        manage::edit(&s, steward, offer, version, &draft).await?;
        Reply::ok(one(&s, &site, steward, offer).await?)
    };
    order.once(&s, steward.owner(), act).await
}

/// Let consumers redeem an offer
#[utoipa::path(
    post, path = "/offers/{id}/activate", tag = "merchant", operation_id = "activate_offer",
    params(("id" = Uuid, Path, description = "The offer.", example = "01890000-0000-7000-8000-00000000000a")),
    responses((status = 200, description = "Active.", body = OwnOffer)),
    security(("bearer" = []), ("merchant_bearer" = []), ("api_key" = []))
)]
pub(crate) async fn activate(
    State(AppState {
        services: s, site, ..
    }): State<AppState>,
    As(steward): As<Steward>,
    Id(offer): Id<OfferId>,
    order: Order<Nothing>,
) -> Answer<Reply> {
    set_status(s, site, steward, offer, order, OfferStatus::Active).await
}

/// Withhold an offer for now
///
/// Pending redemptions stay good.
#[utoipa::path(
    post, path = "/offers/{id}/pause", tag = "merchant", operation_id = "pause_offer",
    params(("id" = Uuid, Path, description = "The offer.", example = "01890000-0000-7000-8000-00000000000a")),
    responses((status = 200, description = "Paused.", body = OwnOffer)),
    security(("bearer" = []), ("merchant_bearer" = []), ("api_key" = []))
)]
pub(crate) async fn pause(
    State(AppState {
        services: s, site, ..
    }): State<AppState>,
    As(steward): As<Steward>,
    Id(offer): Id<OfferId>,
    order: Order<Nothing>,
) -> Answer<Reply> {
    set_status(s, site, steward, offer, order, OfferStatus::Paused).await
}

/// Archive an offer
///
/// For good. Refused with `OFFER_HAS_PENDING_REDEMPTIONS` (`pending`: how many) while consumers hold codes.
#[utoipa::path(
    delete, path = "/offers/{id}", tag = "merchant", operation_id = "archive_offer",
    params(("id" = Uuid, Path, description = "The offer.", example = "01890000-0000-7000-8000-00000000000a")),
    responses((status = 200, description = "Archived.", body = OwnOffer)),
    security(("bearer" = []), ("merchant_bearer" = []), ("api_key" = []))
)]
pub(crate) async fn archive(
    State(AppState {
        services: s, site, ..
    }): State<AppState>,
    As(steward): As<Steward>,
    Id(offer): Id<OfferId>,
    order: Order<Nothing>,
) -> Answer<Reply> {
    set_status(s, site, steward, offer, order, OfferStatus::Archived).await
}

/// Changes an offer's status for whoever may.
pub(crate) async fn set_status(
    s: Services,
    site: Site,
    steward: Steward,
    offer: OfferId,
    order: Order<Nothing>,
    next: OfferStatus,
) -> Answer<Reply> {
    let act = async move |s: Services, _, _| {
        manage::set_status(&s, steward, offer, next).await?;
        Reply::ok(one(&s, &site, steward, offer).await?)
    };
    order.once(&s, steward.owner(), act).await
}
