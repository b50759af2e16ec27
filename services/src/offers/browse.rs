//! What a consumer can look at before redeeming.

use chrono::{DateTime, Utc};
use domain::{
    ids::{MerchantId, OfferId, RedemptionId, UserId},
    images::Picture,
    offers::{Availability, Category, OfferFacts, OfferStatus},
    points::Points,
};
use uuid::Uuid;

use super::pictures;
use crate::{Fault, Services, identity::actors::Steward, paging::Limit, stored};

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Sort {
    /// Newest first.
    #[default]
    Newest,
    /// Cheapest first.
    CostAscending,
    /// Dearest first.
    CostDescending,
}

impl Sort {
    /// The name in links and in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::CostAscending => "cost_asc",
            Self::CostDescending => "cost_desc",
        }
    }

    /// The order that goes by a name; the default for any other text.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        [Self::CostAscending, Self::CostDescending]
            .into_iter()
            .find(|sort| sort.as_str() == name)
            .unwrap_or_default()
    }
}

/// Which offers to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Words in the name, the description or the merchant's name; accents and case do not matter.
    pub text: Option<String>,
    /// One category only.
    pub category: Option<Category>,
    /// One merchant's only.
    pub merchant: Option<MerchantId>,
    /// Costing at least this.
    pub min_cost: Option<Points>,
    /// Costing at most this.
    pub max_cost: Option<Points>,
    /// The order.
    pub sort: Sort,
    /// Where the page before ended.
    pub after: Option<Cursor>,
    /// At most so many.
    pub limit: Limit,
}

/// Where a page ended: the next begins right behind.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Cursor {
    key: i64,
    id: Uuid,
}

impl Cursor {
    /// The cursor as it stands in a link.
    #[must_use]
    pub fn to_text(self) -> String {
        format!("{}.{}", self.key, self.id.simple())
    }

    /// Reads what [`Cursor::to_text`] wrote; none for any other text.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let (key, id) = text.split_once('.')?;
        Some(Self {
            key: key.parse().ok()?,
            id: id.parse().ok()?,
        })
    }
}

/// An offer in a list.
#[derive(Clone, Debug)]
pub struct Summary {
    pub id: OfferId,
    pub name: String,
    pub merchant_name: String,
    pub category: Category,
    pub points_cost: Points,
    /// As small as for a card.
    pub picture: Option<Picture>,
    pub availability: Availability,
    /// Units left; none means no limit.
    pub stock_remaining: Option<i32>,
    /// The first moment at which it may no longer be redeemed.
    pub valid_to: DateTime<Utc>,
}

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Page {
    pub offers: Vec<Summary>,
    /// Where the next page begins; none on the last.
    pub next: Option<Cursor>,
}

/// The offers that are on now. Sold-out ones are among them, marked: a cancelled redemption brings a unit
/// back.
///
/// # Errors
/// When the database fails.
pub async fn list(s: &Services, filter: &Filter) -> Result<Page, Fault> {
    let now = s.now();
    let mut rows = sqlx::query!(
        r#"select id as "id!", name as "name!", merchant_name as "merchant_name!", category as "category!",
               points_cost as "points_cost!", stock_remaining, valid_to as "valid_to!", sort_key as "sort_key!",
               image as "image?", width as "width?", height as "height?"
           from (
               select o.id, o.name, m.name as merchant_name, o.category::text as category, o.points_cost,
                   o.stock_quantity - o.stock_taken as stock_remaining, o.valid_to,
                   i.hash as image, i.width, i.height,
                   case $6
                       when 'cost_asc' then o.points_cost
                       when 'cost_desc' then -o.points_cost
                       else -(extract(epoch from o.created_at) * 1000000)::bigint
                   end as sort_key
               from offers o join merchants m on m.id = o.merchant_id
                   left join images l on l.hash = o.image
                   left join images i on i.hash = coalesce(l.small, l.hash)
               where o.status = 'active' and o.valid_from <= $1 and o.valid_to > $1
                   and ($2::text is null or position(
                       lower(unaccent($2)) in lower(unaccent(concat_ws(' ', o.name, o.description, m.name)))
                   ) > 0)
                   and ($3::text is null or o.category = $3::text::offer_category)
                   and ($4::uuid is null or o.merchant_id = $4)
                   and ($5::bigint is null or o.points_cost <= $5)
                   and ($10::bigint is null or o.points_cost >= $10)
           ) as listed
           where $7::bigint is null or (sort_key, id) > ($7, $8::uuid)
           order by sort_key, id limit $9"#,
        now,
        filter.text.as_deref().map(str::trim).filter(|text| !text.is_empty()),
        filter.category.map(Category::as_str),
        filter.merchant.map(Uuid::from),
        filter.max_cost.map(Points::get),
        filter.sort.as_str(),
        filter.after.map(|cursor| cursor.key),
        filter.after.map(|cursor| cursor.id),
        filter.limit.asked(),
        filter.min_cost.map(Points::get),
    )
    .fetch_all(&s.db)
    .await?;
    let more = filter.limit.cut(&mut rows);
    let next = rows.last().filter(|_| more).map(|row| Cursor {
        key: row.sort_key,
        id: row.id,
    });
    let offers = rows
        .into_iter()
        .map(|row| {
            let sold_out = row.stock_remaining.is_some_and(|units| units <= 0);
            Ok(Summary {
                id: row.id.into(),
                name: row.name,
                merchant_name: row.merchant_name,
                category: stored(&row.category)?,
                points_cost: points(row.points_cost)?,
                picture: pictures::stored(row.image, row.width, row.height)?,
                availability: if sold_out {
                    Availability::SoldOut
                } else {
                    Availability::Available
                },
                stock_remaining: row.stock_remaining,
                valid_to: row.valid_to,
            })
        })
        .collect::<Result<_, Fault>>()?;
    Ok(Page { offers, next })
}

/// An offer on its own page.
#[derive(Clone, Debug)]
pub struct Detail {
    pub id: OfferId,
    pub name: String,
    pub description: String,
    pub terms: String,
    pub merchant_id: MerchantId,
    pub merchant_name: String,
    pub category: Category,
    pub points_cost: Points,
    pub picture: Option<Picture>,
    pub availability: Availability,
    pub stock_remaining: Option<i32>,
    pub max_per_user: i32,
    /// How long a redemption can be confirmed, in minutes.
    pub lifetime_minutes: i32,
    pub valid_from: DateTime<Utc>,
    pub valid_to: DateTime<Utc>,
    /// What the viewer brings, if they are a consumer.
    pub viewer: Option<Viewer>,
}

/// A consumer's standing towards an offer.
#[derive(Clone, Copy, Debug)]
pub struct Viewer {
    pub balance: Points,
    /// Redemptions of this offer that count towards its limit.
    pub redeemed: i64,
    /// The newest redemption of this offer that can still be shown at the till.
    pub waiting: Option<RedemptionId>,
}

/// An offer that is not a draft, for anyone; with the viewer's standing if `viewer` has a points account.
///
/// # Errors
/// When the database fails.
pub async fn detail(
    s: &Services,
    offer: OfferId,
    viewer: Option<UserId>,
) -> Result<Option<Detail>, Fault> {
    found(s, offer, viewer, None).await
}

/// One of a merchant's own offers of whatever status, as anyone will see it. A draft is shown as if it were
/// published.
///
/// # Errors
/// When the database fails.
pub async fn preview(
    s: &Services,
    steward: impl Into<Steward>,
    offer: OfferId,
) -> Result<Option<Detail>, Fault> {
    found(s, offer, None, Some(steward.into().merchant())).await
}

/// An offer that is not a draft, or one of this merchant's.
async fn found(
    s: &Services,
    offer: OfferId,
    viewer: Option<UserId>,
    own: Option<MerchantId>,
) -> Result<Option<Detail>, Fault> {
    let now = s.now();
    let row = sqlx::query!(
        r#"select o.id, o.name, o.description, o.terms, o.merchant_id, m.name as merchant_name,
               o.category::text as "category!", o.points_cost, o.status::text as "status!",
               o.stock_quantity - o.stock_taken as stock_remaining, o.max_per_user, o.lifetime_minutes,
               o.valid_from, o.valid_to, i.hash as "image?", i.width as "width?", i.height as "height?",
               (select balance from accounts where user_id = $2 and kind = 'available') as balance,
               (select count(*) from redemptions r where r.consumer_id = $2 and r.offer_id = o.id
                   and r.status in ('pending', 'confirmed')) as "redeemed!",
               (select r.id from redemptions r where r.consumer_id = $2 and r.offer_id = o.id
                   and r.status = 'pending' and r.expires_at > $3 order by r.id desc limit 1) as waiting
           from offers o join merchants m on m.id = o.merchant_id
               left join images i on i.hash = o.image
           where o.id = $1 and case when $4::uuid is null then o.status <> 'draft' else o.merchant_id = $4 end"#,
        Uuid::from(offer),
        viewer.map(Uuid::from),
        now,
        own.map(Uuid::from),
    )
    .fetch_optional(&s.db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let status: OfferStatus = stored(&row.status)?;
    let facts = OfferFacts {
        status: match status {
            OfferStatus::Draft => OfferStatus::Active,
            status => status,
        },
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        stock_remaining: row.stock_remaining,
    };
    let (redeemed, waiting) = (row.redeemed, row.waiting.map(Into::into));
    let viewer = row
        .balance
        .map(|balance| {
            Ok::<_, Fault>(Viewer {
                balance: points(balance)?,
                redeemed,
                waiting,
            })
        })
        .transpose()?;
    Ok(Some(Detail {
        id: row.id.into(),
        name: row.name,
        description: row.description,
        terms: row.terms,
        merchant_id: row.merchant_id.into(),
        merchant_name: row.merchant_name,
        category: stored(&row.category)?,
        points_cost: points(row.points_cost)?,
        picture: pictures::stored(row.image, row.width, row.height)?,
        availability: facts.availability(now),
        stock_remaining: row.stock_remaining,
        max_per_user: row.max_per_user,
        lifetime_minutes: row.lifetime_minutes,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        viewer,
    }))
}

/// A stored amount, which a constraint keeps from being negative.
pub(crate) fn points(amount: i64) -> Result<Points, Fault> {
    Points::try_from(amount).map_err(|_| Fault::Broken("a stored amount is never negative"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_from_its_text() {
        let cursor = Cursor {
            key: -1_700_000_000_000_000,
            id: Uuid::from_u128(7),
        };
        assert_eq!(Cursor::from_text(&cursor.to_text()), Some(cursor));
        for text in ["", "1", "x.y", "1.zz"] {
            assert_eq!(Cursor::from_text(text), None, "{text}");
        }
    }
}
