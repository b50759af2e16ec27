//! Reports to take away.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use chrono::NaiveDate;
use domain::{named, points::Points};
use serde::{Deserialize, Serialize};
use services::{
    Services,
    analytics::{self, RangeName, reports},
    identity::actors::Admin,
};
use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{Object, RefOr, Schema},
};
use uuid::Uuid;

use crate::api::{
    actor::As,
    extract::Query,
    merchant::{RangeQuery, ReportLine, SummaryFigures},
    problem::{Answer, Problem},
    schema,
    table::Csv,
};

named! {
    /// What a report is about.
    pub enum ReportType {
        /// A line for each redemption.
        Redemptions = "redemptions",
        /// A line for each offer.
        Offers = "offers",
        /// A line for each merchant.
        Merchants = "merchants",
        /// One line for all.
        Summary = "summary",
    }
}

named! {
    /// How a report is written.
    pub enum Format {
        /// For programs.
        Json = "json",
        /// For spreadsheets.
        Csv = "csv",
    }
}

// A parameter whose schema a function gives cannot be a required one.
impl PartialSchema for ReportType {
    fn schema() -> RefOr<Schema> {
        schema::one_of(Self::ALL.iter().map(|it| it.as_str())).into()
    }
}

impl ToSchema for ReportType {}

fn formats() -> Object {
    schema::one_of(Format::ALL.iter().map(|it| it.as_str()))
}

/// Which report to make.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReportQuery {
    /// What it is about.
    #[param(inline)]
    r#type: ReportType,
    /// How it is written; JSON unless told.
    #[param(schema_with = formats, required = false)]
    format: Option<Format>,
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

/// An offer's or a merchant's redemptions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TallyLine {
    merchant_id: Uuid,
    merchant_name: String,
    /// Null in a report about merchants.
    offer_id: Option<Uuid>,
    offer_name: Option<String>,
    total: i64,
    confirmed: i64,
    expired: i64,
    cancelled: i64,
    /// What the confirmed ones cost.
    #[schema(value_type = i64)]
    points: Points,
}

impl From<reports::Tally> for TallyLine {
    fn from(it: reports::Tally) -> Self {
        let (offer_id, offer_name) = it.offer.unzip();
        Self {
            merchant_id: it.merchant_id.into(),
            merchant_name: it.merchant_name,
            offer_id: offer_id.map(Into::into),
            offer_name,
            total: it.total,
            confirmed: it.confirmed,
            expired: it.expired,
            cancelled: it.cancelled,
            points: it.points,
        }
    }
}

/// One line of a report; its type is the report's.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum ReportItem {
    /// Of a report about redemptions.
    Redemption(ReportLine),
    /// Of a report about offers or merchants.
    Tally(TallyLine),
    /// Of a summary.
    Summary(SummaryFigures),
}

/// A report.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Report {
    from: NaiveDate,
    to: NaiveDate,
    items: Vec<ReportItem>,
}

/// Make a report
///
/// About the redemptions that were made on some days, the last thirty unless told.
#[utoipa::path(
    get, path = "/reports", tag = "admin", operation_id = "get_report",
    params(ReportQuery),
    responses((status = 200, description = "The report.", content(
        (Report = "application/json"), (String = "text/csv"),
    ))),
    security(("bearer" = []))
)]
pub(crate) async fn report(
    State(s): State<Services>,
    As(admin): As<Admin>,
    Query(query): Query<ReportQuery>,
) -> Answer<Response> {
    let range = RangeQuery::of(query.range, query.from, query.to).days(&s)?;
    let items = items(&s, admin, query.r#type, range).await?;
    if query.format == Some(Format::Csv) {
        return Ok(Csv::of(query.r#type.as_str(), items.into_iter())?.into_response());
    }
    let report = Report {
        from: range.from,
        to: range.to,
        items,
    };
    Ok(Json(report).into_response())
}

async fn items(
    s: &Services,
    admin: Admin,
    about: ReportType,
    range: analytics::Range,
) -> Result<Vec<ReportItem>, Problem> {
    let tallies = async |by_offer| {
        let found = reports::tallies(s, admin, range, by_offer).await?;
        let lines = found.into_iter().map(TallyLine::from);
        Ok::<_, Problem>(lines.map(ReportItem::Tally).collect())
    };
    match about {
        ReportType::Redemptions => {
            let found = reports::redemptions(s, admin, range).await?;
            let lines = found.into_iter().map(ReportLine::from);
            Ok(lines.map(ReportItem::Redemption).collect())
        }
        ReportType::Offers => tallies(true).await,
        ReportType::Merchants => tallies(false).await,
        ReportType::Summary => {
            let summary = analytics::summary(s, admin, range).await?;
            Ok(vec![ReportItem::Summary(summary.into())])
        }
    }
}
