//! A merchant's figures.

use axum::{Json, extract::State};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{points::Points, redemptions::RedemptionStatus};
use serde::Serialize;
use services::{
    Fault, Services,
    analytics::{self, Overview, Range, RangeName, Summary},
    identity::actors::{Operator, Steward},
};
use utoipa::ToSchema;
use uuid::Uuid;

use super::range::RangeQuery;
use crate::api::{actor::As, extract::Query, problem::Answer, schema};

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
        let range = Range::named(&s, name).ok_or(Fault::Broken("the name has days"))?;
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
