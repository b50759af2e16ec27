//! Random histories, played on the real database and on a model small enough to be seen right.

mod model;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    codes::MemberPresented,
    earning::{LotKind, Receipt},
    ids::{AccrualId, AdjustmentId, RedemptionId},
    money::Money,
};
use proptest::test_runner::{Config, TestRunner};
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

use self::model::{COST, Model, Step, step};
use crate::support::{Shop, World, redeems};

/// Histories tried; each has its own consumer.
const HISTORIES: u32 = 48;

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
        let accrued = accrue(s, self.shop.attendant.into(), &sale, None)
            .await
            .unwrap();
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
            let world = World::under(redeems(10_000), db).await;
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
