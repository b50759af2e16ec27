//! Where a request comes from, and how its limits stand.

use std::sync::{Arc, OnceLock};

use domain::error::ErrorCode;
use http::request::Parts;
use leptos::prelude::use_context;
use services::limits::{Address, Standing, TooMany};

use crate::error::AppError;

/// The caller of a request. What is told to it of a limit beside the general one goes into the answer's headers.
#[derive(Clone, Debug)]
pub struct Caller {
    address: Address,
    told: Arc<OnceLock<Standing>>,
}

impl Caller {
    /// Whoever asks from this address.
    #[must_use]
    pub fn at(address: Address) -> Self {
        Self {
            address,
            told: Arc::default(),
        }
    }

    /// The address.
    #[must_use]
    pub fn address(&self) -> Address {
        self.address
    }

    /// How the caller stands with the limit of what was asked for, if that has one.
    #[must_use]
    pub fn standing(&self) -> Option<Standing> {
        self.told.get().copied()
    }

    /// Tells how the caller stands with the limit of what was asked for.
    pub fn tell(&self, standing: Standing) {
        // A request is for one thing that has a limit.
        let _ = self.told.set(standing);
    }

    /// Tells what counting came to.
    ///
    /// # Errors
    /// `TOO_MANY_REQUESTS` when a limit was hit.
    pub fn counted(&self, counted: Result<Standing, TooMany>) -> Result<(), AppError> {
        let (Ok(standing) | Err(TooMany(standing))) = counted;
        self.tell(standing);
        Ok(counted.map(drop)?)
    }
}

/// The caller of the request that is answered.
///
/// # Errors
/// When nobody has found out: then nothing can be counted.
pub fn caller() -> Result<Caller, AppError> {
    use_context::<Parts>()
        .and_then(|parts| parts.extensions.get::<Caller>().cloned())
        .ok_or_else(|| AppError::new(ErrorCode::InternalError))
}

impl From<TooMany> for AppError {
    fn from(TooMany(standing): TooMany) -> Self {
        Self::new(ErrorCode::TooManyRequests)
            .figure("limit", standing.most.into())
            .figure("per", standing.per.num_seconds())
            .figure("retry_after", standing.wait())
            .figure("until", standing.now.timestamp() + standing.wait())
    }
}
