//! A merchant's own offers page by page, and for admins everyone's.

use chrono::{DateTime, Utc};
use domain::{
    ids::{MerchantId, OfferId},
    images::Picture,
    offers::{Availability, OfferDraft, OfferFacts, OfferStatus},
};
use uuid::Uuid;

use super::{browse::points, pictures};
use crate::{
    Fault, Services,
    audit::{Theirs, not_theirs},
    identity::actors::{Admin, Steward},
    paging::Limit,
    stored,
};

/// An offer of whatever status.
#[derive(Clone, Debug)]
pub struct Own {
    /// Which one.
    pub id: OfferId,
    /// Whose.
    pub merchant_id: MerchantId,
    /// Whose, by name.
    pub merchant_name: String,
    /// What was written.
    pub draft: OfferDraft,
    /// What it looks like.
    pub picture: Option<Picture>,
    /// What the merchant has decided.
    pub status: OfferStatus,
    /// Whether it can be redeemed now, and if not, why.
    pub availability: Availability,
    /// Whether its time is over, whatever its merchant has decided.
    pub is_over: bool,
    /// Whether no unit is left, whatever its merchant has decided.
    pub is_sold_out: bool,
    /// Units left; none means no limit.
    pub stock_remaining: Option<i32>,
    /// Handed back with an edit.
    pub version: i32,
    /// Redemptions that wait for the till.
    pub pending: i64,
    /// Redemptions that were handed out.
    pub confirmed: i64,
    /// When it was first written.
    pub created_at: DateTime<Utc>,
}

/// Which offers to list.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// One status only.
    pub status: Option<OfferStatus>,
    /// Behind this one.
    pub after: Option<OfferId>,
    /// At most so many.
    pub limit: Limit,
}

/// One page, newest first, and the offer behind which the next begins.
type Page = (Vec<Own>, Option<OfferId>);

/// A merchant's own offers.
///
/// # Errors
/// When the database fails.
pub async fn list(
    s: &Services,
    steward: impl Into<Steward>,
    filter: Filter,
) -> Result<Page, Fault> {
    page(s, Some(steward.into().merchant()), filter).await
}

/// All of a merchant's own offers that are not archived, newest first.
///
/// # Errors
/// When the database fails.
pub async fn all(s: &Services, steward: impl Into<Steward>) -> Result<Vec<Own>, Fault> {
    let merchant = Some(steward.into().merchant());
    let limit = Limit::try_from(Limit::MAX).unwrap_or_default();
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let filter = Filter {
            after,
            limit,
            ..Filter::default()
        };
        let (offers, next) = page(s, merchant, filter).await?;
        let living = |offer: &Own| offer.status != OfferStatus::Archived;
        all.extend(offers.into_iter().filter(living));
        if next.is_none() {
            return Ok(all);
        }
        after = next;
    }
}

/// One of a merchant's own offers.
///
/// # Errors
/// When the database fails.
pub async fn get(
    s: &Services,
    steward: impl Into<Steward>,
    offer: OfferId,
) -> Result<Option<Own>, Fault> {
    let steward = steward.into();
    let merchant = Some(steward.merchant());
    let found = found(s, merchant, Some(offer), Filter::default())
        .await?
        .pop();
    if found.is_none() {
        not_theirs(s, steward, Theirs::Offer(offer)).await?;
    }
    Ok(found)
}

/// Everyone's offers, or one merchant's.
///
/// # Errors
/// When the database fails.
pub async fn list_all(
    s: &Services,
    _: Admin,
    merchant: Option<MerchantId>,
    filter: Filter,
) -> Result<Page, Fault> {
    page(s, merchant, filter).await
}

/// Anyone's offer.
///
/// # Errors
/// When the database fails.
pub async fn get_any(s: &Services, _: Admin, offer: OfferId) -> Result<Option<Own>, Fault> {
    Ok(found(s, None, Some(offer), Filter::default()).await?.pop())
}

/// The admin in the place of an offer's merchant; none where there is no such offer.
///
/// # Errors
/// When the database fails.
pub async fn stand_in(
    s: &Services,
    admin: Admin,
    offer: OfferId,
) -> Result<Option<Steward>, Fault> {
    let merchant = sqlx::query_scalar!(
        "select merchant_id from offers where id = $1",
        Uuid::from(offer)
    )
    .fetch_optional(&s.db)
    .await?;
    Ok(merchant.map(|merchant| Steward::standing_in(admin, merchant.into())))
}

async fn page(s: &Services, merchant: Option<MerchantId>, filter: Filter) -> Result<Page, Fault> {
    let mut offers = found(s, merchant, None, filter).await?;
    let more = filter.limit.cut(&mut offers);
    let next = offers.last().filter(|_| more).map(|offer| offer.id);
    Ok((offers, next))
}

async fn found(
    s: &Services,
    merchant: Option<MerchantId>,
    offer: Option<OfferId>,
    filter: Filter,
) -> Result<Vec<Own>, Fault> {
    let now = s.now();
    let rows = sqlx::query!(
        r#"select o.id, o.merchant_id, m.name as merchant_name, o.name, o.description, o.terms,
               o.category::text as "category!", o.points_cost, o.stock_quantity,
               o.stock_quantity - o.stock_taken as stock_remaining, o.max_per_user, o.lifetime_minutes,
               o.valid_from, o.valid_to, o.status::text as "status!", o.version, o.created_at,
               i.hash as "image?", i.width as "width?", i.height as "height?",
               (select count(*) from redemptions r where r.offer_id = o.id and r.status = 'pending')
                   as "pending!",
               (select count(*) from redemptions r where r.merchant_id = o.merchant_id and r.offer_id = o.id
                   and r.status = 'confirmed') as "confirmed!"
           from offers o join merchants m on m.id = o.merchant_id
               left join images i on i.hash = o.image
           where ($1::uuid is null or o.merchant_id = $1)
               and ($2::uuid is null or o.id = $2)
               and ($3::text is null or o.status = $3::text::offer_status)
               and ($4::uuid is null or o.id < $4)
           order by o.id desc limit $5"#,
        merchant.map(Uuid::from),
        offer.map(Uuid::from),
        filter.status.map(OfferStatus::as_str),
        filter.after.map(Uuid::from),
        filter.limit.asked(),
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
                merchant_id: row.merchant_id.into(),
                merchant_name: row.merchant_name,
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
                status,
                is_over: facts.is_over(now),
                is_sold_out: facts.is_sold_out(),
                availability: facts.availability(now),
                stock_remaining: row.stock_remaining,
                version: row.version,
                pending: row.pending,
                confirmed: row.confirmed,
                created_at: row.created_at,
            })
        })
        .collect()
}
