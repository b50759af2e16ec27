//! What each suite does.

use std::{env, path::PathBuf, process::Command};

use anyhow::{Context, Result, bail};

use super::{Suite, tally::Tally};
use crate::{
    api, browser,
    postgres::{Cluster, Kind},
    process, repository, serve, sqlx, walls,
};

/// The crates of the server's half. They are always built and tested together, so that their
/// dependencies have the same features everywhere and nothing is built twice. The browser's half is
/// never among them: it would switch on the browser's features in the server.
const SERVER_SIDE: [&str; 5] = ["app", "domain", "server", "services", "till"];

/// Tests of one program that run at the same time.
const TEST_THREADS: usize = 8;
/// Tests that send more at once than a machine takes beside other work.
const CROWDS: &str = "crowds::";

/// What suites share.
pub struct Workshop<'a> {
    rest: &'a [String],
    long: bool,
    cluster: Option<Cluster>,
    /// Whether the server's half was built, once that was tried.
    is_built: Option<bool>,
}

impl<'a> Workshop<'a> {
    /// With arguments for the test programs, and whether there is much time.
    pub fn new(rest: &'a [String], long: bool) -> Self {
        Self {
            rest,
            long,
            cluster: None,
            is_built: None,
        }
    }

    /// Runs one suite.
    ///
    /// # Errors
    /// When it cannot be run at all.
    pub fn run(&mut self, suite: Suite) -> Result<Tally> {
        match suite {
            Suite::Format => check(process::cargo().args(["fmt", "--all", "--check"])),
            Suite::Walls => walls::check(),
            Suite::Clippy => clippy(),
            Suite::Queries => self.queries(),
            Suite::Unit => self.unit(),
            Suite::Integration => self.integration(),
            Suite::Api => self.api(),
            Suite::Browser => self.browser(),
        }
    }

    fn queries(&mut self) -> Result<Tally> {
        let differences = sqlx::differences(self.cluster()?)?;
        for line in &differences {
            eprintln!(".sqlx/{line}");
        }
        if !differences.is_empty() {
            eprintln!("`cargo xtask sqlx` renews them");
        }
        Ok(Tally::of(differences.is_empty()))
    }

    fn unit(&mut self) -> Result<Tally> {
        self.build()?;
        let own = self.cargo_test(&["--package", "xtask"], &[])?;
        let product = self.cargo_test(&[&server_side()[..], &["--lib", "--bins"]].concat(), &[])?;
        Ok(own.plus(product))
    }

    fn integration(&mut self) -> Result<Tally> {
        self.build()?;
        // Cargo refuses a pattern that fits nothing.
        if !walls::has_integration_tests()? {
            return Ok(Tally::default());
        }
        let mut arguments = server_side();
        arguments.extend(["--test", "*"]);
        if !self.rest.is_empty() {
            return self.cargo_test(&arguments, &[]);
        }
        let most = self.cargo_test(&arguments, &["--skip", CROWDS])?;
        let server = [&server_side()[..], &["--test", "http"]].concat();
        let crowds = self.cargo_test(&server, &[CROWDS, "--test-threads=1"])?;
        Ok(most.plus(crowds))
    }

    fn api(&mut self) -> Result<Tally> {
        self.build()?;
        let (rest, long) = (self.rest, self.long);
        api::run(self.cluster()?, long, rest)
    }

    fn browser(&mut self) -> Result<Tally> {
        self.build()?;
        let rest = self.rest;
        let cluster = self.cluster()?;
        let (status, lines) = browser::run(cluster, "playwright.config.ts", &[], rest)?;
        Ok(Tally::from_playwright(&lines).with_status(status.success()))
    }

    /// Builds everything that the server's half is tested with, once.
    fn build(&mut self) -> Result<()> {
        if self.is_built.is_none() {
            let mut command = process::cargo();
            command
                .arg("build")
                .args(server_side())
                .arg("--all-targets");
            self.is_built = Some(process::status(&mut command)?.success());
            if self.is_built == Some(true) {
                self.cluster()?.fill_template(&serve::binary())?;
            }
        }
        if self.is_built == Some(false) {
            bail!("not run, as the server's half does not build");
        }
        Ok(())
    }

    /// Runs test programs with further arguments of their own.
    fn cargo_test(&mut self, arguments: &[&str], further: &[&str]) -> Result<Tally> {
        let url = self.cluster()?.url("postgres");
        let mut command = process::cargo();
        command
            .args(["test", "--no-fail-fast"])
            .args(arguments)
            .arg("--")
            .args(further)
            .args(self.rest);
        // Tests on the regulator's real files are ignored where the files are not.
        if real_files().is_dir() {
            command.arg("--include-ignored");
        }
        command
            .env("DATABASE_URL", url)
            // Tests wait for the database, and for each other in races, more than they compute.
            .env("RUST_TEST_THREADS", TEST_THREADS.to_string());
        let (status, lines) = process::status_and_lines(&mut command)?;
        Ok(Tally::from_cargo(&lines).with_status(status.success()))
    }

    fn cluster(&mut self) -> Result<&Cluster> {
        if self.cluster.is_none() {
            self.cluster = Some(Cluster::start(Kind::Test)?);
        }
        self.cluster.as_ref().context("no cluster")
    }
}

/// Where real copies of the regulator's files are: `CRE_DATA_DIR`, else beside the repository.
fn real_files() -> PathBuf {
    env::var_os("CRE_DATA_DIR").map_or_else(
        || repository::root().join("../shared/data/cre"),
        PathBuf::from,
    )
}

fn server_side() -> Vec<&'static str> {
    SERVER_SIDE
        .into_iter()
        .flat_map(|package| ["--package", package])
        .collect()
}

fn clippy() -> Result<Tally> {
    let server_side = server_side();
    let runs: [&[&str]; 3] = [
        &[&server_side[..], &["--all-targets"]].concat(),
        &["--package", "xtask", "--all-targets"],
        &[
            "--package",
            "frontend",
            "--package",
            "till",
            "--features",
            "till/hydrate",
            "--target",
            "wasm32-unknown-unknown",
        ],
    ];
    let mut tally = Tally::default();
    for arguments in runs {
        let mut command = process::cargo();
        command
            .arg("clippy")
            .args(arguments)
            .args(["--", "-D", "warnings"]);
        tally = tally.plus(check(&mut command)?);
    }
    Ok(tally)
}

fn check(command: &mut Command) -> Result<Tally> {
    Ok(Tally::of(process::status(command)?.success()))
}
