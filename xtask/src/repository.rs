//! Where things lie in the clone this program was started in.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// The root of the clone.
pub fn root() -> PathBuf {
    // Cargo sets the variable when it runs the task; a binary called by hand knows where it was built.
    let manifest = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest
        .parent()
        .map_or_else(|| manifest.clone(), Path::to_path_buf)
}

/// Cargo's target directory, which `CARGO_TARGET_DIR` may place elsewhere.
pub fn target() -> PathBuf {
    root().join(env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from))
}

/// The folder for what a clone keeps between runs: clusters, secrets, mail.
///
/// # Errors
/// When the folder cannot be made.
pub fn state() -> Result<PathBuf> {
    let path = root().join(".surtidor");
    fs::create_dir_all(&path).with_context(|| format!("cannot make {}", path.display()))?;
    Ok(path)
}

/// A short name of this clone, different for every path.
pub fn identity() -> String {
    hex(&Sha256::digest(root().as_os_str().as_encoded_bytes()))[..12].to_owned()
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |nibble| char::from_digit(u32::from(nibble), 16).unwrap_or_default();
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(digit)
        .collect()
}

/// The files below a directory, in a stable order; none when it does not exist.
///
/// # Errors
/// When a directory cannot be read.
pub fn files_below(directory: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if directory.is_file() {
        found.push(directory.to_path_buf());
    } else if directory.is_dir() {
        let entries = fs::read_dir(directory)
            .with_context(|| format!("cannot read {}", directory.display()))?;
        for entry in entries {
            found.extend(files_below(&entry?.path())?);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_become_two_lower_case_digits_each() {
        assert_eq!(hex(&[0, 10, 255]), "000aff");
    }

    #[test]
    fn the_root_holds_the_workspace_manifest() {
        assert!(root().join("Cargo.lock").is_file());
    }

    #[test]
    fn files_are_found_in_folders_below_and_a_missing_folder_has_none() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("b")).unwrap();
        fs::write(folder.path().join("b/c"), "").unwrap();
        fs::write(folder.path().join("a"), "").unwrap();
        let found = files_below(folder.path()).unwrap();
        assert_eq!(found, [folder.path().join("a"), folder.path().join("b/c")]);
        assert!(files_below(&folder.path().join("none")).unwrap().is_empty());
    }
}
