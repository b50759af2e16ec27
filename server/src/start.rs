//! From settings to running use cases.

use anyhow::{Context, Result};
use services::{
    Parts, Services, db, entropy::Entropy, identity::jwt, mail::Mailer, secret::Secret, time::Clock,
};

use crate::config::Config;

/// Connects, migrates, and puts the use cases together.
///
/// # Errors
/// When the database cannot be reached or migrated, or a secret is weak.
pub async fn services(config: &Config) -> Result<Services> {
    let pool = db::connect(config.database_url()?, config.database.connections)
        .await
        .context("cannot connect to the database that DATABASE_URL names")?;
    db::migrate(&pool)
        .await
        .context("cannot migrate the database")?;
    let entropy = Entropy::System;
    let qr_secret = if let Some(secret) = &config.secrets.qr_signing {
        Secret::new(secret).context("QR_SIGNING_SECRET")?
    } else {
        tracing::warn!("QR_SIGNING_SECRET is not set: drawing one for this start");
        Secret::random(&entropy)
    };
    let jwt_keys = jwt_keys(config, &entropy)?;
    let mailer = match &config.mail.folder {
        Some(folder) => Mailer::Folder(folder.clone()),
        None => Mailer::Log,
    };
    config.earning.check()?;
    Ok(Services::new(Parts {
        db: pool,
        clock: Clock::System,
        entropy,
        qr_secret,
        jwt_keys,
        rules: config.earning.clone(),
        limits: config.limits,
        mailer,
    }))
}

fn jwt_keys(config: &Config, entropy: &Entropy) -> Result<jwt::Keys> {
    let previous = config.secrets.jwt_previous.as_deref().unwrap_or_default();
    if let Some(signing) = &config.secrets.jwt_signing {
        jwt::Keys::new(signing, "").context("JWT_SIGNING_KEY")?;
        return jwt::Keys::new(signing, previous).context("JWT_PREVIOUS_KEYS");
    }
    tracing::warn!("JWT_SIGNING_KEY is not set: drawing one for this start");
    jwt::Keys::new(&jwt::fresh(entropy)?, previous).context("JWT_PREVIOUS_KEYS")
}
