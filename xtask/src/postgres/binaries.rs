//! Where PostgreSQL's programs lie.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::process;

/// The oldest release that the product's SQL runs on.
pub const OLDEST_RELEASE: u32 = 15;

/// The programs of one release.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Binaries {
    directory: PathBuf,
    release: u32,
}

impl Binaries {
    /// The path of one of the programs.
    pub fn path(&self, program: &str) -> PathBuf {
        self.directory.join(program)
    }
}

/// The newest release with PostGIS.
pub fn find() -> Option<Binaries> {
    find_release(None)
}

/// That release, or the newest one; always with PostGIS.
pub fn find_release(release: Option<u32>) -> Option<Binaries> {
    directories()
        .iter()
        .filter_map(|directory| examine(directory))
        .filter(|found| release.is_none_or(|wanted| wanted == found.release))
        .max_by_key(|found| found.release)
}

fn directories() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for parent in ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"] {
        let Ok(entries) = fs::read_dir(parent) else {
            continue;
        };
        found.extend(entries.flatten().map(|entry| entry.path().join("bin")));
    }
    if let Some(path) = env::var_os("PATH") {
        found.extend(env::split_paths(&path));
    }
    found.retain(|directory| {
        ["initdb", "pg_ctl", "postgres", "psql"]
            .iter()
            .all(|program| directory.join(program).is_file())
    });
    found
}

fn examine(directory: &Path) -> Option<Binaries> {
    let said = process::output(Command::new(directory.join("postgres")).arg("--version")).ok()?;
    let release = parse_release(&said).filter(|release| *release >= OLDEST_RELEASE)?;
    let share = process::output(Command::new(directory.join("pg_config")).arg("--sharedir")).ok();
    let has_postgis = share
        .map(PathBuf::from)
        .into_iter()
        .chain([format!("/usr/share/postgresql/{release}").into()])
        .any(|share| share.join("extension/postgis.control").is_file());
    has_postgis.then(|| Binaries {
        directory: directory.to_path_buf(),
        release,
    })
}

/// The major release in what `postgres --version` says.
fn parse_release(text: &str) -> Option<u32> {
    text.split_whitespace().find_map(|word| {
        word.split(|c: char| !c.is_ascii_digit())
            .next()?
            .parse()
            .ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_release_is_read_from_what_postgres_says() {
        let said = "postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)";
        assert_eq!(parse_release(said), Some(15));
        assert_eq!(parse_release("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(parse_release("nonsense"), None);
    }
}
