//! Playwright against a server of its own.

use std::{path::PathBuf, process::Command, process::ExitStatus};

use anyhow::{Context, Result, bail, ensure};

use crate::{
    install::{self, Need, Policy},
    npm,
    postgres::{Cluster, Kind},
    process, repository, serve,
    server::{Address, Server, Settings, without_limits},
    site::{self, Quality},
};

/// Options of `cargo xtask screenshots`.
#[derive(clap::Args)]
pub struct Arguments {
    /// Only say what is missing on this machine
    #[arg(long)]
    no_install: bool,
    /// Passed on to Playwright
    #[arg(last = true)]
    rest: Vec<String>,
}

/// Takes pictures of every page into `screenshots/`.
///
/// # Errors
/// When something is missing, does not build, or a page cannot be taken.
pub fn screenshots(arguments: &Arguments) -> Result<()> {
    let needs = [Need::WasmTarget, Need::Postgres, Need::Node, Need::Chromium];
    install::provide(&needs, Policy::from_no_install(arguments.no_install))?;
    serve::build_server()?;
    let cluster = Cluster::start(Kind::Test)?;
    let folder = repository::root().join("screenshots");
    let further = [("SURTIDOR_SCREENSHOTS", folder.clone())];
    let (status, _) = run(&cluster, "screenshots.config.ts", &further, &arguments.rest)?;
    ensure!(status.success(), "Playwright failed: {status}");
    println!("The pictures are in {}", folder.display());
    Ok(())
}

/// Runs Playwright with this configuration against the built server, the optimised site and a fresh
/// database with demo data, and returns what it said.
///
/// # Errors
/// When any of them cannot be started.
pub fn run(
    cluster: &Cluster,
    configuration: &str,
    further: &[(&str, PathBuf)],
    rest: &[String],
) -> Result<(ExitStatus, Vec<String>)> {
    if !npm::folder().join(configuration).is_file() {
        bail!("there is no end2end/{configuration}");
    }
    npm::install()?;
    let chromium = install::chromium().context("there is no Chromium")?;
    let site = site::build(Quality::Best)?;
    let database = format!("browser_{}", std::process::id());
    cluster.drop_database(&database)?;
    cluster.create_database(&database)?;
    let mail = tempfile::tempdir()?;
    let settings = Settings {
        binary: serve::binary(),
        address: Address::free()?,
        database: cluster.url(&database),
        site,
        mail: mail.path().to_path_buf(),
        // The systems that tests stand in for are on this machine.
        further: without_limits([("SURTIDOR__WEBHOOKS__ALLOW_PRIVATE", "true".into())]),
        has_demo: true,
    };
    let outcome = Server::start(&settings).and_then(|server| {
        let mut command = Command::new(npm::program("playwright"));
        command
            .args(["test", "--config", configuration])
            .args(rest)
            .current_dir(npm::folder())
            .env("SURTIDOR_URL", settings.address.url())
            .env("SURTIDOR_BINARY", &settings.binary)
            .env("SURTIDOR_DATABASE_URL", &settings.database)
            .env("SURTIDOR_MAIL_DIR", mail.path())
            .env("CHROMIUM_PATH", chromium)
            .envs(further.iter().map(|(name, value)| (name, value)));
        let outcome = process::status_and_lines(&mut command);
        drop(server);
        outcome
    });
    cluster.drop_database(&database)?;
    outcome
}
