//! Redeeming: the one statement that takes points and stock and gives a code.

use domain::{
    codes::{RedemptionCode, ShortCode},
    ids::{IdempotencyKey, OfferId, RedemptionId},
    points::Points,
};
use uuid::Uuid;

use super::browse::points;
use crate::{Fault, Services, identity::actors::Consumer};

/// Short codes offered to the database in one call. A merchant would need hundreds of millions of pending
/// redemptions before four random ones are all taken with any likelihood.
const SHORT_CODES: usize = 4;
/// Calls before giving up on codes that collide with those of redeems at the same moment.
const TRIES: usize = 3;

/// A redemption that was made, now or by an earlier request with the same key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Redeemed {
    /// Which one.
    pub redemption: RedemptionId,
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
    let row = sqlx::query!(
        r#"select outcome as "outcome!", redemption_id, required as "required!", available as "available!",
               max_per_user as "max_per_user!"
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
    let redeemed = |replayed| {
        let redemption = row
            .redemption_id
            .ok_or(Fault::Broken("a redemption has an id"))?;
        Ok(Redeemed {
            redemption: redemption.into(),
            replayed,
        })
    };
    match row.outcome.as_str() {
        "redeemed" => redeemed(false),
        "replayed" => redeemed(true),
        "key_reused" => Err(Refusal::KeyReused),
        "not_found" => Err(Refusal::NotFound),
        "price_changed" => Err(Refusal::PriceChanged {
            required: points(row.required)?,
        }),
        "not_available" => Err(Refusal::NotAvailable),
        "out_of_stock" => Err(Refusal::OutOfStock),
        "limit_reached" => Err(Refusal::LimitReached {
            limit: row.max_per_user,
        }),
        "insufficient" => Err(Refusal::InsufficientBalance {
            required: points(row.required)?,
            available: points(row.available)?,
        }),
        "no_short_code" => Err(Refusal::Fault(Fault::Busy)),
        _ => Err(Refusal::Fault(Fault::Broken(
            "redeem() answers with a known outcome",
        ))),
    }
}
