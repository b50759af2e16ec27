//! Redemptions: one claim of one offer by one consumer.

use crate::named;

named! {
    /// pending → confirmed | cancelled | expired; nothing leaves the last three.
    pub enum RedemptionStatus {
        /// Paid for with points and waiting for the till.
        Pending = "pending",
        /// Burnt at the till.
        Confirmed = "confirmed",
        /// Taken back by the consumer; points and stock were given back.
        Cancelled = "cancelled",
        /// Not confirmed in time; points and stock were given back.
        Expired = "expired",
    }
}

/// How long one QR token is shown, in seconds. One window of grace follows.
pub const TOKEN_WINDOW_SECONDS: i64 = 30;

/// The number of the token window that a moment falls into.
#[must_use]
pub const fn token_window(unix_seconds: i64) -> i64 {
    unix_seconds.div_euclid(TOKEN_WINDOW_SECONDS)
}

/// The windows whose tokens are good at a moment: its own and the one before.
#[must_use]
pub const fn accepted_windows(unix_seconds: i64) -> [i64; 2] {
    let window = token_window(unix_seconds);
    [window, window - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_in_its_window_and_the_next() {
        let made_at = token_window(59);
        assert!(accepted_windows(59).contains(&made_at));
        assert!(accepted_windows(89).contains(&made_at));
        assert!(!accepted_windows(90).contains(&made_at));
    }
}
