//! Confirming and cancelling for callers who name their requests: a point of sale, a consumer's program.

use chrono::{DateTime, Utc};
use domain::{
    ids::{RedemptionId, TerminalId},
    redemptions::RedemptionStatus,
};
use uuid::Uuid;

use super::{
    browse::points,
    cancel::{self, Cancelled},
    till::{self, Confirmed},
    tokens,
};
use crate::{
    Fault, Services,
    audit::{Theirs, not_theirs},
    idempotency::Request,
    identity::actors::{Consumer, Operator},
};

/// What a point of sale knows of a redemption that it confirms.
#[derive(Clone, Debug, Default)]
pub struct Presentation {
    /// The QR's token of this moment, or the ticket that validating gave.
    pub proof: String,
    /// The merchant's terminal, if it is one that we know.
    pub terminal: Option<TerminalId>,
    /// Who hands the thing out, as the merchant calls them; it stands in the audit log.
    pub employee: Option<String>,
}

/// Why nothing was confirmed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// As at the till.
    #[error(transparent)]
    Till(#[from] till::Refusal),
    /// The merchant has no such terminal.
    #[error("no such terminal")]
    UnknownTerminal,
    /// The request's name stands for another one.
    #[error("the idempotency key was used for something else")]
    KeyReused,
}

impl From<sqlx::Error> for Refusal {
    fn from(error: sqlx::Error) -> Self {
        till::Refusal::from(error).into()
    }
}

/// Burns a pending redemption, exactly once, in one round trip. The same actor's retry is answered as the first
/// call was, also when its proof has gone stale since.
///
/// # Errors
/// A refusal, or a fault.
pub async fn confirm(
    s: &Services,
    operator: Operator,
    redemption: RedemptionId,
    presented: &Presentation,
    request: &Request,
) -> Result<Confirmed, Refusal> {
    let now = s.now();
    let proof = &presented.proof;
    if !tokens::proof_is_good(&s.qr_secret, redemption, operator.id(), proof, now) {
        return match earlier(s, operator, redemption, request).await? {
            Some(confirmed) => Ok(confirmed),
            None => Err(till::Refusal::InvalidToken.into()),
        };
    }
    let terminal = presented.terminal.or(operator.terminal()).map(Uuid::from);
    let row = sqlx::query!(
        r#"with place as materialized (
               select $6::uuid as terminal
               where $6::uuid is null or exists (
                   select from terminals t where t.id = $6 and t.merchant_id = $3 and t.retired_at is null
               )
           ),
           done as materialized (
               select c.* from place, lateral confirm_redemption($1, $2, $3, $4, $5, place.terminal, $7, $8) as c
           ),
           told as materialized (
               select audit($8, $4, $5, $3, 'redemption.attend', $1, jsonb_build_object('employee', $9::text))
               from done where done.outcome = 'confirmed' and $9::text is not null
           )
           select outcome as "outcome!", offer_name as "offer_name!", points_spent as "points_spent!",
               confirmed_at, coalesce(confirmed_by, confirmed_key_id) as confirmed_by, terminal_name,
               (select count(*) from told) as told
           from done"#,
        Uuid::from(redemption),
        s.new_id(),
        Uuid::from(operator.merchant()),
        operator.person().map(Uuid::from),
        operator.api_key().map(Uuid::from),
        terminal,
        request.mark(),
        now,
        presented.employee,
    )
    .fetch_optional(&s.db)
    .await?;
    let Some(row) = row else {
        return Err(missing(s, operator, redemption).await?);
    };
    let replayed = match row.outcome.as_str() {
        "confirmed" => false,
        "replayed" => true,
        "cancelled" => return Err(till::Refusal::Cancelled.into()),
        "expired" => return Err(till::Refusal::Expired.into()),
        _ => {
            earlier(s, operator, redemption, request).await?;
            let (by, terminal) = (row.confirmed_by, row.terminal_name);
            let used = till::used(row.confirmed_at, by, terminal, operator);
            return Err(till::Refusal::Used(used.map_err(till::Refusal::from)?).into());
        }
    };
    Ok(Confirmed {
        offer_name: row.offer_name,
        points_spent: points(row.points_spent).map_err(till::Refusal::from)?,
        at: row.confirmed_at.unwrap_or(now),
        replayed,
    })
}

/// Why there is no row: the redemption is not this merchant's, or the terminal is not.
async fn missing(
    s: &Services,
    operator: Operator,
    redemption: RedemptionId,
) -> Result<Refusal, Refusal> {
    let known = sqlx::query_scalar!(
        r#"select exists(select from redemptions where id = $1 and merchant_id = $2) as "known!""#,
        Uuid::from(redemption),
        Uuid::from(operator.merchant()),
    )
    .fetch_one(&s.db)
    .await?;
    if known {
        return Ok(Refusal::UnknownTerminal);
    }
    not_theirs(s, operator, Theirs::Redemption(redemption))
        .await
        .map_err(till::Refusal::from)?;
    Ok(till::Refusal::InvalidCode.into())
}

/// What this actor's request of this name has confirmed before, if it has.
async fn earlier(
    s: &Services,
    operator: Operator,
    redemption: RedemptionId,
    request: &Request,
) -> Result<Option<Confirmed>, Refusal> {
    let row = sqlx::query!(
        r#"select offer_name, points_spent, confirmed_at as "confirmed_at!", confirm_key as "confirm_key!"
           from redemptions
           where id = $1 and merchant_id = $2 and status = 'confirmed' and confirm_key is not null
               and coalesce(confirmed_by, confirmed_key_id) = $3"#,
        Uuid::from(redemption),
        Uuid::from(operator.merchant()),
        operator.id(),
    )
    .fetch_optional(&s.db)
    .await?;
    let Some(row) = row.filter(|row| request.named(&row.confirm_key)) else {
        return Ok(None);
    };
    if row.confirm_key != request.mark() {
        return Err(Refusal::KeyReused);
    }
    let at: DateTime<Utc> = row.confirmed_at;
    Ok(Some(Confirmed {
        offer_name: row.offer_name,
        points_spent: points(row.points_spent).map_err(till::Refusal::from)?,
        at,
        replayed: true,
    }))
}

/// Why nothing was cancelled.
#[derive(Debug, thiserror::Error)]
pub enum CancelRefusal {
    /// As on the page.
    #[error(transparent)]
    Cancel(#[from] cancel::Refusal),
    /// The request's name stands for another one.
    #[error("the idempotency key was used for something else")]
    KeyReused,
}

/// Cancels a pending redemption, once; a retry is answered as the first call was.
///
/// # Errors
/// A refusal, or a fault.
pub async fn cancel(
    s: &Services,
    consumer: Consumer,
    redemption: RedemptionId,
    reason: Option<&str>,
    request: &Request,
) -> Result<Cancelled, CancelRefusal> {
    let mark = request.mark();
    let refusal = match cancel::cancel(s, consumer, redemption, reason, Some(&mark)).await {
        Ok(cancelled) => return Ok(cancelled),
        Err(refusal) => refusal,
    };
    if let cancel::Refusal::Final(RedemptionStatus::Cancelled) = refusal {
        let mark = sqlx::query_scalar!(
            "select cancel_key from redemptions where id = $1 and consumer_id = $2",
            Uuid::from(redemption),
            Uuid::from(consumer.user()),
        )
        .fetch_optional(&s.db)
        .await
        .map_err(|error| cancel::Refusal::from(Fault::from(error)))?
        .flatten();
        if mark.is_some_and(|mark| request.named(&mark)) {
            return Err(CancelRefusal::KeyReused);
        }
    }
    Err(refusal.into())
}

/// Whether a token that came beside a code is what the redemption's QR shows now.
#[must_use]
pub fn token_is_good(s: &Services, redemption: RedemptionId, token: &str) -> bool {
    tokens::qr_token_is_good(&s.qr_secret, redemption, token, s.now())
}
