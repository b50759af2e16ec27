//! Accruals: the points of a sale, credited once and taken back when the sale is reversed.

use chrono::{DateTime, Utc};
use domain::{
    codes::MemberPresented,
    earning::{LotKind, Receipt},
    ids::{AccrualId, MerchantId, UserId},
    money::Money,
    points::Points,
};
use sqlx::PgExecutor;
use uuid::Uuid;

use super::members;
use crate::{
    Fault, Services,
    audit::{Theirs, not_theirs},
    idempotency::Request,
    identity::actors::Operator,
    offers::browse::points,
};

/// A sale whose buyer wants points.
#[derive(Clone, Debug)]
pub struct Sale {
    /// Whose points they are.
    pub member: MemberPresented,
    /// What the sale came to.
    pub amount: Money,
    /// Its receipt: a merchant's receipt brings points once.
    pub receipt: Receipt,
}

/// Points that were credited, now or by an earlier call with the same receipt.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Accrued {
    /// Which accrual.
    pub accrual: AccrualId,
    /// What was credited.
    pub points: Points,
    /// What the sale came to before the day's cap.
    pub due: Points,
    /// The tier's multiplier, in percent.
    pub multiplier: i32,
    /// What the consumer has now.
    pub balance: Points,
    /// When it was credited.
    pub at: DateTime<Utc>,
    /// Whether an earlier call had done it.
    pub replayed: bool,
}

/// Why nothing was credited.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// No consumer has this code.
    #[error("no such member")]
    UnknownMember,
    /// The QR's token is stale or was tampered with.
    #[error("the QR is stale or was tampered with")]
    InvalidToken,
    /// The receipt brought points to someone else, or for another amount.
    #[error("the receipt was used at {at}")]
    ReceiptUsed {
        /// When.
        at: DateTime<Utc>,
    },
    /// The receipt's sale was reversed.
    #[error("the receipt's sale was reversed")]
    Reversed,
    /// The idempotency key belongs to another sale.
    #[error("the idempotency key was used for something else")]
    KeyReused,
    /// Not a refusal but a fault.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::from_database!(Refusal);

/// Looks a member up at the till without changing anything: a scanned QR must be fresh and its owner known.
/// Typing the sale takes longer than a QR lasts, so [`accrue`] is then given the code alone.
///
/// # Errors
/// A refusal, or a fault.
pub async fn recognise(
    s: &Services,
    _: Operator,
    presented: &MemberPresented,
) -> Result<(), Refusal> {
    if !members::token_is_good(s, presented, s.now()) {
        return Err(Refusal::InvalidToken);
    }
    let owner = members::owner(s, &presented.code).await?;
    owner.map(|_| ()).ok_or(Refusal::UnknownMember)
}

/// Credits the points of a sale, once per merchant and receipt, in one round trip: base points by the
/// merchant's rule, times the tier's multiplier, up to what the day's cap leaves. Where the caller names the
/// request, the name stands for this sale alone.
///
/// # Errors
/// A refusal, or a fault.
pub async fn accrue(
    s: &Services,
    operator: Operator,
    sale: &Sale,
    request: Option<&Request>,
) -> Result<Accrued, Refusal> {
    accrue_at(s, &s.db, operator, sale, request, s.now()).await
}

/// As [`accrue`], at a moment that may be past, on a connection that may be inside a transaction.
pub(crate) async fn accrue_at(
    s: &Services,
    db: impl PgExecutor<'_>,
    operator: Operator,
    sale: &Sale,
    request: Option<&Request>,
    now: DateTime<Utc>,
) -> Result<Accrued, Refusal> {
    if !members::token_is_good(s, &sale.member, now) {
        return Err(Refusal::InvalidToken);
    }
    let (thresholds, multipliers) = s.rules.tier_columns();
    let row = sqlx::query!(
        r#"with named as materialized (
               select $18::text is null or remember_request($20, $18, $19, $1, $17) as rightly
           )
           select a.outcome as "outcome!", a.accrual_id, a.points_due as "points_due!", a.points as "points!",
               a.multiplier as "multiplier!", a.balance as "balance!", a.created_at as "created_at!"
           from named, lateral accrue(
               $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17
           ) as a
           where named.rightly"#,
        s.entropy.uuid_v7(now),
        s.entropy.uuid_v7(now),
        Uuid::from(operator.merchant()),
        sale.member.code.as_str(),
        sale.receipt.as_str(),
        sale.amount.minor(),
        operator.person().map(Uuid::from),
        operator.api_key().map(Uuid::from),
        operator.terminal().map(Uuid::from),
        s.rules.minor_per_point,
        &thresholds,
        &multipliers,
        s.rules.daily_cap.get(),
        s.rules.day_start(now),
        s.rules.year_start(now),
        s.rules.expiry(LotKind::Standard, now),
        now,
        request.map(|request| request.key.as_str()),
        request.map(|request| &request.hash[..]),
        operator.id(),
    )
    .fetch_optional(db)
    .await?
    .ok_or(Refusal::KeyReused)?;
    let replayed = match row.outcome.as_str() {
        "accrued" => false,
        "replayed" => true,
        "unknown_member" => return Err(Refusal::UnknownMember),
        "receipt_used" => return Err(Refusal::ReceiptUsed { at: row.created_at }),
        "reversed" => return Err(Refusal::Reversed),
        _ => return Err(Fault::Broken("accrue() answers with a known outcome").into()),
    };
    let accrual = row
        .accrual_id
        .ok_or(Fault::Broken("an accrual has an id"))?;
    Ok(Accrued {
        accrual: accrual.into(),
        points: points(row.points)?,
        due: points(row.points_due)?,
        multiplier: row.multiplier,
        balance: points(row.balance)?,
        at: row.created_at,
        replayed,
    })
}

/// What a reversal did.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Reversed {
    /// What the sale had brought.
    pub points: Points,
    /// What was taken back at once.
    pub taken_back: Points,
    /// What had been spent: the consumer's next points pay it.
    pub owed: Points,
    /// Whether an earlier call had done it.
    pub replayed: bool,
}

/// Why nothing was reversed.
#[derive(Debug, thiserror::Error)]
pub enum ReverseRefusal {
    /// The merchant has no such accrual.
    #[error("no such accrual")]
    NotFound,
    /// Not a refusal but a fault.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::from_database!(ReverseRefusal);

/// Takes the points of a reversed sale back, once: out of what they were, then out of the consumer's other
/// points, and what is missing becomes owed.
///
/// # Errors
/// A refusal, or a fault.
pub async fn reverse(
    s: &Services,
    operator: Operator,
    accrual: AccrualId,
) -> Result<Reversed, ReverseRefusal> {
    let row = sqlx::query!(
        r#"select outcome as "outcome!", points as "points!", taken_back as "taken_back!", owed as "owed!"
           from reverse_accrual($1, $2, $3, $4, $5)"#,
        Uuid::from(accrual),
        Uuid::from(operator.merchant()),
        operator.person().map(Uuid::from),
        operator.api_key().map(Uuid::from),
        s.now(),
    )
    .fetch_optional(&s.db)
    .await?;
    let Some(row) = row else {
        not_theirs(s, operator, Theirs::Accrual(accrual)).await?;
        return Err(ReverseRefusal::NotFound);
    };
    Ok(Reversed {
        points: points(row.points)?,
        taken_back: points(row.taken_back)?,
        owed: points(row.owed)?,
        replayed: row.outcome == "replayed",
    })
}

/// An accrual as the till tells of it. Nothing in it tells who the consumer is.
#[derive(Clone, Debug)]
pub struct Recent {
    /// Which one.
    pub accrual: AccrualId,
    /// The sale's receipt.
    pub receipt: String,
    /// What the sale came to, in minor units.
    pub sale_minor: i64,
    /// What the sale came to before the day's cap.
    pub due: Points,
    /// What was credited.
    pub points: Points,
    /// When.
    pub at: DateTime<Utc>,
    /// Whether the one who asks credited it.
    pub by_you: bool,
    /// When it was reversed, if it was.
    pub reversed_at: Option<DateTime<Utc>>,
    /// What the reversal took back.
    pub taken_back: Points,
    /// What the reversal could not take back, because it was spent.
    pub owed: Points,
}

struct Row {
    id: Uuid,
    receipt: String,
    sale_minor: i64,
    points_due: i64,
    points: i64,
    created_at: DateTime<Utc>,
    by: Option<Uuid>,
    reversed_at: Option<DateTime<Utc>>,
    taken_back: i64,
    owed: i64,
}

impl Row {
    fn tell(self, asker: Uuid) -> Result<Recent, Fault> {
        Ok(Recent {
            accrual: self.id.into(),
            receipt: self.receipt,
            sale_minor: self.sale_minor,
            due: points(self.points_due)?,
            points: points(self.points)?,
            at: self.created_at,
            by_you: self.by == Some(asker),
            reversed_at: self.reversed_at,
            taken_back: points(self.taken_back)?,
            owed: points(self.owed)?,
        })
    }
}

/// A person's own last accruals at the till, newest first, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn recent(
    s: &Services,
    merchant: MerchantId,
    by: UserId,
    limit: i64,
) -> Result<Vec<Recent>, Fault> {
    let rows = sqlx::query_as!(
        Row,
        r#"select id, receipt, sale_minor, points_due, points, created_at, created_by as "by",
               reversed_at, taken_back, owed
           from accruals where merchant_id = $1 and created_by = $2 order by id desc limit $3"#,
        Uuid::from(merchant),
        Uuid::from(by),
        limit,
    )
    .fetch_all(&s.db)
    .await?;
    rows.into_iter().map(|row| row.tell(by.into())).collect()
}

/// One of the merchant's accruals.
///
/// # Errors
/// When the database fails.
pub async fn find(
    s: &Services,
    operator: Operator,
    accrual: AccrualId,
) -> Result<Option<Recent>, Fault> {
    let row = sqlx::query_as!(
        Row,
        r#"select id, receipt, sale_minor, points_due, points, created_at,
               coalesce(created_by, api_key_id) as "by", reversed_at, taken_back, owed
           from accruals where id = $1 and merchant_id = $2"#,
        Uuid::from(accrual),
        Uuid::from(operator.merchant()),
    )
    .fetch_optional(&s.db)
    .await?;
    row.map(|row| row.tell(operator.id())).transpose()
}
