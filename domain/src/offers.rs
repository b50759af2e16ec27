//! Offers: what a merchant gives for points.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    fields::{self, FieldProblem, Problems},
    named,
    points::Points,
};

named! {
    /// What kind of thing an offer is; the filter of the offers page.
    pub enum Category {
        /// Litres, discounts on litres.
        Fuel = "fuel",
        /// Something to eat or drink.
        Food = "food",
        /// Washing and cleaning.
        CarWash = "car_wash",
        /// Oil, wipers, tyres, checks.
        CarCare = "car_care",
        /// Goods from the shop.
        Shop = "shop",
        /// What fits none of the others.
        Other = "other",
    }
}

named! {
    /// What the merchant has decided about an offer: draft → active ⇄ paused → archived. Whether it is
    /// over or sold out is computed.
    pub enum OfferStatus {
        /// Being written; only its merchant sees it.
        Draft = "draft",
        /// Can be redeemed within its window.
        Active = "active",
        /// Withheld for now; pending redemptions stay good.
        Paused = "paused",
        /// Gone for good.
        Archived = "archived",
    }
}

impl OfferStatus {
    /// Whether an offer may go from this status to `next`.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Draft | Self::Paused, Self::Active | Self::Archived)
                | (Self::Active, Self::Paused | Self::Archived)
        )
    }
}

/// Whether a consumer could redeem an offer now, and if not, why.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Availability {
    /// It can be redeemed.
    Available,
    /// Its window has not begun.
    NotYet,
    /// Its window is over.
    Over,
    /// No unit is left.
    SoldOut,
    /// Draft, paused or archived.
    Withheld,
}

/// The facts that decide on an offer's availability.
#[derive(Clone, Copy, Debug)]
pub struct OfferFacts {
    /// What the merchant has decided.
    pub status: OfferStatus,
    /// From when on it may be redeemed.
    pub valid_from: DateTime<Utc>,
    /// The first moment at which it may no longer be redeemed.
    pub valid_to: DateTime<Utc>,
    /// Units left; none means no limit.
    pub stock_remaining: Option<i32>,
}

impl OfferFacts {
    /// Whether its time is over at `now`, whatever its merchant has decided.
    #[must_use]
    pub fn is_over(&self, now: DateTime<Utc>) -> bool {
        now >= self.valid_to
    }

    /// Whether no unit is left, whatever its merchant has decided.
    #[must_use]
    pub fn is_sold_out(&self) -> bool {
        self.stock_remaining.is_some_and(|units| units <= 0)
    }

    /// The availability at `now`.
    #[must_use]
    pub fn availability(&self, now: DateTime<Utc>) -> Availability {
        if self.status != OfferStatus::Active {
            Availability::Withheld
        } else if now < self.valid_from {
            Availability::NotYet
        } else if self.is_over(now) {
            Availability::Over
        } else if self.is_sold_out() {
            Availability::SoldOut
        } else {
            Availability::Available
        }
    }
}

/// An offer as it was typed into the manager's form.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct OfferForm {
    pub name: String,
    pub description: String,
    pub terms: String,
    pub category: String,
    pub points_cost: String,
    /// Empty means unlimited.
    pub stock_quantity: String,
    pub max_per_user: String,
    /// In minutes.
    pub lifetime_minutes: String,
}

/// An offer that can be stored: every field is within its bounds.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OfferDraft {
    pub name: String,
    pub description: String,
    pub terms: String,
    pub category: Category,
    pub points_cost: Points,
    /// Units ever given out; none means unlimited.
    pub stock_quantity: Option<i32>,
    pub max_per_user: i32,
    /// How long a redemption can be confirmed, in minutes.
    pub lifetime_minutes: i32,
    pub valid_from: DateTime<Utc>,
    pub valid_to: DateTime<Utc>,
}

/// Default of the most redemptions one consumer may have of one offer.
pub const DEFAULT_MAX_PER_USER: i32 = 5;
/// Default lifetime of a redemption, in minutes.
pub const DEFAULT_LIFETIME_MINUTES: i32 = 15;
/// Longest lifetime of a redemption, in minutes: 30 days.
pub const MAX_LIFETIME_MINUTES: i32 = 30 * 24 * 60;

/// Shortest and longest name, in characters.
const NAME_LENGTH: (usize, usize) = (3, 80);

/// The name of an offer's copy: the offer's, as far as it fits, and a mark.
#[must_use]
pub fn copied_name(name: &str, mark: &str) -> String {
    let room = NAME_LENGTH.1.saturating_sub(mark.chars().count() + 1);
    let start: String = name.chars().take(room).collect();
    format!("{} {mark}", start.trim_end())
}

impl OfferForm {
    /// The offer, or every field's problem. The window comes parsed, since its zone is not known
    /// here.
    ///
    /// # Errors
    /// The problems by field name.
    pub fn check(
        &self,
        valid_from: Result<DateTime<Utc>, FieldProblem>,
        valid_to: Result<DateTime<Utc>, FieldProblem>,
    ) -> Result<OfferDraft, Problems> {
        let mut problems = Problems::default();
        let name = problems.take(
            "name",
            fields::line(&self.name, NAME_LENGTH.0, NAME_LENGTH.1),
        );
        let description = problems.take(
            "description",
            fields::paragraphs(&self.description, 1, 1_000),
        );
        let terms = problems.take("terms", fields::paragraphs(&self.terms, 0, 4_000));
        let category = problems.take(
            "category",
            self.category.parse().map_err(|_| FieldProblem::NotAChoice),
        );
        let points_cost = problems.take("points_cost", whole(&self.points_cost, 1, 1_000_000));
        let stock_quantity = match self.stock_quantity.trim() {
            "" => Some(None),
            text => problems
                .take("stock_quantity", whole(text, 1, 1_000_000))
                .map(Some),
        };
        let max_per_user = problems.take("max_per_user", whole(&self.max_per_user, 1, 1_000));
        let lifetime_minutes = problems.take(
            "lifetime_minutes",
            whole(&self.lifetime_minutes, 1, MAX_LIFETIME_MINUTES),
        );
        let valid_from = problems.take("valid_from", valid_from);
        let valid_to = problems.take("valid_to", valid_to);
        if let (Some(from), Some(to)) = (valid_from, valid_to)
            && to <= from
        {
            problems
                .0
                .push(("valid_to".to_owned(), FieldProblem::EndsBeforeStart));
        }
        let draft = || {
            Some(OfferDraft {
                name: name?,
                description: description?,
                terms: terms?,
                category: category?,
                points_cost: Points::try_from(i64::from(points_cost?)).ok()?,
                stock_quantity: stock_quantity?,
                max_per_user: max_per_user?,
                lifetime_minutes: lifetime_minutes?,
                valid_from: valid_from?,
                valid_to: valid_to?,
            })
        };
        match draft() {
            Some(draft) if problems.0.is_empty() => Ok(draft),
            _ => Err(problems),
        }
    }
}

impl Problems {
    /// The problems of an [`OfferForm`], by the names that its fields have in the API and in tables.
    #[must_use]
    pub fn as_in_the_api(self) -> Self {
        let named = self.0.into_iter().map(|(field, problem)| {
            let field = match field.as_str() {
                "terms" => "terms_and_conditions".to_owned(),
                "max_per_user" => "max_redemptions_per_user".to_owned(),
                _ => field,
            };
            (field, problem)
        });
        Self(named.collect())
    }
}

fn whole(text: &str, min: i32, max: i32) -> Result<i32, FieldProblem> {
    let number = fields::whole_number(text, min.into(), max.into())?;
    i32::try_from(number).map_err(|_| FieldProblem::NotInRange {
        min: min.into(),
        max: max.into(),
    })
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn facts(status: OfferStatus, stock_remaining: Option<i32>) -> OfferFacts {
        OfferFacts {
            status,
            valid_from: DateTime::UNIX_EPOCH,
            valid_to: DateTime::UNIX_EPOCH + TimeDelta::days(1),
            stock_remaining,
        }
    }

    #[test]
    fn an_offer_is_available_from_its_start_until_just_before_its_end() {
        let facts = facts(OfferStatus::Active, None);
        let at = |seconds| facts.availability(DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds));
        assert_eq!(at(-1), Availability::NotYet);
        assert_eq!(at(0), Availability::Available);
        assert_eq!(at(86_399), Availability::Available);
        assert_eq!(at(86_400), Availability::Over);
    }

    #[test]
    fn the_last_unit_gone_means_sold_out() {
        let now = DateTime::UNIX_EPOCH;
        assert_eq!(
            facts(OfferStatus::Active, Some(1)).availability(now),
            Availability::Available
        );
        assert_eq!(
            facts(OfferStatus::Active, Some(0)).availability(now),
            Availability::SoldOut
        );
    }

    #[test]
    fn what_is_over_or_sold_out_is_so_even_while_it_is_withheld() {
        let end = DateTime::UNIX_EPOCH + TimeDelta::days(1);
        let paused = facts(OfferStatus::Paused, Some(0));
        assert_eq!(paused.availability(end), Availability::Withheld);
        assert!(paused.is_over(end) && paused.is_sold_out());
        let begun = facts(OfferStatus::Paused, Some(1));
        assert!(!begun.is_over(DateTime::UNIX_EPOCH) && !begun.is_sold_out());
    }

    #[test]
    fn a_copy_says_so_within_the_length_of_a_name() {
        assert_eq!(copied_name("Café", "(copia)"), "Café (copia)");
        let long = copied_name(&format!("{} b", "á".repeat(79)), "(copia)");
        assert_eq!(long, format!("{} (copia)", "á".repeat(72)));
        let cut_at_a_space =
            copied_name(&format!("{} {}", "a".repeat(71), "b".repeat(8)), "(copia)");
        assert_eq!(cut_at_a_space, format!("{} (copia)", "a".repeat(71)));
    }

    #[test]
    fn nothing_leaves_the_archive() {
        use OfferStatus::{Active, Archived, Draft, Paused};
        for next in [Draft, Active, Paused, Archived] {
            assert!(!Archived.may_become(next));
        }
        assert!(Active.may_become(Paused) && Paused.may_become(Active));
        assert!(!Active.may_become(Draft));
    }

    #[test]
    fn a_form_with_several_faults_names_them_all() {
        let form = OfferForm {
            name: "ab".into(),
            points_cost: "0".into(),
            ..OfferForm::default()
        };
        let now = DateTime::UNIX_EPOCH;
        let problems = form.check(Ok(now), Ok(now)).unwrap_err();
        for field in [
            "name",
            "description",
            "category",
            "points_cost",
            "max_per_user",
            "valid_to",
        ] {
            assert!(problems.of(field).is_some(), "{field}");
        }
        assert_eq!(problems.of("stock_quantity"), None);
    }
}
