//! Redemptions to take away.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use domain::{points::Points, redemptions::RedemptionStatus};
use serde::Serialize;
use services::{Services, analytics::reports, identity::actors::Steward};
use utoipa::ToSchema;
use uuid::Uuid;

use super::range::RangeQuery;
use crate::api::{actor::As, extract::Query, problem::Answer, schema, table::Csv};

/// Take your merchant's redemptions away as CSV
#[utoipa::path(
    get, path = "/reports/export", tag = "merchant", operation_id = "export_redemptions",
    params(RangeQuery),
    responses((status = 200, description = "A line for each redemption.", content_type = "text/csv", body = String)),
    security(("bearer" = []), ("merchant_bearer" = []), ("api_key" = []))
)]
pub(crate) async fn export(
    State(s): State<Services>,
    As(steward): As<Steward>,
    Query(query): Query<RangeQuery>,
) -> Answer<Response> {
    let range = query.days(&s)?;
    let found = reports::redemptions(&s, steward, range).await?;
    Ok(Csv::of("redemptions", found.into_iter().map(Line::from))?.into_response())
}

/// A redemption as a line of a report.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReportedRedemption)]
pub(crate) struct Line {
    redemption_id: Uuid,
    merchant_id: Uuid,
    merchant_name: String,
    offer_id: Uuid,
    offer_name: String,
    #[schema(value_type = i64)]
    points_spent: Points,
    #[schema(schema_with = schema::redemption_statuses)]
    status: RedemptionStatus,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    confirmed_at: Option<DateTime<Utc>>,
    /// A person's identifier, or that of an integration's key.
    confirmed_by: Option<Uuid>,
    station_id: Option<Uuid>,
    terminal_id: Option<Uuid>,
    cancelled_at: Option<DateTime<Utc>>,
    cancellation_reason: Option<String>,
}

impl From<reports::Redemption> for Line {
    fn from(it: reports::Redemption) -> Self {
        Self {
            redemption_id: it.id.into(),
            merchant_id: it.merchant_id.into(),
            merchant_name: it.merchant_name,
            offer_id: it.offer_id.into(),
            offer_name: it.offer_name,
            points_spent: it.points_spent,
            status: it.status,
            created_at: it.created_at,
            expires_at: it.expires_at,
            confirmed_at: it.confirmed_at,
            confirmed_by: it.confirmed_by,
            station_id: it.station_id.map(Into::into),
            terminal_id: it.terminal_id.map(Into::into),
            cancelled_at: it.cancelled_at,
            cancellation_reason: it.cancellation_reason,
        }
    }
}
