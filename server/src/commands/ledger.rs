//! `surtidor ledger`.

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;
use services::wallet;

use crate::{config::Config, start};

/// What to do with the ledger.
#[derive(Debug, Subcommand)]
pub enum Task {
    /// Proves that it balances; fails if it does not
    Verify,
}

pub(super) async fn run(config: &Config, task: &Task) -> Result<ExitCode> {
    match task {
        Task::Verify => {
            let faults = wallet::verify(&start::services(config).await?).await?;
            for fault in &faults {
                match fault.account {
                    Some(account) => println!(
                        "account {account}: balance {}, transfers {}",
                        fault.balance, fault.transferred
                    ),
                    None => println!("all balances: {} instead of 0", fault.balance),
                }
            }
            if faults.is_empty() {
                println!("The ledger balances.");
                return Ok(ExitCode::SUCCESS);
            }
            Ok(ExitCode::FAILURE)
        }
    }
}
