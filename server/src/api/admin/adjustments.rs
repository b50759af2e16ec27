//! Corrections of people's points.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use domain::{earning::LotKind, error::ErrorCode, ids::AdjustmentId};
use serde::{Deserialize, Serialize};
use services::{
    Services,
    identity::actors::Admin,
    wallet::adjustments::{self, AdjustmentStatus, Listed, Refusal},
};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::api::{
    actor::{As, Named},
    extract::{Id, Nothing, Order, Paged},
    idempotency::Reply,
    page::{Page, Window},
    problem::{Answer, Problem},
    schema,
};

/// A correction.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Adjustment {
    adjustment_id: Uuid,
    user_id: Uuid,
    email: String,
    /// Points to add, or below zero to take.
    amount: i64,
    reason: String,
    #[schema(schema_with = schema::lot_kinds)]
    lot: LotKind,
    #[schema(schema_with = schema::adjustment_statuses)]
    status: AdjustmentStatus,
    requested_by: String,
    requested_at: DateTime<Utc>,
    decided_by: Option<String>,
    /// Whether the caller may approve it.
    may_approve: bool,
}

impl From<Listed> for Adjustment {
    fn from(it: Listed) -> Self {
        Self {
            adjustment_id: it.id.into(),
            user_id: it.user.into(),
            email: it.email,
            amount: it.adjustment.amount,
            reason: it.adjustment.reason,
            lot: it.adjustment.lot,
            status: it.status,
            requested_by: it.requested_by,
            requested_at: it.requested_at,
            decided_by: it.decided_by,
            may_approve: it.may_approve,
        }
    }
}

/// Which corrections to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AdjustmentsQuery {
    /// One status only.
    #[param(schema_with = schema::adjustment_statuses, required = false)]
    status: Option<AdjustmentStatus>,
}

/// List corrections
///
/// Newest first.
#[utoipa::path(
    get, path = "/adjustments", tag = "admin", operation_id = "list_adjustments",
    params(AdjustmentsQuery, Window),
    responses((status = 200, description = "One page.", body = Page<Adjustment>)),
    security(("bearer" = []))
)]
pub(crate) async fn list(
    State(s): State<Services>,
    As(admin): As<Admin>,
    Paged(query, window): Paged<AdjustmentsQuery>,
) -> Answer<Json<Page<Adjustment>>> {
    let found = adjustments::list(&s, admin, query.status, window.cursor, window.limit).await?;
    Ok(Json(Page::of(found.0, found.1, Adjustment::from)))
}

/// A correction to ask for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "user_id": "01890000-0000-7000-8000-00000000000e", "amount": 50, "reason": "The pump's slip was lost",
}))]
pub(crate) struct NewAdjustment {
    user_id: Uuid,
    /// Points to add, or below zero to take; not zero.
    #[schema(minimum = -10_000_000, maximum = 10_000_000)]
    amount: i64,
    /// It stands in the audit log.
    #[schema(min_length = 3, max_length = 500, pattern = r"^\S(.*\S)?$")]
    reason: String,
    /// What added points are given as.
    #[serde(default = "standard")]
    #[schema(schema_with = schema::lot_kinds, required = false)]
    lot: LotKind,
}

fn standard() -> LotKind {
    LotKind::Standard
}

/// What has become of a correction.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AdjustmentState {
    adjustment_id: Uuid,
    #[schema(schema_with = schema::adjustment_statuses)]
    status: AdjustmentStatus,
}

/// Correct somebody's points
///
/// A large correction waits for a second admin: `status` says so. Refused with `INSUFFICIENT_BALANCE` when more
/// is to be taken than there is.
#[utoipa::path(
    post, path = "/adjustments", tag = "admin", operation_id = "request_adjustment",
    request_body = NewAdjustment,
    responses((status = 201, description = "Applied, or waiting.", body = AdjustmentState)),
    security(("bearer" = []))
)]
pub(crate) async fn request(
    State(s): State<Services>,
    As(admin): As<Admin>,
    order: Order<NewAdjustment>,
) -> Answer<Reply> {
    let act = async move |s: Services, id: Uuid, new: NewAdjustment| {
        let (amount, lot) = (new.amount.to_string(), new.lot.as_str());
        let adjustment = adjustments::Adjustment::read(&amount, &new.reason, lot)?;
        let (id, user) = (AdjustmentId::from(id), new.user_id.into());
        let done = adjustments::request(&s, admin, id, user, &adjustment).await;
        Reply::created(AdjustmentState {
            adjustment_id: id.into(),
            status: done.map_err(refused)?,
        })
    };
    order.once(&s, admin.owner(), act).await
}

/// Approve a correction that another admin has asked for
///
/// Refused with `SECOND_ADMIN_REQUIRED` for one's own, and with `INVALID_STATE` when it has been decided.
#[utoipa::path(
    post, path = "/adjustments/{id}/approve", tag = "admin", operation_id = "approve_adjustment",
    params(("id" = Uuid, Path, description = "The correction.", example = "01890000-0000-7000-8000-00000000000f")),
    responses((status = 200, description = "Applied.", body = AdjustmentState)),
    security(("bearer" = []))
)]
pub(crate) async fn approve(
    State(s): State<Services>,
    As(admin): As<Admin>,
    Id(id): Id<AdjustmentId>,
    order: Order<Nothing>,
) -> Answer<Reply> {
    decide(s, admin, id, order, true).await
}

/// Reject a correction that waits
///
/// Refused with `INVALID_STATE` when it has been decided.
#[utoipa::path(
    post, path = "/adjustments/{id}/reject", tag = "admin", operation_id = "reject_adjustment",
    params(("id" = Uuid, Path, description = "The correction.", example = "01890000-0000-7000-8000-00000000000f")),
    responses((status = 200, description = "Rejected.", body = AdjustmentState)),
    security(("bearer" = []))
)]
pub(crate) async fn reject(
    State(s): State<Services>,
    As(admin): As<Admin>,
    Id(id): Id<AdjustmentId>,
    order: Order<Nothing>,
) -> Answer<Reply> {
    decide(s, admin, id, order, false).await
}

async fn decide(
    s: Services,
    admin: Admin,
    id: AdjustmentId,
    order: Order<Nothing>,
    approve: bool,
) -> Answer<Reply> {
    let act = async move |s: Services, _, _| {
        let done = adjustments::decide(&s, admin, id, approve).await;
        Reply::ok(AdjustmentState {
            adjustment_id: id.into(),
            status: done.map_err(refused)?,
        })
    };
    order.once(&s, admin.owner(), act).await
}

fn refused(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::NotFound => ErrorCode::NotFound.into(),
        Refusal::Insufficient => ErrorCode::InsufficientBalance.into(),
        Refusal::KeyReused => ErrorCode::IdempotencyKeyReused.into(),
        Refusal::Own => ErrorCode::SecondAdminRequired.into(),
        Refusal::Decided => ErrorCode::InvalidState.into(),
        Refusal::Fault(fault) => fault.into(),
    }
}
