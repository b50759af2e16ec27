//! How many event streams one person keeps open on this instance.
//!
//! The newest is the page just opened, so it is the oldest that gives way when there are too many.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::ids::UserId;
use tokio::sync::Notify;

/// Streams of one person at a time.
const SEATS: usize = 8;

/// Everyone's open streams, the oldest first.
#[derive(Clone, Default)]
pub(crate) struct Seats(Arc<Mutex<HashMap<UserId, VecDeque<Arc<Notify>>>>>);

/// One open stream; the seat is free again when this is dropped.
pub(crate) struct Seat {
    seats: Seats,
    person: UserId,
    lost: Arc<Notify>,
}

impl Seats {
    /// Takes a seat, from the person's own oldest stream if all are taken.
    pub(crate) fn take(&self, person: UserId) -> Seat {
        let lost = Arc::new(Notify::new());
        let mut everyone = self.lock();
        let own = everyone.entry(person).or_default();
        own.push_back(lost.clone());
        if own.len() > SEATS
            && let Some(oldest) = own.pop_front()
        {
            oldest.notify_one();
        }
        Seat {
            seats: self.clone(),
            person,
            lost,
        }
    }

    /// Nothing that holds the lock can leave the map half changed.
    fn lock(&self) -> MutexGuard<'_, HashMap<UserId, VecDeque<Arc<Notify>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    /// Returns when a newer stream has taken the seat.
    pub(crate) async fn lost(&self) {
        self.lost.notified().await;
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut everyone = self.seats.lock();
        if let Some(own) = everyone.get_mut(&self.person) {
            own.retain(|seat| !Arc::ptr_eq(seat, &self.lost));
            if own.is_empty() {
                everyone.remove(&self.person);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(n: u128) -> UserId {
        uuid::Uuid::from_u128(n).into()
    }

    #[tokio::test]
    async fn one_too_many_costs_the_persons_own_oldest_its_seat() {
        let seats = Seats::default();
        let other = seats.take(person(2));
        let mut own: VecDeque<_> = (0..=SEATS).map(|_| seats.take(person(1))).collect();
        let is_lost = |seat: &Seat| futures::FutureExt::now_or_never(seat.lost()).is_some();
        let oldest = own.pop_front().unwrap();
        assert!(is_lost(&oldest));
        assert!(!is_lost(&other) && !own.iter().any(is_lost));
        // Whoever has lost a seat frees none by leaving; whoever has one does.
        drop(oldest);
        drop(own.pop_front());
        own.push_back(seats.take(person(1)));
        assert!(!own.iter().any(is_lost));
    }

    #[test]
    fn nothing_is_kept_of_people_without_streams() {
        let seats = Seats::default();
        drop((seats.take(person(1)), seats.take(person(1))));
        assert!(seats.lock().is_empty());
    }
}
