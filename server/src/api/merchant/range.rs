//! Days to look at.

use chrono::NaiveDate;
use domain::fields::FieldProblem;
use serde::Deserialize;
use services::{
    Services,
    analytics::{LONGEST_DAYS, Range, RangeName},
};
use utoipa::IntoParams;

use crate::api::{problem::Problem, schema};

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
