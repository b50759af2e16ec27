//! Requests that their callers name, so that a retry is the same request: the first answer is kept for a day.
//!
//! What is one statement already (redeem, confirm, cancel, accrue) guards itself; this is for the rest.

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::IdempotencyKey;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{Fault, Services};

/// How long a first answer is kept.
const KEPT: TimeDelta = TimeDelta::hours(24);
/// Whoever has not answered for so long is taken for dead.
const GIVEN_UP: TimeDelta = TimeDelta::seconds(60);

/// A request with the name that its caller gave it.
#[derive(Clone, Debug)]
pub struct Request {
    /// The name: 1 to 64 visible ASCII characters.
    pub key: String,
    /// What the name stands for: a hash of the method, the path and the body.
    pub hash: [u8; 32],
}

impl Request {
    /// Names what is asked for.
    #[must_use]
    pub fn new(key: String, method: &str, path: &str, body: &[u8]) -> Self {
        let mut hash = Sha256::new();
        for part in [method.as_bytes(), path.as_bytes(), body] {
            // The length in front keeps ("ab", "c") and ("a", "bc") apart.
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        Self {
            key,
            hash: hash.finalize().into(),
        }
    }

    /// The name as the key that redeeming takes: a version 8 UUID (RFC 9562 §5.8) of its hash. Names are each
    /// caller's own there, as here.
    #[must_use]
    pub fn redeem_key(&self) -> IdempotencyKey {
        let hash = Sha256::digest(self.key.as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash[..16]);
        uuid::Builder::from_custom_bytes(bytes).into_uuid().into()
    }

    /// The name together with what it stands for, as it is kept beside what it changed.
    pub(crate) fn mark(&self) -> String {
        let mut head = [0; 8];
        head.copy_from_slice(&self.hash[..8]);
        let hash = u64::from_be_bytes(head);
        format!("{} {hash:016x}", self.key)
    }

    /// Whether a mark is this name's, whatever it stands for.
    pub(crate) fn named(&self, mark: &str) -> bool {
        mark.rsplit_once(' ')
            .is_some_and(|(key, _)| key == self.key)
    }
}

/// What is known of a request.
#[derive(Clone, Debug)]
pub enum Claim {
    /// It is the caller's to carry out. What it makes goes by this identifier, for whoever takes over, too.
    Yours(Uuid),
    /// It was answered before.
    Answered {
        /// The answer's status.
        status: i32,
        /// The answer.
        answer: String,
    },
    /// Somebody is carrying it out.
    UnderWay,
    /// The name stands for something else.
    Reused,
}

/// Asks whether a request is to be carried out.
///
/// # Errors
/// When the database fails.
pub async fn claim(s: &Services, actor: Uuid, request: &Request) -> Result<Claim, Fault> {
    let now = s.now();
    let row = sqlx::query!(
        r#"with claimed as (
               insert into named_requests as r (actor_id, name, request_hash, id, claimed_at)
               values ($1, $2, $3, $4, $5)
               on conflict (actor_id, name) do update set claimed_at = excluded.claimed_at
               where r.status is null and r.request_hash = excluded.request_hash and r.claimed_at <= $6
               returning r.id
           )
           select (select id from claimed) as claimed,
               r.request_hash = $3 as same, r.status, r.answer
           from (select 1) as one left join named_requests r on r.actor_id = $1 and r.name = $2"#,
        actor,
        request.key,
        &request.hash[..],
        s.new_id(),
        now,
        now - GIVEN_UP,
    )
    .fetch_one(&s.db)
    .await?;
    Ok(match (row.claimed, row.same, row.status, row.answer) {
        (Some(id), ..) => Claim::Yours(id),
        (None, Some(false), ..) => Claim::Reused,
        (None, _, Some(status), Some(answer)) => Claim::Answered { status, answer },
        // Not seen by this statement: somebody has begun since.
        (None, ..) => Claim::UnderWay,
    })
}

/// Keeps the answer to a request that was carried out.
///
/// # Errors
/// When the database fails.
pub async fn keep(
    s: &Services,
    actor: Uuid,
    request: &Request,
    status: i32,
    answer: &str,
) -> Result<(), Fault> {
    sqlx::query!(
        "update named_requests set status = $3, answer = $4
         where actor_id = $1 and name = $2 and status is null",
        actor,
        request.key,
        status,
        answer,
    )
    .execute(&s.db)
    .await?;
    Ok(())
}

/// An answer that holds a secret, as it may be kept: without this process's own secret it tells nothing.
#[must_use]
pub fn seal(s: &Services, actor: Uuid, request: &Request, answer: &str) -> String {
    s.qr_secret.seal(&s.entropy, &about(actor, request), answer)
}

/// The answer that was sealed for this request; none if it was for another, or by a secret that was changed since.
#[must_use]
pub fn open(s: &Services, actor: Uuid, request: &Request, sealed: &str) -> Option<String> {
    s.qr_secret.open(&about(actor, request), sealed)
}

fn about(actor: Uuid, request: &Request) -> Vec<u8> {
    [&actor.as_bytes()[..], &request.hash].concat()
}

/// Lets go of a request that failed, so that it can be sent again at once.
///
/// # Errors
/// When the database fails.
pub async fn release(s: &Services, actor: Uuid, request: &Request) -> Result<(), Fault> {
    // The row stays, with what the request makes: it may have been made all the same.
    sqlx::query!(
        "update named_requests set claimed_at = $3 where actor_id = $1 and name = $2 and status is null",
        actor,
        request.key,
        s.now() - GIVEN_UP,
    )
    .execute(&s.db)
    .await?;
    Ok(())
}

/// Forgets what is older than a day.
///
/// # Errors
/// When the database fails.
pub async fn purge(s: &Services) -> Result<u64, Fault> {
    let before: DateTime<Utc> = s.now() - KEPT;
    let done = sqlx::query!("delete from named_requests where claimed_at < $1", before)
        .execute(&s.db)
        .await?;
    Ok(done.rows_affected())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_body_or_path_is_another_request_by_the_same_name() {
        let request = |path, body: &str| Request::new("k".into(), "POST", path, body.as_bytes());
        assert_eq!(request("/a", "b").hash, request("/a", "b").hash);
        assert_ne!(request("/a", "b").hash, request("/ab", "").hash);
        assert_ne!(request("/a", "b").mark(), request("/a", "c").mark());
        assert!(request("/a", "b").named(&request("/a", "c").mark()));
        assert!(!request("/a", "b").named("l 0123456789abcdef"));
    }

    #[test]
    fn one_name_is_one_key_to_redeem_with() {
        let key = |name: &str| Request::new(name.into(), "POST", "/", b"").redeem_key();
        assert_eq!(key("a"), key("a"));
        assert_ne!(key("a"), key("b"));
    }
}
