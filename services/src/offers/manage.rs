//! What a manager, or an integration, does with the merchant's own offers.

use chrono::{DateTime, Utc};
use domain::{
    fields::{FieldProblem, Problems},
    ids::OfferId,
    offers::{Availability, OfferDraft, OfferFacts, OfferStatus},
    points::Points,
};
use uuid::Uuid;

use super::browse::points;
use crate::{Fault, Services, identity::actors::Steward, stored};

/// Why an offer was not changed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The merchant has no such offer.
    #[error("no such offer")]
    NotFound,
    /// Fields that need another value.
    #[error("fields need another value")]
    Invalid(Problems),
    /// Someone else saved the offer after the form was opened.
    #[error("changed by someone else in the meantime")]
    Conflict,
    /// An offer of this status cannot become that.
    #[error("an offer that is {0:?} cannot do this")]
    WrongStatus(OfferStatus),
    /// Consumers still hold codes.
    #[error("{pending} redemptions are pending")]
    Pending {
        /// How many.
        pending: i64,
    },
    /// Not a refusal but a fault.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<sqlx::Error> for Refusal {
    fn from(error: sqlx::Error) -> Self {
        Self::Fault(error.into())
    }
}

/// An offer in its merchant's list.
#[derive(Clone, Debug)]
pub struct Own {
    pub id: OfferId,
    pub name: String,
    pub points_cost: Points,
    pub status: OfferStatus,
    pub availability: Availability,
    pub stock_remaining: Option<i32>,
    pub pending: i64,
    pub confirmed: i64,
    pub valid_to: DateTime<Utc>,
}

/// All offers of the manager's merchant, newest first; archived ones last.
///
/// # Errors
/// When the database fails.
pub async fn list(s: &Services, manager: impl Into<Steward>) -> Result<Vec<Own>, Fault> {
    let manager = manager.into();
    let now = s.now();
    let rows = sqlx::query!(
        r#"select o.id, o.name, o.points_cost, o.status::text as "status!",
               o.stock_quantity - o.stock_taken as stock_remaining, o.valid_from, o.valid_to,
               coalesce(r.pending, 0) as "pending!", coalesce(r.confirmed, 0) as "confirmed!"
           from offers o
           left join (
               select offer_id, count(*) filter (where status = 'pending') as pending,
                   count(*) filter (where status = 'confirmed') as confirmed
               from redemptions where merchant_id = $1 group by offer_id
           ) r on r.offer_id = o.id
           where o.merchant_id = $1
           order by o.status = 'archived', o.created_at desc, o.id desc"#,
        Uuid::from(manager.merchant()),
    )
    .fetch_all(&s.db)
    .await?;
    rows.into_iter()
        .map(|row| {
            let status = stored(&row.status)?;
            let facts = OfferFacts {
                status,
                valid_from: row.valid_from,
                valid_to: row.valid_to,
                stock_remaining: row.stock_remaining,
            };
            Ok(Own {
                id: row.id.into(),
                name: row.name,
                points_cost: points(row.points_cost)?,
                status,
                availability: facts.availability(now),
                stock_remaining: row.stock_remaining,
                pending: row.pending,
                confirmed: row.confirmed,
                valid_to: row.valid_to,
            })
        })
        .collect()
}

/// An offer opened for editing.
#[derive(Clone, Debug)]
pub struct Editable {
    pub status: OfferStatus,
    /// Handed back with the edit.
    pub version: i32,
    pub stock_taken: i32,
    pub draft: OfferDraft,
}

/// One of the merchant's own offers, to edit.
///
/// # Errors
/// When the database fails.
pub async fn open(
    s: &Services,
    manager: impl Into<Steward>,
    offer: OfferId,
) -> Result<Option<Editable>, Fault> {
    let manager = manager.into();
    let row = sqlx::query!(
        r#"select name, description, terms, category::text as "category!", points_cost, stock_quantity,
               stock_taken, max_per_user, lifetime_minutes, valid_from, valid_to, status::text as "status!",
               version
           from offers where id = $1 and merchant_id = $2"#,
        Uuid::from(offer),
        Uuid::from(manager.merchant()),
    )
    .fetch_optional(&s.db)
    .await?;
    row.map(|row| {
        Ok(Editable {
            status: stored(&row.status)?,
            version: row.version,
            stock_taken: row.stock_taken,
            draft: OfferDraft {
                name: row.name,
                description: row.description,
                terms: row.terms,
                category: stored(&row.category)?,
                points_cost: points(row.points_cost)?,
                stock_quantity: row.stock_quantity,
                max_per_user: row.max_per_user,
                lifetime_minutes: row.lifetime_minutes,
                valid_from: row.valid_from,
                valid_to: row.valid_to,
            },
        })
    })
    .transpose()
}

/// Stores a new offer as a draft.
///
/// # Errors
/// When the database fails.
pub async fn create(
    s: &Services,
    manager: impl Into<Steward>,
    draft: &OfferDraft,
) -> Result<OfferId, Fault> {
    create_as(s, manager, s.new_id().into(), draft).await
}

/// Stores a new offer as a draft under an identifier of the caller's, once.
///
/// # Errors
/// When the database fails.
pub async fn create_as(
    s: &Services,
    manager: impl Into<Steward>,
    offer: OfferId,
    draft: &OfferDraft,
) -> Result<OfferId, Fault> {
    let manager = manager.into();
    sqlx::query_scalar!(
        "with made as (
             insert into offers (id, merchant_id, name, description, terms, category, points_cost, stock_quantity,
                 max_per_user, lifetime_minutes, valid_from, valid_to, created_at)
             values ($1, $2, $3, $4, $5, $6::text::offer_category, $7, $8, $9, $10, $11, $12, $13)
             on conflict (id) do nothing returning id
         )
         select made.id from made, audit($13, $14, $15, $2, 'offer.create', made.id, '{}')",
        Uuid::from(offer),
        Uuid::from(manager.merchant()),
        draft.name,
        draft.description,
        draft.terms,
        draft.category.as_str(),
        draft.points_cost.get(),
        draft.stock_quantity,
        draft.max_per_user,
        draft.lifetime_minutes,
        draft.valid_from,
        draft.valid_to,
        s.now(),
        manager.person().map(Uuid::from),
        manager.api_key().map(Uuid::from),
    )
    .fetch_optional(&s.db)
    .await?;
    Ok(offer)
}

/// Saves an edit of the offer that was opened as `version`. What consumers hold already stays as it was.
///
/// # Errors
/// A refusal, or a fault.
pub async fn edit(
    s: &Services,
    manager: impl Into<Steward>,
    offer: OfferId,
    version: i32,
    draft: &OfferDraft,
) -> Result<(), Refusal> {
    let manager = manager.into();
    let edited = sqlx::query_scalar!(
        "with edited as (
             update offers set name = $4, description = $5, terms = $6, category = $7::text::offer_category,
                 points_cost = $8, stock_quantity = $9, max_per_user = $10, lifetime_minutes = $11,
                 valid_from = $12, valid_to = $13, version = version + 1
             where id = $1 and merchant_id = $2 and version = $3 and status <> 'archived' returning id, version
         )
         select edited.id from edited,
             audit($14, $15, $16, $2, 'offer.edit', edited.id, jsonb_build_object('version', edited.version))",
        Uuid::from(offer),
        Uuid::from(manager.merchant()),
        version,
        draft.name,
        draft.description,
        draft.terms,
        draft.category.as_str(),
        draft.points_cost.get(),
        draft.stock_quantity,
        draft.max_per_user,
        draft.lifetime_minutes,
        draft.valid_from,
        draft.valid_to,
        s.now(),
        manager.person().map(Uuid::from),
        manager.api_key().map(Uuid::from),
    )
    .fetch_optional(&s.db)
    .await;
    let current = || async { open(s, manager, offer).await?.ok_or(Refusal::NotFound) };
    match edited {
        Ok(Some(_)) => Ok(()),
        Ok(None) => match current().await?.status {
            OfferStatus::Archived => Err(Refusal::WrongStatus(OfferStatus::Archived)),
            _ => Err(Refusal::Conflict),
        },
        Err(sqlx::Error::Database(error))
            if error.constraint() == Some("offers_stock_not_oversold") =>
        {
            let taken = current().await?.stock_taken.into();
            let problem = FieldProblem::BelowTaken { taken };
            Err(Refusal::Invalid(Problems::one("stock_quantity", problem)))
        }
        Err(error) => Err(error.into()),
    }
}

/// Publishes, pauses, resumes or archives an offer. An offer with pending redemptions is not archived.
///
/// # Errors
/// A refusal, or a fault.
pub async fn set_status(
    s: &Services,
    manager: impl Into<Steward>,
    offer: OfferId,
    next: OfferStatus,
) -> Result<(), Refusal> {
    let manager = manager.into();
    let from: Vec<String> = OfferStatus::ALL
        .iter()
        .filter(|status| status.may_become(next))
        .map(ToString::to_string)
        .collect();
    let row = sqlx::query!(
        r#"with done as materialized (
               select changed, before::text, pending
               from set_offer_status($1, $2, $3::text::offer_status, $4::text[]::offer_status[])
           ),
           told as materialized (
               select done.changed from done, audit(
                   $5, $6, $7, $2, 'offer.set_status', $1, jsonb_build_object('status', $3::text, 'before', before)
               )
               where done.changed
           )
           select changed as "changed!", before as "before!", pending as "pending!",
               (select count(*) from told) as told
           from done"#,
        Uuid::from(offer),
        Uuid::from(manager.merchant()),
        next.as_str(),
        &from,
        s.now(),
        manager.person().map(Uuid::from),
        manager.api_key().map(Uuid::from),
    )
    .fetch_optional(&s.db)
    .await?
    .ok_or(Refusal::NotFound)?;
    let before: OfferStatus = stored(&row.before)?;
    if row.changed || before == next {
        Ok(())
    } else if before.may_become(next) {
        Err(Refusal::Pending {
            pending: row.pending,
        })
    } else {
        Err(Refusal::WrongStatus(before))
    }
}
