//! The browser's half: wasm, scripts, styles and static files, ready to be served.
//!
//! The folder holds the files of `public/` and `pkg/<hash>/` with what was built, where the hash is
//! one over all that lies in it; `pkg/current` names it. Compressible files have a `.br` and a `.gz`
//! beside them.

mod compress;
mod css;
mod inputs;
mod wasm;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::{
    install::{self, Need, Policy},
    npm, repository,
};

/// How much time the build may take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Quality {
    /// For the machine it is built on.
    Quick,
    /// For everyone: small wasm, small transfers. Needs Node.
    Best,
}

impl Quality {
    /// Where the site is put. Each quality has a folder of its own, so that a test does not take the
    /// files away from under a server in use.
    pub fn folder(self) -> PathBuf {
        repository::target().join(match self {
            Self::Quick => "site",
            Self::Best => "site-optimised",
        })
    }
}

/// Options of `cargo xtask site`.
#[derive(clap::Args)]
pub struct Arguments {
    /// Small instead of quick, into target/site-optimised
    #[arg(long)]
    optimised: bool,
    /// Only say what is missing on this machine
    #[arg(long)]
    no_install: bool,
}

/// Builds the site and says how large it came out.
///
/// # Errors
/// When a part does not compile or a file cannot be written.
pub fn run(arguments: &Arguments) -> Result<()> {
    let policy = Policy::from_no_install(arguments.no_install);
    let quality = if arguments.optimised {
        install::provide(&[Need::WasmTarget, Need::Node], policy)?;
        Quality::Best
    } else {
        install::provide(&[Need::WasmTarget], policy)?;
        Quality::Quick
    };
    let root = build(quality)?;
    let package = current_package(&root).context("no package was built")?;
    for file in repository::files_below(&package)? {
        let size = fs::metadata(&file)?.len();
        println!("{:>10}  {}", size, file.strip_prefix(&root)?.display());
    }
    Ok(())
}

/// Builds the site unless nothing changed since the last time, and returns its folder.
///
/// # Errors
/// When a part does not compile or a file cannot be written.
pub fn build(quality: Quality) -> Result<PathBuf> {
    let root = quality.folder();
    let note = root.with_extension("inputs");
    let inputs = inputs::of_sources(quality)?;
    let old = current_package(&root)
        .filter(|package| package.is_dir())
        .and_then(|_| fs::read_to_string(&note).ok())
        .unwrap_or_default();
    if old.lines().next() == Some(&inputs) {
        println!("      browser parts are up to date");
        return Ok(root);
    }
    if quality == Quality::Best {
        npm::install()?;
    }
    wasm::compile(quality)?;
    // Most changes concern the pages, which the server renders, and leave the browser's half as it was.
    let parts = inputs::of_parts(quality)?;
    let new = format!("{inputs}\n{parts}");
    if old.lines().nth(1) == Some(&parts) {
        println!("      browser parts came out as before");
        fs::write(note, new)?;
        return Ok(root);
    }
    fs::create_dir_all(root.join("pkg"))?;
    let draft = tempfile::Builder::new()
        .prefix("draft-")
        .tempdir_in(root.join("pkg"))?;
    wasm::bind(quality, draft.path())?;
    fs::write(
        draft.path().join("surtidor.css"),
        css::bundle(&repository::root().join("style/main.css"))?,
    )?;
    let hash = content_hash(draft.path())?;
    compress::beside_all(draft.path(), quality)?;
    publish(draft, &root.join("pkg"), &hash)?;
    copy_public(&repository::root().join("public"), &root, quality)?;
    fs::write(note, new)?;
    Ok(root)
}

/// The folder that `pkg/current` names.
pub fn current_package(root: &Path) -> Option<PathBuf> {
    let hash = fs::read_to_string(root.join("pkg/current")).ok()?;
    Some(root.join("pkg").join(hash.trim()))
}

/// Twelve hexadecimal digits that change whenever a name or a byte below the folder does.
fn content_hash(folder: &Path) -> Result<String> {
    let mut hash = Sha256::new();
    for file in repository::files_below(folder)? {
        let content = fs::read(&file)?;
        hash.update(file.strip_prefix(folder)?.as_os_str().as_encoded_bytes());
        hash.update([0]);
        hash.update(content.len().to_le_bytes());
        hash.update(content);
    }
    Ok(repository::hex(&hash.finalize())[..12].to_owned())
}

/// Moves the finished folder to its name, points to it, and only then removes the older ones.
fn publish(draft: tempfile::TempDir, packages: &Path, hash: &str) -> Result<()> {
    let home = packages.join(hash);
    if !home.exists() {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(draft.path(), fs::Permissions::from_mode(0o755))?;
        fs::rename(draft.keep(), &home)?;
    }
    write_whole(&packages.join("current"), hash.as_bytes())?;
    for entry in fs::read_dir(packages)? {
        let path = entry?.path();
        if path.is_dir() && path != home {
            fs::remove_dir_all(&path)?;
        } else if path.is_file() && !path.ends_with("current") {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

/// Makes the root of the site equal to `public/`, but for `pkg`.
fn copy_public(public: &Path, root: &Path, quality: Quality) -> Result<()> {
    let mut expected = Vec::new();
    for file in repository::files_below(public)? {
        let target = root.join(file.strip_prefix(public)?);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        write_whole(&target, &fs::read(&file)?)?;
        expected.extend(compress::beside(&target, quality)?);
        expected.push(target);
    }
    for file in repository::files_below(root)? {
        if !file.starts_with(root.join("pkg")) && !expected.contains(&file) {
            fs::remove_file(&file)?;
        }
    }
    Ok(())
}

/// Writes a file so that nobody ever reads half of it.
fn write_whole(path: &Path, content: &[u8]) -> Result<()> {
    let draft = path.with_added_extension("draft");
    fs::write(&draft, content)
        .and_then(|()| fs::rename(&draft, path))
        .with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_depends_on_names_and_contents() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a"), "1").unwrap();
        let first = content_hash(folder.path()).unwrap();
        assert_eq!(first.len(), 12);
        assert_eq!(first, content_hash(folder.path()).unwrap());
        fs::write(folder.path().join("a"), "2").unwrap();
        let second = content_hash(folder.path()).unwrap();
        fs::rename(folder.path().join("a"), folder.path().join("b")).unwrap();
        let third = content_hash(folder.path()).unwrap();
        assert!(first != second && second != third && third != first);
    }

    #[test]
    fn publishing_replaces_the_older_package() {
        let root = tempfile::tempdir().unwrap();
        let packages = root.path().join("pkg");
        for hash in ["one", "two"] {
            fs::create_dir_all(&packages).unwrap();
            let draft = tempfile::tempdir_in(&packages).unwrap();
            fs::write(draft.path().join("a.js"), hash).unwrap();
            publish(draft, &packages, hash).unwrap();
        }
        let current = current_package(root.path()).unwrap();
        assert_eq!(fs::read_to_string(current.join("a.js")).unwrap(), "two");
        assert!(!packages.join("one").exists());
    }

    #[test]
    fn files_that_left_public_leave_the_site() {
        let folder = tempfile::tempdir().unwrap();
        let (public, root) = (folder.path().join("public"), folder.path().join("site"));
        fs::create_dir_all(public.join("icons")).unwrap();
        fs::create_dir_all(root.join("pkg")).unwrap();
        fs::write(root.join("pkg/current"), "x").unwrap();
        fs::write(public.join("icons/a.svg"), "<svg/>").unwrap();
        fs::write(public.join("b.png"), "b").unwrap();
        copy_public(&public, &root, Quality::Quick).unwrap();
        assert!(root.join("icons/a.svg.br").exists() && root.join("b.png").exists());
        fs::remove_file(public.join("icons/a.svg")).unwrap();
        copy_public(&public, &root, Quality::Quick).unwrap();
        assert!(!root.join("icons/a.svg").exists() && !root.join("icons/a.svg.br").exists());
        assert!(root.join("b.png").exists() && root.join("pkg/current").exists());
    }
}
