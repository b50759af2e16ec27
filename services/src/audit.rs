//! The audit log as admins read it. It is written by the statements that make the changes, and here where something was
//! refused that nobody should have tried.

mod violations;

use chrono::{DateTime, Utc};
use domain::ids::{ApiKeyId, MerchantId, UserId};
use serde_json::Value;
use uuid::Uuid;

pub use self::violations::refused;
pub(crate) use self::violations::{Theirs, not_theirs};
use crate::{Fault, Services, identity::actors::Admin, paging::Limit};

/// One thing that was done.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Which entry.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// The person who did it; none for an integration, a command or a job.
    pub actor: Option<UserId>,
    /// Their name.
    pub actor_name: Option<String>,
    /// The integration's key, where one did it.
    pub api_key: Option<ApiKeyId>,
    /// Whose business it is; none for the programme's own.
    pub merchant: Option<MerchantId>,
    /// What was done, as subject.verb.
    pub action: String,
    /// To what.
    pub subject: Option<Uuid>,
    /// What else is worth knowing.
    pub details: Value,
}

/// Which entries to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// One action only.
    pub action: Option<String>,
    /// One merchant's only.
    pub merchant: Option<MerchantId>,
    /// What was done by one person.
    pub actor: Option<UserId>,
    /// What was done to one thing.
    pub subject: Option<Uuid>,
    /// Not before this.
    pub from: Option<DateTime<Utc>>,
    /// Before this.
    pub until: Option<DateTime<Utc>>,
    /// Behind this entry.
    pub after: Option<Uuid>,
    /// At most so many.
    pub limit: Limit,
}

/// One page, newest first, and the entry behind which the next begins.
///
/// # Errors
/// When the database fails.
pub async fn list(
    s: &Services,
    _: Admin,
    filter: &Filter,
) -> Result<(Vec<Entry>, Option<Uuid>), Fault> {
    let mut rows = sqlx::query!(
        r#"select l.id, l.at, l.actor_id, u.name as "actor_name?", l.api_key_id, l.merchant_id, l.action,
               l.subject_id, l.details
           from audit_log l left join users u on u.id = l.actor_id
           where ($1::uuid is null or l.id < $1)
               and ($2::text is null or l.action = $2)
               and ($3::uuid is null or l.merchant_id = $3)
               and ($4::uuid is null or l.actor_id = $4)
               and ($5::uuid is null or l.subject_id = $5)
               and ($6::timestamptz is null or l.at >= $6)
               and ($7::timestamptz is null or l.at < $7)
           order by l.id desc limit $8"#,
        filter.after,
        filter.action,
        filter.merchant.map(Uuid::from),
        filter.actor.map(Uuid::from),
        filter.subject,
        filter.from,
        filter.until,
        filter.limit.asked(),
    )
    .fetch_all(&s.db)
    .await?;
    let more = filter.limit.cut(&mut rows);
    let next = rows.last().filter(|_| more).map(|row| row.id);
    let entries = rows
        .into_iter()
        .map(|row| Entry {
            id: row.id,
            at: row.at,
            actor: row.actor_id.map(Into::into),
            actor_name: row.actor_name,
            api_key: row.api_key_id.map(Into::into),
            merchant: row.merchant_id.map(Into::into),
            action: row.action,
            subject: row.subject_id,
            details: row.details,
        })
        .collect();
    Ok((entries, next))
}
