//! The offline data of the queries: what each asks for and answers, as the migrations have it.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use anyhow::{Context, Result, bail};

use crate::{
    install::{self, Need, Policy},
    postgres::{Cluster, Kind},
    process,
    progress::Progress,
    repository,
};

/// Options of `cargo xtask sqlx`.
#[derive(clap::Args)]
pub struct Arguments {
    /// Only say what is missing on this machine
    #[arg(long)]
    no_install: bool,
}

/// File names and contents of a folder of query data.
type Data = BTreeMap<String, Vec<u8>>;

/// Replaces `.sqlx` with what the code needs now. When the code does not compile, what could be
/// learnt is added and nothing is removed.
///
/// # Errors
/// When a migration fails or the code does not compile.
pub fn run(arguments: &Arguments) -> Result<()> {
    install::provide(
        &[Need::Postgres],
        Policy::from_no_install(arguments.no_install),
    )?;
    let progress = Progress::begin(3);
    progress.step("Starting the PostgreSQL for tests");
    let cluster = Cluster::start(Kind::Test)?;
    progress.step("Checking every query against a freshly migrated database");
    let (fresh, outcome) = describe(&cluster)?;
    progress.step("Writing .sqlx");
    let folder = committed();
    fs::create_dir_all(&folder)?;
    for (name, content) in &fresh {
        fs::write(folder.join(name), content)?;
    }
    outcome.context("nothing was removed from .sqlx, as the code does not compile")?;
    for name in read(&folder)?
        .keys()
        .filter(|name| !fresh.contains_key(*name))
    {
        fs::remove_file(folder.join(name))?;
    }
    println!("{} queries", fresh.len());
    Ok(())
}

/// What differs between `.sqlx` and the code, a line each; none when all is well.
///
/// # Errors
/// When a migration fails or the code does not compile.
pub fn differences(cluster: &Cluster) -> Result<Vec<String>> {
    let (fresh, outcome) = describe(cluster)?;
    outcome?;
    Ok(compare(&read(&committed())?, &fresh))
}

fn committed() -> PathBuf {
    repository::root().join(".sqlx")
}

/// The data of every query, and whether the code compiled.
fn describe(cluster: &Cluster) -> Result<(Data, Result<()>)> {
    let database = format!("prepare_{}", std::process::id());
    cluster.drop_database(&database)?;
    cluster.create_database(&database)?;
    let outcome = migrate(cluster, &database).and_then(|()| {
        let folder = tempfile::tempdir()?;
        let compiled = compile(&cluster.url(&database), folder.path());
        Ok((read(folder.path())?, compiled))
    });
    cluster.drop_database(&database)?;
    outcome
}

/// Applies the migrations, each in a transaction of its own.
fn migrate(cluster: &Cluster, database: &str) -> Result<()> {
    for file in repository::files_below(&repository::root().join("migrations"))? {
        if file.extension().is_some_and(|extension| extension == "sql") {
            cluster.run_file(database, &file)?;
        }
    }
    Ok(())
}

fn compile(url: &str, folder: &Path) -> Result<()> {
    let touched = Touched::now(&[repository::root().join("services/src/lib.rs")])?;
    let outcome = process::run(
        process::cargo()
            .args(["check", "--package", "services", "--all-targets"])
            // Any setting of its own gives the crate artefacts of its own, so that the next build
            // or check does not have to start over because of this one.
            .args(["--config", "profile.dev.package.services.codegen-units=17"])
            .env("DATABASE_URL", url)
            .env("SQLX_OFFLINE", "false")
            .env("SQLX_OFFLINE_DIR", folder),
    );
    drop(touched);
    outcome
}

/// Files that look changed as long as this lives: the queries are described while the crate is
/// compiled, and cargo would skip that otherwise.
struct Touched(Vec<(PathBuf, SystemTime, SystemTime)>);

impl Touched {
    fn now(paths: &[PathBuf]) -> Result<Self> {
        #[expect(
            clippy::disallowed_methods,
            reason = "cargo compares with the machine's clock, and there are no services here"
        )]
        let now = SystemTime::now();
        let mut files = Vec::new();
        for path in paths {
            files.push((path.clone(), fs::metadata(path)?.modified()?, now));
            set_modified(path, now)?;
        }
        Ok(Self(files))
    }
}

impl Drop for Touched {
    fn drop(&mut self) {
        for (path, before, set) in &self.0 {
            // A file that was edited meanwhile has to look edited.
            let now = fs::metadata(path).and_then(|metadata| metadata.modified());
            if now.is_ok_and(|now| now == *set)
                && let Err(error) = set_modified(path, *before)
            {
                eprintln!("{}: {error:#}", path.display());
            }
        }
    }
}

fn set_modified(path: &Path, time: SystemTime) -> Result<()> {
    let file = fs::File::options().append(true).open(path)?;
    Ok(file.set_modified(time)?)
}

fn read(folder: &Path) -> Result<Data> {
    let mut data = Data::new();
    for path in repository::files_below(folder)? {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            bail!("odd file name: {}", path.display());
        };
        data.insert(name.to_owned(), fs::read(&path)?);
    }
    Ok(data)
}

fn compare(committed: &Data, fresh: &Data) -> Vec<String> {
    let mut lines = Vec::new();
    for (name, content) in fresh {
        match committed.get(name) {
            None => lines.push(format!("{name} is missing")),
            Some(old) if old != content => lines.push(format!("{name} is out of date")),
            Some(_) => {}
        }
    }
    for name in committed.keys().filter(|name| !fresh.contains_key(*name)) {
        lines.push(format!("{name} belongs to no query"));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(files: &[(&str, &str)]) -> Data {
        files
            .iter()
            .map(|(name, content)| ((*name).to_owned(), content.as_bytes().to_vec()))
            .collect()
    }

    #[test]
    fn equal_data_has_no_differences() {
        let one = data(&[("a", "1")]);
        assert!(compare(&one, &one).is_empty());
    }

    #[test]
    fn missing_old_and_left_over_data_is_named() {
        let lines = compare(
            &data(&[("left", "1"), ("old", "1")]),
            &data(&[("old", "2"), ("new", "1")]),
        );
        assert_eq!(
            lines,
            [
                "new is missing",
                "old is out of date",
                "left belongs to no query"
            ]
        );
    }

    #[test]
    fn a_touched_file_gets_its_time_back_unless_it_was_edited() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, "").unwrap();
        let long_ago = SystemTime::UNIX_EPOCH;
        set_modified(&path, long_ago).unwrap();
        let touched = Touched::now(std::slice::from_ref(&path)).unwrap();
        assert_ne!(fs::metadata(&path).unwrap().modified().unwrap(), long_ago);
        drop(touched);
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), long_ago);
        let touched = Touched::now(std::slice::from_ref(&path)).unwrap();
        let edit = long_ago + std::time::Duration::from_mins(1);
        set_modified(&path, edit).unwrap();
        drop(touched);
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), edit);
    }
}
