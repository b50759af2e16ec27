//! Redeeming, and taking it back.

use app::site::caller::Caller;
use axum::{Extension, Json, extract::State, http::StatusCode};
use chrono::{DateTime, Utc};
use domain::{
    error::ErrorCode,
    fields::{FieldProblem, line},
    ids::{OfferId, RedemptionId},
    points::Points,
    redemptions::RedemptionStatus,
};
use serde::{Deserialize, Serialize};
use services::{
    identity::actors::Consumer,
    offers::{
        cancel::Refusal,
        integration::{self, CancelRefusal},
        redeem,
        tokens::landing_url_now,
    },
};
use utoipa::ToSchema;
use uuid::Uuid;

use super::qr;
use crate::{
    api::{
        actor::As,
        extract::{Id, Order},
        problem::{Answer, Problem},
        schema,
    },
    router::AppState,
};

/// What to redeem.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "offer_id": "01890000-0000-7000-8000-00000000000a" }))]
pub(crate) struct Redeem {
    offer_id: Uuid,
}

/// A redemption that was made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Redeemed {
    redemption_id: Uuid,
    #[schema(example = "LUMS-0000-0000-0000")]
    redemption_code: String,
    /// For a camera that fails.
    #[schema(example = "ABC234")]
    short_code: String,
    offer_name: String,
    merchant_name: String,
    #[schema(value_type = i64, minimum = 1, example = 250)]
    points_spent: Points,
    /// What a QR holds at this moment; it changes every 30 seconds.
    qr_landing_url: String,
    /// The QR of the moment at which it is loaded, 800 × 800 pixels.
    qr_image_url: String,
    /// Until when it can be confirmed.
    expires_at: DateTime<Utc>,
    #[schema(schema_with = schema::redemption_statuses)]
    status: RedemptionStatus,
    /// What the caller can spend now.
    #[schema(value_type = i64, minimum = 0, example = 1000)]
    new_balance: Points,
}

/// Redeem an offer
///
/// Takes the points and a unit of stock, and gives a code to show at the till. Refused with
/// `INSUFFICIENT_BALANCE`, `OFFER_NOT_AVAILABLE`, `OUT_OF_STOCK` or `MAX_REDEMPTIONS_REACHED`, without any change
/// and without using the key up. A consumer can redeem so many times an hour and a day (`TOO_MANY_REQUESTS`); a
/// request that is sent again counts once.
#[utoipa::path(
    post, path = "/redeem", tag = "rewards", operation_id = "redeem",
    request_body = Redeem,
    responses((status = 201, description = "Redeemed.", body = Redeemed)),
    security(("bearer" = []))
)]
pub(crate) async fn redeem(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    As(consumer): As<Consumer>,
    order: Order<Redeem>,
) -> Answer<(StatusCode, Json<Redeemed>)> {
    let (s, base) = (&state.services, &state.site.public_url);
    let offer = OfferId::from(order.body.offer_id);
    let told = redeem::ask(s, consumer, offer, order.request.redeem_key(), None).await;
    if let Some(standing) = told.standing {
        caller.tell(standing);
    }
    let it = told.answer?;
    let redeemed = Redeemed {
        redemption_id: it.redemption.into(),
        qr_landing_url: landing_url_now(s, base, it.redemption, &it.code),
        qr_image_url: qr::image_url(base, &it.code),
        redemption_code: it.code.into(),
        short_code: it.short_code.into(),
        offer_name: it.offer_name,
        merchant_name: it.merchant_name,
        points_spent: it.points_spent,
        expires_at: it.expires_at,
        status: it.status,
        new_balance: it.available,
    };
    Ok((StatusCode::CREATED, Json(redeemed)))
}

/// Why a redemption is taken back.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "The queue is too long" }))]
pub(crate) struct Cancel {
    #[schema(
        nullable = false,
        required = false,
        min_length = 1,
        max_length = 200,
        pattern = r"\S"
    )]
    reason: Option<String>,
}

/// What was given back.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Cancelled {
    #[schema(value_type = i64, minimum = 1, example = 250)]
    points_refunded: Points,
    /// What the caller can spend now.
    #[schema(value_type = i64, minimum = 0, example = 1250)]
    new_balance: Points,
}

/// Longest reason, in characters.
const LONGEST_REASON: usize = 200;

/// Take a pending redemption back
///
/// Gives the points, with their dates, and the unit of stock back, once. Refused with `CODE_ALREADY_USED`,
/// `CODE_EXPIRED` or `CODE_CANCELLED` when it is not pending any more.
#[utoipa::path(
    post, path = "/cancel/{id}", tag = "rewards", operation_id = "cancel",
    params(("id" = Uuid, Path, description = "The redemption.", example = "01890000-0000-7000-8000-00000000000b")),
    request_body = Cancel,
    responses((status = 200, description = "Cancelled.", body = Cancelled)),
    security(("bearer" = []))
)]
pub(crate) async fn cancel(
    State(state): State<AppState>,
    As(consumer): As<Consumer>,
    Id(redemption): Id<RedemptionId>,
    order: Order<Cancel>,
) -> Answer<Json<Cancelled>> {
    let reason = reason(order.body.reason.as_deref())?;
    let (s, reason) = (&state.services, reason.as_deref());
    let done = integration::cancel(s, consumer, redemption, reason, &order.request).await;
    let it = done.map_err(refused)?;
    Ok(Json(Cancelled {
        points_refunded: it.refunded,
        new_balance: it.available,
    }))
}

fn reason(text: Option<&str>) -> Result<Option<String>, Problem> {
    let checked = text.map(|text| line(text, 1, LONGEST_REASON)).transpose();
    checked.map_err(|problem: FieldProblem| Problem::field("reason", problem))
}

fn refused(refusal: CancelRefusal) -> Problem {
    match refusal {
        CancelRefusal::KeyReused => ErrorCode::IdempotencyKeyReused.into(),
        CancelRefusal::Cancel(Refusal::NotFound) => ErrorCode::NotFound.into(),
        CancelRefusal::Cancel(Refusal::Fault(fault)) => fault.into(),
        CancelRefusal::Cancel(Refusal::Final(status)) => match status {
            RedemptionStatus::Cancelled => ErrorCode::CodeCancelled.into(),
            RedemptionStatus::Expired => ErrorCode::CodeExpired.into(),
            RedemptionStatus::Pending | RedemptionStatus::Confirmed => {
                ErrorCode::CodeAlreadyUsed.into()
            }
        },
    }
}
