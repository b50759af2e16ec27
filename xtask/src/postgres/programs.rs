//! PostgreSQL's programs, as clients of a cluster.

use std::{path::Path, process::Command};

use anyhow::Result;

use super::Cluster;
use crate::process;

impl Cluster {
    /// Makes an empty database.
    ///
    /// # Errors
    /// When it exists already or the cluster refuses.
    pub fn create_database(&self, name: &str) -> Result<()> {
        let statement = format!("create database \"{name}\" template template0");
        self.ask("postgres", &statement).map(drop)
    }

    /// Removes a database and ends the connections to it; nothing happens when there is none.
    ///
    /// # Errors
    /// When the cluster refuses.
    pub fn drop_database(&self, name: &str) -> Result<()> {
        let statement = format!("drop database if exists \"{name}\" with (force)");
        self.ask("postgres", &statement).map(drop)
    }

    /// Runs a file of SQL as one transaction.
    ///
    /// # Errors
    /// When a statement fails; the message says which.
    pub fn run_file(&self, database: &str, file: &Path) -> Result<()> {
        let file = file.to_string_lossy();
        self.psql(database, &["--single-transaction", "-f", &file])
            .map(drop)
    }

    /// Runs one statement and returns its rows, a line each.
    ///
    /// # Errors
    /// When it fails.
    pub fn ask(&self, database: &str, statement: &str) -> Result<String> {
        self.psql(database, &["-A", "-t", "-c", statement])
    }

    /// Lets pgbench run a script from so many connections for so many seconds, with the server's settings for
    /// plans, and returns what it said.
    ///
    /// # Errors
    /// When it cannot be started or a statement fails.
    pub fn pgbench(
        &self,
        database: &str,
        script: &Path,
        clients: usize,
        seconds: u64,
    ) -> Result<String> {
        let mut command = Command::new(self.binaries.path("pgbench"));
        command
            .args(["--no-vacuum", "--protocol=prepared", "--jobs=2"])
            .arg(format!("--client={clients}"))
            .arg(format!("--time={seconds}"))
            .arg(format!("--file={}", script.display()))
            .arg(self.url(database))
            .env(
                "PGOPTIONS",
                "-c plan_cache_mode=force_generic_plan -c jit=off",
            );
        told("pgbench", database, process::output(&mut command))
    }

    pub(super) fn psql(&self, database: &str, arguments: &[&str]) -> Result<String> {
        let mut command = Command::new(self.binaries.path("psql"));
        command
            .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d"])
            .arg(self.url(database))
            .args(arguments)
            .env("PGOPTIONS", "-c client_min_messages=warning");
        told("psql", database, process::output(&mut command))
    }
}

/// What a program said. The address holds the password, so a command that failed is not shown.
fn told(program: &str, database: &str, outcome: Result<String>) -> Result<String> {
    outcome.map_err(|error| match error.to_string().split_once('\n') {
        Some((_, said)) => anyhow::anyhow!("{program}: {said}"),
        None => anyhow::anyhow!("{program} could not be run on {database}"),
    })
}
