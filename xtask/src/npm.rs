//! The npm packages in `end2end/`.

use std::{fs, path::PathBuf, process::Command};

use anyhow::{Context, Result};

use crate::{process, repository};

/// Installs what the lock file names, unless that is what is there.
///
/// # Errors
/// When npm fails.
pub fn install() -> Result<()> {
    let folder = folder();
    let lock = fs::read(folder.join("package-lock.json")).context("end2end has no lock file")?;
    let note = folder.join("node_modules/.installed-lock.json");
    if fs::read(&note).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let mut command = Command::new("npm");
    command
        .args(["ci", "--no-audit", "--no-fund"])
        // Browsers come from the system.
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
        .current_dir(&folder);
    process::run(&mut command)?;
    Ok(fs::write(note, lock)?)
}

/// The folder of the browser tests.
pub fn folder() -> PathBuf {
    repository::root().join("end2end")
}

/// A program of an installed package.
pub fn program(name: &str) -> PathBuf {
    folder().join("node_modules/.bin").join(name)
}
