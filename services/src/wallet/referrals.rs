//! Referrals: who brought whom, and the reward of both, once.

use domain::{earning::LotKind, points::Points};
use uuid::Uuid;

use crate::{Fault, Services, identity::actors::Consumer, offers::browse::points};

/// What a consumer's referrals have come to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Standing {
    /// People who signed up with their code.
    pub signed_up: i64,
    /// Those of them who have come to a till, so that both sides were rewarded.
    pub rewarded: i64,
    /// What that brought.
    pub earned: Points,
}

/// A consumer's referrals.
///
/// # Errors
/// When the database fails.
pub async fn standing(s: &Services, consumer: Consumer) -> Result<Standing, Fault> {
    let row = sqlx::query!(
        r#"select count(*) as "signed_up!", count(rewarded_at) as "rewarded!",
               (select coalesce(sum(l.amount), 0)::bigint from lots l join transfers t on t.id = l.id
                where l.user_id = $1 and l.source = 'referral' and t.reference <> $1) as "earned!"
           from referrals where referrer_id = $1"#,
        Uuid::from(consumer.user()),
    )
    .fetch_one(&s.db)
    .await?;
    Ok(Standing {
        signed_up: row.signed_up,
        rewarded: row.rewarded,
        earned: points(row.earned)?,
    })
}

/// Rewards every referral that is due, one transaction each. Safe on several instances at once. The answer is
/// how many this call rewarded.
///
/// # Errors
/// When the database fails; what was rewarded before stays so.
pub async fn reward_due(s: &Services) -> Result<u64, Fault> {
    let mut rewarded = 0;
    loop {
        let now = s.now();
        let next = sqlx::query_scalar!(
            r#"select reward_next_referral($1, $2, $3, $4, $5) as "referred""#,
            &[s.new_id(), s.new_id()],
            s.rules.referral.referrer.get(),
            s.rules.referral.referred.get(),
            s.rules.expiry(LotKind::Promotional, now),
            now,
        )
        .fetch_one(&s.db)
        .await?;
        if next.is_none() {
            return Ok(rewarded);
        }
        rewarded += 1;
    }
}
