//! What crates may depend on, and under which licences.

use std::fs;

use anyhow::{Context, Result};
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package, TargetKind};
use serde::Deserialize;
use spdx::{Expression, Licensee, ParseMode};

use crate::{process, repository, test::Tally};

const WASM: &str = "wasm32-unknown-unknown";
/// What would bring a server into the browser.
const SERVER_ONLY: [&str; 3] = ["reqwest", "sqlx", "tokio"];

/// A dependency that only some crates may have.
struct Wall {
    dependency: &'static str,
    /// Crates that may have it.
    allowed: &'static [&'static str],
    /// Crates that may have it in their tests.
    allowed_in_tests: &'static [&'static str],
}

const WALLS: [Wall; 2] = [
    Wall {
        dependency: "sqlx",
        allowed: &["services"],
        allowed_in_tests: &["server"],
    },
    Wall {
        dependency: "leptos",
        allowed: &["app", "frontend", "server", "till"],
        allowed_in_tests: &[],
    },
];

/// Checks all walls and says which are broken.
///
/// # Errors
/// When cargo cannot be asked or `deny.toml` cannot be read.
pub fn check() -> Result<Tally> {
    let metadata = metadata()?;
    let mut tally = Tally::default();
    let mut judge = |wall: &str, broken: Vec<String>| {
        println!(
            "{} {wall}",
            if broken.is_empty() {
                "ok    "
            } else {
                "BROKEN"
            }
        );
        for line in &broken {
            println!("         {line}");
        }
        tally = tally.plus(Tally::of(broken.is_empty()));
    };
    judge("domain compiles for the browser", domain_for_the_browser()?);
    for package in ["frontend", "till"] {
        let wall = format!("{package} has nothing of {}", SERVER_ONLY.join(", "));
        judge(&wall, server_only_below(package)?);
    }
    for wall in &WALLS {
        let name = format!(
            "{} is used by {} alone",
            wall.dependency,
            wall.allowed.join(", ")
        );
        judge(&name, trespassers(&metadata, wall));
    }
    judge(
        "every licence is on the list in deny.toml",
        bad_licences(&metadata)?,
    );
    Ok(tally)
}

/// Whether any crate has tests in a folder of their own.
///
/// # Errors
/// When cargo cannot be asked.
pub fn has_integration_tests() -> Result<bool> {
    Ok(metadata()?
        .workspace_packages()
        .iter()
        .flat_map(|package| &package.targets)
        .any(|target| target.kind.contains(&TargetKind::Test)))
}

fn metadata() -> Result<Metadata> {
    MetadataCommand::new()
        .current_dir(repository::root())
        .other_options(["--locked".to_owned()])
        .exec()
        .context("cargo metadata failed")
}

fn domain_for_the_browser() -> Result<Vec<String>> {
    let mut command = process::cargo();
    command.args(["check", "--quiet", "--package", "domain", "--target", WASM]);
    let status = process::status(&mut command)?;
    Ok((!status.success())
        .then(|| "it does not".to_owned())
        .into_iter()
        .collect())
}

/// Cargo's own tree is asked, as only it knows the features of a single crate's dependencies.
fn server_only_below(package: &str) -> Result<Vec<String>> {
    let tree = process::output(process::cargo().args([
        "tree",
        "--package",
        package,
        "--target",
        WASM,
        "--edges",
        "normal,no-proc-macro",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]))?;
    Ok(server_only(&tree))
}

fn server_only(tree: &str) -> Vec<String> {
    let mut found: Vec<String> = tree
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| SERVER_ONLY.contains(name))
        .map(str::to_owned)
        .collect();
    found.sort();
    found.dedup();
    found
}

fn trespassers(metadata: &Metadata, wall: &Wall) -> Vec<String> {
    let trespasses = |package: &&&Package| {
        let name = package.name.as_str();
        package.dependencies.iter().any(|dependency| {
            let in_tests = dependency.kind == DependencyKind::Development;
            dependency.name == wall.dependency
                && !wall.allowed.contains(&name)
                && !(in_tests && wall.allowed_in_tests.contains(&name))
        })
    };
    metadata
        .workspace_packages()
        .iter()
        .filter(trespasses)
        .map(|package| format!("{} depends on {}", package.name, wall.dependency))
        .collect()
}

fn bad_licences(metadata: &Metadata) -> Result<Vec<String>> {
    let list = LicenceList::parse(&fs::read_to_string(repository::root().join("deny.toml"))?)?;
    Ok(metadata
        .packages
        .iter()
        .filter(|package| !list.allows(package.name.as_str(), package.license.as_deref()))
        .map(|package| {
            let licence = package.license.as_deref().unwrap_or("no licence named");
            format!("{} {}: {licence}", package.name, package.version)
        })
        .collect())
}

/// The licences in `deny.toml`.
#[derive(Deserialize)]
struct LicenceList {
    allow: Vec<String>,
    #[serde(default)]
    exceptions: Vec<Exception>,
}

/// Licences that one crate may have besides.
#[derive(Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    package: String,
    allow: Vec<String>,
}

impl LicenceList {
    fn parse(deny: &str) -> Result<Self> {
        #[derive(Deserialize)]
        struct Deny {
            licenses: LicenceList,
        }
        let deny: Deny = toml::from_str(deny).context("deny.toml is not understood")?;
        Ok(deny.licenses)
    }

    /// Old crates write `MIT/Apache-2.0`, hence the lax reading.
    fn allows(&self, package: &str, licence: Option<&str>) -> bool {
        let exceptions = self.exceptions.iter().filter(|it| it.package == package);
        let allowed: Vec<Licensee> = exceptions
            .flat_map(|it| &it.allow)
            .chain(&self.allow)
            .filter_map(|name| Licensee::parse(name).ok())
            .collect();
        licence
            .and_then(|licence| Expression::parse_mode(licence, ParseMode::LAX).ok())
            .is_some_and(|expression| {
                expression.evaluate(|wanted| allowed.iter().any(|it| it.satisfies(wanted)))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short_list() -> LicenceList {
        let deny = "[licenses]\nallow = [\"MIT\", \"Apache-2.0 WITH LLVM-exception\", \"Zlib\"]\n\
                    exceptions = [{ crate = \"data\", allow = [\"CC-BY-4.0\"] }]";
        LicenceList::parse(deny).unwrap()
    }

    #[test]
    fn a_choice_is_allowed_when_one_of_its_licences_is() {
        for licence in [
            "MIT",
            "MIT OR GPL-3.0-only",
            "MIT/Apache-2.0",
            "Zlib AND MIT",
            "Apache-2.0 WITH LLVM-exception",
        ] {
            assert!(short_list().allows("x", Some(licence)), "{licence}");
        }
    }

    #[test]
    fn what_is_not_on_the_list_or_not_said_is_not_allowed() {
        for licence in [
            "GPL-3.0-only",
            "MIT AND GPL-3.0-only",
            "Apache-2.0",
            "my own",
        ] {
            assert!(!short_list().allows("x", Some(licence)), "{licence}");
        }
        assert!(!short_list().allows("x", None));
    }

    #[test]
    fn an_exception_holds_for_its_crate_alone() {
        assert!(short_list().allows("data", Some("MIT AND CC-BY-4.0")));
        assert!(!short_list().allows("x", Some("MIT AND CC-BY-4.0")));
    }

    #[test]
    fn what_belongs_on_servers_is_found_in_a_tree() {
        let tree = "frontend v0.1.0 (/x)\ntokio v1.2.3\nleptos v0.8.0\ntokio v1.2.3 (*)\ntokio-util v1.0.0";
        assert_eq!(server_only(tree), ["tokio"]);
    }
}
