//! Sending what is due: claimed under a lease, so that a crash sends again and several instances do not.

use std::time::Instant;

use chrono::TimeDelta;
use domain::webhooks::DeliveryStatus;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{client::Letter, signing};
use crate::{Fault, Services, offers::watch};

/// Under way at once for one endpoint: one that is slow holds no more of the places than these.
const EACH: i32 = 2;
/// Under way at once in this process.
const MOST: usize = 16;
/// Longer than any try takes; then it counts as lost, and is made again.
const LEASE: TimeDelta = TimeDelta::seconds(30);
/// Without news, what has become due is looked for this often, and up to a fifth later.
const POLL: TimeDelta = TimeDelta::seconds(5);
/// Between a try that failed and the next, each up to a fifth longer.
const BACKOFF: [TimeDelta; 6] = [
    TimeDelta::seconds(5),
    TimeDelta::seconds(30),
    TimeDelta::minutes(2),
    TimeDelta::minutes(10),
    TimeDelta::hours(1),
    TimeDelta::hours(6),
];
/// What was taken is kept so long.
const KEEP_DELIVERED: TimeDelta = TimeDelta::days(30);
/// What was given up is kept so long.
const KEEP_DEAD: TimeDelta = TimeDelta::days(90);
/// The receiver wants no more.
const GONE: u16 = 410;

/// A delivery that this process has under way.
pub struct Claim {
    delivery: Uuid,
    lease: Uuid,
    event: Uuid,
    endpoint: Uuid,
    attempts: i32,
    url: String,
    secret: String,
    previous_secret: Option<String>,
    kind: String,
    body: String,
}

/// Sends what is due until the pool is closed.
pub async fn run(s: Services) {
    let mut closed = s.db.close_event();
    // The only error is that the pool was closed.
    let _ = closed.do_until(run_on(&s)).await;
}

async fn run_on(s: &Services) {
    let mut news = watch::watch_webhooks(s);
    let mut under_way = JoinSet::new();
    loop {
        match claim(s, MOST - under_way.len()).await {
            Ok(claims) => {
                for claim in claims {
                    let s = s.clone();
                    under_way.spawn(async move { deliver(&s, claim).await });
                }
            }
            Err(error) => tracing::error!(%error, "could not look for webhooks to send"),
        }
        let poll = later(s, POLL).to_std().unwrap_or_default();
        tokio::select! {
            () = news.due(), if under_way.len() < MOST => {}
            Some(_) = under_way.join_next() => {}
            () = tokio::time::sleep(poll) => {}
        }
        while under_way.try_join_next().is_some() {}
    }
}

async fn deliver(s: &Services, claim: Claim) {
    if let Err(error) = send(s, claim).await {
        tracing::error!(%error, "could not note what became of a webhook");
    }
}

/// Claims at most so many of the deliveries that are due. Until the lease is over nobody else has them.
///
/// # Errors
/// When the database fails.
pub async fn claim(s: &Services, most: usize) -> Result<Vec<Claim>, Fault> {
    if most == 0 {
        return Ok(Vec::new());
    }
    let (lease, now) = (s.new_id(), s.now());
    let rows = sqlx::query!(
        r#"select delivery_id as "delivery_id!", event_id as "event_id!", endpoint_id as "endpoint_id!",
               attempts as "attempts!", url as "url!", secret as "secret!", previous_secret, kind as "kind!",
               body as "body!"
           from claim_webhooks($1, $2, $3, $4, $5)"#,
        lease,
        now + LEASE,
        EACH,
        i64::try_from(most).unwrap_or(i64::MAX),
        now,
    )
    .fetch_all(&s.db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Claim {
            delivery: row.delivery_id,
            lease,
            event: row.event_id,
            endpoint: row.endpoint_id,
            attempts: row.attempts,
            url: row.url,
            secret: row.secret,
            previous_secret: row.previous_secret,
            kind: row.kind,
            body: row.body,
        })
        .collect())
}

/// Makes one try and notes what became of it, if the delivery is still this claim's.
///
/// # Errors
/// When the database fails, or a secret is not one. The delivery is tried again when its lease is over.
pub async fn send(s: &Services, claim: Claim) -> Result<DeliveryStatus, Fault> {
    let secrets: Vec<&str> = [Some(&claim.secret), claim.previous_secret.as_ref()]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let event = claim.event.to_string();
    let timestamp = s.now().timestamp();
    let letter = Letter {
        url: &claim.url,
        signatures: signing::signatures(&secrets, &event, timestamp, &claim.body)?,
        event,
        timestamp,
        body: claim.body.clone(),
    };
    let begun = Instant::now();
    let answer = s.webhooks.post(letter).await;
    let latency = i32::try_from(begun.elapsed().as_millis()).unwrap_or(i32::MAX);
    let (code, error) = match answer {
        Ok(code) if (200..300).contains(&code) => (Some(code), None),
        Ok(code) => (Some(code), Some(format!("answered {code}"))),
        Err(no_answer) => (None, Some(no_answer.0)),
    };
    let status = record(s, &claim, code, error.as_deref(), latency).await?;
    tracing::debug!(kind = claim.kind, %status, "sent a webhook");
    if code == Some(GONE) {
        switch_off(s, claim.endpoint).await?;
    }
    Ok(status)
}

async fn record(
    s: &Services,
    claim: &Claim,
    code: Option<u16>,
    error: Option<&str>,
    latency: i32,
) -> Result<DeliveryStatus, Fault> {
    let wait = usize::try_from(claim.attempts - 1)
        .ok()
        .and_then(|failures| BACKOFF.get(failures))
        .filter(|_| code != Some(GONE));
    let (status, next) = match (error, wait) {
        (None, _) => (DeliveryStatus::Delivered, None),
        (Some(_), Some(wait)) => (DeliveryStatus::Pending, Some(s.now() + later(s, *wait))),
        (Some(_), None) => (DeliveryStatus::Dead, None),
    };
    sqlx::query!(
        "update webhook_deliveries
         set status = $3, next_attempt_at = $4, lease = null, response_status = $5, error = $6, latency_ms = $7
         where id = $1 and lease = $2",
        claim.delivery,
        claim.lease,
        status.as_str(),
        next,
        code.map(i32::from),
        error,
        latency,
    )
    .execute(&s.db)
    .await?;
    Ok(status)
}

/// Nothing more is sent to an endpoint that is gone; what waits can be replayed.
async fn switch_off(s: &Services, endpoint: Uuid) -> Result<(), Fault> {
    sqlx::query!(
        "with off as (
             update webhook_endpoints set enabled = false, disabled_reason = 'gone'
             where id = $1 and enabled returning id, merchant_id
         ),
         given_up as (
             update webhook_deliveries d
             set status = 'dead', next_attempt_at = null, error = 'the webhook was switched off'
             from off where d.endpoint_id = off.id and d.status = 'pending' and d.lease is null
         )
         select off.id from off, audit($2, null, null, off.merchant_id, 'webhook.switch_off', off.id, '{}')",
        endpoint,
        s.now(),
    )
    .fetch_optional(&s.db)
    .await?;
    Ok(())
}

/// A wait, up to a fifth longer, so that what failed together is not tried again together.
fn later(s: &Services, wait: TimeDelta) -> TimeDelta {
    let fifth = u64::try_from(wait.num_milliseconds() / 5).unwrap_or(0);
    let more = s.entropy.bits() % (fifth + 1);
    wait + TimeDelta::milliseconds(i64::try_from(more).unwrap_or(0))
}

/// Deletes what is too old to be of use.
///
/// # Errors
/// When the database fails.
pub async fn purge(s: &Services) -> Result<(), Fault> {
    let now = s.now();
    sqlx::query!(
        "delete from webhook_deliveries
         where status <> 'pending' and coalesce(last_attempt_at, created_at) < case status
             when 'delivered' then $1::timestamptz else $2::timestamptz end",
        now - KEEP_DELIVERED,
        now - KEEP_DEAD,
    )
    .execute(&s.db)
    .await?;
    // Events of endpoints that were deleted go with the rest.
    sqlx::query!(
        "delete from webhook_events v where v.occurred_at < $1
             and not exists (select from webhook_deliveries d where d.event_id = v.id)",
        now - KEEP_DELIVERED,
    )
    .execute(&s.db)
    .await?;
    Ok(())
}
