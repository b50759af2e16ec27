//! A folder that runs on a machine without Rust.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};

use crate::{
    install::{self, Need, Policy},
    process,
    progress::Progress,
    repository,
    site::{self, Quality},
};

const README: &str = "\
Surtidor

This folder holds the server (surtidor), what it serves (site), and its settings with their defaults
(surtidor.toml). The database's migrations are inside the server.

It needs PostgreSQL 15 or newer with PostGIS, and these variables:

  SURTIDOR_ENV=production
  DATABASE_URL=postgres://user:password@host/database
  SURTIDOR_PUBLIC_URL=https://rewards.example
  QR_SIGNING_SECRET_FILE=/a/file/with/at/least/32/random/characters
  JWT_SIGNING_KEY_FILE=/a/file/with/what/surtidor/keys/new/prints
  MFA_ENCRYPTION_KEY_FILE=/another/file/with/at/least/32/random/characters
  SURTIDOR_MAIL_DIR=/a/folder/for/letters

In this folder:

  ./surtidor keys new   prints a key for JWT_SIGNING_KEY
  ./surtidor migrate    brings the database up to date
  ./surtidor serve      serves on SERVER_HOST:SERVER_PORT, by default 127.0.0.1:8000

Put a server that speaks TLS in front of it: in production, cookies travel over HTTPS only.
";

/// Options of `cargo xtask dist`.
#[derive(clap::Args)]
pub struct Arguments {
    /// Only say what is missing on this machine
    #[arg(long)]
    no_install: bool,
}

/// Makes `target/dist/surtidor`.
///
/// # Errors
/// When something is missing or does not build.
pub fn run(arguments: &Arguments) -> Result<()> {
    let policy = Policy::from_no_install(arguments.no_install);
    install::provide(&[Need::WasmTarget, Need::Node], policy)?;
    let progress = Progress::begin(3);
    progress.step("Building the server, optimised");
    process::run(process::cargo().args([
        "build",
        "--release",
        "--package",
        "server",
        "--bin",
        "surtidor",
    ]))?;
    progress.step("Building the browser parts, optimised");
    let site = site::build(Quality::Best)?;
    progress.step("Gathering");
    let folder = assemble(&site)?;
    println!("{}", folder.display());
    Ok(())
}

fn assemble(site: &Path) -> Result<PathBuf> {
    let root = repository::root();
    let target = repository::target();
    fs::create_dir_all(target.join("dist"))?;
    let draft = tempfile::tempdir_in(target.join("dist"))?;
    copy(
        &target.join("release/surtidor"),
        &draft.path().join("surtidor"),
    )?;
    for file in repository::files_below(site)? {
        copy(
            &file,
            &draft.path().join("site").join(file.strip_prefix(site)?),
        )?;
    }
    let settings = root.join("server/config/default.toml");
    let settings = fs::read_to_string(&settings)?;
    fs::write(
        draft.path().join("surtidor.toml"),
        with_site_beside(&settings)?,
    )?;
    let licence = root.join("LICENSE");
    if licence.is_file() {
        copy(&licence, &draft.path().join("LICENSE"))?;
    }
    fs::write(draft.path().join("README.txt"), README)?;
    let folder = target.join("dist/surtidor");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    make_readable(draft.path())?;
    fs::rename(draft.keep(), &folder)?;
    Ok(folder)
}

/// The default settings, with the site where this folder has it.
fn with_site_beside(settings: &str) -> Result<String> {
    let default = "root = \"target/site\"";
    ensure!(
        settings.contains(default),
        "the default settings name no site: {default}"
    );
    Ok(settings.replace(default, "root = \"site\""))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::copy(from, to)
        .map(drop)
        .with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))
}

/// A temporary folder is for its owner alone; this one is going to be used.
fn make_readable(folder: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::set_permissions(
        folder,
        fs::Permissions::from_mode(0o755),
    )?)
}
