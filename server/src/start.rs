//! From settings to running use cases.

use anyhow::{Context, Result};
use services::{
    Parts, Services, db, entropy::Entropy, identity::jwt, mail::Mailer, secret::Secret,
    time::Clock, webhooks,
};

use crate::config::Config;

/// Connects, migrates, and puts the use cases together.
///
/// # Errors
/// When the database cannot be reached or migrated, or a secret is weak.
pub async fn services(config: &Config) -> Result<Services> {
    let url = config.database_url()?;
    db::migrate(url)
        .await
        .context("cannot migrate the database that DATABASE_URL names")?;
    let pool = db::connect(url, config.database.connections)
        .await
        .context("cannot connect to the database that DATABASE_URL names")?;
    let entropy = Entropy::System;
    let qr_secret = secret(
        &entropy,
        "QR_SIGNING_SECRET",
        config.secrets.qr_signing.as_deref(),
    )?;
    let mfa_secret = secret(
        &entropy,
        "MFA_ENCRYPTION_KEY",
        config.secrets.mfa_encryption.as_deref(),
    )?;
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
        mfa_secret,
        admins_need_second_step: config.is_production(),
        rules: config.earning.clone(),
        limits: config.limits,
        mailer,
        webhooks: webhooks::Client::new(config.webhooks.allow_private)
            .context("cannot make a client for webhooks")?,
    }))
}

fn secret(entropy: &Entropy, name: &'static str, set: Option<&str>) -> Result<Secret> {
    if let Some(secret) = set {
        return Secret::new(secret).context(name);
    }
    tracing::warn!("{name} is not set: drawing one for this start");
    Ok(Secret::random(entropy))
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
