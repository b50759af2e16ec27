//! What a long task says while it works.

use std::{cell::Cell, time::Duration, time::Instant};

/// Numbered steps with the time since the start.
pub struct Progress {
    started: Instant,
    total: usize,
    done: Cell<usize>,
}

impl Progress {
    /// Begins a task of so many steps.
    pub fn begin(total: usize) -> Self {
        Self {
            started: Instant::now(),
            total,
            done: Cell::new(0),
        }
    }

    /// Announces the next step.
    pub fn step(&self, what: &str) {
        self.done.set(self.done.get() + 1);
        println!(
            "[{}/{} {}] {what}",
            self.done.get(),
            self.total,
            clock(self.started.elapsed())
        );
    }

    /// Time since the task began.
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }
}

/// Minutes and seconds, as in `02:07`.
pub fn clock(time: Duration) -> String {
    format!("{:02}:{:02}", time.as_secs() / 60, time.as_secs() % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_minutes_and_seconds() {
        assert_eq!(clock(Duration::from_secs(127)), "02:07");
        assert_eq!(clock(Duration::from_hours(1)), "60:00");
    }
}
