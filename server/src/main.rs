//! The `surtidor` command.

use std::process::ExitCode;

use clap::Parser;
use server::commands::Command;

/// Rewards for fuel stations, self-hosted.
#[derive(Parser)]
#[command(name = "surtidor", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[tokio::main]
async fn main() -> ExitCode {
    match Arguments::parse().command.run().await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("surtidor: {error:#}");
            ExitCode::FAILURE
        }
    }
}
