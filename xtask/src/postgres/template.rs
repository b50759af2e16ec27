//! What the databases of tests are copied from: a `template1` that holds all that the migrations make, so that no
//! test has to apply them.

use std::{fs, path::Path, process::Command};

use anyhow::Result;
use sha2::{Digest, Sha256};

use super::{Cluster, remove_if_there};
use crate::{process, repository};

impl Cluster {
    /// Lets this program apply the migrations, unless they have been applied.
    ///
    /// # Errors
    /// When a migration fails.
    pub fn fill_template(&self, program: &Path) -> Result<()> {
        let note = self.home.path("template");
        if !note.exists() {
            let mut command = Command::new(program);
            command
                .arg("migrate")
                .current_dir(repository::root())
                .env("DATABASE_URL", self.url("template1"));
            process::run(&mut command)?;
            fs::write(note, fingerprint()?)?;
        }
        Ok(())
    }

    /// Empties the template when a migration was added or edited since it was filled.
    ///
    /// # Errors
    /// When the template is in use.
    pub(super) fn refresh_template(&self) -> Result<()> {
        let note = self.home.path("template");
        let wanted = fingerprint()?;
        if fs::read_to_string(&note).is_ok_and(|filled_by| filled_by != wanted) {
            for statement in [
                "alter database template1 is_template false",
                "drop database template1",
                "create database template1 template template0 is_template true",
            ] {
                self.ask("postgres", statement)?;
            }
            remove_if_there(&note)?;
        }
        Ok(())
    }
}

/// Tells one set of migrations from another.
fn fingerprint() -> Result<String> {
    let mut digest = Sha256::new();
    for file in repository::files_below(&repository::root().join("migrations"))? {
        digest.update(file.as_os_str().as_encoded_bytes());
        digest.update(fs::read(&file)?);
    }
    Ok(repository::hex(&digest.finalize()))
}
