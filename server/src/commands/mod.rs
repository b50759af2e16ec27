//! The commands of `surtidor`.

mod admin;
mod import;
mod keys;
mod ledger;
mod serve;

use std::process::ExitCode;

use anyhow::{Result, ensure};
use clap::Subcommand;
use services::demo;

use crate::{config::Config, start, telemetry};

/// What the program is asked to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serves pages and runs the jobs
    Serve(serve::Arguments),
    /// Brings the database's schema up to date
    Migrate,
    /// Loads the demo's data, once; never in production
    Seed,
    /// Brings stations and prices in from files
    #[command(subcommand)]
    Import(import::Source),
    /// Looks after the people who run the programme
    #[command(subcommand)]
    Admin(admin::Task),
    /// Looks after the ledger
    #[command(subcommand)]
    Ledger(ledger::Task),
    /// Makes keys
    #[command(subcommand)]
    Keys(keys::Task),
    /// Prints the settings in force, secrets masked
    Config,
}

impl Command {
    /// Carries the command out.
    ///
    /// # Errors
    /// Whatever kept it from being done, in words for the person at the terminal.
    pub async fn run(self) -> Result<ExitCode> {
        match self {
            Self::Serve(arguments) => serve::run(&settings()?, &arguments).await?,
            Self::Migrate => {
                start::services(&settings()?).await?;
            }
            Self::Seed => seed(&settings()?).await?,
            Self::Import(source) => import::run(&settings()?, source).await?,
            Self::Admin(task) => admin::run(&settings()?, &task).await?,
            Self::Ledger(task) => return ledger::run(&settings()?, &task).await,
            // Settings need a key before they are whole.
            Self::Keys(task) => keys::run(&task)?,
            Self::Config => print!("{}", toml::to_string(&settings()?.masked())?),
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn settings() -> Result<Config> {
    let config = Config::load()?;
    telemetry::start(&config.log)?;
    Ok(config)
}

async fn seed(config: &Config) -> Result<()> {
    ensure!(
        !config.is_production(),
        "the demo's data has no place in production"
    );
    match demo::load(&start::services(config).await?).await? {
        demo::Loaded::Now => println!("Demo data loaded."),
        demo::Loaded::Before => println!("Demo data was there already."),
    }
    Ok(())
}
