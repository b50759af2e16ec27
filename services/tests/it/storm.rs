//! Everything at once, at random, over few people and offers: where deadlocks and lost updates show.

use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use domain::{
    codes::Presented,
    ids::{OfferId, RedemptionId},
};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use services::{
    Fault, Services,
    identity::actors::{Attendant, Consumer, Manager},
    offers::{
        cancel::{self, cancel},
        expire::expire_due,
        manage,
        redeem::{self, redeem},
        till,
    },
    time::ManualClock,
    wallet,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::{World, at_once, points, redeems};

const TASKS: u64 = 60;
const STEPS: usize = 40;

/// What the tasks act on.
struct Stage {
    s: Services,
    clock: ManualClock,
    consumers: Vec<Consumer>,
    attendants: Vec<Attendant>,
    managers: Vec<Manager>,
    offers: Vec<OfferId>,
    redeemed: Mutex<Vec<(Consumer, RedemptionId)>>,
}

impl Stage {
    fn any_redeemed(&self, rng: &mut StdRng) -> Option<(Consumer, RedemptionId)> {
        let redeemed = self.redeemed.lock().unwrap();
        // The newest are most likely still pending, and wanted by several tasks.
        redeemed[redeemed.len().saturating_sub(8)..]
            .choose(rng)
            .copied()
    }

    /// One random step. Refusals are part of the game; faults are not.
    async fn step(&self, rng: &mut StdRng) -> Result<(), Fault> {
        match rng.random_range(0..100) {
            0..45 => self.redeem(rng).await,
            45..65 => self.cancel(rng).await,
            65..85 => self.confirm(rng).await,
            85..92 => {
                self.clock.advance(TimeDelta::seconds(20));
                expire_due(&self.s).await.map(drop)
            }
            92..96 => {
                let consumer = self.consumers.choose(rng).unwrap().user();
                wallet::grant_bonus(&self.s, self.s.db(), consumer, points(150), self.s.now()).await
            }
            _ => self.edit(rng).await,
        }
    }

    async fn redeem(&self, rng: &mut StdRng) -> Result<(), Fault> {
        let consumer = *self.consumers.choose(rng).unwrap();
        let offer = *self.offers.choose(rng).unwrap();
        match redeem(&self.s, consumer, offer, self.s.new_id().into(), None).await {
            Ok(made) => {
                let mut redeemed = self.redeemed.lock().unwrap();
                redeemed.push((consumer, made.redemption));
                Ok(())
            }
            Err(redeem::Refusal::Fault(fault)) => Err(fault),
            Err(_) => Ok(()),
        }
    }

    async fn cancel(&self, rng: &mut StdRng) -> Result<(), Fault> {
        let Some((consumer, redemption)) = self.any_redeemed(rng) else {
            return Ok(());
        };
        match cancel(&self.s, consumer, redemption, None, None).await {
            Err(cancel::Refusal::Fault(fault)) => Err(fault),
            _ => Ok(()),
        }
    }

    async fn confirm(&self, rng: &mut StdRng) -> Result<(), Fault> {
        let Some((_, redemption)) = self.any_redeemed(rng) else {
            return Ok(());
        };
        let attendant = *self.attendants.choose(rng).unwrap();
        let outcome = match till::validate(&self.s, attendant, &Presented::Id(redemption)).await {
            Ok(till::Validated {
                verdict: till::Verdict::Good { ticket },
                ..
            }) => till::confirm(&self.s, attendant, redemption, &ticket, None)
                .await
                .map(drop),
            Ok(_) => Ok(()),
            Err(refusal) => Err(refusal),
        };
        match outcome {
            Err(till::Refusal::Fault(fault)) => Err(fault),
            _ => Ok(()),
        }
    }

    async fn edit(&self, rng: &mut StdRng) -> Result<(), Fault> {
        let (manager, offer) = (
            *self.managers.choose(rng).unwrap(),
            *self.offers.choose(rng).unwrap(),
        );
        let Some(mut open) = manage::open(&self.s, manager, offer).await? else {
            return Ok(());
        };
        open.draft.stock_quantity = open.draft.stock_quantity.map(|_| rng.random_range(1..12));
        match manage::edit(&self.s, manager, offer, open.version, &open.draft).await {
            Err(manage::Refusal::Fault(fault)) => Err(fault),
            _ => Ok(()),
        }
    }
}

async fn stage(world: &World) -> Stage {
    let mut stage = Stage {
        s: world.s.clone(),
        clock: world.clock.clone(),
        consumers: world.consumers(4, 600).await,
        attendants: Vec::new(),
        managers: Vec::new(),
        offers: Vec::new(),
        redeemed: Mutex::default(),
    };
    for stock in [Some(6), None] {
        let mut draft = world.draft();
        (draft.stock_quantity, draft.max_per_user) = (stock, 8);
        draft.lifetime_minutes = 1;
        let shop = world.shop(draft.clone()).await;
        draft.stock_quantity = Some(3);
        stage.offers.push(shop.offer);
        stage.offers.push(world.offer(shop.manager, draft).await);
        stage.attendants.push(shop.attendant);
        stage.attendants.push(world.attendant(shop.merchant).await);
        stage.managers.push(shop.manager);
    }
    stage
}

#[sqlx::test(migrations = "../migrations")]
async fn a_storm_of_random_steps_ends_without_deadlock_and_with_a_sound_ledger(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let world = World::wide_under(redeems(10_000), options).await;
    let stage = Arc::new(stage(&world).await);
    let faults = at_once((0..TASKS).map(|task| {
        let stage = stage.clone();
        async move {
            let mut rng = StdRng::seed_from_u64(task);
            let mut faults = Vec::new();
            for _ in 0..STEPS {
                if let Err(fault) = stage.step(&mut rng).await {
                    faults.push(format!("{fault:?}"));
                }
            }
            faults
        }
    }))
    .await;
    assert_eq!(faults.concat(), Vec::<String>::new());
    // Every way for a redemption to end was taken.
    let ends = "select count(distinct status) from redemptions where status <> 'pending'";
    assert_eq!(world.count(ends).await, 3);
    world.assert_ledger_sound().await;
    world.close().await;
}
