//! `surtidor admin`.

use anyhow::{Result, anyhow};
use clap::Subcommand;
use domain::account::{Email, Name};
use services::identity::sign_up::{self, Invitation};

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
}

pub(super) async fn run(config: &Config, task: &Task) -> Result<()> {
    let Task::Invite { email, name } = task;
    let address =
        Email::try_from(email.as_str()).map_err(|problem| anyhow!("{email} {problem}"))?;
    let name = Name::try_from(name.as_str()).map_err(|problem| anyhow!("the name {problem}"))?;
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
