//! Redeeming: the one statement that takes points and stock and gives a code.

mod lanes;
mod statement;

use chrono::{DateTime, Utc};
use domain::{
    codes::{RedemptionCode, ShortCode},
    ids::{IdempotencyKey, OfferId, RedemptionId},
    points::Points,
    redemptions::RedemptionStatus,
};

pub(crate) use self::lanes::Lanes;
use self::statement::Wish;
use crate::{
    Fault, Services,
    identity::actors::Consumer,
    limits::{Standing, TooMany},
};

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
    /// The consumer has redeemed as often as the limits allow for now.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// Not a refusal but a fault.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// What became of a redeem.
#[derive(Debug)]
pub struct Told {
    /// The redemption, or why there is none.
    pub answer: Result<Redeemed, Refusal>,
    /// How the consumer stands with the limit; unknown where the database did not say.
    pub standing: Option<Standing>,
}

impl From<Fault> for Told {
    fn from(fault: Fault) -> Self {
        Self {
            answer: Err(fault.into()),
            standing: None,
        }
    }
}

/// Redeems one unit of an offer: debits the points, takes the stock, makes the codes. The same `key` gives
/// the same redemption, however often and however simultaneously it is sent, and counts once. With `seen_cost`,
/// nothing is redeemed at another price.
///
/// What was asked for is done even if nobody waits for the answer any more.
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
    ask(s, consumer, offer, key, seen_cost).await.answer
}

/// The same, telling also how the consumer stands with the limit.
pub async fn ask(
    s: &Services,
    consumer: Consumer,
    offer: OfferId,
    key: IdempotencyKey,
    seen_cost: Option<Points>,
) -> Told {
    let wish = Wish {
        consumer: consumer.user(),
        key,
        seen_cost,
    };
    lanes::redeem(s, offer, wish).await
}

/// Returns when no redeem is under way or waits in this instance; a process that is about to end waits for
/// it, for the sake of those whose callers have gone.
pub async fn settled(s: &Services) {
    s.redeems.settled().await;
}
