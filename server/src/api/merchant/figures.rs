//! A merchant's figures.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    fields::FieldProblem, ids::RedemptionId, points::Points, redemptions::RedemptionStatus,
};
use serde::{Deserialize, Serialize};
use services::{
    Services,
    analytics::{self, LONGEST_DAYS, Overview, Range, RangeName, Summary, reports},
    identity::actors::{Operator, Steward},
    offers::pending::{self, Pending},
    paging::Limit,
};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::api::{
    actor::As,
    extract::Query,
    page::Page,
    problem::{Answer, Problem},
    schema,
    table::Csv,
};

/// Which days to look at.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RangeQuery {
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

impl RangeQuery {
    /// As another query says it.
    pub(crate) fn of(
        range: Option<RangeName>,
        from: Option<NaiveDate>,
        to: Option<NaiveDate>,
    ) -> Self {
        Self { range, from, to }
    }

    /// The days that are meant; the last thirty unless told.
    pub(crate) fn days(&self, s: &Services) -> Result<Range, Problem> {
        let name = self.range.unwrap_or(match (self.from, self.to) {
            (None, None) => RangeName::Month,
            _ => RangeName::Custom,
        });
        if let Some(range) = Range::named(s, name) {
            return Ok(range);
        }
        let needed = |day: Option<NaiveDate>, field| {
            day.ok_or_else(|| Problem::field(field, FieldProblem::Required))
        };
        let (from, to) = (needed(self.from, "from")?, needed(self.to, "to")?);
        Range::new(from, to).map_err(|_| {
            Problem::field(
                "to",
                if to < from {
                    FieldProblem::EndsBeforeStart
                } else {
                    FieldProblem::NotInRange {
                        min: 1,
                        max: LONGEST_DAYS,
                    }
                },
            )
        })
    }
}

/// The redemptions that were made in a stretch of time.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Summary)]
pub(crate) struct SummaryFigures {
    #[schema(minimum = 0)]
    total: i64,
    #[schema(minimum = 0)]
    confirmed: i64,
    #[schema(minimum = 0)]
    pending: i64,
    #[schema(minimum = 0)]
    expired: i64,
    #[schema(minimum = 0)]
    cancelled: i64,
    /// What the confirmed ones cost.
    #[schema(value_type = i64, minimum = 0)]
    points: Points,
    /// The part of all that was confirmed.
    #[schema(minimum = 0, maximum = 1)]
    conversion_rate: f64,
    /// The part of all that ran out of time.
    #[schema(minimum = 0, maximum = 1)]
    expiration_rate: f64,
    /// Half of the confirmed ones were confirmed within so many seconds; null if there are none.
    median_seconds_to_confirm: Option<f64>,
}

impl From<Summary> for SummaryFigures {
    fn from(it: Summary) -> Self {
        Self {
            total: it.total,
            confirmed: it.confirmed,
            pending: it.pending,
            expired: it.expired,
            cancelled: it.cancelled,
            points: it.points,
            conversion_rate: it.conversion_rate(),
            expiration_rate: it.expiration_rate(),
            median_seconds_to_confirm: it.median_seconds,
        }
    }
}

/// The merchant's own redemptions lately.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MerchantStats {
    today: SummaryFigures,
    /// The last seven days, today among them.
    week: SummaryFigures,
    /// The last thirty days, today among them.
    month: SummaryFigures,
}

/// See your merchant's figures in short
#[utoipa::path(
    get, path = "/stats", tag = "merchant", operation_id = "get_merchant_stats",
    responses((status = 200, description = "The figures.", body = MerchantStats)),
    security(("bearer" = []), ("merchant_bearer" = []), ("api_key" = []))
)]
pub(crate) async fn stats(
    State(s): State<Services>,
    As(operator): As<Operator>,
) -> Answer<Json<MerchantStats>> {
    let of = async |name| {
        let range = Range::named(&s, name).ok_or(services::Fault::Broken("the name has days"))?;
        analytics::summary(&s, operator, range).await
    };
    Ok(Json(MerchantStats {
        today: of(RangeName::Today).await?.into(),
        week: of(RangeName::Week).await?.into(),
        month: of(RangeName::Month).await?.into(),
    }))
}

/// Everything about a range of days.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Analytics {
    from: NaiveDate,
    to: NaiveDate,
    summary: SummaryFigures,
    /// Every day of the range.
    by_day: Vec<DayFigures>,
    /// When redemptions are confirmed, by the hour of the day; hours without any are left out.
    peak_hours: Vec<HourFigures>,
    popular_offers: Vec<OfferFigures>,
    /// The seven days up to `to` beside the seven before.
    week_over_week: ComparedFigures,
    /// The month up to `to` beside the month before.
    month_over_month: ComparedFigures,
    /// The ten newest redemptions of whatever day.
    latest: Vec<LatestRedemption>,
}

/// One day's redemptions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DayFigures {
    day: NaiveDate,
    total: i64,
    confirmed: i64,
    /// What the confirmed ones cost.
    #[schema(value_type = i64)]
    points: Points,
}

/// One hour's confirmations.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HourFigures {
    #[schema(minimum = 0, maximum = 23)]
    hour: i32,
    confirmed: i64,
}

/// One offer's redemptions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OfferFigures {
    offer_id: Uuid,
    offer_name: String,
    total: i64,
    confirmed: i64,
    /// What the confirmed ones cost.
    #[schema(value_type = i64)]
    points: Points,
}

/// A stretch of time beside the one before.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ComparedFigures {
    current: SummaryFigures,
    previous: SummaryFigures,
    /// How many more were confirmed, as a part of the earlier figure; null if that is nothing.
    change: Option<f64>,
}

impl From<analytics::Comparison> for ComparedFigures {
    fn from(it: analytics::Comparison) -> Self {
        Self {
            change: it.change(),
            current: it.current.into(),
            previous: it.previous.into(),
        }
    }
}

/// One of the newest redemptions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LatestRedemption {
    redemption_id: Uuid,
    offer_name: String,
    #[schema(value_type = i64)]
    points_spent: Points,
    #[schema(schema_with = schema::redemption_statuses)]
    status: RedemptionStatus,
    created_at: DateTime<Utc>,
    confirmed_at: Option<DateTime<Utc>>,
}

impl From<Overview> for Analytics {
    fn from(it: Overview) -> Self {
        Self {
            from: it.range.from,
            to: it.range.to,
            summary: it.summary.into(),
            by_day: it
                .days
                .into_iter()
                .map(|day| DayFigures {
                    day: day.day,
                    total: day.total,
                    confirmed: day.confirmed,
                    points: day.points,
                })
                .collect(),
            peak_hours: it
                .hours
                .into_iter()
                .map(|hour| HourFigures {
                    hour: hour.hour,
                    confirmed: hour.confirmed,
                })
                .collect(),
            popular_offers: it
                .popular
                .into_iter()
                .map(|offer| OfferFigures {
                    offer_id: offer.offer_id.into(),
                    offer_name: offer.name,
                    total: offer.total,
                    confirmed: offer.confirmed,
                    points: offer.points,
                })
                .collect(),
            week_over_week: it.weeks.into(),
            month_over_month: it.months.into(),
            latest: it
                .latest
                .into_iter()
                .map(|it| LatestRedemption {
                    redemption_id: it.redemption.into(),
                    offer_name: it.offer_name,
                    points_spent: it.points_spent,
                    status: it.status,
                    created_at: it.created_at,
                    confirmed_at: it.confirmed_at,
                })
                .collect(),
        }
    }
}

/// See your merchant's figures
#[utoipa::path(
    get, path = "/analytics", tag = "merchant", operation_id = "get_merchant_analytics",
    params(RangeQuery),
    responses((status = 200, description = "The figures.", body = Analytics)),
    security(("bearer" = []), ("merchant_bearer" = []), ("api_key" = []))
)]
pub(crate) async fn analytics(
    State(s): State<Services>,
    As(steward): As<Steward>,
    Query(query): Query<RangeQuery>,
) -> Answer<Json<Analytics>> {
    let range = query.days(&s)?;
    Ok(Json(analytics::overview(&s, steward, range).await?.into()))
}

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

/// Which page to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PendingQuery {
    /// Redemptions on a page.
    #[param(value_type = i64, required = false, minimum = 1, maximum = 100, default = 20)]
    #[serde(default)]
    limit: Limit,
    /// `next_cursor` of the page before.
    #[param(required = false, nullable = false)]
    cursor: Option<Uuid>,
}

/// List what waits to be handed out
///
/// Soonest to expire first.
#[utoipa::path(
    get, path = "/pending", tag = "merchant", operation_id = "list_pending",
    params(PendingQuery),
    responses((status = 200, description = "One page.", body = Page<PendingRedemption>)),
    security(("bearer" = []), ("merchant_bearer" = []), ("api_key" = []))
)]
pub(crate) async fn pending(
    State(s): State<Services>,
    As(operator): As<Operator>,
    Query(query): Query<PendingQuery>,
) -> Answer<Json<Page<PendingRedemption>>> {
    let after = query.cursor.map(RedemptionId::from);
    let (found, next) = pending::list(&s, operator, after, query.limit).await?;
    Ok(Json(Page::of(found, next, PendingRedemption::from)))
}

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
    station_id: Option<Uuid>,
    terminal_id: Option<Uuid>,
    cancelled_at: Option<DateTime<Utc>>,
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
            station_id: it.station_id.map(Into::into),
            terminal_id: it.terminal_id.map(Into::into),
            cancelled_at: it.cancelled_at,
        }
    }
}
