//! The two wasm modules: compiled, bound to scripts, shrunk.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use super::Quality;
use crate::{npm, process, repository};

const TARGET: &str = "wasm32-unknown-unknown";
/// Crates and the names their modules are served under.
const MODULES: [(&str, &str); 2] = [("frontend", "surtidor"), ("till", "till")];
/// What the compiler takes for granted in every browser since 2023.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

impl Quality {
    fn profile(self) -> &'static str {
        match self {
            // Shares procedural macros with the server's build.
            Self::Quick => "dev",
            Self::Best => "wasm-release",
        }
    }

    fn profile_folder(self) -> &'static str {
        match self {
            Self::Quick => "debug",
            Self::Best => self.profile(),
        }
    }
}

/// Compiles both crates for the browser.
pub fn compile(quality: Quality) -> Result<()> {
    let mut command = process::cargo();
    command.args(["build", "--target", TARGET, "--profile", quality.profile()]);
    command.args(["--features", "till/hydrate"]);
    for (package, _) in MODULES {
        command.args(["--package", package]);
    }
    process::run(&mut command)
}

/// Where [`compile`] leaves the modules.
pub fn compiled(quality: Quality) -> [PathBuf; MODULES.len()] {
    let folder = repository::target()
        .join(TARGET)
        .join(quality.profile_folder());
    MODULES.map(|(package, _)| folder.join(format!("{package}.wasm")))
}

/// Writes the modules and the scripts that load them into a folder.
pub fn bind(quality: Quality, folder: &Path) -> Result<()> {
    for (module, (package, name)) in compiled(quality).iter().zip(MODULES) {
        Bindgen::new()
            .input_path(module)
            .web(true)?
            .typescript(false)
            .remove_name_section(true)
            .remove_producers_section(true)
            .out_name(name)
            .generate(folder)
            .with_context(|| format!("cannot bind {package}"))?;
        if quality == Quality::Best {
            shrink(&folder.join(format!("{name}_bg.wasm")))?;
        }
    }
    Ok(())
}

fn shrink(module: &Path) -> Result<()> {
    let mut command = Command::new(npm::program("wasm-opt"));
    command
        .args(FEATURES)
        .arg("-Oz")
        .arg(module)
        .arg("-o")
        .arg(module);
    process::run(&mut command)
}
