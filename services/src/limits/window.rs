//! Windows that slide: so many in any stretch of so long.

use std::{cmp::Reverse, collections::VecDeque, num::NonZeroU32};

use chrono::{DateTime, TimeDelta, Utc};

/// Moments at which something was done, the oldest first.
pub(crate) type Log = VecDeque<DateTime<Utc>>;

/// The most of something in any stretch of this length.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Window {
    most: NonZeroU32,
    per: TimeDelta,
}

impl Window {
    pub(super) fn minute(most: NonZeroU32) -> Self {
        let per = TimeDelta::minutes(1);
        Self { most, per }
    }

    pub(super) fn hour(most: NonZeroU32) -> Self {
        let per = TimeDelta::hours(1);
        Self { most, per }
    }

    pub(super) fn day(most: NonZeroU32) -> Self {
        let per = TimeDelta::hours(24);
        Self { most, per }
    }

    fn standing(self, log: &Log, now: DateTime<Utc>) -> Standing {
        let most = usize::try_from(self.most.get()).unwrap_or(usize::MAX);
        let gone = log.partition_point(|at| *at <= now - self.per);
        let left = most.saturating_sub(log.len() - gone);
        // More than the most are there after a limit was lowered: then the oldest of the last ones matters.
        let next = log.get(gone.max(log.len().saturating_sub(most)));
        Standing {
            most: self.most.get(),
            per: self.per,
            remaining: u32::try_from(left).unwrap_or(u32::MAX),
            now,
            until: next.map_or(now, |oldest| *oldest + self.per),
        }
    }
}

/// One window, or two over the same: the longer one bounds what the shorter would let through in the long run.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limit {
    window: Window,
    longer: Option<Window>,
}

impl From<Window> for Limit {
    fn from(window: Window) -> Self {
        let longer = None;
        Self { window, longer }
    }
}

impl Limit {
    pub(super) fn within(window: Window, longer: Window) -> Self {
        let longer = Some(longer);
        Self { window, longer }
    }

    /// How long anything counts.
    pub(super) fn memory(&self) -> TimeDelta {
        self.longer.unwrap_or(self.window).per
    }

    /// How whoever did this stands: by the window that leaves least, and of equals by the one that lasts longest.
    pub(crate) fn standing(&self, log: &Log, now: DateTime<Utc>) -> Standing {
        let shorter = self.window.standing(log, now);
        let longer = self.longer.map(|window| window.standing(log, now));
        let strictness = |it: &Standing| (it.remaining, Reverse(it.until));
        longer
            .filter(|longer| strictness(longer) < strictness(&shorter))
            .unwrap_or(shorter)
    }
}

/// How someone stands with a limit.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Standing {
    /// The most in the window that leaves least.
    pub most: u32,
    /// The length of that window.
    pub per: TimeDelta,
    /// How many more it leaves.
    pub remaining: u32,
    /// When that was.
    pub now: DateTime<Utc>,
    /// When the window has room for one more than now.
    pub until: DateTime<Utc>,
}

impl Standing {
    /// Seconds until there is room for one more than now, rounded up.
    #[must_use]
    pub fn wait(&self) -> i64 {
        let millis = (self.until - self.now).num_milliseconds().max(0);
        (millis + 999) / 1_000
    }
}

/// A limit was hit.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("more than {} in {} s", .0.most, .0.per.num_seconds())]
pub struct TooMany(
    /// With nothing remaining until it is worth trying again.
    pub Standing,
);

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    fn some(n: u32) -> NonZeroU32 {
        NonZeroU32::new(n).unwrap()
    }

    fn standing(limit: Limit, log: &[i64], now: i64) -> (u32, u32, i64) {
        let log = log.iter().map(|seconds| at(*seconds)).collect();
        let it = limit.standing(&log, at(now));
        (it.most, it.remaining, it.wait())
    }

    #[test]
    fn what_is_counted_leaves_the_window_when_its_time_has_passed_and_not_before() {
        let limit = Window::minute(some(2)).into();
        assert_eq!(standing(limit, &[], 0), (2, 2, 0));
        assert_eq!(standing(limit, &[0], 10), (2, 1, 50));
        assert_eq!(standing(limit, &[0, 10], 59), (2, 0, 1));
        assert_eq!(standing(limit, &[0, 10], 60), (2, 1, 10));
        assert_eq!(standing(limit, &[0, 10], 70), (2, 2, 0));
    }

    #[test]
    fn of_two_windows_the_one_that_leaves_least_is_told() {
        let limit = Limit::within(Window::minute(some(2)), Window::hour(some(3)));
        assert_eq!(standing(limit, &[0], 1), (2, 1, 59));
        assert_eq!(standing(limit, &[0, 100], 161), (3, 1, 3_439));
        // Both are full: the later counts.
        assert_eq!(standing(limit, &[0, 100, 101], 102), (3, 0, 3_498));
        assert_eq!(standing(limit, &[0, 3_590, 3_591], 3_600), (2, 0, 50));
    }

    #[test]
    fn a_limit_that_was_lowered_waits_for_as_many_as_are_too_many() {
        let limit = Window::minute(some(1)).into();
        assert_eq!(standing(limit, &[0, 20, 40], 45), (1, 0, 55));
    }

    #[test]
    fn a_part_of_a_second_is_waited_for_whole() {
        let now = at(0) + TimeDelta::milliseconds(1);
        let limit = Limit::from(Window::minute(some(1)));
        assert_eq!(limit.standing(&[at(0)].into(), now).wait(), 60);
    }
}
