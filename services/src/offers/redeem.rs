//! Redeeming: the one statement that takes points and stock and gives a code.

use chrono::{DateTime, Utc};
use domain::{
    codes::{RedemptionCode, ShortCode},
    ids::{IdempotencyKey, OfferId, RedemptionId},
    points::Points,
    redemptions::RedemptionStatus,
};
use uuid::Uuid;

use super::browse::points;
use crate::{Fault, Services, identity::actors::Consumer, stored};

/// Short codes offered to the database in one call. A merchant would need hundreds of millions of pending
/// redemptions before four random ones are all taken with any likelihood.
const SHORT_CODES: usize = 4;
/// Calls before giving up on codes that collide with those of redeems at the same moment.
const TRIES: usize = 3;

/// A redemption that was made, now or by an earlier request with the same key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Redeemed {
    /// Which one.
    pub redemption: RedemptionId,
    /// Its code.
    pub code: RedemptionCode,
    /// The code's short form.
    pub short_code: ShortCode,
    /// What was redeemed.
    pub offer_name: String,
    /// Whose offer it is.
    pub merchant_name: String,
    /// What it cost.
    pub points_spent: Points,
    /// What has become of it: pending, unless an earlier request had made it.
    pub status: RedemptionStatus,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when it can be confirmed.
    pub expires_at: DateTime<Utc>,
    /// What the consumer has now.
    pub available: Points,
    /// Whether an earlier request had made it.
    pub replayed: bool,
}

/// Why nothing was redeemed. Nothing changed, and no key was used up.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// No such offer.
    #[error("no such offer")]
    NotFound,
    /// Paused, archived, not begun or over.
    #[error("the offer is not available")]
    NotAvailable,
    /// No unit is left.
    #[error("out of stock")]
    OutOfStock,
    /// The offer costs something else than the consumer has seen.
    #[error("costs {required} now")]
    PriceChanged {
        /// What it costs now.
        required: Points,
    },
    /// The consumer has as many as the offer allows.
    #[error("limit of {limit} reached")]
    LimitReached {
        /// The offer's limit per consumer.
        limit: i32,
    },
    /// The consumer cannot pay.
    #[error("costs {required}, {available} available")]
    InsufficientBalance {
        /// What the offer costs.
        required: Points,
        /// What the consumer has.
        available: Points,
    },
    /// The key belongs to a redemption of another offer.
    #[error("the idempotency key was used for something else")]
    KeyReused,
    /// Not a refusal but a fault.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<sqlx::Error> for Refusal {
    fn from(error: sqlx::Error) -> Self {
        Self::Fault(error.into())
    }
}

/// Redeems one unit of an offer: debits the points, takes the stock, makes the codes. The same `key` gives
/// the same redemption, however often and however simultaneously it is sent. With `seen_cost`, nothing is
/// redeemed at another price.
///
/// # Errors
/// A refusal, or a fault.
pub async fn redeem(
    s: &Services,
    consumer: Consumer,
    offer: OfferId,
    key: IdempotencyKey,
    seen_cost: Option<Points>,
) -> Result<Redeemed, Refusal> {
    for _ in 0..TRIES {
        match attempt(s, consumer, offer, key, seen_cost).await {
            Err(Refusal::Fault(Fault::Database(sqlx::Error::Database(error))))
                if error.is_unique_violation() => {}
            answer => return answer,
        }
    }
    Err(Refusal::Fault(Fault::Busy))
}

async fn attempt(
    s: &Services,
    consumer: Consumer,
    offer: OfferId,
    key: IdempotencyKey,
    seen_cost: Option<Points>,
) -> Result<Redeemed, Refusal> {
    let short_codes: Vec<String> = (0..SHORT_CODES)
        .map(|_| ShortCode::from_random(s.entropy.bits()).into())
        .collect();
    let code = RedemptionCode::from_random(s.entropy.bits());
    let answer = sqlx::query_as!(
        Answer,
        r#"select outcome as "outcome!", redemption_id, required as "required!", available as "available!",
               max_per_user as "max_per_user!", code, short_code, offer_name, status::text as status,
               created_at, expires_at, merchant_name
           from redeem($1, $2, $3, $4, $5, $6, $7, $8, $9)"#,
        s.new_id(),
        s.new_id(),
        Uuid::from(consumer.user()),
        Uuid::from(offer),
        Uuid::from(key),
        code.as_str(),
        &short_codes,
        seen_cost.map(Points::get),
        s.now(),
    )
    .fetch_one(&s.db)
    .await?;
    answer.read()
}

/// What `redeem()` answers with; the redemption's columns are there if there is one.
struct Answer {
    outcome: String,
    required: i64,
    available: i64,
    max_per_user: i32,
    redemption_id: Option<Uuid>,
    code: Option<String>,
    short_code: Option<String>,
    offer_name: Option<String>,
    status: Option<String>,
    created_at: Option<DateTime<Utc>>,
    expires_at: Option<DateTime<Utc>>,
    merchant_name: Option<String>,
}

impl Answer {
    fn read(self) -> Result<Redeemed, Refusal> {
        match self.outcome.as_str() {
            "redeemed" => Ok(self.redeemed(false)?),
            "replayed" => Ok(self.redeemed(true)?),
            "key_reused" => Err(Refusal::KeyReused),
            "not_found" => Err(Refusal::NotFound),
            "price_changed" => Err(Refusal::PriceChanged {
                required: points(self.required)?,
            }),
            "not_available" => Err(Refusal::NotAvailable),
            "out_of_stock" => Err(Refusal::OutOfStock),
            "limit_reached" => Err(Refusal::LimitReached {
                limit: self.max_per_user,
            }),
            "insufficient" => Err(Refusal::InsufficientBalance {
                required: points(self.required)?,
                available: points(self.available)?,
            }),
            "no_short_code" => Err(Refusal::Fault(Fault::Busy)),
            _ => Err(Refusal::Fault(Fault::Broken(
                "redeem() answers with a known outcome",
            ))),
        }
    }

    fn redeemed(self, replayed: bool) -> Result<Redeemed, Fault> {
        fn there<T>(column: Option<T>) -> Result<T, Fault> {
            column.ok_or(Fault::Broken("redeem() answers with the whole redemption"))
        }
        Ok(Redeemed {
            redemption: there(self.redemption_id)?.into(),
            code: stored(&there(self.code)?)?,
            short_code: stored(&there(self.short_code)?)?,
            offer_name: there(self.offer_name)?,
            merchant_name: there(self.merchant_name)?,
            points_spent: points(self.required)?,
            status: stored(&there(self.status)?)?,
            created_at: there(self.created_at)?,
            expires_at: there(self.expires_at)?,
            available: points(self.available)?,
            replayed,
        })
    }
}
