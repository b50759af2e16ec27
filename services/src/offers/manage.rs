//! What a manager, or an integration, does with the merchant's own offers.

use chrono::{DateTime, Utc};
use domain::{
    fields::{FieldProblem, Problems},
    ids::OfferId,
    images::Picture,
    offers::{Availability, OfferDraft, OfferFacts, OfferStatus, copied_name},
    points::Points,
};
use uuid::Uuid;

use super::{browse::points, pictures};
use crate::{
    Fault, Services,
    audit::{Theirs, not_theirs},
    identity::actors::Steward,
    paging::Limit,
    stored,
};

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

crate::from_database!(Refusal);

/// An offer in its merchant's list.
#[derive(Clone, Debug)]
pub struct Own {
    pub id: OfferId,
    pub name: String,
    /// As small as for a card.
    pub picture: Option<Picture>,
    pub points_cost: Points,
    pub status: OfferStatus,
    pub availability: Availability,
    pub stock_remaining: Option<i32>,
    pub pending: i64,
    pub confirmed: i64,
    pub valid_to: DateTime<Utc>,
}

/// A page of the offers of the manager's merchant, or of those of one status, newest first, archived ones last; and
/// the offer behind which the next page begins.
///
/// # Errors
/// When the database fails.
pub async fn list(
    s: &Services,
    manager: impl Into<Steward>,
    status: Option<OfferStatus>,
    after: Option<OfferId>,
) -> Result<(Vec<Own>, Option<OfferId>), Fault> {
    let manager = manager.into();
    let now = s.now();
    let mut rows = sqlx::query!(
        r#"select o.id, o.name, o.points_cost, o.status::text as "status!",
               o.stock_quantity - o.stock_taken as stock_remaining, o.valid_from, o.valid_to,
               coalesce(r.pending, 0) as "pending!", coalesce(r.confirmed, 0) as "confirmed!",
               i.hash as "image?", i.width as "width?", i.height as "height?"
           from offers o
           left join (
               select offer_id, count(*) filter (where status = 'pending') as pending,
                   count(*) filter (where status = 'confirmed') as confirmed
               from redemptions where merchant_id = $1 group by offer_id
           ) r on r.offer_id = o.id
           left join images l on l.hash = o.image
           left join images i on i.hash = coalesce(l.small, l.hash)
           where o.merchant_id = $1 and ($4::text is null or o.status = $4::text::offer_status)
               and ($2::uuid is null or (o.status <> 'archived', o.created_at, o.id) < (
                   select a.status <> 'archived', a.created_at, a.id from offers a
                   where a.id = $2 and a.merchant_id = $1
               ))
           order by o.status <> 'archived' desc, o.created_at desc, o.id desc limit $3"#,
        Uuid::from(manager.merchant()),
        after.map(Uuid::from),
        Limit::default().asked(),
        status.map(OfferStatus::as_str),
    )
    .fetch_all(&s.db)
    .await?;
    let more = Limit::default().cut(&mut rows);
    let next = rows.last().filter(|_| more).map(|row| row.id.into());
    let offers = rows
        .into_iter()
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
                picture: pictures::stored(row.image, row.width, row.height)?,
                points_cost: points(row.points_cost)?,
                status,
                availability: facts.availability(now),
                stock_remaining: row.stock_remaining,
                pending: row.pending,
                confirmed: row.confirmed,
                valid_to: row.valid_to,
            })
        })
        .collect::<Result<_, Fault>>()?;
    Ok((offers, next))
}

/// An offer opened for editing.
#[derive(Clone, Debug)]
pub struct Editable {
    pub status: OfferStatus,
    /// Handed back with the edit.
    pub version: i32,
    pub stock_taken: i32,
    pub draft: OfferDraft,
    pub picture: Option<Picture>,
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
               version, i.hash as "image?", i.width as "width?", i.height as "height?"
           from offers o left join images i on i.hash = o.image where o.id = $1 and o.merchant_id = $2"#,
        Uuid::from(offer),
        Uuid::from(manager.merchant()),
    )
    .fetch_optional(&s.db)
    .await?;
    if row.is_none() {
        not_theirs(s, manager, Theirs::Offer(offer)).await?;
    }
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
            picture: pictures::stored(row.image, row.width, row.height)?,
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
    write(s, manager.into(), offer, draft, None).await?;
    Ok(offer)
}

/// Copies one of the merchant's own offers, picture and all, as a draft under an identifier of the caller's, once.
/// Its name gets a mark, such as `(copy)`.
///
/// # Errors
/// A refusal, or a fault.
pub async fn copy(
    s: &Services,
    manager: impl Into<Steward>,
    original: OfferId,
    copy: OfferId,
    mark: &str,
) -> Result<(), Refusal> {
    let manager = manager.into();
    if open(s, manager, copy).await?.is_some() {
        return Ok(());
    }
    let original = open(s, manager, original).await?;
    let Editable { draft, picture, .. } = original.ok_or(Refusal::NotFound)?;
    let draft = OfferDraft {
        name: copied_name(&draft.name, mark),
        ..draft
    };
    write(s, manager, copy, &draft, picture).await?;
    Ok(())
}

/// Writes a draft, once.
async fn write(
    s: &Services,
    manager: Steward,
    offer: OfferId,
    draft: &OfferDraft,
    picture: Option<Picture>,
) -> Result<(), Fault> {
    sqlx::query!(
        "with made as (
             insert into offers (id, merchant_id, name, description, terms, category, points_cost, stock_quantity,
                 max_per_user, lifetime_minutes, valid_from, valid_to, created_at, image)
             values ($1, $2, $3, $4, $5, $6::text::offer_category, $7, $8, $9, $10, $11, $12, $13, $14)
             on conflict (id) do nothing returning id
         )
         select audit($13, $15, $16, $2, 'offer.create', id, jsonb_build_object('points_cost', $7::bigint))
         from made",
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
        picture.map(|picture| picture.hash.as_bytes().to_vec()),
        manager.person().map(Uuid::from),
        manager.api_key().map(Uuid::from),
    )
    .fetch_optional(&s.db)
    .await?;
    Ok(())
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
    let edited = sqlx::query!(
        "with edited as (
             update offers set name = $4, description = $5, terms = $6, category = $7::text::offer_category,
                 points_cost = $8, stock_quantity = $9, max_per_user = $10, lifetime_minutes = $11,
                 valid_from = $12, valid_to = $13, version = version + 1
             where id = $1 and merchant_id = $2 and version = $3 and status <> 'archived' returning id
         )
         select audit($14, $15, $16, $2, 'offer.edit', id, jsonb_build_object('points_cost', $8::bigint))
         from edited",
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
        r#"select changed as "changed!", before::text as "before!", pending as "pending!"
           from set_offer_status($1, $2, $3, $4, $5::text::offer_status, $6::text[]::offer_status[], $7)"#,
        Uuid::from(offer),
        Uuid::from(manager.merchant()),
        manager.person().map(Uuid::from),
        manager.api_key().map(Uuid::from),
        next.as_str(),
        &from,
        s.now(),
    )
    .fetch_optional(&s.db)
    .await?;
    let Some(row) = row else {
        not_theirs(s, manager, Theirs::Offer(offer)).await?;
        return Err(Refusal::NotFound);
    };
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
