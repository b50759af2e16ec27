//! How many tests passed and failed, as far as the test programs say.

use std::fmt;

/// Passed and failed tests.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed.
    pub failed: u64,
}

impl Tally {
    /// One check that passed.
    pub const SUCCESS: Self = Self {
        passed: 1,
        failed: 0,
    };
    /// One check that failed.
    pub const FAILURE: Self = Self {
        passed: 0,
        failed: 1,
    };

    /// One check.
    pub fn of(passed: bool) -> Self {
        if passed { Self::SUCCESS } else { Self::FAILURE }
    }

    /// Both together.
    pub fn plus(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
        }
    }

    /// What a program counted, and a failure more if it failed without counting one: it may not have
    /// been built, or have crashed.
    pub fn with_status(self, success: bool) -> Self {
        if success || self.failed > 0 {
            self
        } else {
            self.plus(Self::FAILURE)
        }
    }

    /// The sum of the lines `test result: ok. 3 passed; 0 failed; …` of Rust's test programs.
    pub fn from_cargo(lines: &[String]) -> Self {
        lines
            .iter()
            .filter_map(|line| {
                let (_, counts) = line
                    .trim()
                    .strip_prefix("test result: ")?
                    .split_once(". ")?;
                let count = |what: &str| {
                    counts
                        .split("; ")
                        .find_map(|part| part.strip_suffix(what)?.trim().parse().ok())
                };
                Some(Self {
                    passed: count("passed")?,
                    failed: count("failed")?,
                })
            })
            .fold(Self::default(), Self::plus)
    }

    /// The counts at the end of what Playwright says: `3 passed (4.2s)`, `1 failed`, `2 flaky`,
    /// `1 did not run`. A flaky test passed in the end; one that was interrupted or not run did not.
    pub fn from_playwright(lines: &[String]) -> Self {
        let mut tally = Self::default();
        for line in lines {
            let Some((count, what)) = line.trim().split_once(' ') else {
                continue;
            };
            let Ok(count) = count.parse::<u64>() else {
                continue;
            };
            let what = what.split(" (").next().unwrap_or(what);
            match what {
                "passed" | "flaky" => tally.passed += count,
                "failed" | "interrupted" | "did not run" => tally.failed += count,
                _ => {}
            }
        }
        tally
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn the_results_of_several_rust_test_programs_are_added() {
        let said = lines(
            "running 2 tests\n\
             test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
             \n\
             test result: FAILED. 10 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1s",
        );
        assert_eq!(
            Tally::from_cargo(&said),
            Tally {
                passed: 12,
                failed: 3
            }
        );
    }

    #[test]
    fn the_summary_of_playwright_is_understood() {
        let said = lines(
            "  ✓  1 [phone] › journey.spec.ts:3:1 › redeems (2.1s)\n  1 failed\n    [phone] › x\n  \
             2 flaky\n  3 skipped\n  1 did not run\n  40 passed (1.2m)",
        );
        assert_eq!(
            Tally::from_playwright(&said),
            Tally {
                passed: 42,
                failed: 2
            }
        );
    }

    #[test]
    fn a_program_that_failed_without_a_count_is_a_failure() {
        assert_eq!(Tally::default().with_status(false), Tally::FAILURE);
        assert_eq!(Tally::SUCCESS.with_status(true), Tally::SUCCESS);
        assert_eq!(Tally::FAILURE.with_status(false), Tally::FAILURE);
    }
}
