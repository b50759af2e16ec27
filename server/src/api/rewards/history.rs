//! A consumer's redemptions.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use domain::{error::ErrorCode, ids::RedemptionId, points::Points, redemptions::RedemptionStatus};
use serde::{Deserialize, Serialize};
use services::{
    Services,
    identity::actors::Consumer,
    offers::{
        history::{self, Detail, Summary},
        tokens::landing_url,
    },
};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::qr;
use crate::{
    api::{
        actor::As,
        extract::{Id, Paged},
        page::{Page, Window},
        problem::Answer,
        schema,
    },
    router::AppState,
};

/// A redemption in its consumer's list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RedemptionSummary {
    redemption_id: Uuid,
    offer_id: Uuid,
    /// As it was when it was redeemed.
    offer_name: String,
    merchant_name: String,
    #[schema(value_type = i64, minimum = 1)]
    points_spent: Points,
    #[schema(schema_with = schema::redemption_statuses)]
    status: RedemptionStatus,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    confirmed_at: Option<DateTime<Utc>>,
    cancelled_at: Option<DateTime<Utc>>,
}

impl From<Summary> for RedemptionSummary {
    fn from(it: Summary) -> Self {
        Self {
            redemption_id: it.id.into(),
            offer_id: it.offer_id.into(),
            offer_name: it.offer_name,
            merchant_name: it.merchant_name,
            points_spent: it.points_spent,
            status: it.status,
            created_at: it.created_at,
            expires_at: it.expires_at,
            confirmed_at: it.confirmed_at,
            cancelled_at: it.cancelled_at,
        }
    }
}

/// Which redemptions to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct HistoryQuery {
    /// Only those that are this now.
    #[param(schema_with = schema::redemption_statuses, required = false)]
    status: Option<RedemptionStatus>,
}

/// List your redemptions
///
/// Newest first, without their codes.
#[utoipa::path(
    get, path = "/history", tag = "rewards", operation_id = "list_history",
    params(HistoryQuery, Window),
    responses((status = 200, description = "One page.", body = Page<RedemptionSummary>)),
    security(("bearer" = []))
)]
pub(crate) async fn list(
    State(s): State<Services>,
    As(consumer): As<Consumer>,
    Paged(query, window): Paged<HistoryQuery>,
) -> Answer<Json<Page<RedemptionSummary>>> {
    let filter = history::Filter {
        status: query.status,
        after: window.cursor.map(Into::into),
        limit: window.limit,
    };
    let found = history::list(&s, consumer, filter).await?;
    Ok(Json(Page::of(
        found.redemptions,
        found.next,
        RedemptionSummary::from,
    )))
}

/// A redemption as its consumer sees it. Its codes vanish once it is used, cancelled or expired.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Redemption {
    redemption_id: Uuid,
    offer_id: Uuid,
    offer_name: String,
    merchant_name: String,
    #[schema(value_type = i64, minimum = 1)]
    points_spent: Points,
    #[schema(schema_with = schema::redemption_statuses)]
    status: RedemptionStatus,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    confirmed_at: Option<DateTime<Utc>>,
    /// Who confirmed it: a person's identifier, or that of an integration's key.
    confirmed_by: Option<Uuid>,
    /// Where it was confirmed, if that is known.
    station_id: Option<Uuid>,
    /// The terminal at which it was confirmed, if it was at one.
    terminal_id: Option<Uuid>,
    cancelled_at: Option<DateTime<Utc>>,
    cancellation_reason: Option<String>,
    /// While it is pending.
    #[schema(example = "LUMS-0000-0000-0000")]
    redemption_code: Option<String>,
    /// While it is pending.
    #[schema(example = "ABC234")]
    short_code: Option<String>,
    /// What a QR holds at this moment; it changes every 30 seconds. While it is pending.
    qr_landing_url: Option<String>,
    /// The QR of this moment as a picture. While it is pending.
    qr_image_url: Option<String>,
}

impl Redemption {
    fn of(it: Detail, base: &str) -> Self {
        let codes = it.codes.as_ref();
        Self {
            redemption_id: it.id.into(),
            offer_id: it.offer_id.into(),
            status: it.status,
            points_spent: it.points_spent,
            created_at: it.created_at,
            expires_at: it.expires_at,
            confirmed_at: it.confirmed_at,
            confirmed_by: it.confirmed_by,
            station_id: it.station_id.map(Into::into),
            terminal_id: it.terminal_id.map(Into::into),
            cancelled_at: it.cancelled_at,
            redemption_code: codes.map(|it| it.code.to_string()),
            short_code: codes.map(|it| it.short_code.to_string()),
            qr_landing_url: codes.map(|it| landing_url(base, &it.code, &it.token)),
            qr_image_url: codes.map(|it| qr::image_url(base, &it.code)),
            offer_name: it.offer_name,
            merchant_name: it.merchant_name,
            cancellation_reason: it.cancellation_reason,
        }
    }
}

/// See one of your redemptions
#[utoipa::path(
    get, path = "/history/{id}", tag = "rewards", operation_id = "get_redemption",
    params(("id" = Uuid, Path, description = "The redemption.", example = "01890000-0000-7000-8000-00000000000b")),
    responses((status = 200, description = "The redemption.", body = Redemption)),
    security(("bearer" = []))
)]
pub(crate) async fn get(
    State(state): State<AppState>,
    As(consumer): As<Consumer>,
    Id(redemption): Id<RedemptionId>,
) -> Answer<Json<Redemption>> {
    let found = history::detail(&state.services, consumer, redemption).await?;
    let found = found.ok_or(ErrorCode::NotFound)?;
    Ok(Json(Redemption::of(found, &state.site.public_url)))
}
