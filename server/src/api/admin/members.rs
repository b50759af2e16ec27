//! A merchant's people and stations.

use app::identity::letters;
use axum::{extract::State, http::HeaderMap};
use domain::{
    account::{Email, Name, StaffRole},
    error::ErrorCode,
    fields::Problems,
    ids::{MerchantId, StationId, UserId},
};
use serde::Deserialize;
use services::{Services, identity::actors::Admin, merchants};
use utoipa::ToSchema;
use uuid::Uuid;

use super::merchants::{MerchantDetail, StaffMember, detail, refused};
use crate::{
    api::{
        actor::{As, Named},
        extract::{Id, Ids, Nothing, Order},
        idempotency::Reply,
        problem::{self, Answer, Problem},
        schema,
    },
    router::AppState,
};

/// Someone who is to work for a merchant.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "Mara", "email": "mara@demo.test", "role": "attendant" }))]
pub(crate) struct NewMember {
    #[schema(min_length = 1, max_length = 120, pattern = r"\S")]
    name: String,
    /// The address to sign in with, which has no account yet.
    #[schema(max_length = 254)]
    email: String,
    #[schema(schema_with = schema::staff_roles)]
    role: StaffRole,
}

impl NewMember {
    fn read(&self) -> Result<(Email, Name), Problem> {
        let mut problems = Problems::default();
        let name = problems.take("name", Name::try_from(self.name.as_str()));
        let email = problems.take("email", Email::try_from(self.email.as_str()));
        email.zip(name).ok_or_else(|| problems.into())
    }
}

/// Invite someone to work for a merchant
///
/// Mails them a link, good for a week, by which they choose their password. An address that has an account is refused
/// with `VALIDATION_ERROR`, unless it is that of someone who worked for a merchant before and has had no points since.
#[utoipa::path(
    post, path = "/merchants/{id}/members", tag = "admin", operation_id = "add_member",
    params(("id" = Uuid, Path, description = "The merchant.", example = "01890000-0000-7000-8000-00000000000d")),
    request_body = NewMember,
    responses((status = 201, description = "Invited.", body = StaffMember)),
    security(("bearer" = []))
)]
pub(crate) async fn add(
    State(state): State<AppState>,
    As(admin): As<Admin>,
    Id(merchant): Id<MerchantId>,
    headers: HeaderMap,
    order: Order<NewMember>,
) -> Answer<Reply> {
    let (site, locale) = (state.site, problem::locale(&headers));
    let act = async move |s: Services, id: Uuid, new: NewMember| {
        let (email, name) = new.read()?;
        let business = merchants::name(&s, merchant).await?;
        let business = business.ok_or(ErrorCode::NotFound)?;
        let id = id.into();
        let invited = merchants::invite(&s, admin, merchant, id, &email, &name, new.role).await;
        let invited = invited.map_err(refused("email"))?;
        let (to, name) = (email.as_str(), name.as_str());
        let letter = letters::invitation(locale, &site, to, name, &business, &invited.token);
        s.mailer.send(letter).await;
        Reply::created(member(&s, admin, merchant, invited.user).await?)
    };
    order.once(&state.services, admin.owner(), act).await
}

async fn member(
    s: &Services,
    admin: Admin,
    merchant: MerchantId,
    user: UserId,
) -> Answer<StaffMember> {
    let people = merchants::staff(s, admin, merchant).await?;
    let found = people.into_iter().find(|it| it.id == user);
    Ok(found.ok_or(ErrorCode::NotFound)?.into())
}

/// What someone is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "role": "manager" }))]
pub(crate) struct MemberRole {
    #[schema(schema_with = schema::staff_roles)]
    role: StaffRole,
}

/// Make one of a merchant's people something else
#[utoipa::path(
    patch, path = "/merchants/{id}/members/{user_id}", tag = "admin", operation_id = "set_member_role",
    params(
        ("id" = Uuid, Path, description = "The merchant.", example = "01890000-0000-7000-8000-00000000000d"),
        ("user_id" = Uuid, Path, description = "The person.", example = "01890000-0000-7000-8000-000000000011"),
    ),
    request_body = MemberRole,
    responses((status = 200, description = "They are that from now on.", body = StaffMember)),
    security(("bearer" = []))
)]
pub(crate) async fn set_role(
    State(s): State<Services>,
    As(admin): As<Admin>,
    Ids(merchant, user): Ids<MerchantId, UserId>,
    order: Order<MemberRole>,
) -> Answer<Reply> {
    let act = async move |s: Services, _, change: MemberRole| {
        let done = merchants::set_role(&s, admin, merchant, user, change.role).await;
        done.map_err(refused("role"))?;
        Reply::ok(member(&s, admin, merchant, user).await?)
    };
    order.once(&s, admin.owner(), act).await
}

/// Take a person off a merchant
///
/// They become a consumer, and their sessions end.
#[utoipa::path(
    delete, path = "/merchants/{id}/members/{user_id}", tag = "admin", operation_id = "remove_member",
    params(
        ("id" = Uuid, Path, description = "The merchant.", example = "01890000-0000-7000-8000-00000000000d"),
        ("user_id" = Uuid, Path, description = "The person.", example = "01890000-0000-7000-8000-000000000011"),
    ),
    responses((status = 200, description = "The merchant without them.", body = MerchantDetail)),
    security(("bearer" = []))
)]
pub(crate) async fn remove(
    State(s): State<Services>,
    As(admin): As<Admin>,
    Ids(merchant, user): Ids<MerchantId, UserId>,
    order: Order<Nothing>,
) -> Answer<Reply> {
    let act = async move |s: Services, _, _| {
        let done = merchants::remove_member(&s, admin, merchant, user).await;
        done.map_err(refused("user_id"))?;
        Reply::ok(detail(&s, admin, merchant).await?)
    };
    order.once(&s, admin.owner(), act).await
}

/// Give a station to a merchant
///
/// Whoever had it before.
#[utoipa::path(
    put, path = "/merchants/{id}/stations/{station_id}", tag = "admin", operation_id = "assign_station",
    params(
        ("id" = Uuid, Path, description = "The merchant.", example = "01890000-0000-7000-8000-00000000000d"),
        ("station_id" = Uuid, Path, description = "The station.", example = "01890000-0000-7000-8000-000000000012"),
    ),
    responses((status = 200, description = "The merchant with it.", body = MerchantDetail)),
    security(("bearer" = []))
)]
pub(crate) async fn assign(
    State(s): State<Services>,
    As(admin): As<Admin>,
    Ids(merchant, station): Ids<MerchantId, StationId>,
    order: Order<Nothing>,
) -> Answer<Reply> {
    let act = async move |s: Services, _, _| {
        let done = merchants::assign_station(&s, admin, merchant, station).await;
        done.map_err(refused("station_id"))?;
        Reply::ok(detail(&s, admin, merchant).await?)
    };
    order.once(&s, admin.owner(), act).await
}

/// Take a station from a merchant
#[utoipa::path(
    delete, path = "/merchants/{id}/stations/{station_id}", tag = "admin", operation_id = "release_station",
    params(
        ("id" = Uuid, Path, description = "The merchant.", example = "01890000-0000-7000-8000-00000000000d"),
        ("station_id" = Uuid, Path, description = "The station.", example = "01890000-0000-7000-8000-000000000012"),
    ),
    responses((status = 200, description = "The merchant without it.", body = MerchantDetail)),
    security(("bearer" = []))
)]
pub(crate) async fn release(
    State(s): State<Services>,
    As(admin): As<Admin>,
    Ids(merchant, station): Ids<MerchantId, StationId>,
    order: Order<Nothing>,
) -> Answer<Reply> {
    let act = async move |s: Services, _, _| {
        let done = merchants::release_station(&s, admin, merchant, station).await;
        done.map_err(refused("station_id"))?;
        Reply::ok(detail(&s, admin, merchant).await?)
    };
    order.once(&s, admin.owner(), act).await
}
