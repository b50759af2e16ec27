//! A database server to work against by hand.

use std::{process::Command, thread, time::Duration};

use anyhow::Result;

use crate::{
    install::{self, Need, Policy},
    postgres::{Cluster, Kind},
    process,
};

/// Options of `cargo xtask database`.
#[derive(clap::Args)]
pub struct Arguments {
    /// Only say what is missing on this machine
    #[arg(long)]
    no_install: bool,
    /// Run this command, as in `cargo xtask database cargo test -p services`; without one, print the
    /// address and wait for Ctrl-C
    #[arg(trailing_var_arg = true)]
    command: Vec<String>,
}

/// Starts the PostgreSQL for tests and runs a command with `DATABASE_URL` naming it.
///
/// # Errors
/// When PostgreSQL does not start or the command fails.
pub fn run(arguments: &Arguments) -> Result<()> {
    install::provide(
        &[Need::Postgres],
        Policy::from_no_install(arguments.no_install),
    )?;
    let cluster = Cluster::start(Kind::Test)?;
    let url = cluster.url("postgres");
    if let [program, rest @ ..] = arguments.command.as_slice() {
        return process::run(Command::new(program).args(rest).env("DATABASE_URL", url));
    }
    println!("DATABASE_URL={url}");
    while !process::stop_requested() {
        thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}
