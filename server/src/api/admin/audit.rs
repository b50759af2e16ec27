//! The audit log.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use services::{
    Services,
    audit::{self, Entry},
    identity::actors::Admin,
};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::api::{
    actor::As,
    extract::Paged,
    page::{Page, Window},
    problem::Answer,
};

/// One thing that was done.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditEntry {
    entry_id: Uuid,
    at: DateTime<Utc>,
    /// The person who did it; null for an integration, a command or a job.
    actor_id: Option<Uuid>,
    actor_name: Option<String>,
    /// The integration's key, where one did it.
    api_key_id: Option<Uuid>,
    /// Whose business it is; null for the programme's own.
    merchant_id: Option<Uuid>,
    /// What was done, as subject.verb.
    #[schema(example = "redemption.confirm")]
    action: String,
    /// To what.
    subject_id: Option<Uuid>,
    /// What else is worth knowing; its members depend on the action.
    #[schema(value_type = Object)]
    details: Value,
}

impl From<Entry> for AuditEntry {
    fn from(it: Entry) -> Self {
        Self {
            entry_id: it.id,
            at: it.at,
            actor_id: it.actor.map(Into::into),
            actor_name: it.actor_name,
            api_key_id: it.api_key.map(Into::into),
            merchant_id: it.merchant.map(Into::into),
            action: it.action,
            subject_id: it.subject,
            details: it.details,
        }
    }
}

/// Which entries to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditQuery {
    /// One action only, as subject.verb.
    #[param(required = false, nullable = false, max_length = 80)]
    action: Option<String>,
    /// One merchant's only.
    #[param(required = false, nullable = false)]
    merchant_id: Option<Uuid>,
    /// What one person did.
    #[param(required = false, nullable = false)]
    actor_id: Option<Uuid>,
    /// What was done to one thing.
    #[param(required = false, nullable = false)]
    subject_id: Option<Uuid>,
    /// Not before this.
    #[param(required = false, nullable = false)]
    from: Option<DateTime<Utc>>,
    /// Before this.
    #[param(required = false, nullable = false)]
    to: Option<DateTime<Utc>>,
}

/// List what was done
///
/// Newest first. The actions: `accrual.create`, `accrual.reverse`, `adjustment.*`, `key.create`, `key.revoke`, `offer.*`,
/// `redemption.confirm`, `redemption.attend` (which employee), `merchant.*`, `member.*`, `admin.invite`, `station.*`, `terminal.create`,
/// `terminal.retire`, `pin.set`, `pin.sign_in`, `pin.lock`, `password.sign_in`, `password.lock`, `password.change`,
/// `password.reset`, `second_step.activate`, `second_step.sign_in` (with a code or a recovery code), `second_step.lock`,
/// `second_step.disable`, `second_step.reset` (by whoever holds the machine), `recovery_code.use`, `recovery_code.renew`,
/// `session.open` and `session.close` (over the API), `session.reuse` (of a refresh token), `session.end_all`,
/// `violation.role` (a role did not allow it), and `violation.accrual`, `.key`, `.offer`, `.redemption`, `.station`,
/// `.terminal` (another merchant's).
#[utoipa::path(
    get, path = "/audit", tag = "admin", operation_id = "list_audit",
    params(AuditQuery, Window),
    responses((status = 200, description = "One page.", body = Page<AuditEntry>)),
    security(("bearer" = []))
)]
pub(crate) async fn list(
    State(s): State<Services>,
    As(admin): As<Admin>,
    Paged(query, window): Paged<AuditQuery>,
) -> Answer<Json<Page<AuditEntry>>> {
    let filter = audit::Filter {
        action: query.action,
        merchant: query.merchant_id.map(Into::into),
        actor: query.actor_id.map(Into::into),
        subject: query.subject_id,
        from: query.from,
        until: query.to,
        after: window.cursor,
        limit: window.limit,
    };
    let (found, next) = audit::list(&s, admin, &filter).await?;
    Ok(Json(Page::of(found, next, AuditEntry::from)))
}
