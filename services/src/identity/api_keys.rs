//! Keys by which a point of sale or another program acts for a merchant.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{account::KeyName, ids::ApiKeyId};
use uuid::Uuid;

use super::actors::{Manager, Operator};
use crate::{
    Fault, Services,
    audit::{Theirs, not_theirs},
    paging::Limit,
    secret,
};

/// Tells a key of ours from other secrets, for people and for scanners of leaked ones.
pub const PREFIX: &str = "srt_";
/// Use is noted at most this often, so that a busy till does not write with every call.
const NOTE_EVERY: TimeDelta = TimeDelta::minutes(1);

/// A new key. Its text is told this once.
#[derive(Debug)]
pub struct NewKey {
    /// Names it from now on.
    pub id: ApiKeyId,
    /// The key itself.
    pub key: String,
}

/// What a merchant sees of a key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ApiKey {
    /// Names it.
    pub id: ApiKeyId,
    /// What it is for.
    pub name: String,
    /// Its last four characters.
    pub hint: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it was revoked, if it was.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// Why a key was not believed.
#[derive(Debug, thiserror::Error)]
pub enum KeyRefusal {
    /// There is no such key, or it was revoked.
    #[error("no such key")]
    Unknown,
    /// Not a refusal but a fault.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::from_database!(KeyRefusal);

/// Makes a key for the manager's merchant.
///
/// # Errors
/// When the database fails.
pub async fn create(s: &Services, manager: Manager, name: &KeyName) -> Result<NewKey, Fault> {
    create_as(s, manager, s.new_id().into(), name).await
}

/// Makes a key under an identifier of the caller's, once: the same again is the same key with another text, for
/// whoever takes a request over whose answer nobody has heard.
///
/// # Errors
/// When the database fails.
pub async fn create_as(
    s: &Services,
    manager: Manager,
    id: ApiKeyId,
    name: &KeyName,
) -> Result<NewKey, Fault> {
    let secret = BASE64_URL_SAFE_NO_PAD.encode(s.entropy.bytes::<32>());
    let key = format!("{PREFIX}{secret}");
    let hint = &key[key.len() - 4..];
    sqlx::query!(
        r#"with made as (
               insert into api_keys (id, merchant_id, name, key_hash, hint, created_by, created_at)
               values ($1, $2, $3, $4, $5, $6, $7)
               on conflict (id) do update set key_hash = excluded.key_hash, hint = excluded.hint
               returning id
           )
           select audit($7, $6, null, $2, 'key.create', id, jsonb_build_object('name', $3::text, 'hint', $5::text))
           from made"#,
        Uuid::from(id),
        Uuid::from(manager.merchant()),
        name.as_str(),
        secret::digest(&key),
        hint,
        Uuid::from(manager.user()),
        s.now(),
    )
    .execute(&s.db)
    .await?;
    Ok(NewKey { id, key })
}

/// The merchant's keys: those in force first, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(s: &Services, manager: Manager) -> Result<Vec<ApiKey>, Fault> {
    let keys = sqlx::query_as!(
        ApiKey,
        "select id, name, hint, created_at, last_used_at, revoked_at from api_keys where merchant_id = $1
         order by revoked_at is not null, created_at desc, id desc",
        Uuid::from(manager.merchant()),
    )
    .fetch_all(&s.db)
    .await?;
    Ok(keys)
}

/// One page of the merchant's keys, newest first, revoked ones among them, and the key behind which the next begins.
///
/// # Errors
/// When the database fails.
pub async fn page(
    s: &Services,
    manager: Manager,
    after: Option<ApiKeyId>,
    limit: Limit,
) -> Result<(Vec<ApiKey>, Option<ApiKeyId>), Fault> {
    let mut keys = sqlx::query_as!(
        ApiKey,
        "select id, name, hint, created_at, last_used_at, revoked_at from api_keys
         where merchant_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3",
        Uuid::from(manager.merchant()),
        after.map(Uuid::from),
        limit.asked(),
    )
    .fetch_all(&s.db)
    .await?;
    let more = limit.cut(&mut keys);
    let next = keys.last().filter(|_| more).map(|key| key.id);
    Ok((keys, next))
}

/// One of the merchant's keys.
///
/// # Errors
/// When the database fails.
pub async fn get(s: &Services, manager: Manager, key: ApiKeyId) -> Result<Option<ApiKey>, Fault> {
    let found = sqlx::query_as!(
        ApiKey,
        "select id, name, hint, created_at, last_used_at, revoked_at from api_keys
         where id = $1 and merchant_id = $2",
        Uuid::from(key),
        Uuid::from(manager.merchant()),
    )
    .fetch_optional(&s.db)
    .await?;
    Ok(found)
}

/// Ends a key of the merchant, and every token that was given for it. The answer is whether it has such a key;
/// one that was revoked before stays as it is.
///
/// # Errors
/// When the database fails.
pub async fn revoke(s: &Services, manager: Manager, key: ApiKeyId) -> Result<bool, Fault> {
    let answer = sqlx::query!(
        r#"with revoked as (
               update api_keys set revoked_at = $3 where id = $1 and merchant_id = $2 and revoked_at is null
               returning id, name, hint
           ),
           noted as (
               select audit(
                   $3, $4, null, $2, 'key.revoke', id, jsonb_build_object('name', name, 'hint', hint)
               ) from revoked
           )
           select exists (select from api_keys where id = $1 and merchant_id = $2) as "known!", count(*) as "noted!"
           from noted"#,
        Uuid::from(key),
        Uuid::from(manager.merchant()),
        s.now(),
        Uuid::from(manager.user()),
    )
    .fetch_one(&s.db)
    .await?;
    if !answer.known {
        not_theirs(s, manager, Theirs::Key(key)).await?;
    }
    Ok(answer.known)
}

/// The integration that shows a key. Its use is noted.
///
/// # Errors
/// An unknown or revoked key, or a fault.
pub async fn authenticate(s: &Services, key: &str) -> Result<Operator, KeyRefusal> {
    let now = s.now();
    let row = sqlx::query!(
        "with noted as (
             update api_keys set last_used_at = $2
             where key_hash = $1 and revoked_at is null and (last_used_at is null or last_used_at <= $3)
         )
         select id, merchant_id from api_keys where key_hash = $1 and revoked_at is null",
        secret::digest(key),
        now,
        now - NOTE_EVERY,
    )
    .fetch_optional(&s.db)
    .await?
    .ok_or(KeyRefusal::Unknown)?;
    Ok(Operator::integration(row.merchant_id.into(), row.id.into()))
}

/// The integration of a key that has been shown before, unless it was revoked since. Its use is noted.
pub(super) async fn by_id(s: &Services, key: ApiKeyId) -> Result<Option<Operator>, Fault> {
    let now = s.now();
    let merchant = sqlx::query_scalar!(
        "with noted as (
             update api_keys set last_used_at = $2
             where id = $1 and revoked_at is null and (last_used_at is null or last_used_at <= $3)
         )
         select merchant_id from api_keys where id = $1 and revoked_at is null",
        Uuid::from(key),
        now,
        now - NOTE_EVERY,
    )
    .fetch_optional(&s.db)
    .await?;
    Ok(merchant.map(|merchant| Operator::integration(merchant.into(), key)))
}
