//! Whether anything changed since a site was built.

use std::{fs, process::Command};

use anyhow::Result;
use sha2::{Digest, Sha256};

use super::Quality;
use crate::{process, repository};

/// What a site is made from, and the code that makes it.
const INPUTS: [&str; 11] = [
    "Cargo.lock",
    "Cargo.toml",
    "app",
    "domain",
    "end2end/package-lock.json",
    "frontend",
    "public",
    "scanner",
    "style",
    "xtask/src/site",
    "xtask/src/site.rs",
];

/// A fingerprint of all inputs, the compiler and the quality.
pub fn fingerprint(quality: Quality) -> Result<String> {
    let root = repository::root();
    let mut hash = Sha256::new();
    hash.update(format!("{quality:?}"));
    hash.update(process::output(
        Command::new("rustc").arg("-vV").current_dir(&root),
    )?);
    for input in INPUTS {
        for file in repository::files_below(&root.join(input))? {
            let content = fs::read(&file)?;
            hash.update(file.strip_prefix(&root)?.as_os_str().as_encoded_bytes());
            hash.update([0]);
            hash.update(content.len().to_le_bytes());
            hash.update(content);
        }
    }
    Ok(repository::hex(&hash.finalize()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_is_steady_and_differs_by_quality() {
        let quick = fingerprint(Quality::Quick).unwrap();
        assert_eq!(quick, fingerprint(Quality::Quick).unwrap());
        assert_ne!(quick, fingerprint(Quality::Best).unwrap());
    }
}
