//! The clock: the only place that reads the system's.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, TimeDelta, Utc};

/// Where the time comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The system's clock.
    System,
    /// A clock that stands still until it is moved.
    Manual(ManualClock),
}

impl Clock {
    /// The current time, in whole microseconds as PostgreSQL keeps it.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            #[expect(clippy::disallowed_methods, reason = "this is the adapter")]
            Self::System => microseconds(Utc::now().timestamp_micros()),
            Self::Manual(clock) => microseconds(clock.0.load(Ordering::SeqCst)),
        }
    }
}

/// A clock for tests and for replaying history; clones show the same time.
#[derive(Clone, Debug)]
pub struct ManualClock(Arc<AtomicI64>);

impl ManualClock {
    /// A clock that shows `time`.
    #[must_use]
    pub fn at(time: DateTime<Utc>) -> Self {
        Self(Arc::new(AtomicI64::new(time.timestamp_micros())))
    }

    /// Moves the clock, for everyone who looks at it.
    pub fn advance(&self, by: TimeDelta) {
        self.0
            .fetch_add(by.num_microseconds().unwrap_or(i64::MAX), Ordering::SeqCst);
    }
}

fn microseconds(since_epoch: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(since_epoch).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
