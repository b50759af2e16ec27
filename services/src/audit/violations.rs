//! What was refused, and should not have been tried.

use domain::ids::{AccrualId, ApiKeyId, OfferId, RedemptionId, StationId, TerminalId};
use uuid::Uuid;

use crate::{
    Fault, Services,
    identity::{Account, actors::Operator},
};

/// What somebody of a merchant reached for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Theirs {
    Accrual(AccrualId),
    Key(ApiKeyId),
    Offer(OfferId),
    Redemption(RedemptionId),
    Station(StationId),
    Terminal(TerminalId),
}

impl Theirs {
    fn parts(self) -> (&'static str, Uuid) {
        match self {
            Self::Accrual(id) => ("accrual", id.into()),
            Self::Key(id) => ("key", id.into()),
            Self::Offer(id) => ("offer", id.into()),
            Self::Redemption(id) => ("redemption", id.into()),
            Self::Station(id) => ("station", id.into()),
            Self::Terminal(id) => ("terminal", id.into()),
        }
    }
}

/// Writes down that somebody of a merchant, or its program, was told that there is no such thing, if it is another
/// merchant's.
pub(crate) async fn not_theirs(
    s: &Services,
    by: impl Into<Operator>,
    thing: Theirs,
) -> Result<(), Fault> {
    let by = by.into();
    let (what, id) = thing.parts();
    sqlx::query!(
        "select audit_violation($1, $2, $3, $4, $5, $6)",
        s.now(),
        by.person().map(Uuid::from),
        by.api_key().map(Uuid::from),
        Uuid::from(by.merchant()),
        what,
        id,
    )
    .execute(&s.db)
    .await?;
    Ok(())
}

/// Characters of a path that are written down.
const PATH_LENGTH: usize = 120;

/// Writes down that somebody of a merchant was refused what their role does not allow. Others have nobody's things
/// entrusted to them: that they are refused tells nothing.
///
/// # Errors
/// When the database fails.
pub async fn refused(
    s: &Services,
    account: &Account,
    method: &str,
    path: &str,
) -> Result<(), Fault> {
    let Some(merchant) = account.merchant else {
        return Ok(());
    };
    let path: String = path.chars().take(PATH_LENGTH).collect();
    sqlx::query!(
        "select audit($1, $2, null, $3, 'violation.role', null,
             jsonb_build_object('role', $4::text, 'method', $5::text, 'path', $6::text))",
        s.now(),
        Uuid::from(account.id),
        Uuid::from(merchant),
        account.role.as_str(),
        method,
        path,
    )
    .execute(&s.db)
    .await?;
    Ok(())
}
