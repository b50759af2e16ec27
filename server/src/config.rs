//! Settings: one struct per section, defaults in one commented file, overridden by a file and by the
//! environment, checked at the start.

use std::{env, fs, path::PathBuf};

use anyhow::{Context, Result, bail};
use figment::{
    Figment,
    providers::{Env, Format, Serialized, Toml},
};
use serde::{Deserialize, Serialize};
use services::{limits, wallet::rules::Rules};
use url::Url;

use crate::middleware::proxies::Proxies;

/// Every setting with its default, as shipped.
pub const DEFAULTS: &str = include_str!("../config/default.toml");

/// All settings.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// What the process is for.
    pub environment: Environment,
    /// Where it listens.
    pub server: Server,
    /// Where its data is.
    pub database: Database,
    /// Where its static files are.
    pub site: Site,
    /// Where its letters go.
    pub mail: Mail,
    /// What points are called.
    pub points: Points,
    /// How points are earned.
    pub earning: Rules,
    /// How often what may be done.
    pub limits: limits::Rules,
    /// How merchants' systems are told.
    pub webhooks: Webhooks,
    /// What it signs with.
    pub secrets: Secrets,
    /// What it says about itself.
    pub log: Log,
}

/// What the process is for.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// Work on the product, tests, demonstrations.
    Development,
    /// Real people and points.
    Production,
}

/// Where the server listens and is reached.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// An address of this machine.
    pub host: String,
    /// The TCP port.
    pub port: u16,
    /// Where people reach it.
    #[serde(default)]
    pub public_url: Option<Url>,
    /// The proxies that are believed when they say who asks.
    pub trusted_proxies: Proxies,
}

/// The database.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// `postgres://…`
    #[serde(default)]
    pub url: Option<String>,
    /// Connections kept open.
    pub connections: u32,
}

/// Static files.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// The folder.
    pub root: PathBuf,
}

/// Letters.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// The folder they are written into.
    #[serde(default)]
    pub folder: Option<PathBuf>,
    /// Whether they may go to the log, links and all, where there is no folder. Development needs no leave.
    pub log: bool,
}

/// Points on screen.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Points {
    /// Their name.
    pub name: String,
}

/// Webhooks.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Webhooks {
    /// Whether they may be sent to private addresses and without encryption.
    pub allow_private: bool,
}

/// Signing secrets.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Secrets {
    /// For QR codes and tickets.
    #[serde(default)]
    pub qr_signing: Option<String>,
    /// An Ed25519 key in PEM, for the tokens of programs.
    #[serde(default)]
    pub jwt_signing: Option<String>,
    /// Keys of before it, one after the other: what they signed is still believed.
    #[serde(default)]
    pub jwt_previous: Option<String>,
    /// For the secrets of second steps.
    #[serde(default)]
    pub mfa_encryption: Option<String>,
}

/// The log.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// Levels by target.
    pub filter: String,
    /// How a line is written.
    pub format: LogFormat,
}

/// How a line of the log is written.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// The variables with names of their own, and the settings they stand for.
const VARIABLES: [(&str, &str); 20] = [
    ("SURTIDOR_ENV", "environment"),
    ("SERVER_HOST", "server.host"),
    ("SERVER_PORT", "server.port"),
    ("SURTIDOR_PUBLIC_URL", "server.public_url"),
    ("SURTIDOR_TRUSTED_PROXIES", "server.trusted_proxies"),
    ("DATABASE_URL", "database.url"),
    // What cargo-leptos says to the server it starts.
    ("LEPTOS_SITE_ROOT", "site.root"),
    ("SURTIDOR_SITE_ROOT", "site.root"),
    ("SURTIDOR_MAIL_DIR", "mail.folder"),
    ("QR_SIGNING_SECRET", "secrets.qr_signing"),
    ("JWT_SIGNING_KEY", "secrets.jwt_signing"),
    ("JWT_PREVIOUS_KEYS", "secrets.jwt_previous"),
    ("MFA_ENCRYPTION_KEY", "secrets.mfa_encryption"),
    ("RATE_LIMIT_REDEEM_PER_HOUR", "limits.redeem_per_hour"),
    ("RATE_LIMIT_REDEEM_PER_DAY", "limits.redeem_per_day"),
    (
        "RATE_LIMIT_VALIDATE_PER_MINUTE",
        "limits.validate_per_minute",
    ),
    ("RATE_LIMIT_VALIDATE_PER_HOUR", "limits.validate_per_hour"),
    ("RATE_LIMIT_SIGN_IN_PER_HOUR", "limits.sign_in_per_hour"),
    ("RATE_LIMIT_GENERAL_PER_MINUTE", "limits.general_per_minute"),
    ("RUST_LOG", "log.filter"),
];

impl Config {
    /// Reads and checks the settings.
    ///
    /// # Errors
    /// When a file cannot be read, a value has the wrong shape, or production lacks what it requires.
    pub fn load() -> Result<Self> {
        let file = env::var("SURTIDOR_CONFIG").unwrap_or_else(|_| "surtidor.toml".to_owned());
        let mut figment = Figment::new()
            .merge(Toml::string(DEFAULTS))
            .merge(Toml::file(file));
        for (variable, setting) in VARIABLES {
            if let Some(value) = variable_or_file(variable)? {
                figment = figment.merge(Serialized::default(setting, number_or_text(value)));
            }
        }
        let config: Self = figment
            .merge(Env::prefixed("SURTIDOR__").split("__"))
            .extract()
            .context("the configuration is not valid")?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<()> {
        if self.environment != Environment::Production {
            return Ok(());
        }
        let required = [
            ("DATABASE_URL", self.database.url.is_some()),
            ("QR_SIGNING_SECRET", self.secrets.qr_signing.is_some()),
            (
                "JWT_SIGNING_KEY (`surtidor keys new` prints one)",
                self.secrets.jwt_signing.is_some(),
            ),
            ("MFA_ENCRYPTION_KEY", self.secrets.mfa_encryption.is_some()),
            ("SURTIDOR_PUBLIC_URL", self.server.public_url.is_some()),
            // Whoever reads a letter's link gets in: it is not put into a log that nobody chose for it.
            (
                "SURTIDOR_MAIL_DIR (or SURTIDOR__MAIL__LOG=true, for a log that only you read)",
                self.mail.folder.is_some() || self.mail.log,
            ),
        ];
        let missing: Vec<_> = required
            .into_iter()
            .filter(|(_, there)| !there)
            .map(|(name, _)| name)
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        bail!(
            "production needs {}: set the variable, or VARIABLE_FILE to a file that holds it",
            missing.join(", ")
        )
    }

    /// Whether real people and points are at stake.
    #[must_use]
    pub fn is_production(&self) -> bool {
        self.environment == Environment::Production
    }

    /// The database's address.
    ///
    /// # Errors
    /// When none is set.
    pub fn database_url(&self) -> Result<&str> {
        self.database.url.as_deref().context(
            "DATABASE_URL is not set; `cargo xtask serve` starts a database of its own and sets it",
        )
    }

    /// Where people reach the product, without a slash at the end.
    #[must_use]
    pub fn public_url(&self) -> String {
        match &self.server.public_url {
            Some(url) => url.as_str().trim_end_matches('/').to_owned(),
            None => format!("http://{}:{}", self.server.host, self.server.port),
        }
    }

    /// The settings with their secrets masked.
    #[must_use]
    pub fn masked(&self) -> Self {
        const MASK: &str = "********";
        let mut shown = self.clone();
        for secret in [
            &mut shown.secrets.qr_signing,
            &mut shown.secrets.jwt_signing,
            &mut shown.secrets.jwt_previous,
            &mut shown.secrets.mfa_encryption,
        ] {
            *secret = secret.take().map(|_| MASK.to_owned());
        }
        shown.database.url = shown.database.url.map(|url| match Url::parse(&url) {
            Ok(mut parsed) if parsed.password().is_some() => {
                // Fails for addresses that have no password alone.
                let _ = parsed.set_password(Some(MASK));
                parsed.into()
            }
            _ => url,
        });
        shown
    }
}

/// The value of a variable, or of the file that `VARIABLE_FILE` names; an empty one counts as unset.
fn variable_or_file(name: &str) -> Result<Option<String>> {
    let set = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    if let Some(value) = set(name) {
        return Ok(Some(value));
    }
    let Some(path) = set(&format!("{name}_FILE")) else {
        return Ok(None);
    };
    let text = fs::read_to_string(&path).with_context(|| format!("{name}_FILE names {path}"))?;
    Ok(Some(text.trim().to_owned()))
}

/// Environment variables are text; ports and limits are numbers.
fn number_or_text(value: String) -> figment::value::Value {
    match value.parse::<u32>() {
        Ok(number) => number.into(),
        Err(_) => value.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn defaults() -> Config {
        Figment::new()
            .merge(Toml::string(DEFAULTS))
            .extract()
            .unwrap()
    }

    #[test]
    fn the_shipped_defaults_are_a_valid_development_configuration() {
        let config = defaults();
        config.check().unwrap();
        config.earning.check().unwrap();
        assert_eq!(config.public_url(), "http://127.0.0.1:8000");
        assert_eq!(config.limits, limits::Rules::default());
    }

    #[test]
    fn production_names_everything_it_lacks() {
        let mut config = defaults();
        config.environment = Environment::Production;
        let message = config.check().unwrap_err().to_string();
        for name in [
            "DATABASE_URL",
            "QR_SIGNING_SECRET",
            "JWT_SIGNING_KEY",
            "MFA_ENCRYPTION_KEY",
            "SURTIDOR_PUBLIC_URL",
            "SURTIDOR_MAIL_DIR",
            "SURTIDOR__MAIL__LOG",
        ] {
            assert!(message.contains(name), "{message}");
        }
    }

    #[test]
    fn production_sends_letters_to_a_folder_or_to_a_log_that_was_chosen() {
        let mut config = defaults();
        config.environment = Environment::Production;
        config.database.url = Some("postgres://db/surtidor".into());
        config.secrets.qr_signing = Some("hunter2-hunter2".into());
        config.secrets.jwt_signing = Some("hunter2-hunter2".into());
        config.secrets.mfa_encryption = Some("hunter2-hunter2".into());
        config.server.public_url = Some("https://rewards.example".parse().unwrap());
        for (folder, log, good) in [
            (None, false, false),
            (None, true, true),
            (Some("letters".into()), false, true),
        ] {
            config.mail = Mail { folder, log };
            assert_eq!(config.check().is_ok(), good, "{:?}", config.mail);
        }
    }

    #[test]
    fn shown_settings_hide_their_secrets() {
        let mut config = defaults();
        for secret in [
            &mut config.secrets.qr_signing,
            &mut config.secrets.jwt_signing,
            &mut config.secrets.jwt_previous,
            &mut config.secrets.mfa_encryption,
        ] {
            *secret = Some("hunter2-hunter2".into());
        }
        config.database.url = Some("postgres://app:hunter2@db/surtidor".into());
        let shown = toml::to_string(&config.masked()).unwrap();
        assert!(!shown.contains("hunter2"), "{shown}");
        assert!(shown.contains("@db/surtidor"));
    }
}
