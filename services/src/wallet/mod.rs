//! The wallet: what people have, what moved it, and the proof that the ledger balances.

use chrono::{DateTime, Utc};
use domain::{
    ids::{RedemptionId, UserId},
    points::Points,
};
use sqlx::PgExecutor;
use uuid::Uuid;

use crate::{Fault, Services, identity::actors::Consumer, offers::browse::points, paging};

/// A consumer's points.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Balance {
    /// What can be spent.
    pub available: Points,
    /// What pending redemptions hold.
    pub reserved: Points,
}

/// A consumer's points now.
///
/// # Errors
/// When the database fails.
pub async fn balance(s: &Services, consumer: Consumer) -> Result<Balance, Fault> {
    let row = sqlx::query!(
        r#"select sum(balance) filter (where kind = 'available')::bigint as "available!",
               sum(balance) filter (where kind = 'reserved')::bigint as "reserved!"
           from accounts where user_id = $1"#,
        Uuid::from(consumer.user()),
    )
    .fetch_one(&s.db)
    .await?;
    Ok(Balance {
        available: points(row.available)?,
        reserved: points(row.reserved)?,
    })
}

domain::named! {
    /// Why points moved.
    pub enum TransferKind {
        /// A gift of the programme.
        Bonus = "bonus",
        /// An offer was redeemed.
        Redeem = "redeem",
        /// A redemption was cancelled; the points came back.
        Cancel = "cancel",
        /// A redemption ran out of time; the points came back.
        Expire = "expire",
        /// A redemption was confirmed; the points went to the merchant.
        Confirm = "confirm",
    }
}

/// One movement of what a consumer can spend.
#[derive(Clone, Debug)]
pub struct Movement {
    pub id: Uuid,
    pub kind: TransferKind,
    pub amount: Points,
    /// Whether the points came in rather than went out.
    pub incoming: bool,
    pub at: DateTime<Utc>,
    /// What they moved for.
    pub redemption: Option<(RedemptionId, String)>,
}

/// One page of movements, newest first.
#[derive(Clone, Debug)]
pub struct Page {
    pub movements: Vec<Movement>,
    /// The next page begins behind this one; none on the last.
    pub next: Option<Uuid>,
}

/// A consumer's movements before `after`, or their newest.
///
/// # Errors
/// When the database fails.
pub async fn movements(
    s: &Services,
    consumer: Consumer,
    after: Option<Uuid>,
) -> Result<Page, Fault> {
    // Each half reads its own index and stops after one page.
    let mut rows = sqlx::query!(
        r#"with account as (select id from accounts where user_id = $1 and kind = 'available'),
           entries as (
               (select t.*, true as incoming from transfers t
                where t.credit_account_id = (select id from account) and ($2::uuid is null or t.id < $2)
                order by t.id desc limit $3)
               union all
               (select t.*, false from transfers t
                where t.debit_account_id = (select id from account) and ($2::uuid is null or t.id < $2)
                order by t.id desc limit $3)
           )
           select e.id as "id!", e.kind::text as "kind!", e.amount as "amount!", e.incoming as "incoming!",
               e.created_at as "created_at!", e.redemption_id, r.offer_name as "offer_name?"
           from entries e left join redemptions r on r.id = e.redemption_id
           order by e.id desc limit $3"#,
        Uuid::from(consumer.user()),
        after,
        paging::ASKED,
    )
    .fetch_all(&s.db)
    .await?;
    let more = paging::cut(&mut rows);
    let next = rows.last().filter(|_| more).map(|row| row.id);
    let movements = rows
        .into_iter()
        .map(|row| {
            Ok(Movement {
                id: row.id,
                kind: crate::stored(&row.kind)?,
                amount: points(row.amount)?,
                incoming: row.incoming,
                at: row.created_at,
                redemption: row
                    .redemption_id
                    .map(RedemptionId::from)
                    .zip(row.offer_name),
            })
        })
        .collect::<Result<_, Fault>>()?;
    Ok(Page { movements, next })
}

/// Gives a person points of the programme.
///
/// # Errors
/// When the database fails.
pub async fn grant_bonus(
    db: impl PgExecutor<'_>,
    transfer: Uuid,
    user: UserId,
    amount: Points,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    sqlx::query!(
        r#"select post_transfer($1,
               (select id from accounts where kind = 'issuance'),
               (select id from accounts where user_id = $2 and kind = 'available'),
               $3, 'bonus', null, $4) as "posted""#,
        transfer,
        Uuid::from(user),
        amount.get(),
        now,
    )
    .fetch_one(db)
    .await?;
    Ok(())
}

/// A balance that is not the sum of its transfers, or (without an account) the sum of all balances where it
/// is not zero.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LedgerFault {
    pub account: Option<Uuid>,
    pub balance: i64,
    pub transferred: i64,
}

/// Everything that is wrong with the ledger: nothing, if it balances.
///
/// # Errors
/// When the database fails.
pub async fn verify(s: &Services) -> Result<Vec<LedgerFault>, Fault> {
    let rows = sqlx::query!(
        r#"select account_id, balance as "balance!", transferred as "transferred!" from ledger_faults"#
    )
    .fetch_all(&s.db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| LedgerFault {
            account: row.account_id,
            balance: row.balance,
            transferred: row.transferred,
        })
        .collect())
}
