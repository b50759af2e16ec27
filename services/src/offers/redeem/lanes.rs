//! How redeems get to the database.
//!
//! A few lanes, each with one connection, work through the offers that somebody wants to redeem. An offer is
//! on one lane at a time: its first redeem goes at once and by itself, those that arrive meanwhile gather and
//! go together, as one statement and one commit. A lone redeem thus waits for nobody, and a hot offer, whose
//! row is locked from a redeem to its commit, locks it once for many.
//!
//! Lanes are tasks of their own, so a caller that goes away takes nothing with it: neither its own redeem nor
//! those of the others.

use std::{
    collections::{HashMap, VecDeque},
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::ids::OfferId;
use sqlx::{PgConnection, PgPool, Postgres, pool::PoolConnection};
use tokio::sync::{oneshot, watch};

use super::{
    Refusal, Told,
    statement::{self, Wish},
};
use crate::{Fault, Services};

/// Redeems of one offer that go together at most: the last of them waits for all.
const TOGETHER: usize = 64;
/// Redeems that wait in this instance at most; what comes on top is told that it is too busy.
const WAITING: usize = 4_096;

/// A wish, and who waits for what becomes of it.
struct Waiting {
    wish: Wish,
    caller: oneshot::Sender<Told>,
}

/// What waits and what is under way, over all offers of this instance.
#[derive(Clone)]
pub(crate) struct Lanes {
    queue: Arc<Mutex<Queue>>,
    /// How many lanes are open.
    open: watch::Sender<usize>,
    /// How many may be.
    width: usize,
}

#[derive(Default)]
struct Queue {
    /// By offer what waits; an offer that is under way is here even if nothing more of it waits.
    waiting: HashMap<OfferId, VecDeque<Waiting>>,
    /// The offers that wait for a lane, in the order in which they came.
    turns: VecDeque<OfferId>,
    /// How many wait, over all offers.
    length: usize,
    lanes: usize,
}

/// Redeems by way of a lane.
pub(super) async fn redeem(s: &Services, offer: OfferId, wish: Wish) -> Told {
    let (caller, answer) = oneshot::channel();
    match s.redeems.enqueue(offer, Waiting { wish, caller }) {
        Ok(true) => {
            tokio::spawn(drive(s.clone(), Lane::of(&s.redeems)));
        }
        Ok(false) => {}
        Err(fault) => return fault.into(),
    }
    answer
        .await
        .unwrap_or_else(|_| Fault::Broken("a lane answers everyone").into())
}

impl Lanes {
    /// Lanes for a pool: two thirds of its connections, so that others are never without one.
    pub(crate) fn over(db: &PgPool) -> Self {
        let connections = db.options().get_max_connections() as usize;
        Self::new((connections * 2 / 3).max(1))
    }

    fn new(width: usize) -> Self {
        Self {
            queue: Arc::default(),
            open: watch::Sender::new(0),
            width,
        }
    }

    /// Returns when all lanes are closed.
    pub(super) async fn settled(&self) {
        // The sender lives as long as this.
        let _ = self.open.subscribe().wait_for(|open| *open == 0).await;
    }

    /// Puts a redeem into its offer's queue. The answer is whether a lane is to be opened for it.
    fn enqueue(&self, offer: OfferId, waiting: Waiting) -> Result<bool, Fault> {
        let mut queue = self.lock();
        if queue.length >= WAITING {
            return Err(Fault::Busy);
        }
        queue.length += 1;
        if let Some(others) = queue.waiting.get_mut(&offer) {
            others.push_back(waiting);
            return Ok(false);
        }
        queue.waiting.insert(offer, VecDeque::from([waiting]));
        queue.turns.push_back(offer);
        let opens = queue.lanes < self.width;
        if opens {
            queue.lanes += 1;
            self.open.send_replace(queue.lanes);
        }
        Ok(opens)
    }

    /// Nothing that holds the lock can leave the queue half changed.
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    /// The offer whose turn it is, and those of it that go together.
    fn take_turn(&mut self) -> Option<(OfferId, Vec<Waiting>)> {
        let offer = self.turns.pop_front()?;
        let waiting = self.waiting.entry(offer).or_default();
        let count = waiting.len().min(TOGETHER);
        let taken: Vec<Waiting> = waiting.drain(..count).collect();
        self.length -= count;
        Some((offer, taken))
    }

    /// An offer's turn is over: those that came meanwhile wait for the next, after the other offers.
    fn end_turn(&mut self, offer: OfferId) {
        if self.waiting.get(&offer).is_some_and(VecDeque::is_empty) {
            self.waiting.remove(&offer);
        } else {
            self.turns.push_back(offer);
        }
    }
}

/// An open lane. It closes itself when there is nothing left to do; dropped before that, by a panic, it
/// leaves its offer to the others.
struct Lane {
    lanes: Lanes,
    offer: Option<OfferId>,
    is_open: bool,
}

impl Lane {
    fn of(lanes: &Lanes) -> Self {
        Self {
            lanes: lanes.clone(),
            offer: None,
            is_open: true,
        }
    }

    /// Ends the turn before, and takes the next or closes the lane.
    fn next(&mut self) -> Option<(OfferId, Vec<Waiting>)> {
        let mut queue = self.lanes.lock();
        if let Some(offer) = self.offer.take() {
            queue.end_turn(offer);
        }
        let turn = queue.take_turn();
        if let Some((offer, _)) = &turn {
            self.offer = Some(*offer);
        } else {
            // Under the same lock: what is put into the queue from here on opens a lane again.
            queue.lanes -= 1;
            self.is_open = false;
        }
        turn
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        let mut queue = self.lanes.lock();
        if mem::take(&mut self.is_open) {
            queue.lanes -= 1;
            if let Some(offer) = self.offer.take() {
                queue.end_turn(offer);
            }
        }
        self.lanes.open.send_replace(queue.lanes);
    }
}

/// Works until nothing waits, on one connection: to take it from the pool and to give it back costs more than
/// a small statement.
async fn drive(s: Services, mut lane: Lane) {
    let mut kept = None;
    while let Some((offer, waiting)) = lane.next() {
        match connection(&s, &mut kept).await {
            Ok(connection) => {
                if serve(&s, connection, offer, waiting).await.is_err() {
                    // It may be broken; the pool finds out.
                    kept = None;
                }
            }
            Err(error) => {
                tracing::warn!(%error, "no connection for redeems");
                for one in waiting {
                    tell(one, Fault::Busy.into());
                }
            }
        }
    }
    drop(kept);
}

async fn connection<'a>(
    s: &Services,
    kept: &'a mut Option<PoolConnection<Postgres>>,
) -> Result<&'a mut PgConnection, sqlx::Error> {
    let connection = match kept.take() {
        Some(connection) => connection,
        None => s.db.acquire().await?,
    };
    Ok(kept.insert(connection))
}

/// The connection may be no good any more.
struct Doubtful;

/// Redeems for those that have their turn, and answers them.
async fn serve(
    s: &Services,
    connection: &mut PgConnection,
    offer: OfferId,
    waiting: Vec<Waiting>,
) -> Result<(), Doubtful> {
    if waiting.len() > 1 {
        let wishes: Vec<Wish> = waiting.iter().map(|one| one.wish).collect();
        match statement::together(s, connection, offer, &wishes).await {
            Ok(answers) => {
                for (one, answer) in waiting.into_iter().zip(answers) {
                    tell(one, answer);
                }
                return Ok(());
            }
            Err(fault) if fault.is_passing() => {
                tracing::warn!(%fault, "redeems went wrong together");
                for one in waiting {
                    tell(one, Fault::Busy.into());
                }
                return Err(Doubtful);
            }
            // One of them spoils it for all, as by a code that is taken: each by itself, then.
            Err(fault) => tracing::debug!(%fault, "redeeming one by one"),
        }
    }
    let mut outcome = Ok(());
    for one in waiting {
        let told = statement::alone(s, connection, offer, one.wish).await;
        if let Err(Refusal::Fault(Fault::Database(error))) = &told.answer
            && !matches!(error, sqlx::Error::Database(_))
        {
            outcome = Err(Doubtful);
        }
        tell(one, told);
    }
    outcome
}

/// Who has gone away does not hear it.
fn tell(waiting: Waiting, told: Told) {
    let _ = waiting.caller.send(told);
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    /// A redeem whose caller has gone away.
    fn orphan() -> Waiting {
        Waiting {
            wish: Wish {
                consumer: Uuid::nil().into(),
                key: Uuid::nil().into(),
                seen_cost: None,
            },
            caller: oneshot::channel().0,
        }
    }

    fn offer(n: u128) -> OfferId {
        Uuid::from_u128(n).into()
    }

    #[test]
    fn an_offer_is_on_one_lane_at_a_time_and_goes_behind_the_others_after_its_turn() {
        let lanes = Lanes::new(2);
        assert!(lanes.enqueue(offer(1), orphan()).unwrap());
        let (mut first, mut second) = (Lane::of(&lanes), Lane::of(&lanes));
        let turn = |lane: &mut Lane| lane.next().map(|(offer, taken)| (offer, taken.len()));
        assert_eq!(turn(&mut first), Some((offer(1), 1)));
        // What comes meanwhile gathers, and opens no lane.
        for _ in 0..=TOGETHER {
            assert!(!lanes.enqueue(offer(1), orphan()).unwrap());
        }
        assert!(lanes.enqueue(offer(2), orphan()).unwrap());
        assert!(!lanes.enqueue(offer(3), orphan()).unwrap());
        assert_eq!(turn(&mut second), Some((offer(2), 1)));
        assert_eq!(turn(&mut first), Some((offer(3), 1)));
        assert_eq!(turn(&mut first), Some((offer(1), TOGETHER)));
        assert_eq!(turn(&mut second), None);
        assert_eq!(turn(&mut first), Some((offer(1), 1)));
        assert_eq!(turn(&mut first), None);
        let queue = lanes.lock();
        assert!(queue.waiting.is_empty() && queue.turns.is_empty());
        assert_eq!((queue.length, queue.lanes), (0, 0));
    }

    #[test]
    fn a_lane_that_is_lost_leaves_its_offer_to_the_next() {
        let lanes = Lanes::new(1);
        assert!(lanes.enqueue(offer(1), orphan()).unwrap());
        let mut lost = Lane::of(&lanes);
        assert!(lost.next().is_some());
        assert!(!lanes.enqueue(offer(1), orphan()).unwrap());
        drop(lost);
        assert!(lanes.enqueue(offer(2), orphan()).unwrap());
        let mut lane = Lane::of(&lanes);
        let offers = [lane.next(), lane.next()].map(|turn| turn.unwrap().0);
        assert_eq!(offers, [offer(1), offer(2)]);
    }

    #[test]
    fn what_waits_is_bounded_over_all_offers() {
        let lanes = Lanes::new(1);
        for n in 0..WAITING {
            lanes.enqueue(offer(n as u128 % 7), orphan()).unwrap();
        }
        let refused = lanes.enqueue(offer(0), orphan());
        assert!(matches!(refused, Err(Fault::Busy)));
    }
}
