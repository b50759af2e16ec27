//! A merchant's API keys. Managers alone see to them: a key that leaked makes no others.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use domain::{account::KeyName, error::ErrorCode, ids::ApiKeyId};
use serde::{Deserialize, Serialize};
use services::{
    Services,
    identity::{
        actors::Manager,
        api_keys::{self, ApiKey as Kept},
    },
};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::{
    actor::{As, Named},
    extract::{Id, Nothing, Order, Query},
    idempotency::Reply,
    page::{Page, Window},
    problem::{Answer, Problem},
};

/// A key, without the key itself.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApiKey {
    key_id: Uuid,
    #[schema(example = "Point of sale")]
    name: String,
    /// The key's last four characters.
    #[schema(min_length = 4, max_length = 4, example = "6wY8")]
    hint: String,
    created_at: DateTime<Utc>,
    /// To the minute.
    last_used_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
}

impl From<Kept> for ApiKey {
    fn from(it: Kept) -> Self {
        Self {
            key_id: it.id.into(),
            name: it.name,
            hint: it.hint,
            created_at: it.created_at,
            last_used_at: it.last_used_at,
            revoked_at: it.revoked_at,
        }
    }
}

/// List your merchant's keys
///
/// Newest first, revoked ones among them. For managers alone.
#[utoipa::path(
    get, path = "/keys", tag = "merchant", operation_id = "list_keys",
    params(Window),
    responses((status = 200, description = "One page.", body = Page<ApiKey>)),
    security(("bearer" = []))
)]
pub(crate) async fn list(
    State(s): State<Services>,
    As(manager): As<Manager>,
    Query(window): Query<Window>,
) -> Answer<Json<Page<ApiKey>>> {
    let after = window.cursor.map(Into::into);
    let (found, next) = api_keys::page(&s, manager, after, window.limit).await?;
    Ok(Json(Page::of(found, next, ApiKey::from)))
}

/// A key to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "Point of sale" }))]
pub(crate) struct NewKey {
    /// What it is for.
    #[schema(min_length = 1, max_length = 60, pattern = r"\S")]
    name: String,
}

/// A key that was made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MadeKey {
    #[serde(flatten)]
    key: ApiKey,
    /// The key itself. It is shown this once: what is kept is a hash.
    #[schema(pattern = "^srt_[A-Za-z0-9_-]{43}$")]
    api_key: String,
}

/// Make a key
///
/// `api_key` is told here alone. For managers alone.
#[utoipa::path(
    post, path = "/keys", tag = "merchant", operation_id = "create_key",
    request_body = NewKey,
    responses((status = 201, description = "Made.", body = MadeKey)),
    security(("bearer" = []))
)]
pub(crate) async fn create(
    State(s): State<Services>,
    As(manager): As<Manager>,
    order: Order<NewKey>,
) -> Answer<Reply> {
    let act = async move |s: Services, id: Uuid, new: NewKey| {
        let name = KeyName::try_from(new.name.as_str());
        let name = name.map_err(|problem| Problem::field("name", problem))?;
        let made = api_keys::create_as(&s, manager, id.into(), &name).await?;
        let reply = Reply::created(MadeKey {
            key: one(&s, manager, made.id).await?,
            api_key: made.key,
        });
        Ok(reply?.secret())
    };
    order.once(&s, manager.owner(), act).await
}

/// Revoke a key
///
/// For good, and every token that was given for it. One that was revoked before stays as it is. For managers alone.
#[utoipa::path(
    delete, path = "/keys/{id}", tag = "merchant", operation_id = "revoke_key",
    params(("id" = Uuid, Path, description = "The key.", example = "01890000-0000-7000-8000-000000000010")),
    responses((status = 200, description = "Revoked.", body = ApiKey)),
    security(("bearer" = []))
)]
pub(crate) async fn revoke(
    State(s): State<Services>,
    As(manager): As<Manager>,
    Id(key): Id<ApiKeyId>,
    order: Order<Nothing>,
) -> Answer<Reply> {
    let act = async move |s: Services, _, _| {
        if !api_keys::revoke(&s, manager, key).await? {
            return Err(ErrorCode::NotFound.into());
        }
        Reply::ok(one(&s, manager, key).await?)
    };
    order.once(&s, manager.owner(), act).await
}

async fn one(s: &Services, manager: Manager, key: ApiKeyId) -> Answer<ApiKey> {
    let found = api_keys::get(s, manager, key).await?;
    Ok(found.ok_or(ErrorCode::NotFound)?.into())
}
