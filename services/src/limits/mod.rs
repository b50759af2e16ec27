//! How often what may be done: by a consumer, at a terminal, from an address.
//!
//! Redeems are counted by the statement that redeems, over all instances; see [`crate::offers::redeem`]. The rest
//! is counted in memory, by each instance for itself. Where points or accounts are at stake, whatever cannot be
//! counted is refused.

mod address;
mod table;
mod window;

use std::{
    num::{NonZeroU32, NonZeroUsize},
    sync::Arc,
};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use self::table::{Refused, Table};
pub use self::{
    address::Address,
    window::{Limit, Standing, TooMany, Window},
};
use crate::{Services, identity::actors::Operator};

/// What is allowed, from the configuration.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Redemptions of a consumer.
    pub redeem_per_hour: NonZeroU32,
    /// Redemptions of a consumer.
    pub redeem_per_day: NonZeroU32,
    /// Codes looked up at a terminal; where there is none, by a person or an integration.
    pub validate_per_minute: NonZeroU32,
    /// Codes looked up at a terminal; where there is none, by a person or an integration.
    pub validate_per_hour: NonZeroU32,
    /// Sign-ins from an address, good or not.
    pub sign_in_per_hour: NonZeroU32,
    /// Requests of any kind from an address.
    pub general_per_minute: NonZeroU32,
    /// As many addresses, or terminals, are remembered for each limit: what bounds an instance's memory.
    pub remembered: NonZeroUsize,
}

impl Rules {
    /// What a consumer may redeem.
    #[must_use]
    pub fn redeem(&self) -> Limit {
        Limit::within(
            Window::hour(self.redeem_per_hour),
            Window::day(self.redeem_per_day),
        )
    }

    fn validate(&self) -> Limit {
        Limit::within(
            Window::minute(self.validate_per_minute),
            Window::hour(self.validate_per_hour),
        )
    }
}

impl Default for Rules {
    /// The limits that are shipped; the configuration's own file repeats them with comments.
    fn default() -> Self {
        const fn some(n: u32) -> NonZeroU32 {
            NonZeroU32::MIN.saturating_add(n - 1)
        }
        Self {
            redeem_per_hour: some(10),
            redeem_per_day: some(30),
            validate_per_minute: some(30),
            validate_per_hour: some(300),
            sign_in_per_hour: some(10),
            general_per_minute: some(100),
            remembered: NonZeroUsize::MIN.saturating_add(65_535),
        }
    }
}

/// The limits of an instance and what it has counted.
#[derive(Clone)]
pub(crate) struct Limits(Arc<Counts>);

struct Counts {
    rules: Rules,
    validations: Table<Uuid>,
    sign_ins: Table<Address>,
    requests: Table<Address>,
}

impl Limits {
    /// Limits that nobody has come near to yet.
    pub(crate) fn new(rules: Rules) -> Self {
        let (sign_in, general) = (
            Window::hour(rules.sign_in_per_hour),
            Window::minute(rules.general_per_minute),
        );
        Self(Arc::new(Counts {
            rules,
            validations: Table::new(rules.validate(), rules.remembered),
            sign_ins: Table::new(sign_in.into(), rules.remembered),
            requests: Table::new(general.into(), rules.remembered),
        }))
    }

    /// What is allowed.
    pub(crate) fn rules(&self) -> &Rules {
        &self.0.rules
    }
}

/// Counts a sign-in from an address, before anyone looks at the password.
///
/// # Errors
/// When there were too many, or more addresses than are remembered.
pub fn sign_in(s: &Services, address: Address) -> Result<Standing, TooMany> {
    Ok(s.limits.0.sign_ins.count(address, s.now())?)
}

/// Counts a code that is looked up, at its terminal, or for the person or the integration where there is none.
///
/// # Errors
/// When there were too many, or more terminals than are remembered.
pub fn validate(s: &Services, operator: Operator) -> Result<Standing, TooMany> {
    let place = operator.terminal().map(Uuid::from);
    let place = place.unwrap_or_else(|| operator.id());
    Ok(s.limits.0.validations.count(place, s.now())?)
}

/// Counts a request from an address. More addresses than are remembered are let in uncounted: what is at stake
/// has limits of its own.
///
/// # Errors
/// When there were too many.
pub fn general(s: &Services, address: Address) -> Result<Standing, TooMany> {
    let (requests, now) = (&s.limits.0.requests, s.now());
    match requests.count(address, now) {
        Err(Refused::Full(_)) => Ok(requests.first(now)),
        counted => Ok(counted?),
    }
}
