//! What waits to be handed out.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use domain::{ids::RedemptionId, points::Points};
use serde::Serialize;
use services::{
    Services,
    identity::actors::Operator,
    offers::pending::{self, Pending},
};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::{
    actor::As,
    extract::Query,
    page::{Page, Window},
    problem::Answer,
};

/// A redemption that waits for the till. Nothing in it tells who the consumer is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PendingRedemption {
    redemption_id: Uuid,
    offer_id: Uuid,
    offer_name: String,
    #[schema(value_type = i64)]
    points_spent: Points,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

impl From<Pending> for PendingRedemption {
    fn from(it: Pending) -> Self {
        Self {
            redemption_id: it.redemption.into(),
            offer_id: it.offer_id.into(),
            offer_name: it.offer_name,
            points_spent: it.points_spent,
            created_at: it.created_at,
            expires_at: it.expires_at,
        }
    }
}

/// List what waits to be handed out
///
/// Soonest to expire first.
#[utoipa::path(
    get, path = "/pending", tag = "merchant", operation_id = "list_pending",
    params(Window),
    responses((status = 200, description = "One page.", body = Page<PendingRedemption>)),
    security(("bearer" = []), ("merchant_bearer" = []), ("api_key" = []))
)]
pub(crate) async fn list(
    State(s): State<Services>,
    As(operator): As<Operator>,
    Query(window): Query<Window>,
) -> Answer<Json<Page<PendingRedemption>>> {
    let after = window.cursor.map(RedemptionId::from);
    let (found, next) = pending::list(&s, operator, after, window.limit).await?;
    Ok(Json(Page::of(found, next, PendingRedemption::from)))
}
