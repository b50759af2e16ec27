//! A private PostgreSQL: one cluster for the demo, one for tests, both inside the clone.

mod binaries;
mod home;
mod programs;
mod template;

use std::{
    fs::{self, File},
    io::Read,
    net::TcpListener,
    os::unix::fs::{PermissionsExt, chown},
    path::Path,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

pub use self::binaries::{OLDEST_RELEASE, find as find_binaries};
use self::{binaries::Binaries, home::Home};
use crate::{process, repository};

/// The role that owns everything in a private cluster.
const ROLE: &str = "surtidor";
/// Long enough for the recovery of a cluster that was killed.
const START_SECONDS: u64 = 120;

/// What a cluster is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Holds the data of `cargo xtask serve`, safely.
    Demo,
    /// Holds the databases of tests, fast and careless of power cuts.
    Test,
    /// Holds what is measured, as safe as the demo's.
    Bench,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Demo => "postgres",
            Self::Test => "test-postgres",
            Self::Bench => "bench-postgres",
        }
    }

    fn settings(self) -> &'static [&'static str] {
        match self {
            Self::Demo => &["max_connections=100"],
            // No checkpoint in the middle of a measurement.
            Self::Bench => &[
                "max_connections=100",
                "shared_buffers=256MB",
                "max_wal_size=8GB",
            ],
            Self::Test => &[
                "max_connections=1000",
                "shared_buffers=256MB",
                "fsync=off",
                "full_page_writes=off",
                "autovacuum_naptime=5min",
            ],
        }
    }
}

/// A running cluster. It is stopped when the last program that uses it lets go of it.
pub struct Cluster {
    kind: Kind,
    home: Home,
    binaries: Binaries,
    port: u16,
    password: String,
    in_use: Option<File>,
}

impl Cluster {
    /// Starts the cluster, makes it first if there is none, and repairs what a crash left behind.
    /// One that still runs is used as it is.
    ///
    /// # Errors
    /// When PostgreSQL is missing or refuses to start; the message holds the end of its log.
    pub fn start(kind: Kind) -> Result<Self> {
        let change = lock_file(kind, "change")?;
        change.lock()?;
        let in_use = lock_file(kind, "use")?;
        in_use.lock_shared()?;
        let home = Home::choose(kind.name())?;
        let binaries = binaries::find_release(home.release()?)
            .context("no PostgreSQL 15 or newer with PostGIS was found")?;
        if home.release()?.is_none() {
            initialise(kind, &home, &binaries)?;
        }
        let password = fs::read_to_string(home.password())?;
        let mut cluster = Self {
            kind,
            home,
            binaries,
            port: 0,
            password,
            in_use: Some(in_use),
        };
        match cluster.running_port() {
            Some(port) => cluster.port = port,
            None => cluster.launch()?,
        }
        cluster.complete()?;
        if kind == Kind::Test {
            cluster.refresh_template()?;
        }
        Ok(cluster)
    }

    /// The address of a database in this cluster.
    pub fn url(&self, database: &str) -> String {
        format!(
            "postgres://{ROLE}:{}@127.0.0.1:{}/{database}",
            self.password, self.port
        )
    }

    /// The port of the postmaster of this cluster, if one runs.
    fn running_port(&self) -> Option<u16> {
        let note = fs::read_to_string(self.home.data().join("postmaster.pid")).ok()?;
        let (pid, port) = read_pid_file(&note)?;
        let line = process::command_line(pid)?;
        line.contains(&*self.home.data().to_string_lossy())
            .then_some(port)
    }

    fn launch(&mut self) -> Result<()> {
        // The process it names is gone or is another program that was given the same number.
        remove_if_there(&self.home.data().join("postmaster.pid"))?;
        remove_if_there(&self.home.log())?;
        let remembered = fs::read_to_string(self.home.port()).ok();
        self.port = choose_port(remembered.as_deref(), |port| {
            TcpListener::bind(("127.0.0.1", port)).is_ok()
        })?;
        fs::write(self.home.port(), self.port.to_string())?;
        let mut options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories=",
            self.port
        );
        for setting in self.kind.settings() {
            options.push_str(" -c ");
            options.push_str(setting);
        }
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            let mut command = self.home.command(&self.binaries.path("pg_ctl"));
            command
                .args(["start", "-w", "-s", "-t", &START_SECONDS.to_string(), "-D"])
                .arg(self.home.data())
                .arg("-l")
                .arg(self.home.log())
                .args(["-o", &options]);
            if process::succeeds(&mut command) {
                return Ok(());
            }
            let log = fs::read_to_string(self.home.log()).unwrap_or_default();
            // The workers of a postmaster that was killed take a moment to notice.
            if !log.contains("pre-existing shared memory") || Instant::now() > deadline {
                bail!(
                    "PostgreSQL does not start; the end of its log:\n{}",
                    tail(&log, 15)
                );
            }
            thread::sleep(Duration::from_millis(300));
        }
    }

    /// Prepares a new cluster's databases, once.
    fn complete(&self) -> Result<()> {
        let mark = self.home.path("complete");
        if mark.exists() {
            return Ok(());
        }
        match self.kind {
            Kind::Bench | Kind::Test => {}
            Kind::Demo => {
                let statement = format!(
                    "select 'create database {ROLE}' where not exists \
                     (select from pg_database where datname = '{ROLE}') \\gexec"
                );
                let script = self.home.path("prepare.sql");
                fs::write(&script, statement)?;
                self.psql("postgres", &["-f", &script.to_string_lossy()])?;
                fs::remove_file(&script)?;
            }
        }
        fs::write(mark, "")?;
        Ok(())
    }

    fn release(&mut self) -> Result<()> {
        let Some(in_use) = self.in_use.take() else {
            return Ok(());
        };
        let change = lock_file(self.kind, "change")?;
        change.lock()?;
        in_use.unlock()?;
        if in_use.try_lock().is_err() {
            return Ok(());
        }
        let mut command = self.home.command(&self.binaries.path("pg_ctl"));
        command
            .args(["stop", "-w", "-s", "-m", "fast", "-D"])
            .arg(self.home.data());
        process::output(&mut command).map(drop)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Err(error) = self.release() {
            eprintln!("PostgreSQL could not be stopped: {error:#}");
        }
    }
}

fn initialise(kind: Kind, home: &Home, binaries: &Binaries) -> Result<()> {
    // A crash while this runs must not leave something that looks like a cluster.
    let draft = home.path("data.new");
    if draft.exists() {
        fs::remove_dir_all(&draft)?;
    }
    remove_if_there(&home.path("complete"))?;
    let password = home.password();
    fs::write(&password, random_hex()?)?;
    fs::set_permissions(&password, fs::Permissions::from_mode(0o600))?;
    if let Some(owner) = home.owner() {
        chown(&password, Some(owner.user), Some(owner.group))?;
    }
    let locale = if cfg!(target_os = "macos") {
        "en_US.UTF-8"
    } else {
        "C.UTF-8"
    };
    let mut command = home.command(&binaries.path("initdb"));
    command
        .arg("-D")
        .arg(&draft)
        .args(["-U", ROLE, "--auth=scram-sha-256", "--encoding=UTF8"])
        .arg(format!("--locale={locale}"))
        .arg(format!("--pwfile={}", password.display()));
    if kind == Kind::Test {
        command.arg("--no-sync");
    }
    process::output(&mut command)?;
    fs::rename(&draft, home.data())?;
    Ok(())
}

fn lock_file(kind: Kind, what: &str) -> Result<File> {
    let path = repository::state()?.join(format!("{}.{what}.lock", kind.name()));
    File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .with_context(|| format!("cannot open {}", path.display()))
}

/// The process and the port that a `postmaster.pid` names.
fn read_pid_file(text: &str) -> Option<(u32, u16)> {
    let lines: Vec<&str> = text.lines().collect();
    Some((
        lines.first()?.trim().parse().ok()?,
        lines.get(3)?.trim().parse().ok()?,
    ))
}

/// The remembered port if it is free, else another one.
fn choose_port(remembered: Option<&str>, is_free: impl Fn(u16) -> bool) -> Result<u16> {
    remembered
        .and_then(|text| text.trim().parse().ok())
        .filter(|port| is_free(*port))
        .map_or_else(free_port, Ok)
}

/// A port of this machine that nothing listens on.
///
/// # Errors
/// When the system has none left.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// 32 random hexadecimal digits from the system.
///
/// # Errors
/// When the system has no random source.
pub fn random_hex() -> Result<String> {
    let mut bytes = [0; 16];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(repository::hex(&bytes))
}

fn remove_if_there(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

fn tail(text: &str, lines: usize) -> String {
    let all: Vec<&str> = text.lines().collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pid_file_names_process_and_port() {
        let text = "4711\n/x/data\n1700000000\n5544\n\n127.0.0.1\n  123 456\nready   \n";
        assert_eq!(read_pid_file(text), Some((4711, 5544)));
        assert_eq!(read_pid_file("4711\n"), None);
    }

    #[test]
    fn a_remembered_port_is_kept_while_it_is_free() {
        assert_eq!(choose_port(Some("5544\n"), |_| true).unwrap(), 5544);
        assert_ne!(choose_port(Some("1"), |_| false).unwrap(), 1);
        assert_ne!(choose_port(None, |_| true).unwrap(), 0);
    }

    #[test]
    fn the_tail_is_at_most_so_many_lines() {
        assert_eq!(tail("a\nb\nc", 2), "b\nc");
        assert_eq!(tail("a", 2), "a");
    }
}
