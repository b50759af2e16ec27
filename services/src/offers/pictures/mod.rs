//! Pictures of offers: uploaded, shown, taken away, and deleted once nothing shows them.

mod darkroom;

use chrono::TimeDelta;
use domain::{
    fields::{FieldProblem, Problems},
    ids::OfferId,
    images::{ImageHash, Picture},
    offers::OfferStatus,
};
use uuid::Uuid;

use super::manage::{self, Refusal};
use crate::{Fault, Services, identity::actors::Steward};

pub(crate) use darkroom::Darkroom;
pub use darkroom::HEAVIEST;

use darkroom::Print;

/// How long a picture is kept that nothing shows any more: pages that are open still do.
const KEPT: TimeDelta = TimeDelta::days(1);

/// Gives an offer the picture that a file shows. Nothing of the file is kept.
///
/// # Errors
/// A refusal, or a fault.
pub async fn set(
    s: &Services,
    steward: impl Into<Steward>,
    offer: OfferId,
    file: Vec<u8>,
) -> Result<(), Refusal> {
    let steward = steward.into();
    writable(s, steward, offer).await?;
    let developed = s.darkroom.develop(file).await?;
    let developed = developed.map_err(invalid)?;
    let (large, small) = (developed.large, developed.small);
    let hash = |print: &Print| print.picture.hash.as_bytes().to_vec();
    // Whoever uploads again what is about to be deleted keeps it.
    let done = sqlx::query!(
        "with small as (
             insert into images (hash, width, height, bytes, stored_at)
             select $8, $9, $10, $11, $12 where $8::bytea is not null
             on conflict (hash) do update set stored_at = excluded.stored_at returning hash
         ),
         large as (
             insert into images (hash, width, height, bytes, small, stored_at)
             values ($4, $5, $6, $7, (select hash from small), $12)
             on conflict (hash) do update set stored_at = excluded.stored_at returning hash
         ),
         shown as (
             update offers set image = (select hash from large)
             where id = $1 and merchant_id = $2 and status <> 'archived' returning id
         )
         select audit($12, $3, $13, $2, 'offer.set_image', id, jsonb_build_object('image', encode($4, 'hex')))
         from shown",
        Uuid::from(offer),
        Uuid::from(steward.merchant()),
        steward.person().map(Uuid::from),
        hash(&large),
        large.picture.width,
        large.picture.height,
        large.bytes,
        small.as_ref().map(hash),
        small.as_ref().map(|small| small.picture.width),
        small.as_ref().map(|small| small.picture.height),
        small.map(|small| small.bytes),
        s.now(),
        steward.api_key().map(Uuid::from),
    )
    .execute(&s.db)
    .await?;
    if done.rows_affected() == 1 {
        Ok(())
    } else {
        writable(s, steward, offer).await
    }
}

fn invalid(problem: FieldProblem) -> Refusal {
    Refusal::Invalid(Problems::one("image", problem))
}

/// Refuses what is not the merchant's, or archived: before work that takes long, and to say why after it.
async fn writable(s: &Services, steward: Steward, offer: OfferId) -> Result<(), Refusal> {
    let found = manage::open(s, steward, offer).await?;
    match found.ok_or(Refusal::NotFound)?.status {
        OfferStatus::Archived => Err(Refusal::WrongStatus(OfferStatus::Archived)),
        _ => Ok(()),
    }
}

/// Takes an offer's picture away, if it has one.
///
/// # Errors
/// A refusal, or a fault.
pub async fn remove(
    s: &Services,
    steward: impl Into<Steward>,
    offer: OfferId,
) -> Result<(), Refusal> {
    let steward = steward.into();
    let done = sqlx::query!(
        "with shown as (
             update offers set image = null
             where id = $1 and merchant_id = $2 and status <> 'archived' and image is not null returning id
         )
         select audit($5, $3, $4, $2, 'offer.remove_image', id, '{}') from shown",
        Uuid::from(offer),
        Uuid::from(steward.merchant()),
        steward.person().map(Uuid::from),
        steward.api_key().map(Uuid::from),
        s.now(),
    )
    .execute(&s.db)
    .await?;
    if done.rows_affected() == 1 {
        Ok(())
    } else {
        writable(s, steward, offer).await
    }
}

/// The JPEG of this hash.
///
/// # Errors
/// When the database fails.
pub async fn bytes(s: &Services, hash: ImageHash) -> Result<Option<Vec<u8>>, Fault> {
    let found = sqlx::query_scalar!("select bytes from images where hash = $1", hash.as_bytes());
    Ok(found.fetch_optional(&s.db).await?)
}

/// Deletes the pictures that nothing shows any more. What is small goes a run later than what it was made of.
///
/// # Errors
/// When the database fails.
pub async fn purge(s: &Services) -> Result<u64, Fault> {
    let done = sqlx::query!(
        "delete from images i where i.stored_at < $1
             and not exists (select from offers o where o.image = i.hash)
             and not exists (select from images l where l.small = i.hash)",
        s.now() - KEPT,
    )
    .execute(&s.db)
    .await?;
    Ok(done.rows_affected())
}

/// A picture as it is stored beside an offer.
pub(super) fn stored(
    hash: Option<Vec<u8>>,
    width: Option<i32>,
    height: Option<i32>,
) -> Result<Option<Picture>, Fault> {
    let (Some(hash), Some(width), Some(height)) = (hash, width, height) else {
        return Ok(None);
    };
    let hash = ImageHash::try_from(&hash[..]);
    let hash = hash.map_err(|_| Fault::Broken("a stored hash has its length"))?;
    Ok(Some(Picture {
        hash,
        width,
        height,
    }))
}
