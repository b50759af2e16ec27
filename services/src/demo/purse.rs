//! What the demo's consumer has earned, and an adjustment that awaits approval.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    account::Role,
    codes::{MemberCode, MemberPresented},
    earning::{LotKind, Receipt},
    ids::{MerchantId, UserId},
    money::Money,
    points::Points,
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::content;
use crate::{
    Fault, Services,
    identity::{
        Account, SecondStep,
        actors::{Actor, Attendant, Operator},
    },
    stored,
    wallet::{
        accruals::{self, Sale},
        transfers::grant,
    },
};

/// The people it takes.
pub(super) struct People {
    pub consumer: UserId,
    pub attendant: UserId,
    pub merchant: MerchantId,
    pub second_admin: UserId,
}

const UNFIT: Fault = Fault::Broken("the demo's values are within their bounds");

/// Gifts and sales of the last months, and one adjustment to decide.
pub(super) async fn fill(
    s: &Services,
    db: &mut PgConnection,
    now: DateTime<Utc>,
    people: &People,
) -> Result<(), Fault> {
    for (days_ago, amount, kind) in content::GIFTS {
        let amount = Points::try_from(amount).map_err(|_| UNFIT)?;
        let at = now - TimeDelta::days(days_ago);
        grant(s, &mut *db, people.consumer, amount, kind, at).await?;
    }
    let code = sqlx::query_scalar!(
        "select member_code from users where id = $1",
        Uuid::from(people.consumer)
    )
    .fetch_one(&mut *db)
    .await?;
    let operator = operator(people)?;
    for (days_ago, amount, receipt) in content::SALES {
        let sale = sale(stored(&code)?, amount, receipt)?;
        let at = now - TimeDelta::days(days_ago);
        accruals::accrue_at(s, &mut *db, operator, &sale, None, at)
            .await
            .map_err(|refusal| match refusal {
                accruals::Refusal::Fault(fault) => fault,
                _ => UNFIT,
            })?;
    }
    ask(s, db, now, people).await
}

fn operator(people: &People) -> Result<Operator, Fault> {
    let account = Account {
        id: people.attendant,
        email: String::new(),
        name: String::new(),
        role: Role::Attendant,
        merchant: Some(people.merchant),
        email_verified: true,
        session_epoch: 0,
        till_only: false,
        second_step: SecondStep::Off,
    };
    Attendant::of(&account).map(Operator::from).ok_or(UNFIT)
}

fn sale(code: MemberCode, amount: &str, receipt: &str) -> Result<Sale, Fault> {
    Ok(Sale {
        member: MemberPresented { code, token: None },
        amount: Money::try_from(amount).map_err(|_| UNFIT)?,
        receipt: Receipt::try_from(receipt).map_err(|_| UNFIT)?,
    })
}

async fn ask(
    s: &Services,
    db: &mut PgConnection,
    now: DateTime<Utc>,
    people: &People,
) -> Result<(), Fault> {
    let (amount, reason) = content::ADJUSTMENT;
    sqlx::query!(
        "insert into adjustments (id, user_id, amount, reason, lot, requested_by, requested_at, needs_second)
         values ($1, $2, $3, $4, $5::text::lot_kind, $6, $7, true)",
        s.new_id(),
        Uuid::from(people.consumer),
        amount,
        reason,
        LotKind::Standard.as_str(),
        Uuid::from(people.second_admin),
        now,
    )
    .execute(db)
    .await?;
    Ok(())
}
