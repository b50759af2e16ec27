//! Offers with everything that a program shows of them, and the viewer's standing towards each.

use chrono::{DateTime, Utc};
use domain::{
    ids::{MerchantId, OfferId},
    images::Picture,
    offers::{Availability, Category, OfferFacts, OfferStatus},
    points::Points,
};
use uuid::Uuid;

use super::{
    browse::{self, points},
    pictures,
};
use crate::{Fault, Services, identity::actors::Consumer, stored};

/// An offer that is not a draft.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Which one.
    pub id: OfferId,
    /// Whose.
    pub merchant_id: MerchantId,
    /// Whose, by name.
    pub merchant_name: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: String,
    /// Its small print; may be empty.
    pub terms: String,
    /// What kind of thing it is.
    pub category: Category,
    /// What it looks like.
    pub picture: Option<Picture>,
    /// What it costs.
    pub points_cost: Points,
    /// Units ever given out; none means no limit.
    pub stock_quantity: Option<i32>,
    /// Units left; none means no limit.
    pub stock_remaining: Option<i32>,
    /// The most that one consumer may have.
    pub max_per_user: i32,
    /// How long a redemption can be confirmed, in minutes.
    pub lifetime_minutes: i32,
    /// From when on it may be redeemed.
    pub valid_from: DateTime<Utc>,
    /// The first moment at which it may no longer be redeemed.
    pub valid_to: DateTime<Utc>,
    /// What the merchant has decided.
    pub status: OfferStatus,
    /// Whether it can be redeemed now, and if not, why.
    pub availability: Availability,
    /// Whether its time is over, whatever its merchant has decided.
    pub is_over: bool,
    /// Whether no unit is left, whatever its merchant has decided.
    pub is_sold_out: bool,
    /// What the viewer brings, if it is a consumer who asks.
    pub viewer: Option<Standing>,
}

/// A consumer's standing towards an offer.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// What they can spend.
    pub balance: Points,
    /// Redemptions of this offer that count towards its limit.
    pub redeemed: i64,
    /// Whether redeeming now would work.
    pub can_redeem: bool,
}

/// One page of entries.
#[derive(Clone, Debug)]
pub struct Page {
    /// In the order that was asked for.
    pub entries: Vec<Entry>,
    /// Where the next page begins; none on the last.
    pub next: Option<browse::Cursor>,
}

/// The offers that are on now.
///
/// # Errors
/// When the database fails.
pub async fn list(
    s: &Services,
    filter: &browse::Filter,
    viewer: Option<Consumer>,
) -> Result<Page, Fault> {
    let page = browse::list(s, filter).await?;
    let ids: Vec<Uuid> = page.offers.iter().map(|offer| offer.id.into()).collect();
    let mut entries = entries(s, &ids, viewer).await?;
    let place = |entry: &Entry| ids.iter().position(|id| *id == Uuid::from(entry.id));
    entries.sort_by_key(place);
    Ok(Page {
        entries,
        next: page.next,
    })
}

/// One offer, whether or not it is on; none if it is a draft or not there.
///
/// # Errors
/// When the database fails.
pub async fn get(
    s: &Services,
    offer: OfferId,
    viewer: Option<Consumer>,
) -> Result<Option<Entry>, Fault> {
    Ok(entries(s, &[offer.into()], viewer).await?.pop())
}

async fn entries(
    s: &Services,
    ids: &[Uuid],
    viewer: Option<Consumer>,
) -> Result<Vec<Entry>, Fault> {
    let now = s.now();
    let rows = sqlx::query!(
        r#"select o.id, o.merchant_id, m.name as merchant_name, o.name, o.description, o.terms,
               o.category::text as "category!", o.points_cost, o.stock_quantity,
               o.stock_quantity - o.stock_taken as stock_remaining, o.max_per_user, o.lifetime_minutes,
               o.valid_from, o.valid_to, o.status::text as "status!",
               i.hash as "image?", i.width as "width?", i.height as "height?",
               (select coalesce(sum(l.remaining), 0)::bigint from lots l
                where l.user_id = $2 and l.remaining > 0 and l.expires_at > $3) as "balance!",
               (select count(*) from redemptions r where r.consumer_id = $2 and r.offer_id = o.id
                   and r.status in ('pending', 'confirmed')) as "redeemed!"
           from offers o join merchants m on m.id = o.merchant_id
               left join images i on i.hash = o.image
           where o.id = any($1) and o.status <> 'draft'"#,
        ids,
        viewer.map(|consumer| Uuid::from(consumer.user())),
        now,
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
            let availability = facts.availability(now);
            let (cost, balance) = (points(row.points_cost)?, points(row.balance)?);
            let viewer = viewer.map(|_| Standing {
                balance,
                redeemed: row.redeemed,
                can_redeem: availability == Availability::Available
                    && balance >= cost
                    && row.redeemed < row.max_per_user.into(),
            });
            Ok(Entry {
                id: row.id.into(),
                merchant_id: row.merchant_id.into(),
                merchant_name: row.merchant_name,
                name: row.name,
                description: row.description,
                terms: row.terms,
                category: stored(&row.category)?,
                picture: pictures::stored(row.image, row.width, row.height)?,
                points_cost: cost,
                stock_quantity: row.stock_quantity,
                stock_remaining: row.stock_remaining,
                max_per_user: row.max_per_user,
                lifetime_minutes: row.lifetime_minutes,
                valid_from: row.valid_from,
                valid_to: row.valid_to,
                status,
                availability,
                is_over: facts.is_over(now),
                is_sold_out: facts.is_sold_out(),
                viewer,
            })
        })
        .collect()
}
