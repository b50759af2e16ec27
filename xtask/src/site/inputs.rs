//! Whether anything changed since a site was built.

use std::{fs, path::PathBuf, process::Command};

use anyhow::Result;
use sha2::{Digest, Sha256};

use super::{Quality, wasm};
use crate::{process, repository};

/// What goes into the site as it is, and the code that makes it.
const FIXED: [&str; 5] = [
    "end2end/package-lock.json",
    "public",
    "style",
    "xtask/src/site",
    "xtask/src/site.rs",
];
/// What the wasm is compiled from.
const COMPILED: [&str; 6] = [
    "Cargo.lock",
    "Cargo.toml",
    "app",
    "domain",
    "frontend",
    "till",
];

/// A fingerprint of all sources, the compiler and the quality.
pub fn of_sources(quality: Quality) -> Result<String> {
    let root = repository::root();
    let rustc = process::output(Command::new("rustc").arg("-vV").current_dir(&root))?;
    let inputs = FIXED.iter().chain(&COMPILED).map(|name| root.join(name));
    fingerprint(&format!("{quality:?}\n{rustc}"), inputs)
}

/// A fingerprint of what came out of the compiler and of all that is not compiled.
pub fn of_parts(quality: Quality) -> Result<String> {
    let root = repository::root();
    let inputs = FIXED.iter().map(|name| root.join(name));
    let lock = root.join("Cargo.lock");
    let modules = wasm::compiled(quality);
    fingerprint(&format!("{quality:?}"), inputs.chain([lock]).chain(modules))
}

fn fingerprint(seed: &str, inputs: impl Iterator<Item = PathBuf>) -> Result<String> {
    let mut hash = Sha256::new();
    hash.update(seed);
    for input in inputs {
        for file in repository::files_below(&input)? {
            let content = fs::read(&file)?;
            hash.update(file.as_os_str().as_encoded_bytes());
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
        let quick = of_sources(Quality::Quick).unwrap();
        assert_eq!(quick, of_sources(Quality::Quick).unwrap());
        assert_ne!(quick, of_sources(Quality::Best).unwrap());
    }

    #[test]
    fn a_fingerprint_changes_with_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let of_folder = || fingerprint("", [folder.path().to_path_buf()].into_iter()).unwrap();
        let none = of_folder();
        fs::write(&path, "1").unwrap();
        let one = of_folder();
        fs::write(&path, "2").unwrap();
        assert!(none != one && one != of_folder());
    }
}
