//! The two statements that redeem: one for one redeem, one for many of the same offer.

use std::num::NonZeroU32;

use chrono::{DateTime, Utc};
use domain::{
    codes::{RedemptionCode, ShortCode},
    ids::{IdempotencyKey, OfferId, UserId},
    points::Points,
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Redeemed, Refusal, Told};
use crate::{
    Fault, Services,
    limits::{Limit, Standing, TooMany},
    offers::browse::points,
    stored,
};

/// Short codes offered to the database for one redeem. A merchant would need hundreds of millions of pending
/// redemptions before four random ones are all taken with any likelihood.
const SHORT_CODES: usize = 4;
/// Calls before giving up on codes that collide with those of redeems at the same moment.
const TRIES: usize = 3;

/// What one consumer wants of an offer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish {
    /// Whose points pay.
    pub consumer: UserId,
    /// The same key is the same redemption.
    pub key: IdempotencyKey,
    /// Nothing is redeemed at another price.
    pub seen_cost: Option<Points>,
}

/// Redeems for one consumer.
pub(super) async fn alone(
    s: &Services,
    connection: &mut PgConnection,
    offer: OfferId,
    wish: Wish,
) -> Told {
    for _ in 0..TRIES {
        match attempt(s, connection, offer, wish).await {
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {}
            Err(error) => return Fault::from(error).into(),
            Ok(told) => return told,
        }
    }
    Fault::Busy.into()
}

async fn attempt(
    s: &Services,
    connection: &mut PgConnection,
    offer: OfferId,
    wish: Wish,
) -> Result<Told, sqlx::Error> {
    let (now, limits) = (s.now(), s.limits.rules());
    let answer = sqlx::query_as!(
        Answer,
        r#"select outcome as "outcome!", redemption_id, required as "required!", available as "available!",
               max_per_user as "max_per_user!", code, short_code, offer_name, status::text as status,
               created_at, expires_at, merchant_name, lately as "lately!"
           from redeem($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"#,
        s.new_id(),
        s.new_id(),
        Uuid::from(wish.consumer),
        Uuid::from(offer),
        Uuid::from(wish.key),
        code(s),
        &short_codes(s, SHORT_CODES),
        wish.seen_cost.map(Points::get),
        count(limits.redeem_per_hour),
        count(limits.redeem_per_day),
        now,
    )
    .fetch_one(connection)
    .await?;
    Ok(answer.read(&limits.redeem(), now))
}

/// Redeems for many consumers with one commit; the answers are in the order of the wishes.
///
/// # Errors
/// When the database fails, and with it all of them: nothing has happened, unless the connection was lost.
pub(super) async fn together(
    s: &Services,
    connection: &mut PgConnection,
    offer: OfferId,
    wishes: &[Wish],
) -> Result<Vec<Told>, Fault> {
    let (now, limits) = (s.now(), s.limits.rules());
    let ids = || wishes.iter().map(|_| s.new_id()).collect::<Vec<_>>();
    let consumers: Vec<Uuid> = wishes.iter().map(|wish| wish.consumer.into()).collect();
    let keys: Vec<Uuid> = wishes.iter().map(|wish| wish.key.into()).collect();
    let codes: Vec<String> = wishes.iter().map(|_| code(s)).collect();
    let costs: Vec<_> = wishes
        .iter()
        .map(|wish| wish.seen_cost.map(Points::get))
        .collect();
    let answers = sqlx::query_as!(
        Answer,
        r#"select outcome as "outcome!", redemption_id, required as "required!", available as "available!",
               max_per_user as "max_per_user!", code, short_code, offer_name, status::text as status,
               created_at, expires_at, merchant_name, lately as "lately!"
           from redeem_together($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"#,
        Uuid::from(offer),
        &ids(),
        &ids(),
        &consumers,
        &keys,
        &codes,
        &short_codes(s, SHORT_CODES * wishes.len()),
        &costs as _,
        count(limits.redeem_per_hour),
        count(limits.redeem_per_day),
        now,
    )
    .fetch_all(connection)
    .await?;
    if answers.len() != wishes.len() {
        return Err(Fault::Broken("redeem_together() answers each"));
    }
    let limit = limits.redeem();
    let told = answers.into_iter().map(|it| it.read(&limit, now));
    Ok(told.collect())
}

/// As the database counts.
fn count(most: NonZeroU32) -> i32 {
    i32::try_from(most.get()).unwrap_or(i32::MAX)
}

fn code(s: &Services) -> String {
    RedemptionCode::from_random(s.entropy.bits()).into()
}

fn short_codes(s: &Services, count: usize) -> Vec<String> {
    (0..count)
        .map(|_| ShortCode::from_random(s.entropy.bits()).into())
        .collect()
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
    /// When the consumer redeemed anything within a day, newest first.
    lately: Vec<DateTime<Utc>>,
}

impl Answer {
    fn read(self, limit: &Limit, now: DateTime<Utc>) -> Told {
        let lately = self.lately.iter().rev().copied().collect();
        let standing = limit.standing(&lately, now);
        Told {
            answer: self.outcome(standing),
            standing: Some(standing),
        }
    }

    fn outcome(self, standing: Standing) -> Result<Redeemed, Refusal> {
        match self.outcome.as_str() {
            "redeemed" => Ok(self.redeemed(false)?),
            "replayed" => Ok(self.redeemed(true)?),
            "key_reused" => Err(Refusal::KeyReused),
            "too_many" => Err(TooMany(standing).into()),
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
