//! The random source: the only place that reads the system's.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use rand::{RngCore, SeedableRng, rngs::StdRng};
use uuid::Uuid;

/// Where randomness comes from.
#[derive(Clone, Debug)]
pub enum Entropy {
    /// The operating system's generator, by way of the thread's.
    System,
    /// A seeded generator: the same seed gives the same run.
    Seeded(Arc<Mutex<StdRng>>),
}

impl Entropy {
    /// A source that always gives the same values in the same order.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Arc::new(Mutex::new(StdRng::seed_from_u64(seed))))
    }

    /// Fills `bytes` with random values fit for secrets (with [`Entropy::System`]).
    pub fn fill(&self, bytes: &mut [u8]) {
        match self {
            #[expect(clippy::disallowed_methods, reason = "this is the adapter")]
            Self::System => rand::rng().fill_bytes(bytes),
            Self::Seeded(rng) => {
                rng.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .fill_bytes(bytes);
            }
        }
    }

    /// `N` random bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// 64 random bits.
    #[must_use]
    pub fn bits(&self) -> u64 {
        u64::from_be_bytes(self.bytes())
    }

    /// A version 7 UUID (RFC 9562 §5.7) for a moment.
    #[must_use]
    pub fn uuid_v7(&self, now: DateTime<Utc>) -> Uuid {
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid()
    }
}
