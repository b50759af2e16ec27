//! Known weaknesses of dependencies, by a tool that takes minutes to install and is no part of the
//! tests for that reason.

use anyhow::{Result, bail};

use crate::process;

/// Runs `cargo deny check`.
///
/// # Errors
/// When cargo-deny is not installed or finds something.
pub fn run() -> Result<()> {
    if !process::succeeds(process::cargo().args(["deny", "--version"])) {
        bail!(
            "cargo-deny is not installed; `cargo install --locked cargo-deny` does it, in some minutes"
        );
    }
    process::run(process::cargo().args(["deny", "check"]))
}
