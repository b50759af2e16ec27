//! Transfers: every movement of what a consumer can spend.

use chrono::{DateTime, Utc};
use domain::{
    earning::LotKind,
    ids::{RedemptionId, UserId},
    points::Points,
};
use sqlx::PgExecutor;
use uuid::Uuid;

use crate::{
    Fault, Services, identity::actors::Consumer, offers::browse::points, paging::Limit, stored,
};

domain::named! {
    /// Why points moved.
    pub enum TransferKind {
        /// A gift of the programme.
        Bonus = "bonus",
        /// A sale at the till.
        Purchase = "purchase",
        /// Someone was brought along, or was.
        Referral = "referral",
        /// Days in a row.
        Streak = "streak",
        /// A game was won.
        Game = "game",
        /// An admin's correction.
        Adjustment = "adjustment",
        /// An offer was redeemed.
        Redeem = "redeem",
        /// A redemption was cancelled; the points came back.
        Cancel = "cancel",
        /// A redemption ran out of time; the points came back.
        Expire = "expire",
        /// A redemption was confirmed; the points went to the merchant.
        Confirm = "confirm",
        /// Points passed their last day.
        LotExpiry = "lot_expiry",
        /// A sale was reversed.
        Reversal = "reversal",
        /// Points of a reversed sale had been spent.
        Owed = "owed",
        /// New points paid what was owed.
        Repayment = "repayment",
    }
}

/// One movement of what a consumer can spend.
#[derive(Clone, Debug)]
pub struct Movement {
    /// Which one.
    pub id: Uuid,
    /// Why.
    pub kind: TransferKind,
    /// How much.
    pub amount: Points,
    /// Whether the points came in rather than went out.
    pub incoming: bool,
    /// When.
    pub at: DateTime<Utc>,
    /// The redemption it belongs to, with its offer's name.
    pub redemption: Option<(RedemptionId, String)>,
    /// The merchant of the sale it belongs to.
    pub merchant: Option<String>,
}

/// Which movements to list.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Filter {
    /// Only what came in, or only what went out.
    pub incoming: Option<bool>,
    /// One kind only.
    pub kind: Option<TransferKind>,
    /// Not before this.
    pub from: Option<DateTime<Utc>>,
    /// Before this.
    pub until: Option<DateTime<Utc>>,
    /// Behind this movement.
    pub after: Option<Uuid>,
    /// At most so many.
    pub limit: Limit,
}

/// One page of movements, newest first.
#[derive(Clone, Debug)]
pub struct Page {
    /// At most a page of them.
    pub movements: Vec<Movement>,
    /// The next page begins behind this one; none on the last.
    pub next: Option<Uuid>,
}

/// A consumer's movements.
///
/// # Errors
/// When the database fails.
pub async fn movements(s: &Services, consumer: Consumer, filter: Filter) -> Result<Page, Fault> {
    // Each half reads its own index and stops after one page.
    let mut rows = sqlx::query!(
        r#"with account as (select id from accounts where user_id = $1 and kind = 'available'),
           entries as (
               (select t.*, true as incoming from transfers t
                where t.credit_account_id = (select id from account) and $4::boolean is not false
                    and ($2::uuid is null or t.id < $2)
                    and ($5::text is null or t.kind = $5::text::transfer_kind)
                    and ($6::timestamptz is null or t.created_at >= $6)
                    and ($7::timestamptz is null or t.created_at < $7)
                order by t.id desc limit $3)
               union all
               (select t.*, false from transfers t
                where t.debit_account_id = (select id from account) and $4::boolean is not true
                    and ($2::uuid is null or t.id < $2)
                    and ($5::text is null or t.kind = $5::text::transfer_kind)
                    and ($6::timestamptz is null or t.created_at >= $6)
                    and ($7::timestamptz is null or t.created_at < $7)
                order by t.id desc limit $3)
           )
           select e.id as "id!", e.kind::text as "kind!", e.amount as "amount!", e.incoming as "incoming!",
               e.created_at as "created_at!", e.redemption_id, r.offer_name as "offer_name?",
               m.name as "merchant?"
           from entries e
               left join redemptions r on r.id = e.redemption_id
               left join accruals a on a.id = e.reference
               left join merchants m on m.id = a.merchant_id
           order by e.id desc limit $3"#,
        Uuid::from(consumer.user()),
        filter.after,
        filter.limit.asked(),
        filter.incoming,
        filter.kind.map(TransferKind::as_str),
        filter.from,
        filter.until,
    )
    .fetch_all(&s.db)
    .await?;
    let more = filter.limit.cut(&mut rows);
    let next = rows.last().filter(|_| more).map(|row| row.id);
    let movements = rows
        .into_iter()
        .map(|row| {
            Ok(Movement {
                id: row.id,
                kind: stored(&row.kind)?,
                amount: points(row.amount)?,
                incoming: row.incoming,
                at: row.created_at,
                redemption: row
                    .redemption_id
                    .map(RedemptionId::from)
                    .zip(row.offer_name),
                merchant: row.merchant,
            })
        })
        .collect::<Result<_, Fault>>()?;
    Ok(Page { movements, next })
}

/// Gives a person points of the programme, as standard points that were earned `at` a moment.
///
/// # Errors
/// When the database fails.
pub async fn grant_bonus(
    s: &Services,
    db: impl PgExecutor<'_>,
    user: UserId,
    amount: Points,
    at: DateTime<Utc>,
) -> Result<(), Fault> {
    grant(s, db, user, amount, LotKind::Standard, at).await
}

/// Gives a person points of the programme of a kind, as earned `at` a moment.
pub(crate) async fn grant(
    s: &Services,
    db: impl PgExecutor<'_>,
    user: UserId,
    amount: Points,
    kind: LotKind,
    at: DateTime<Utc>,
) -> Result<(), Fault> {
    sqlx::query!(
        r#"select earn($1, $2, $3, 'bonus', $4::text::lot_kind, null, null, $5, $6) as "earned""#,
        s.entropy.uuid_v7(at),
        Uuid::from(user),
        amount.get(),
        kind.as_str(),
        s.rules.expiry(kind, at),
        at,
    )
    .fetch_one(db)
    .await?;
    Ok(())
}
