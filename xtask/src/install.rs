//! What a fresh machine lacks, and how to get it.

use std::{path::PathBuf, process::Command};

use anyhow::{Result, bail, ensure};

use crate::{postgres, process};

/// Debian leaves a running system-wide cluster behind when PostgreSQL is installed; this switches
/// that off for the time of the installation, as nothing here uses it.
const CLUSTER_SWITCH: &str = "/etc/postgresql-common/createcluster.d/surtidor.conf";

/// What the packages in `end2end` ask for.
const OLDEST_NODE: u32 = 18;

/// What a task cannot work without.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Need {
    /// Rust's standard library for the browser.
    WasmTarget,
    /// PostgreSQL 15 or newer with PostGIS.
    Postgres,
    /// Node and npm, for the optimiser of the browser parts and the browser tests.
    Node,
    /// The browser of the browser tests.
    Chromium,
    /// Python with its module venv, for the tests of the API.
    Python,
}

/// Whether what is missing may be installed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Policy {
    /// Install it through the system's package manager.
    Install,
    /// Only say what is missing, and stop.
    Tell,
}

impl Policy {
    /// The policy that the option `--no-install` asks for.
    pub fn from_no_install(no_install: bool) -> Self {
        if no_install {
            Self::Tell
        } else {
            Self::Install
        }
    }
}

impl Need {
    fn is_met(self) -> bool {
        match self {
            Self::WasmTarget => has_wasm_target(),
            Self::Postgres => postgres::find_binaries().is_some(),
            Self::Node => has_node() && process::find("npm").is_some(),
            Self::Chromium => chromium().is_some(),
            Self::Python => has_python(),
        }
    }

    fn reason(self) -> &'static str {
        match self {
            Self::WasmTarget => {
                "Rust's wasm32-unknown-unknown target: the browser parts are built for it"
            }
            Self::Postgres => {
                "PostgreSQL 15 or newer with PostGIS: keeps the data and finds stations nearby"
            }
            Self::Node => {
                "Node 18 or newer and npm: shrink the browser parts and drive the browser tests"
            }
            Self::Chromium => "Chromium: the browser tests run in it",
            Self::Python => "Python 3.10 or newer with venv: schemathesis tests the API in it",
        }
    }

    fn apt_packages(self) -> Vec<String> {
        match self {
            Self::WasmTarget => Vec::new(),
            Self::Postgres => {
                let version = newest_postgres(&package_names("postgresql-")).unwrap_or(15);
                vec![
                    format!("postgresql-{version}"),
                    format!("postgresql-{version}-postgis-3"),
                ]
            }
            Self::Node => vec!["nodejs".into(), "npm".into()],
            // Without any font it shows no text at all.
            Self::Chromium => vec![
                lightest_chromium(&package_names("chromium")).into(),
                "fonts-liberation".into(),
            ],
            Self::Python => vec!["python3".into(), "python3-venv".into()],
        }
    }

    fn elsewhere(self, manager: Option<&str>) -> &'static str {
        match (self, manager) {
            (Self::WasmTarget, _) => "rustup target add wasm32-unknown-unknown",
            (Self::Postgres, Some("brew")) => "brew install postgresql@17 postgis",
            (Self::Postgres, Some("dnf")) => {
                "dnf install postgresql-server postgresql-contrib postgis"
            }
            (Self::Postgres, _) => "PostgreSQL 15 or newer, its contrib modules and PostGIS 3",
            (Self::Node, Some("brew")) => "brew install node",
            (Self::Node, Some("dnf")) => "dnf install nodejs npm",
            (Self::Node, _) => "Node 18 or newer and npm",
            (Self::Chromium, Some("brew")) => "brew install --cask chromium",
            (Self::Chromium, Some("dnf")) => "dnf install chromium",
            (Self::Python, Some("brew")) => "brew install python",
            (Self::Python, Some("dnf")) => "dnf install python3",
            (Self::Python, _) => "Python 3.10 or newer with its module venv",
            (Self::Chromium, _) => "Chromium or Chrome; CHROMIUM_PATH may name its binary",
        }
    }
}

/// Sees to it that all needs are met, saying what is installed and why before it is.
///
/// # Errors
/// When something is missing and may not or cannot be installed here.
pub fn provide(needs: &[Need], policy: Policy) -> Result<()> {
    let missing: Vec<Need> = needs
        .iter()
        .copied()
        .filter(|need| !need.is_met())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("Missing on this machine:");
    for need in &missing {
        println!("  - {}", need.reason());
    }
    let has_apt = process::find("apt-get").is_some();
    if policy == Policy::Tell {
        println!("To install it, leave out --no-install, or run:");
        for line in by_hand(&missing, has_apt) {
            println!("  {line}");
        }
        bail!("something is missing, and --no-install forbids to install it");
    }
    let (target, packages): (Vec<_>, Vec<_>) = missing
        .into_iter()
        .partition(|need| *need == Need::WasmTarget);
    if !packages.is_empty() && !has_apt {
        println!("Please install, then start again:");
        for line in by_hand(&packages, false) {
            println!("  {line}");
        }
        bail!("there is no apt-get here, and other package managers are not driven by this task");
    }
    if !target.is_empty() {
        add_wasm_target()?;
    }
    if !packages.is_empty() {
        apt_install(&packages)?;
    }
    for need in target.into_iter().chain(packages) {
        ensure!(
            need.is_met(),
            "still missing after the installation: {}",
            need.reason()
        );
    }
    Ok(())
}

/// The package, and the program in it.
const HEADLESS_SHELL: &str = "chromium-headless-shell";

/// The browser for tests: `CHROMIUM_PATH`, or the first one found.
pub fn chromium() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("CHROMIUM_PATH") {
        return Some(PathBuf::from(path)).filter(|path| path.is_file());
    }
    [
        HEADLESS_SHELL,
        "chromium",
        "chromium-browser",
        "google-chrome",
    ]
    .iter()
    .find_map(|name| process::find(name))
    .or_else(|| {
        ["Chromium", "Google Chrome"]
            .iter()
            .map(|name| PathBuf::from(format!("/Applications/{name}.app/Contents/MacOS/{name}")))
            .find(|path| path.is_file())
    })
}

fn by_hand(missing: &[Need], has_apt: bool) -> Vec<String> {
    let manager = ["brew", "dnf"]
        .into_iter()
        .find(|name| process::find(name).is_some());
    missing
        .iter()
        .map(|need| match need.apt_packages() {
            packages if has_apt && !packages.is_empty() => {
                format!("{}apt-get install {}", sudo_prefix(), packages.join(" "))
            }
            _ => need.elsewhere(manager).to_owned(),
        })
        .collect()
}

fn has_node() -> bool {
    process::output(Command::new("node").arg("--version"))
        .is_ok_and(|said| node_release(&said).is_some_and(|release| release >= OLDEST_NODE))
}

fn has_python() -> bool {
    let able = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 10))";
    process::succeeds(Command::new("python3").args(["-c", able]))
}

/// The release in what `node --version` says, as in `v18.20.4`.
fn node_release(said: &str) -> Option<u32> {
    said.strip_prefix('v')?.split('.').next()?.parse().ok()
}

fn has_wasm_target() -> bool {
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    process::output(rustc.args([
        "--print",
        "target-libdir",
        "--target",
        "wasm32-unknown-unknown",
    ]))
    .is_ok_and(|directory| PathBuf::from(directory).is_dir())
}

fn add_wasm_target() -> Result<()> {
    ensure!(
        process::find("rustup").is_some(),
        "this Rust was not installed by rustup; install its standard library for wasm32-unknown-unknown"
    );
    println!("> rustup target add wasm32-unknown-unknown");
    process::run(Command::new("rustup").args(["target", "add", "wasm32-unknown-unknown"]))
}

fn apt_install(needs: &[Need]) -> Result<()> {
    ensure!(
        nix::unistd::geteuid().is_root() || process::find("sudo").is_some(),
        "installing packages takes root or sudo; run as root: apt-get install {}",
        needs
            .iter()
            .flat_map(|need| need.apt_packages())
            .collect::<Vec<_>>()
            .join(" ")
    );
    println!("> {}apt-get update", sudo_prefix());
    process::run(&mut privileged(&["apt-get", "update", "--quiet"]))?;
    // The lists decide which release of PostgreSQL this system has.
    let packages: Vec<String> = needs.iter().flat_map(|need| need.apt_packages()).collect();
    println!("> {}apt-get install {}", sudo_prefix(), packages.join(" "));
    let switch = needs.contains(&Need::Postgres);
    if switch {
        let script = format!(
            "mkdir -p $(dirname {CLUSTER_SWITCH}) && echo 'create_main_cluster = false' > {CLUSTER_SWITCH}"
        );
        process::run(&mut privileged(&["sh", "-c", &script]))?;
    }
    let mut words = vec!["apt-get", "install", "--yes", "--no-install-recommends"];
    words.extend(packages.iter().map(String::as_str));
    let outcome = process::run(&mut privileged(&words));
    if switch {
        process::run(&mut privileged(&["rm", "-f", CLUSTER_SWITCH]))?;
    }
    outcome
}

fn privileged(words: &[&str]) -> Command {
    let mut command = if nix::unistd::geteuid().is_root() {
        Command::new("env")
    } else {
        let mut sudo = Command::new("sudo");
        sudo.arg("env");
        sudo
    };
    command.arg("DEBIAN_FRONTEND=noninteractive").args(words);
    command
}

fn sudo_prefix() -> &'static str {
    if nix::unistd::geteuid().is_root() {
        ""
    } else {
        "sudo "
    }
}

/// The names of packages that begin so, a line each; none before the first `apt-get update`.
fn package_names(beginning: &str) -> String {
    process::output(Command::new("apt-cache").args(["pkgnames", beginning])).unwrap_or_default()
}

/// The shell, which is Chromium without the windows and menus that nobody sees in a test: it takes half the
/// time. Not every distribution has it.
fn lightest_chromium(package_names: &str) -> &'static str {
    let has = |wanted: &str| package_names.lines().any(|name| name == wanted);
    if has("chromium") && !has(HEADLESS_SHELL) {
        "chromium"
    } else {
        HEADLESS_SHELL
    }
}

/// The newest release of PostgreSQL, 15 or later, that has both server and PostGIS among these names.
fn newest_postgres(package_names: &str) -> Option<u32> {
    let names: Vec<&str> = package_names.lines().collect();
    names
        .iter()
        .filter_map(|name| name.strip_prefix("postgresql-")?.parse().ok())
        .filter(|version| *version >= postgres::OLDEST_RELEASE)
        .filter(|version| names.contains(&format!("postgresql-{version}-postgis-3").as_str()))
        .max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_release_with_postgis_is_chosen() {
        let names = "postgresql-15\npostgresql-16\npostgresql-15-postgis-3\npostgresql-common\n\
                     postgresql-14\npostgresql-14-postgis-3";
        assert_eq!(newest_postgres(names), Some(15));
    }

    #[test]
    fn a_release_that_is_too_old_is_not_chosen() {
        assert_eq!(
            newest_postgres("postgresql-13\npostgresql-13-postgis-3"),
            None
        );
    }

    #[test]
    fn chromium_comes_without_its_windows_where_there_is_such_a_package() {
        assert_eq!(lightest_chromium("chromium\nchromium-common"), "chromium");
        for names in ["", "chromium\nchromium-headless-shell"] {
            assert_eq!(lightest_chromium(names), "chromium-headless-shell");
        }
    }

    #[test]
    fn the_release_of_node_is_read_from_what_it_says() {
        assert_eq!(node_release("v18.20.4"), Some(18));
        assert_eq!(node_release("node?"), None);
    }

    #[test]
    fn every_need_says_how_to_meet_it_without_apt() {
        for need in [
            Need::WasmTarget,
            Need::Postgres,
            Need::Node,
            Need::Chromium,
            Need::Python,
        ] {
            for manager in [None, Some("brew"), Some("dnf")] {
                assert!(!need.elsewhere(manager).is_empty());
            }
        }
    }
}
