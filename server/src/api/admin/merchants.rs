//! Merchants and their people.

use axum::{Json, extract::State};
use domain::{
    account::{Name, Role},
    error::ErrorCode,
    fields::FieldProblem,
    ids::MerchantId,
};
use serde::{Deserialize, Serialize};
use services::{
    Services,
    identity::actors::Admin,
    merchants::{self, Member, Refusal, Summary},
    paging::Limit,
};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::api::{
    actor::{As, Named},
    extract::{Id, Order, Query},
    idempotency::Reply,
    page::Page,
    problem::{Answer, Problem},
    schema,
};

/// A merchant.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Merchant {
    merchant_id: Uuid,
    #[schema(example = "Gasolinera del Valle")]
    name: String,
    /// How many people work there.
    staff: i64,
    stations: i64,
    active_offers: i64,
}

impl From<Summary> for Merchant {
    fn from(it: Summary) -> Self {
        Self {
            merchant_id: it.id.into(),
            name: it.name,
            staff: it.staff,
            stations: it.stations,
            active_offers: it.active_offers,
        }
    }
}

/// Which merchants to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct MerchantsQuery {
    /// A part of the name; case and accents do not matter.
    #[param(required = false, nullable = false)]
    q: Option<String>,
    /// Merchants on a page.
    #[param(value_type = i64, required = false, minimum = 1, maximum = 100, default = 20)]
    #[serde(default)]
    limit: Limit,
    /// `next_cursor` of the page before.
    #[param(required = false, nullable = false)]
    cursor: Option<Uuid>,
}

/// List merchants
///
/// Newest first.
#[utoipa::path(
    get, path = "/merchants", tag = "admin", operation_id = "list_merchants",
    params(MerchantsQuery),
    responses((status = 200, description = "One page.", body = Page<Merchant>)),
    security(("bearer" = []))
)]
pub(crate) async fn list(
    State(s): State<Services>,
    As(admin): As<Admin>,
    Query(query): Query<MerchantsQuery>,
) -> Answer<Json<Page<Merchant>>> {
    let filter = merchants::Filter {
        text: query.q,
        after: query.cursor.map(Into::into),
        limit: query.limit,
    };
    let (found, next) = merchants::page(&s, admin, &filter).await?;
    Ok(Json(Page::of(found, next, Merchant::from)))
}

/// A merchant with its people.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MerchantDetail {
    #[serde(flatten)]
    merchant: Merchant,
    people: Vec<StaffMember>,
}

/// One of a merchant's people.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StaffMember {
    user_id: Uuid,
    name: String,
    email: String,
    #[schema(schema_with = schema::roles)]
    role: Role,
    /// Whether they have chosen a password yet.
    has_signed_up: bool,
}

impl From<Member> for StaffMember {
    fn from(it: Member) -> Self {
        Self {
            user_id: it.id.into(),
            name: it.name,
            email: it.email,
            role: it.role,
            has_signed_up: it.has_signed_up,
        }
    }
}

/// See a merchant and its people
#[utoipa::path(
    get, path = "/merchants/{id}", tag = "admin", operation_id = "get_merchant",
    params(("id" = Uuid, Path, description = "The merchant.", example = "01890000-0000-7000-8000-00000000000d")),
    responses((status = 200, description = "The merchant.", body = MerchantDetail)),
    security(("bearer" = []))
)]
pub(crate) async fn get(
    State(s): State<Services>,
    As(admin): As<Admin>,
    Id(merchant): Id<MerchantId>,
) -> Answer<Json<MerchantDetail>> {
    let found = merchants::get(&s, admin, merchant).await?;
    let people = merchants::staff(&s, admin, merchant).await?;
    Ok(Json(MerchantDetail {
        merchant: found.ok_or(ErrorCode::NotFound)?.into(),
        people: people.into_iter().map(StaffMember::from).collect(),
    }))
}

/// A merchant to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "Gasolinera del Norte" }))]
pub(crate) struct NewMerchant {
    #[schema(min_length = 1, max_length = 120, pattern = r"\S")]
    name: String,
}

/// Add a merchant
#[utoipa::path(
    post, path = "/merchants", tag = "admin", operation_id = "create_merchant",
    request_body = NewMerchant,
    responses((status = 201, description = "Added.", body = Merchant)),
    security(("bearer" = []))
)]
pub(crate) async fn create(
    State(s): State<Services>,
    As(admin): As<Admin>,
    order: Order<NewMerchant>,
) -> Answer<Reply> {
    let act = async move |s: Services, id: Uuid, new: NewMerchant| {
        let name = Name::try_from(new.name.as_str());
        let name = name.map_err(|problem| Problem::field("name", problem))?;
        let made = merchants::create_as(&s, admin, id.into(), &name).await;
        let merchant = made.map_err(|refusal| match refusal {
            Refusal::NotFound => ErrorCode::NotFound.into(),
            Refusal::Taken => Problem::field("name", FieldProblem::Taken),
            Refusal::Fault(fault) => fault.into(),
        })?;
        let found = merchants::get(&s, admin, merchant).await?;
        Reply::created(Merchant::from(found.ok_or(ErrorCode::NotFound)?))
    };
    order.once(&s, admin.owner(), act).await
}
