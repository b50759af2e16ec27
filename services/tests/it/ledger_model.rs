//! Random histories, played on the real database and on a model small enough to be seen right.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    codes::MemberPresented,
    earning::{LotKind, Receipt},
    ids::{AccrualId, AdjustmentId, RedemptionId},
    money::Money,
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use services::{
    identity::actors::Consumer,
    offers::{
        cancel::cancel,
        expire,
        redeem::{self, redeem},
    },
    wallet::{
        accruals::{self, Sale, accrue},
        adjustments::{self, Adjustment},
        lots, members,
        rules::Rules,
    },
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::{Shop, World};

/// Histories tried; each has its own consumer.
const HISTORIES: u32 = 48;
/// What the offer of the model costs.
const COST: i64 = 100;

/// A step of a history. Numbers pick one of what there is.
#[derive(Clone, Debug)]
enum Step {
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

fn step() -> impl Strategy<Value = Step> {
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
struct Lot {
    amount: i64,
    remaining: i64,
    earned_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    /// Whether it came by a sale, and so counts towards the day's cap.
    sale: bool,
    reversed: bool,
}

/// What the ledger should say of one consumer.
#[derive(Debug, Default)]
struct Model {
    lots: Vec<Lot>,
    owed: i64,
    /// Which lots paid how much for each pending redemption.
    pending: BTreeMap<RedemptionId, Vec<(usize, i64)>>,
    /// The lot of each sale, where it brought one.
    sales: BTreeMap<AccrualId, Option<usize>>,
}

impl Model {
    /// What the ledger holds as available, due or not.
    fn held(&self) -> i64 {
        self.lots.iter().map(|lot| lot.remaining).sum()
    }

    fn spendable(&self, now: DateTime<Utc>) -> i64 {
        let open = self.lots.iter().filter(|lot| lot.expires_at > now);
        open.map(|lot| lot.remaining).sum()
    }

    fn reserved(&self) -> i64 {
        i64::try_from(self.pending.len()).unwrap() * COST
    }

    fn expire(&mut self, now: DateTime<Utc>) {
        for lot in &mut self.lots {
            if lot.expires_at <= now {
                lot.remaining = 0;
            }
        }
    }

    /// Takes from the lots, oldest expiry first; the answer is what each gave.
    fn spend(&mut self, amount: i64) -> Vec<(usize, i64)> {
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

    fn repay(&mut self, now: DateTime<Utc>) {
        if self.owed > 0 {
            self.expire(now);
            let part = self.owed.min(self.held());
            self.spend(part);
            self.owed -= part;
        }
    }

    fn earn(&mut self, amount: i64, expires_at: DateTime<Utc>, now: DateTime<Utc>, sale: bool) {
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
    fn due(&self, pesos: i64, rules: &Rules, now: DateTime<Utc>) -> i64 {
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
    fn reverse(&mut self, sale: AccrualId, now: DateTime<Utc>) -> (i64, i64) {
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

/// One history under way: the real thing beside the model.
struct Play<'a> {
    world: &'a World,
    shop: &'a Shop,
    rules: Rules,
    consumer: Consumer,
    model: Model,
    sold: Vec<AccrualId>,
}

impl Play<'_> {
    async fn take(&mut self, step: &Step) {
        // Nothing happens twice at one moment, so that no two lots expire together.
        self.world.clock.advance(TimeDelta::seconds(1));
        let now = self.world.s.now();
        match step {
            Step::Give(amount, kind) => self.adjust(*amount, *kind, now).await,
            Step::Take(amount) => self.adjust(-amount, LotKind::Standard, now).await,
            Step::Sell { pesos } => self.sell(*pesos, now).await,
            Step::Reverse(pick) => self.reverse(*pick, now).await,
            Step::Redeem => self.redeem(now).await,
            Step::Cancel(pick) => {
                if let Some(redemption) = self.picked(*pick) {
                    cancel(&self.world.s, self.consumer, redemption, None, None)
                        .await
                        .unwrap();
                    self.give_back(redemption, now);
                }
            }
            Step::Confirm(pick) => {
                if let Some(redemption) = self.picked(*pick) {
                    self.world.confirm(self.shop.attendant, redemption).await;
                    self.model.pending.remove(&redemption);
                }
            }
            Step::ExpireLots => {
                lots::expire_due(&self.world.s).await.unwrap();
                self.model.expire(now);
            }
            Step::Wait { days } => {
                self.world.clock.advance(TimeDelta::days(*days));
                expire::expire_due(&self.world.s).await.unwrap();
                let now = self.world.s.now();
                if *days > 0 {
                    for redemption in self.model.pending.keys().copied().collect::<Vec<_>>() {
                        self.give_back(redemption, now);
                    }
                }
            }
        }
        self.compare(step).await;
    }

    fn picked(&self, pick: usize) -> Option<RedemptionId> {
        let count = self.model.pending.len().max(1);
        self.model.pending.keys().nth(pick % count).copied()
    }

    fn give_back(&mut self, redemption: RedemptionId, now: DateTime<Utc>) {
        for (at, part) in self.model.pending.remove(&redemption).unwrap() {
            self.model.lots[at].remaining += part;
        }
        self.model.repay(now);
    }

    async fn adjust(&mut self, amount: i64, lot: LotKind, now: DateTime<Utc>) {
        let s = &self.world.s;
        let adjustment = Adjustment {
            amount,
            reason: "A step of the model".into(),
            lot,
        };
        let id = AdjustmentId::from(s.new_id());
        let answer =
            adjustments::request(s, self.world.admin, id, self.consumer.user(), &adjustment).await;
        if amount > 0 {
            answer.unwrap();
            self.model
                .earn(amount, self.rules.expiry(lot, now), now, false);
            return;
        }
        self.model.expire(now);
        if self.model.held() >= -amount {
            answer.unwrap();
            self.model.spend(-amount);
        } else {
            assert!(matches!(answer, Err(adjustments::Refusal::Insufficient)));
        }
    }

    async fn sell(&mut self, pesos: i64, now: DateTime<Utc>) {
        let s = &self.world.s;
        let sale = Sale {
            member: MemberPresented {
                code: members::code(s, self.consumer).await.unwrap(),
                token: None,
            },
            amount: Money::try_from(pesos * 100).unwrap(),
            receipt: Receipt::try_from(s.new_id().to_string().as_str()).unwrap(),
        };
        let accrued = accrue(s, self.shop.attendant.into(), &sale).await.unwrap();
        let due = self.model.due(pesos, &self.rules, now);
        assert_eq!(accrued.points.get(), due, "what a sale of {pesos} brings");
        let lot = (due > 0).then_some(self.model.lots.len());
        if due > 0 {
            let expires = self.rules.expiry(LotKind::Standard, now);
            self.model.earn(due, expires, now, true);
        }
        self.model.sales.insert(accrued.accrual, lot);
        self.sold.push(accrued.accrual);
    }

    async fn reverse(&mut self, pick: usize, now: DateTime<Utc>) {
        let Some(sale) = self.sold.get(pick % self.sold.len().max(1)).copied() else {
            return;
        };
        let reversed = accruals::reverse(&self.world.s, self.shop.attendant.into(), sale)
            .await
            .unwrap();
        if !reversed.replayed {
            let expected = self.model.reverse(sale, now);
            assert_eq!((reversed.taken_back.get(), reversed.owed.get()), expected);
        }
    }

    async fn redeem(&mut self, now: DateTime<Utc>) {
        let s = &self.world.s;
        let answer = redeem(s, self.consumer, self.shop.offer, self.world.key(), None).await;
        self.model.expire(now);
        if self.model.held() >= COST {
            let parts = self.model.spend(COST);
            self.model.pending.insert(answer.unwrap().redemption, parts);
        } else {
            assert!(matches!(
                answer,
                Err(redeem::Refusal::InsufficientBalance { .. })
            ));
        }
    }

    async fn compare(&self, step: &Step) {
        let s = &self.world.s;
        let now = s.now();
        let balance = lots::balance(s, self.consumer).await.unwrap();
        let said = (
            balance.available.get(),
            balance.reserved.get(),
            balance.owed.get(),
        );
        let expected = (
            self.model.spendable(now),
            self.model.reserved(),
            self.model.owed,
        );
        assert_eq!(said, expected, "after {step:?}");
        let open = lots::open(s, self.consumer).await.unwrap();
        let said: Vec<_> = open
            .iter()
            .map(|lot| (lot.expires_at, lot.remaining.get()))
            .collect();
        let mut expected: Vec<_> = self
            .model
            .lots
            .iter()
            .filter(|lot| lot.remaining > 0 && lot.expires_at > now)
            .map(|lot| (lot.expires_at, lot.remaining))
            .collect();
        expected.sort_unstable();
        assert_eq!(said, expected, "after {step:?}");
    }
}

async fn play(world: &World, shop: &Shop, steps: &[Step]) {
    let mut play = Play {
        world,
        shop,
        rules: Rules::default(),
        consumer: world.consumer(0).await,
        model: Model::default(),
        sold: Vec::new(),
    };
    for step in steps {
        play.take(step).await;
    }
    world.assert_ledger_sound().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn any_history_of_earning_and_spending_is_as_a_sequential_model_says(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    // The runner is not async: it gets a thread and a runtime of its own.
    let played = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let (world, shop) = runtime.block_on(async {
            let db = PgPoolOptions::new().connect_with(options).await.unwrap();
            let world = World::new(db).await;
            let shop = world.shop(world.draft()).await;
            sqlx::query("update offers set valid_to = 'infinity', lifetime_minutes = 1000")
                .execute(world.db())
                .await
                .unwrap();
            (world, shop)
        });
        let config = Config {
            cases: HISTORIES,
            failure_persistence: None,
            ..Config::default()
        };
        let outcome =
            TestRunner::new(config).run(&proptest::collection::vec(step(), 1..40), |steps| {
                runtime.block_on(play(&world, &shop, &steps));
                Ok(())
            });
        runtime.block_on(world.close());
        outcome
    });
    played.join().unwrap().unwrap();
}
