//! Every test there is.

mod suites;
mod tally;

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::ValueEnum;

use self::suites::Workshop;
pub use self::tally::Tally;
use crate::{
    install::{self, Need, Policy},
    process,
    progress::clock,
};

/// Options of `cargo xtask test`.
#[derive(clap::Args)]
pub struct Arguments {
    /// Only these suites; all of them by default
    suites: Vec<Suite>,
    /// Only say what is missing on this machine
    #[arg(long)]
    no_install: bool,
    /// Make ten times as many requests in the suite api
    #[arg(long)]
    long: bool,
    /// Passed on to the test programs of unit, integration, api and browser, as in `-- wallet`
    #[arg(last = true)]
    rest: Vec<String>,
}

/// A kind of test.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Suite {
    /// The code is formatted
    Format,
    /// Crates depend on what they may, and every licence is on the list
    Walls,
    /// Clippy finds nothing
    Clippy,
    /// The committed query data is what migrations and code say
    Queries,
    /// Tests beside the code
    Unit,
    /// Tests of whole crates, over HTTP and with a database
    Integration,
    /// The API is what its document says, whatever it is sent
    Api,
    /// Journeys in a browser
    Browser,
}

impl Suite {
    fn name(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Walls => "walls",
            Self::Clippy => "clippy",
            Self::Queries => "queries",
            Self::Unit => "unit",
            Self::Integration => "integration",
            Self::Api => "api",
            Self::Browser => "browser",
        }
    }

    fn needs(self) -> &'static [Need] {
        match self {
            Self::Format => &[],
            Self::Walls | Self::Clippy => &[Need::WasmTarget],
            Self::Queries | Self::Unit | Self::Integration => &[Need::Postgres],
            Self::Api => &[Need::Postgres, Need::Python],
            Self::Browser => &[Need::WasmTarget, Need::Postgres, Need::Node, Need::Chromium],
        }
    }
}

/// What came of one suite.
struct Row {
    suite: Suite,
    tally: Tally,
    time: Duration,
}

/// Runs the suites one after the other; the failure of one does not keep the next from running.
///
/// # Errors
/// When a test fails, something is missing, or the run was interrupted.
pub fn run(arguments: &Arguments) -> Result<()> {
    let suites: Vec<Suite> = Suite::value_variants()
        .iter()
        .copied()
        .filter(|suite| arguments.suites.is_empty() || arguments.suites.contains(suite))
        .collect();
    let mut needs: Vec<Need> = Vec::new();
    for need in suites.iter().flat_map(|suite| suite.needs()) {
        if !needs.contains(need) {
            needs.push(*need);
        }
    }
    install::provide(&needs, Policy::from_no_install(arguments.no_install))?;
    let started = Instant::now();
    let mut workshop = Workshop::new(&arguments.rest, arguments.long);
    let mut rows = Vec::new();
    for (index, suite) in suites.iter().enumerate() {
        println!(
            "\n[{}/{} {}] {}",
            index + 1,
            suites.len(),
            clock(started.elapsed()),
            suite.name()
        );
        let begun = Instant::now();
        let tally = workshop.run(*suite).unwrap_or_else(|error| {
            eprintln!("{}: {error:#}", suite.name());
            Tally::FAILURE
        });
        if process::stop_requested() {
            bail!("interrupted");
        }
        println!("{}: {tally}", suite.name());
        rows.push(Row {
            suite: *suite,
            tally,
            time: begun.elapsed(),
        });
    }
    drop(workshop);
    conclude(&rows, started.elapsed())
}

fn conclude(rows: &[Row], time: Duration) -> Result<()> {
    println!(
        "\n{:<12} {:>7} {:>7} {:>7}",
        "suite", "passed", "failed", "time"
    );
    for row in rows {
        println!(
            "{:<12} {:>7} {:>7} {:>7}",
            row.suite.name(),
            row.tally.passed,
            row.tally.failed,
            clock(row.time)
        );
    }
    let total = rows
        .iter()
        .fold(Tally::default(), |sum, row| sum.plus(row.tally));
    println!(
        "{:<12} {:>7} {:>7} {:>7}",
        "all",
        total.passed,
        total.failed,
        clock(time)
    );
    println!("\n{total}");
    if total.failed > 0 {
        bail!("not all is well");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_in_any_suite_fails_the_run() {
        let row = |tally| Row {
            suite: Suite::Unit,
            tally,
            time: Duration::ZERO,
        };
        let good = Tally {
            passed: 2,
            failed: 0,
        };
        assert!(conclude(&[row(good)], Duration::ZERO).is_ok());
        assert!(conclude(&[row(good), row(Tally::FAILURE)], Duration::ZERO).is_err());
    }

    #[test]
    fn suites_are_called_on_the_command_line_as_they_are_in_the_summary() {
        for suite in Suite::value_variants() {
            assert_eq!(suite.to_possible_value().unwrap().get_name(), suite.name());
        }
    }
}
