//! Who did what when, in memory that does not grow without bound.

use std::{
    hash::Hash,
    num::NonZeroUsize,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, Utc};
use lru::LruCache;

use super::window::{Limit, Log, Standing, TooMany};

/// Keys of whom nothing counts any more that are dropped with each call, at most.
const DROPPED: usize = 16;

/// Counts by key: an address, a terminal.
pub(super) struct Table<K: Hash + Eq> {
    limit: Limit,
    /// Keys remembered at a time.
    room: NonZeroUsize,
    /// By the time of what was counted last: whoever is first to be forgotten is last in it.
    logs: Mutex<LruCache<K, Log>>,
}

/// Why something was not counted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Refused {
    /// The limit was hit.
    TooMany(Standing),
    /// Every key that is remembered still counts.
    Full(Standing),
}

impl From<Refused> for TooMany {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::TooMany(standing) | Refused::Full(standing) => Self(standing),
        }
    }
}

impl<K: Hash + Eq> Table<K> {
    /// A table that knows nobody.
    pub(super) fn new(limit: Limit, room: NonZeroUsize) -> Self {
        Self {
            limit,
            room,
            logs: Mutex::new(LruCache::unbounded()),
        }
    }

    /// Counts one of `key`, if it is not one too many.
    pub(super) fn count(&self, key: K, now: DateTime<Utc>) -> Result<Standing, Refused> {
        let mut logs = self.lock();
        self.drop_forgotten(&mut logs, now);
        if let Some(log) = logs.peek_mut(&key) {
            let gone = log.partition_point(|at| *at <= now - self.limit.memory());
            log.drain(..gone);
            let standing = self.limit.standing(log, now);
            if standing.remaining == 0 {
                return Err(Refused::TooMany(standing));
            }
        } else if logs.len() >= self.room.get() {
            let oldest = logs.peek_lru().and_then(|(_, log)| log.back());
            return Err(Refused::Full(Standing {
                remaining: 0,
                until: oldest.map_or(now, |at| *at + self.limit.memory()),
                ..self.first(now)
            }));
        }
        let log = logs.get_or_insert_mut(key, Log::new);
        // In order, even if the clock was set back.
        let at = log.back().map_or(now, |last| now.max(*last));
        log.push_back(at);
        Ok(self.limit.standing(log, now))
    }

    /// How someone stands who did it for the first time.
    pub(super) fn first(&self, now: DateTime<Utc>) -> Standing {
        self.limit.standing(&[now].into(), now)
    }

    fn drop_forgotten(&self, logs: &mut LruCache<K, Log>, now: DateTime<Utc>) {
        for _ in 0..DROPPED {
            let counts = |log: &Log| log.back().is_some_and(|at| *at > now - self.limit.memory());
            if logs.peek_lru().is_none_or(|(_, log)| counts(log)) {
                return;
            }
            logs.pop_lru();
        }
    }

    /// Nothing that holds the lock can leave the table half changed.
    fn lock(&self) -> MutexGuard<'_, LruCache<K, Log>> {
        self.logs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;
    use crate::limits::window::Window;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    fn table(most: u32, room: usize) -> Table<u32> {
        let limit = Window::minute(NonZeroU32::new(most).unwrap()).into();
        Table::new(limit, NonZeroUsize::new(room).unwrap())
    }

    #[test]
    fn each_key_has_its_own_count_and_what_is_refused_does_not_count() {
        let table = table(2, 10);
        assert_eq!(table.count(1, at(0)).unwrap().remaining, 1);
        assert_eq!(table.count(1, at(30)).unwrap().remaining, 0);
        for seconds in 31..60 {
            let Err(Refused::TooMany(standing)) = table.count(1, at(seconds)) else {
                panic!("counted");
            };
            assert_eq!(standing.wait(), 60 - seconds);
        }
        assert_eq!(table.count(2, at(59)).unwrap().remaining, 1);
        assert_eq!(table.count(1, at(60)).unwrap().remaining, 0);
    }

    #[test]
    fn a_full_table_refuses_newcomers_until_it_may_forget_someone() {
        let table = table(2, 2);
        table.count(1, at(0)).unwrap();
        table.count(2, at(10)).unwrap();
        table.count(1, at(20)).unwrap();
        // Whoever is known goes on, and a refusal keeps nobody in it for longer.
        assert!(matches!(table.count(1, at(21)), Err(Refused::TooMany(_))));
        let Err(Refused::Full(standing)) = table.count(3, at(30)) else {
            panic!("remembered");
        };
        assert_eq!((standing.remaining, standing.wait()), (0, 40));
        assert!(table.count(3, at(69)).is_err());
        assert_eq!(table.count(3, at(70)).unwrap().remaining, 1);
        assert_eq!(table.lock().len(), 2);
    }

    #[test]
    fn whoever_has_gone_is_forgotten() {
        let table = table(2, 1_000);
        for key in 0..1_000 {
            table.count(key, at(0)).unwrap();
        }
        for seconds in 60..160 {
            table.count(2_000, at(seconds)).ok();
        }
        assert_eq!(table.lock().len(), 1);
    }

    #[test]
    fn a_clock_that_is_set_back_opens_nothing() {
        let table = table(2, 10);
        table.count(1, at(100)).unwrap();
        table.count(1, at(50)).unwrap();
        assert!(table.count(1, at(120)).is_err());
        assert!(table.count(1, at(160)).is_ok());
    }
}
