//! Merchants.

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
    stations,
};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::api::{
    actor::{As, Named},
    extract::{Id, Order, Paged},
    idempotency::Reply,
    page::{Page, Window},
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
}

/// List merchants
///
/// Newest first.
#[utoipa::path(
    get, path = "/merchants", tag = "admin", operation_id = "list_merchants",
    params(MerchantsQuery, Window),
    responses((status = 200, description = "One page.", body = Page<Merchant>)),
    security(("bearer" = []))
)]
pub(crate) async fn list(
    State(s): State<Services>,
    As(admin): As<Admin>,
    Paged(query, window): Paged<MerchantsQuery>,
) -> Answer<Json<Page<Merchant>>> {
    let filter = merchants::Filter {
        text: query.q,
        after: window.cursor.map(Into::into),
        limit: window.limit,
    };
    let (found, next) = merchants::page(&s, admin, &filter).await?;
    Ok(Json(Page::of(found, next, Merchant::from)))
}

/// A merchant with its people and its stations.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MerchantDetail {
    #[serde(flatten)]
    merchant: Merchant,
    people: Vec<StaffMember>,
    assigned_stations: Vec<AssignedStation>,
}

/// A station that a merchant runs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AssignedStation {
    station_id: Uuid,
    name: String,
    /// The regulator's permit.
    #[schema(example = "PL/658/EXP/ES/2015")]
    permit: Option<String>,
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

/// A merchant as it is now.
pub(super) async fn detail(
    s: &Services,
    admin: Admin,
    merchant: MerchantId,
) -> Answer<MerchantDetail> {
    let found = merchants::get(s, admin, merchant).await?;
    let people = merchants::staff(s, admin, merchant).await?;
    let stations = stations::of_merchant(s.db(), merchant).await?;
    Ok(MerchantDetail {
        merchant: found.ok_or(ErrorCode::NotFound)?.into(),
        people: people.into_iter().map(StaffMember::from).collect(),
        assigned_stations: stations
            .into_iter()
            .map(|it| AssignedStation {
                station_id: it.id.into(),
                name: it.name,
                permit: it.permit,
            })
            .collect(),
    })
}

/// See a merchant, its people and its stations
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
    Ok(Json(detail(&s, admin, merchant).await?))
}

/// What a merchant is to be called.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "Gasolinera del Norte" }))]
pub(crate) struct MerchantName {
    /// No other merchant's, whatever the case.
    #[schema(min_length = 1, max_length = 120, pattern = r"\S")]
    name: String,
}

impl MerchantName {
    fn read(&self) -> Result<Name, Problem> {
        Name::try_from(self.name.as_str()).map_err(|problem| Problem::field("name", problem))
    }
}

/// A refusal, what is taken being this field.
pub(super) fn refused(taken: &'static str) -> impl Fn(Refusal) -> Problem {
    move |refusal| match refusal {
        Refusal::NotFound => ErrorCode::NotFound.into(),
        Refusal::Taken => Problem::field(taken, FieldProblem::Taken),
        Refusal::Fault(fault) => fault.into(),
    }
}

/// Add a merchant
#[utoipa::path(
    post, path = "/merchants", tag = "admin", operation_id = "create_merchant",
    request_body = MerchantName,
    responses((status = 201, description = "Added.", body = MerchantDetail)),
    security(("bearer" = []))
)]
pub(crate) async fn create(
    State(s): State<Services>,
    As(admin): As<Admin>,
    order: Order<MerchantName>,
) -> Answer<Reply> {
    let act = async move |s: Services, id: Uuid, new: MerchantName| {
        let made = merchants::create_as(&s, admin, id.into(), &new.read()?).await;
        let merchant = made.map_err(refused("name"))?;
        Reply::created(detail(&s, admin, merchant).await?)
    };
    order.once(&s, admin.owner(), act).await
}

/// Rename a merchant
#[utoipa::path(
    patch, path = "/merchants/{id}", tag = "admin", operation_id = "rename_merchant",
    params(("id" = Uuid, Path, description = "The merchant.", example = "01890000-0000-7000-8000-00000000000d")),
    request_body(content = MerchantName, example = json!({ "name": "Gasolinera del Sur" })),
    responses((status = 200, description = "Renamed.", body = MerchantDetail)),
    security(("bearer" = []))
)]
pub(crate) async fn rename(
    State(s): State<Services>,
    As(admin): As<Admin>,
    Id(merchant): Id<MerchantId>,
    order: Order<MerchantName>,
) -> Answer<Reply> {
    let act = async move |s: Services, _, new: MerchantName| {
        let done = merchants::rename(&s, admin, merchant, &new.read()?).await;
        done.map_err(refused("name"))?;
        Reply::ok(detail(&s, admin, merchant).await?)
    };
    order.once(&s, admin.owner(), act).await
}
