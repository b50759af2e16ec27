//! `surtidor keys`.

use anyhow::Result;
use clap::Subcommand;
use services::{entropy::Entropy, identity::jwt};

/// What to do about keys.
#[derive(Debug, Subcommand)]
pub enum Task {
    /// Prints a fresh key for `JWT_SIGNING_KEY`; the one before it goes to `JWT_PREVIOUS_KEYS` for a day
    New,
}

pub(super) fn run(task: &Task) -> Result<()> {
    match task {
        Task::New => print!("{}", jwt::fresh(&Entropy::System)?),
    }
    Ok(())
}
