//! People.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use domain::{account::Role, error::ErrorCode, ids::UserId, points::Points};
use serde::{Deserialize, Serialize};
use services::{
    Services,
    identity::{
        actors::Admin,
        people::{self, Person},
    },
};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::api::{
    actor::As,
    extract::{Id, Paged},
    page::{Page, Window},
    problem::Answer,
    schema,
};

/// A person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct User {
    user_id: Uuid,
    #[schema(example = "ana@example.com")]
    email: String,
    name: String,
    #[schema(schema_with = schema::roles)]
    role: Role,
    /// The merchant they work for, if they are staff.
    merchant_id: Option<Uuid>,
    email_verified: bool,
    created_at: DateTime<Utc>,
    /// What they can spend.
    #[schema(value_type = i64, minimum = 0)]
    available: Points,
    /// What their pending redemptions hold.
    #[schema(value_type = i64, minimum = 0)]
    reserved: Points,
}

impl From<Person> for User {
    fn from(it: Person) -> Self {
        Self {
            user_id: it.id.into(),
            email: it.email,
            name: it.name,
            role: it.role,
            merchant_id: it.merchant.map(Into::into),
            email_verified: it.email_verified,
            created_at: it.created_at,
            available: it.available,
            reserved: it.reserved,
        }
    }
}

/// Which people to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct UsersQuery {
    /// A part of the name or the address; case and accents do not matter.
    #[param(required = false, nullable = false)]
    q: Option<String>,
    /// One role only.
    #[param(schema_with = schema::roles, required = false)]
    role: Option<Role>,
    /// One merchant's only.
    #[param(required = false, nullable = false)]
    merchant_id: Option<Uuid>,
}

/// List people
///
/// Newest first.
#[utoipa::path(
    get, path = "/users", tag = "admin", operation_id = "list_users",
    params(UsersQuery, Window),
    responses((status = 200, description = "One page.", body = Page<User>)),
    security(("bearer" = []))
)]
pub(crate) async fn list(
    State(s): State<Services>,
    As(admin): As<Admin>,
    Paged(query, window): Paged<UsersQuery>,
) -> Answer<Json<Page<User>>> {
    let filter = people::Filter {
        text: query.q,
        role: query.role,
        merchant: query.merchant_id.map(Into::into),
        after: window.cursor.map(Into::into),
        limit: window.limit,
    };
    let (found, next) = people::list(&s, admin, &filter).await?;
    Ok(Json(Page::of(found, next, User::from)))
}

/// See a person
#[utoipa::path(
    get, path = "/users/{id}", tag = "admin", operation_id = "get_user",
    params(("id" = Uuid, Path, description = "The person.", example = "01890000-0000-7000-8000-00000000000e")),
    responses((status = 200, description = "The person.", body = User)),
    security(("bearer" = []))
)]
pub(crate) async fn get(
    State(s): State<Services>,
    As(admin): As<Admin>,
    Id(user): Id<UserId>,
) -> Answer<Json<User>> {
    let found = people::get(&s, admin, user).await?;
    Ok(Json(found.ok_or(ErrorCode::NotFound)?.into()))
}
