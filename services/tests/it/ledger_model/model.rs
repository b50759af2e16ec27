//! The ledger as a model small enough to be seen right: lots in a list.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::{
    earning::LotKind,
    ids::{AccrualId, RedemptionId},
};
use proptest::prelude::*;
use services::wallet::rules::Rules;

/// What the offer of the model costs.
pub const COST: i64 = 100;

/// A step of a history. Numbers pick one of what there is.
#[derive(Clone, Debug)]
pub enum Step {
    Give(i64, LotKind),
    Take(i64),
    Sell { pesos: i64 },
    Reverse(usize),
    Redeem,
    Cancel(usize),
    Confirm(usize),
    ExpireLots,
    Wait { days: i64 },
}

pub fn step() -> impl Strategy<Value = Step> {
    let kind = prop_oneof![
        Just(LotKind::Standard),
        Just(LotKind::Promotional),
        Just(LotKind::Gift)
    ];
    prop_oneof![
        3 => (1..400_i64, kind).prop_map(|(amount, kind)| Step::Give(amount, kind)),
        1 => (1..300_i64).prop_map(Step::Take),
        3 => (1..60_000_i64).prop_map(|pesos| Step::Sell { pesos }),
        1 => (400_000..990_000_i64).prop_map(|pesos| Step::Sell { pesos }),
        2 => (0..8_usize).prop_map(Step::Reverse),
        5 => Just(Step::Redeem),
        3 => (0..8_usize).prop_map(Step::Cancel),
        2 => (0..8_usize).prop_map(Step::Confirm),
        1 => Just(Step::ExpireLots),
        3 => (0..70_i64).prop_map(|days| Step::Wait { days }),
    ]
}

#[derive(Clone, Debug)]
pub struct Lot {
    pub amount: i64,
    pub remaining: i64,
    pub earned_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// Whether it came by a sale, and so counts towards the day's cap.
    pub sale: bool,
    pub reversed: bool,
}

/// What the ledger should say of one consumer.
#[derive(Debug, Default)]
pub struct Model {
    pub lots: Vec<Lot>,
    pub owed: i64,
    /// Which lots paid how much for each pending redemption.
    pub pending: BTreeMap<RedemptionId, Vec<(usize, i64)>>,
    /// The lot of each sale, where it brought one.
    pub sales: BTreeMap<AccrualId, Option<usize>>,
}

impl Model {
    /// What the ledger holds as available, due or not.
    pub fn held(&self) -> i64 {
        self.lots.iter().map(|lot| lot.remaining).sum()
    }

    pub fn spendable(&self, now: DateTime<Utc>) -> i64 {
        let open = self.lots.iter().filter(|lot| lot.expires_at > now);
        open.map(|lot| lot.remaining).sum()
    }

    pub fn reserved(&self) -> i64 {
        i64::try_from(self.pending.len()).unwrap() * COST
    }

    pub fn expire(&mut self, now: DateTime<Utc>) {
        for lot in &mut self.lots {
            if lot.expires_at <= now {
                lot.remaining = 0;
            }
        }
    }

    /// Takes from the lots, oldest expiry first; the answer is what each gave.
    pub fn spend(&mut self, amount: i64) -> Vec<(usize, i64)> {
        let mut order: Vec<usize> = (0..self.lots.len()).collect();
        order.sort_by_key(|at| self.lots[*at].expires_at);
        let mut missing = amount;
        let mut parts = Vec::new();
        for at in order {
            let part = missing.min(self.lots[at].remaining);
            if part > 0 {
                self.lots[at].remaining -= part;
                missing -= part;
                parts.push((at, part));
            }
        }
        assert_eq!(missing, 0, "the model spends what is there");
        parts
    }

    pub fn repay(&mut self, now: DateTime<Utc>) {
        if self.owed > 0 {
            self.expire(now);
            let part = self.owed.min(self.held());
            self.spend(part);
            self.owed -= part;
        }
    }

    pub fn earn(&mut self, amount: i64, expires_at: DateTime<Utc>, now: DateTime<Utc>, sale: bool) {
        self.lots.push(Lot {
            amount,
            remaining: amount,
            earned_at: now,
            expires_at,
            sale,
            reversed: false,
        });
        self.repay(now);
    }

    /// What a sale brings now, by tier and cap.
    pub fn due(&self, pesos: i64, rules: &Rules, now: DateTime<Utc>) -> i64 {
        let counted = |since: DateTime<Utc>, sales_only: bool| -> i64 {
            let lots = self
                .lots
                .iter()
                .filter(|lot| !lot.reversed && (lot.sale || !sales_only));
            lots.filter(|lot| {
                if sales_only {
                    lot.earned_at >= since
                } else {
                    lot.earned_at > since
                }
            })
            .map(|lot| lot.amount)
            .sum()
        };
        let year = counted(rules.year_start(now), false);
        let tier = rules
            .tiers
            .iter()
            .rev()
            .find(|rule| rule.from.get() <= year)
            .unwrap();
        let due = pesos * 100 / rules.minor_per_point * i64::from(tier.multiplier) / 100;
        let room = rules.daily_cap.get() - counted(rules.day_start(now), true);
        due.min(room).max(0)
    }

    /// Takes a sale back; the answer is what was taken and what became owed.
    pub fn reverse(&mut self, sale: AccrualId, now: DateTime<Utc>) -> (i64, i64) {
        let Some(Some(at)) = self.sales.insert(sale, None) else {
            return (0, 0);
        };
        self.expire(now);
        let points = self.lots[at].amount;
        let taken = points.min(self.held());
        let own = taken.min(self.lots[at].remaining);
        self.lots[at].remaining -= own;
        self.lots[at].reversed = true;
        self.spend(taken - own);
        self.owed += points - taken;
        (taken, points - taken)
    }
}
