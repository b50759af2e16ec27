//! `surtidor admin`.

use anyhow::{Result, anyhow};
use clap::Subcommand;
use domain::account::{Email, Name};
use services::identity::{
    second_step::{self, Reset},
    sign_up::{self, Invitation},
};

use crate::{config::Config, start};

/// What to do about admins.
#[derive(Debug, Subcommand)]
pub enum Task {
    /// Makes an admin and prints the link to choose a password by, good for a week
    Invite {
        /// The address to sign in with
        email: String,
        /// The name to be shown by
        name: String,
    },
    /// Takes a lost second step away, so that the person can enrol anew; ends their sessions
    ResetSecondStep {
        /// The address they sign in with
        email: String,
    },
}

pub(super) async fn run(config: &Config, task: &Task) -> Result<()> {
    match task {
        Task::Invite { email, name } => invite(config, email, name).await,
        Task::ResetSecondStep { email } => reset_second_step(config, email).await,
    }
}

async fn invite(config: &Config, email: &str, name: &str) -> Result<()> {
    let address = address(email)?;
    let name = Name::try_from(name).map_err(|problem| anyhow!("the name {problem}"))?;
    let services = start::services(config).await?;
    match sign_up::invite_admin(&services, &address, &name).await? {
        Invitation::Sent(token) => {
            println!(
                "{}/reset-password?token={}",
                config.public_url(),
                token.as_str()
            );
            Ok(())
        }
        Invitation::Taken => Err(anyhow!("{email} has an account already")),
    }
}

async fn reset_second_step(config: &Config, email: &str) -> Result<()> {
    let address = address(email)?;
    match second_step::reset(&start::services(config).await?, &address).await? {
        Reset::Done => {
            println!("{email} signs in with a password alone, and can enrol anew.");
            Ok(())
        }
        Reset::None => Err(anyhow!("{email} has no second step")),
        Reset::Unknown => Err(anyhow!("nobody has the address {email}")),
    }
}

fn address(email: &str) -> Result<Email> {
    Email::try_from(email).map_err(|problem| anyhow!("{email} {problem}"))
}
