//! Figures of all merchants, or of one.

use axum::{Json, extract::State};
use chrono::NaiveDate;
use serde::Deserialize;
use services::{
    Services,
    analytics::{self, RangeName, Scope},
    identity::actors::Admin,
};
use utoipa::IntoParams;
use uuid::Uuid;

use crate::api::{
    actor::As,
    extract::Query,
    merchant::{Analytics, RangeQuery},
    problem::Answer,
    schema,
};

/// Whose figures to see, and of which days.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AnalyticsQuery {
    /// One merchant's only.
    #[param(required = false, nullable = false)]
    merchant_id: Option<Uuid>,
    /// Up to today; `custom` takes `from` and `to`.
    #[param(schema_with = schema::ranges, required = false)]
    range: Option<RangeName>,
    /// The first day of a `custom` range.
    #[param(required = false, nullable = false)]
    from: Option<NaiveDate>,
    /// The last day of a `custom` range, at most a year later.
    #[param(required = false, nullable = false)]
    to: Option<NaiveDate>,
}

/// See the figures of all merchants, or of one
#[utoipa::path(
    get, path = "/analytics", tag = "admin", operation_id = "get_analytics",
    params(AnalyticsQuery),
    responses((status = 200, description = "The figures.", body = Analytics)),
    security(("bearer" = []))
)]
pub(crate) async fn analytics(
    State(s): State<Services>,
    As(admin): As<Admin>,
    Query(query): Query<AnalyticsQuery>,
) -> Answer<Json<Analytics>> {
    let range = RangeQuery::of(query.range, query.from, query.to).days(&s)?;
    let scope = Scope::of(admin, query.merchant_id.map(Into::into));
    Ok(Json(analytics::overview(&s, scope, range).await?.into()))
}
