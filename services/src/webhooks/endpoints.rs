//! The addresses of a merchant, as the merchant runs them.

use chrono::{DateTime, Utc};
use domain::{
    fields::{FieldProblem, Problems},
    ids::WebhookId,
    webhooks::EventKind,
};
use uuid::Uuid;

use super::{Draft, Endpoint, GRACE, MAX_ENDPOINTS, Refusal, signing};
use crate::{Fault, Services, identity::actors::Steward, stored};

/// An endpoint as it is stored.
struct Row {
    id: Uuid,
    url: String,
    events: Vec<String>,
    enabled: bool,
    created_at: DateTime<Utc>,
    disabled_reason: Option<String>,
    secret: String,
    previous_secret_until: Option<DateTime<Utc>>,
}

impl Row {
    fn read(self, now: DateTime<Utc>) -> Result<Endpoint, Fault> {
        let events: Result<Vec<EventKind>, _> = self.events.iter().map(|it| stored(it)).collect();
        Ok(Endpoint {
            id: self.id.into(),
            url: self.url,
            events: events?,
            enabled: self.enabled,
            created_at: self.created_at,
            disabled_reason: self.disabled_reason,
            secret_hint: signing::hint(&self.secret),
            previous_secret_until: self.previous_secret_until.filter(|until| *until > now),
        })
    }
}

/// The merchant's endpoints, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list(s: &Services, by: impl Into<Steward>) -> Result<Vec<Endpoint>, Fault> {
    let rows = sqlx::query_as!(
        Row,
        "select id, url, events, enabled, created_at, disabled_reason, secret, previous_secret_until
         from webhook_endpoints where merchant_id = $1 order by created_at, id",
        Uuid::from(by.into().merchant()),
    )
    .fetch_all(&s.db)
    .await?;
    rows.into_iter().map(|row| row.read(s.now())).collect()
}

/// One of the merchant's endpoints.
///
/// # Errors
/// None such, or a fault.
pub async fn get(s: &Services, by: impl Into<Steward>, id: WebhookId) -> Result<Endpoint, Refusal> {
    let row = sqlx::query_as!(
        Row,
        "select id, url, events, enabled, created_at, disabled_reason, secret, previous_secret_until
         from webhook_endpoints where id = $1 and merchant_id = $2",
        Uuid::from(id),
        Uuid::from(by.into().merchant()),
    )
    .fetch_optional(&s.db)
    .await?
    .ok_or(Refusal::NotFound)?;
    Ok(row.read(s.now())?)
}

/// Makes an endpoint. Its secret (`whsec_…`) is told this once.
///
/// # Errors
/// `Invalid` (`url`, `events`), `PrivateAddress`, `TooMany`, or a fault.
pub async fn create(
    s: &Services,
    by: impl Into<Steward>,
    draft: &Draft,
) -> Result<(Endpoint, String), Refusal> {
    new(s, by.into(), s.new_id(), draft).await
}

/// Makes an endpoint under an identifier of the caller's, once: the same again is the same endpoint with another
/// secret, for whoever takes a request over whose answer nobody has heard.
///
/// # Errors
/// As [`create`] has them.
pub async fn create_as(
    s: &Services,
    by: impl Into<Steward>,
    id: WebhookId,
    draft: &Draft,
) -> Result<(Endpoint, String), Refusal> {
    let by = by.into();
    match rotate_secret(s, by, id).await {
        Err(Refusal::NotFound) => new(s, by, id.into(), draft).await,
        found => found,
    }
}

async fn new(
    s: &Services,
    by: Steward,
    id: Uuid,
    draft: &Draft,
) -> Result<(Endpoint, String), Refusal> {
    let events = checked(s, draft)?;
    let secret = signing::fresh(&s.entropy);
    // Whoever finds the place taken that was free a moment ago looks for another: there are not more than these.
    for _ in 0..MAX_ENDPOINTS {
        let made = sqlx::query_as!(
            Row,
            r#"with made as (
                   insert into webhook_endpoints (id, merchant_id, place, url, events, enabled, created_at, secret)
                   select $1, $2, place, $3, $4, $5, $6, $7 from generate_series(1, $8::bigint) as free (place)
                   where not exists (
                       select from webhook_endpoints e where e.merchant_id = $2 and e.place = free.place
                   )
                   order by place limit 1
                   on conflict on constraint webhook_endpoints_place do nothing
                   returning *
               )
               select id, url, events, enabled, created_at, disabled_reason, secret, previous_secret_until
               from made, audit(
                   $6, $9, $10, $2, 'webhook.create', made.id, jsonb_build_object('url', $3::text, 'events', $4::text[])
               )"#,
            id,
            Uuid::from(by.merchant()),
            draft.url.as_str(),
            &events,
            draft.enabled,
            s.now(),
            secret,
            MAX_ENDPOINTS,
            by.person().map(Uuid::from),
            by.api_key().map(Uuid::from),
        )
        .fetch_optional(&s.db)
        .await?;
        if let Some(row) = made {
            return Ok((row.read(s.now())?, secret));
        }
    }
    Err(Refusal::TooMany)
}

/// Saves an endpoint. One that was switched off for a reason forgets it; switching one off gives up what was still
/// to be sent there, which can be replayed.
///
/// # Errors
/// `Invalid` (`url`, `events`), `PrivateAddress`, none such, or a fault.
pub async fn edit(
    s: &Services,
    by: impl Into<Steward>,
    id: WebhookId,
    draft: &Draft,
) -> Result<Endpoint, Refusal> {
    let by = by.into();
    let events = checked(s, draft)?;
    let row = sqlx::query_as!(
        Row,
        r#"with edited as (
               update webhook_endpoints set url = $3, events = $4, enabled = $5, disabled_reason = null
               where id = $1 and merchant_id = $2 returning *
           ),
           given_up as (
               update webhook_deliveries d
               set status = 'dead', next_attempt_at = null, lease = null, error = 'the webhook was switched off'
               from edited e
               where d.endpoint_id = e.id and not e.enabled and d.status = 'pending' and d.lease is null
           )
           select id, url, events, enabled, created_at, disabled_reason, secret, previous_secret_until
           from edited, audit(
               $6, $7, $8, $2, 'webhook.edit', edited.id,
               jsonb_build_object('url', $3::text, 'events', $4::text[], 'enabled', $5::boolean)
           )"#,
        Uuid::from(id),
        Uuid::from(by.merchant()),
        draft.url.as_str(),
        &events,
        draft.enabled,
        s.now(),
        by.person().map(Uuid::from),
        by.api_key().map(Uuid::from),
    )
    .fetch_optional(&s.db)
    .await?
    .ok_or(Refusal::NotFound)?;
    Ok(row.read(s.now())?)
}

/// Deletes an endpoint with all that was to be sent there.
///
/// # Errors
/// None such, or a fault.
pub async fn delete(s: &Services, by: impl Into<Steward>, id: WebhookId) -> Result<(), Refusal> {
    let by = by.into();
    sqlx::query_scalar!(
        "with deleted as (
             delete from webhook_endpoints where id = $1 and merchant_id = $2 returning id, url
         )
         select id from deleted, audit(
             $3, $4, $5, $2, 'webhook.delete', deleted.id, jsonb_build_object('url', deleted.url)
         )",
        Uuid::from(id),
        Uuid::from(by.merchant()),
        s.now(),
        by.person().map(Uuid::from),
        by.api_key().map(Uuid::from),
    )
    .fetch_optional(&s.db)
    .await?
    .map(|_| ())
    .ok_or(Refusal::NotFound)
}

/// Gives an endpoint a new secret, told this once. For a day ([`GRACE`]) the one before signs, too.
///
/// # Errors
/// None such, or a fault.
pub async fn rotate_secret(
    s: &Services,
    by: impl Into<Steward>,
    id: WebhookId,
) -> Result<(Endpoint, String), Refusal> {
    let by = by.into();
    let (secret, now) = (signing::fresh(&s.entropy), s.now());
    let row = sqlx::query_as!(
        Row,
        r#"with rotated as (
               update webhook_endpoints set previous_secret = secret, previous_secret_until = $4, secret = $3
               where id = $1 and merchant_id = $2 returning *
           )
           select id, url, events, enabled, created_at, disabled_reason, secret, previous_secret_until
           from rotated, audit($5, $6, $7, $2, 'webhook.rotate', rotated.id, '{}')"#,
        Uuid::from(id),
        Uuid::from(by.merchant()),
        secret,
        now + GRACE,
        now,
        by.person().map(Uuid::from),
        by.api_key().map(Uuid::from),
    )
    .fetch_optional(&s.db)
    .await?
    .ok_or(Refusal::NotFound)?;
    Ok((row.read(now)?, secret))
}

/// The names of a draft's events, each once, in their own order.
fn checked(s: &Services, draft: &Draft) -> Result<Vec<String>, Refusal> {
    s.webhooks.check(&draft.url)?;
    let wanted = EventKind::ALL.iter().filter(|it| draft.events.contains(it));
    let names: Vec<String> = wanted.map(ToString::to_string).collect();
    if names.is_empty() {
        let problem = FieldProblem::Required;
        return Err(Refusal::Invalid(Problems::one("events", problem)));
    }
    Ok(names)
}
