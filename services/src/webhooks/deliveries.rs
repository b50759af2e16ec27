//! What is and was sent, as the merchant sees it.

use domain::{
    ids::{DeliveryId, WebhookId},
    webhooks::{DeliveryStatus, TEST},
};
use uuid::Uuid;

use super::{Delivery, Refusal, endpoints};
use crate::{Fault, Services, identity::actors::Steward, paging::Limit, stored};

/// Sends an event to an endpoint that only tries it out, also when it is not enabled.
///
/// # Errors
/// None such, or a fault.
pub async fn send_test(
    s: &Services,
    by: impl Into<Steward>,
    id: WebhookId,
) -> Result<DeliveryId, Refusal> {
    let by = by.into();
    let delivery = sqlx::query_scalar!(
        r#"with endpoint as (
               select id, merchant_id from webhook_endpoints where id = $1 and merchant_id = $2 for key share
           ),
           event as (
               insert into webhook_events (id, merchant_id, kind, payload, occurred_at)
               select $3, merchant_id, $4,
                   webhook_payload($3, $4, id, $5, jsonb_build_object('webhook_id', id)), $5
               from endpoint returning id
           ),
           delivery as (
               insert into webhook_deliveries (id, event_id, endpoint_id, created_at, next_attempt_at)
               select $6, event.id, endpoint.id, $5, $5 from endpoint, event returning id
           )
           select delivery.id
           from delivery, audit($5, $7, $8, $2, 'webhook.test', $1, '{}'), pg_notify('webhook', '')"#,
        Uuid::from(id),
        Uuid::from(by.merchant()),
        s.new_id(),
        TEST,
        s.now(),
        s.new_id(),
        by.person().map(Uuid::from),
        by.api_key().map(Uuid::from),
    )
    .fetch_optional(&s.db)
    .await?;
    delivery.map(Into::into).ok_or(Refusal::NotFound)
}

/// One page of what was sent to an endpoint, newest first, and the delivery behind which the next begins.
///
/// # Errors
/// None such, or a fault.
pub async fn deliveries(
    s: &Services,
    by: impl Into<Steward>,
    id: WebhookId,
    status: Option<DeliveryStatus>,
    after: Option<DeliveryId>,
    limit: Limit,
) -> Result<(Vec<Delivery>, Option<DeliveryId>), Refusal> {
    let endpoint = endpoints::get(s, by, id).await?;
    let mut rows = sqlx::query!(
        "select d.id, d.event_id, v.kind, d.status, d.attempts, d.created_at, d.next_attempt_at, d.last_attempt_at,
             d.response_status, d.error, d.latency_ms
         from webhook_deliveries d join webhook_events v on v.id = d.event_id
         where d.endpoint_id = $1 and ($2::text is null or d.status = $2) and ($3::uuid is null or d.id < $3)
         order by d.id desc limit $4",
        Uuid::from(endpoint.id),
        status.map(DeliveryStatus::as_str),
        after.map(Uuid::from),
        limit.asked(),
    )
    .fetch_all(&s.db)
    .await?;
    let more = limit.cut(&mut rows);
    let next = rows.last().filter(|_| more).map(|row| row.id.into());
    let page: Result<Vec<_>, Fault> = rows
        .into_iter()
        .map(|row| {
            let is_test = row.kind == TEST;
            Ok(Delivery {
                id: row.id.into(),
                webhook: endpoint.id,
                event: row.event_id,
                kind: (!is_test).then(|| stored(&row.kind)).transpose()?,
                status: stored(&row.status)?,
                attempts: row.attempts,
                created_at: row.created_at,
                next_attempt_at: row.next_attempt_at,
                last_attempt_at: row.last_attempt_at,
                response_status: row.response_status,
                error: row.error,
                latency_ms: row.latency_ms,
            })
        })
        .collect();
    Ok((page?, next))
}

/// Sends a delivery anew, whatever became of it before, also to an endpoint that is not enabled. One that waits for
/// its next try is tried at once; one that is under way is left to it.
///
/// # Errors
/// None such, or a fault.
pub async fn replay(
    s: &Services,
    by: impl Into<Steward>,
    delivery: DeliveryId,
) -> Result<(), Refusal> {
    let by = by.into();
    let answer = sqlx::query!(
        r#"with own as (
               select d.id, d.endpoint_id
               from webhook_deliveries d join webhook_endpoints e on e.id = d.endpoint_id
               where d.id = $1 and e.merchant_id = $2
           ),
           replayed as (
               update webhook_deliveries d
               set status = 'pending', attempts = 0, next_attempt_at = $3, lease = null, error = null
               from own
               where d.id = own.id and (d.lease is null or d.next_attempt_at <= $3)
               returning d.id, d.endpoint_id
           ),
           noted as (
               select from replayed, audit(
                   $3, $4, $5, $2, 'webhook.replay', replayed.endpoint_id,
                   jsonb_build_object('delivery', replayed.id)
               ), pg_notify('webhook', '')
           )
           select exists (select from own) as "known!", count(*) as "noted!" from noted"#,
        Uuid::from(delivery),
        Uuid::from(by.merchant()),
        s.now(),
        by.person().map(Uuid::from),
        by.api_key().map(Uuid::from),
    )
    .fetch_one(&s.db)
    .await?;
    if answer.known {
        Ok(())
    } else {
        Err(Refusal::NotFound)
    }
}
