//! Adjustments: an admin's corrections, large ones with a second admin's approval.

use chrono::{DateTime, Utc};
use domain::{
    account::Email,
    earning::{LARGEST_ADJUSTMENT, LotKind},
    fields::{FieldProblem, Problems, line, whole_number},
    ids::{AdjustmentId, UserId},
    named,
};
use uuid::Uuid;

use crate::{Fault, Services, identity::actors::Admin, paging::Limit, stored};

named! {
    /// What became of an adjustment.
    pub enum AdjustmentStatus {
        /// A second admin has to decide.
        Waiting = "waiting",
        /// Its points were moved.
        Applied = "applied",
        /// A second admin said no.
        Rejected = "rejected",
    }
}

/// A correction that is asked for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Adjustment {
    /// Points to add, or below zero to take; never zero.
    pub amount: i64,
    /// Why: it stands in the audit log.
    pub reason: String,
    /// What added points are given as.
    pub lot: LotKind,
}

impl Adjustment {
    /// Reads a form.
    ///
    /// # Errors
    /// The fields that need another value.
    pub fn read(amount: &str, reason: &str, lot: &str) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let bound = LARGEST_ADJUSTMENT;
        let amount = whole_number(amount, -bound, bound).and_then(|amount| match amount {
            0 => Err(FieldProblem::NotInRange { min: 1, max: bound }),
            amount => Ok(amount),
        });
        let amount = problems.take("amount", amount);
        let reason = problems.take("reason", line(reason, 3, 500));
        let lot = problems.take("lot", lot.parse().map_err(|_| FieldProblem::NotAChoice));
        match (amount, reason, lot) {
            (Some(amount), Some(reason), Some(lot)) => Ok(Self {
                amount,
                reason,
                lot,
            }),
            _ => Err(problems),
        }
    }
}

/// Why nothing was adjusted or decided.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// No such consumer, or no such adjustment.
    #[error("no such thing")]
    NotFound,
    /// More is to be taken than there is.
    #[error("not enough points")]
    Insufficient,
    /// The identifier belongs to another adjustment.
    #[error("the key was used for something else")]
    KeyReused,
    /// Whoever asked cannot approve.
    #[error("another admin has to approve")]
    Own,
    /// Someone else has decided.
    #[error("already decided")]
    Decided,
    /// Not a refusal but a fault.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::from_database!(Refusal);

/// The consumer who signs in with an address, if there is one.
///
/// # Errors
/// When the database fails.
pub async fn consumer(s: &Services, _: Admin, email: &Email) -> Result<Option<UserId>, Fault> {
    let id = sqlx::query_scalar!(
        "select id from users where email = $1 and role = 'consumer'",
        email.as_str()
    )
    .fetch_optional(&s.db)
    .await?;
    Ok(id.map(UserId::from))
}

/// Asks for an adjustment under an identifier of the caller's, which makes a retry the same request. Up to
/// the rules' bound it is applied at once; above, it waits for another admin.
///
/// # Errors
/// A refusal, or a fault.
pub async fn request(
    s: &Services,
    admin: Admin,
    id: AdjustmentId,
    user: UserId,
    adjustment: &Adjustment,
) -> Result<AdjustmentStatus, Refusal> {
    let now = s.now();
    let outcome = sqlx::query_scalar!(
        r#"select request_adjustment($1, $2, $3, $4, $5, $6::text::lot_kind, $7, $8, $9, $10) as "outcome!""#,
        Uuid::from(id),
        s.new_id(),
        Uuid::from(user),
        adjustment.amount,
        adjustment.reason,
        adjustment.lot.as_str(),
        Uuid::from(admin.user()),
        s.rules.approval_above.get(),
        s.rules.expiry(adjustment.lot, now),
        now,
    )
    .fetch_one(&s.db)
    .await?;
    outcome_of(&outcome)
}

/// Approves or rejects a waiting adjustment.
///
/// # Errors
/// A refusal, or a fault.
pub async fn decide(
    s: &Services,
    admin: Admin,
    id: AdjustmentId,
    approve: bool,
) -> Result<AdjustmentStatus, Refusal> {
    let now = s.now();
    let outcome = sqlx::query_scalar!(
        r#"select decide_adjustment($1, $2, $3, $4,
               array[$5::timestamptz, $6, $7], $8) as "outcome!""#,
        Uuid::from(id),
        s.new_id(),
        Uuid::from(admin.user()),
        approve,
        s.rules.expiry(LotKind::Standard, now),
        s.rules.expiry(LotKind::Promotional, now),
        s.rules.expiry(LotKind::Gift, now),
        now,
    )
    .fetch_one(&s.db)
    .await?;
    outcome_of(&outcome)
}

fn outcome_of(outcome: &str) -> Result<AdjustmentStatus, Refusal> {
    match outcome {
        "not_found" => Err(Refusal::NotFound),
        "insufficient" => Err(Refusal::Insufficient),
        "key_reused" => Err(Refusal::KeyReused),
        "own" => Err(Refusal::Own),
        "decided" => Err(Refusal::Decided),
        status => Ok(stored(status)?),
    }
}

/// An adjustment in the admins' list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Which one.
    pub id: AdjustmentId,
    /// Whose points.
    pub user: UserId,
    /// The consumer's address.
    pub email: String,
    /// What was asked for.
    pub adjustment: Adjustment,
    /// Who asked, and when.
    pub requested_by: String,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// What became of it.
    pub status: AdjustmentStatus,
    /// Who decided, where someone had to.
    pub decided_by: Option<String>,
    /// Whether this admin may approve it.
    pub may_approve: bool,
}

/// One page of adjustments, newest first, and where the next begins.
///
/// # Errors
/// When the database fails.
pub async fn list(
    s: &Services,
    admin: Admin,
    status: Option<AdjustmentStatus>,
    after: Option<Uuid>,
    limit: Limit,
) -> Result<(Vec<Listed>, Option<Uuid>), Fault> {
    let mut rows = sqlx::query!(
        r#"select a.id, a.user_id, u.email, a.amount, a.reason, a.lot::text as "lot!", r.name as requested_by,
               a.requested_by as requester, a.requested_at, a.status::text as "status!",
               d.name as "decided_by?"
           from adjustments a
               join users u on u.id = a.user_id
               join users r on r.id = a.requested_by
               left join users d on d.id = a.decided_by
           where ($1::text is null or a.status = $1::text::adjustment_status) and ($2::uuid is null or a.id < $2)
           order by a.id desc limit $3"#,
        status.map(AdjustmentStatus::as_str),
        after,
        limit.asked(),
    )
    .fetch_all(&s.db)
    .await?;
    let more = limit.cut(&mut rows);
    let next = rows.last().filter(|_| more).map(|row| row.id);
    let listed = rows
        .into_iter()
        .map(|row| {
            let status = stored(&row.status)?;
            Ok(Listed {
                id: row.id.into(),
                user: row.user_id.into(),
                email: row.email,
                adjustment: Adjustment {
                    amount: row.amount,
                    reason: row.reason,
                    lot: stored(&row.lot)?,
                },
                requested_by: row.requested_by,
                requested_at: row.requested_at,
                status,
                decided_by: row.decided_by,
                may_approve: status == AdjustmentStatus::Waiting
                    && UserId::from(row.requester) != admin.user(),
            })
        })
        .collect::<Result<_, Fault>>()?;
    Ok((listed, next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_adjustment_of_nothing_or_without_a_reason_is_refused_field_by_field() {
        let problems = Adjustment::read("0", "x", "standard").unwrap_err();
        assert!(problems.of("amount").is_some());
        assert!(problems.of("reason").is_some());
        assert!(problems.of("lot").is_none());
    }

    #[test]
    fn points_can_be_added_and_taken() {
        let read = Adjustment::read("-250", "Sold twice", "standard").unwrap();
        assert_eq!(read.amount, -250);
    }
}
