//! The product's server as a child of this program.

use std::{
    env,
    ffi::OsString,
    fs::{self, DirBuilder, OpenOptions},
    io::{Read, Write},
    net::{TcpListener, TcpStream, ToSocketAddrs},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};

use crate::{postgres, process, repository};

/// How long the server may take to finish what it is doing.
const PATIENCE: Duration = Duration::from_secs(15);

/// Where the server listens.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Address {
    /// A name or an address of this machine.
    pub host: String,
    /// The TCP port.
    pub port: u16,
}

impl Address {
    /// `SERVER_HOST` and `SERVER_PORT`, or 127.0.0.1:8000.
    ///
    /// # Errors
    /// When the port is no port.
    pub fn from_environment() -> Result<Self> {
        let host = variable("SERVER_HOST").unwrap_or_else(|| "127.0.0.1".into());
        let port = match variable("SERVER_PORT") {
            None => 8000,
            Some(text) => text
                .parse()
                .with_context(|| format!("SERVER_PORT is not a port number: {text}"))?,
        };
        Ok(Self { host, port })
    }

    /// A free port on the loopback interface.
    ///
    /// # Errors
    /// When there is none.
    pub fn free() -> Result<Self> {
        Ok(Self {
            host: "127.0.0.1".into(),
            port: postgres::free_port()?,
        })
    }

    /// The address as a browser on this machine takes it.
    pub fn url(&self) -> String {
        match self.reachable() {
            host if host.contains(':') => format!("http://[{host}]:{}", self.port),
            host => format!("http://{host}:{}", self.port),
        }
    }

    /// Refuses an address that something listens on already.
    ///
    /// # Errors
    /// When it is taken or does not belong to this machine.
    pub fn ensure_free(&self) -> Result<()> {
        match TcpListener::bind((self.host.as_str(), self.port)) {
            Ok(_) => Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => bail!(
                "port {} on {} is taken by another program; stop that, or choose another port: \
                 SERVER_PORT={} cargo xtask serve",
                self.port,
                self.host,
                self.port.checked_add(1).unwrap_or(8000)
            ),
            Err(error) => {
                Err(error).with_context(|| format!("cannot listen on {}:{}", self.host, self.port))
            }
        }
    }

    fn reachable(&self) -> &str {
        match self.host.as_str() {
            "0.0.0.0" => "127.0.0.1",
            "::" => "::1",
            host => host,
        }
    }

    /// Whether the server says that it is ready.
    fn is_ready(&self) -> bool {
        self.ask("/monitoring/health/ready")
            .is_ok_and(|answer| status_code(&answer) == Some(200))
    }

    /// What a `POST` of JSON is answered with.
    ///
    /// # Errors
    /// When nobody answers, or not in text.
    pub fn post(&self, path: &str, body: &str) -> Result<String> {
        let mut stream = TcpStream::connect((self.reachable(), self.port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        write!(
            stream,
            "POST {path} HTTP/1.0\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.reachable(),
            body.len(),
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (_, body) = answer.split_once("\r\n\r\n").context("no whole answer")?;
        Ok(body.to_owned())
    }

    fn ask(&self, path: &str) -> Result<Vec<u8>> {
        let address = (self.reachable(), self.port)
            .to_socket_addrs()?
            .next()
            .context("no such host")?;
        let time = Duration::from_secs(2);
        let mut stream = TcpStream::connect_timeout(&address, time)?;
        stream.set_read_timeout(Some(time))?;
        write!(
            stream,
            "GET {path} HTTP/1.0\r\nHost: {}\r\n\r\n",
            self.reachable()
        )?;
        let mut answer = vec![0; 64];
        let length = stream.read(&mut answer)?;
        answer.truncate(length);
        Ok(answer)
    }
}

/// What a server is started with.
pub struct Settings {
    /// Its binary.
    pub binary: PathBuf,
    /// Where it listens.
    pub address: Address,
    /// Its database.
    pub database: String,
    /// The folder that [`crate::site::build`] made.
    pub site: PathBuf,
    /// Where it leaves the mails it would send.
    pub mail: PathBuf,
    /// Further environment variables.
    pub further: Vec<(&'static str, OsString)>,
    /// Whether it loads the demo's data first, if they are not there.
    pub has_demo: bool,
}

/// Variables that lift the limits of addresses and people: whoever tests or measures asks from one address, and more
/// often than anyone at a pump.
const LIFTED: [(&str, &str); 6] = [
    ("RATE_LIMIT_REDEEM_PER_HOUR", "1000000"),
    ("RATE_LIMIT_REDEEM_PER_DAY", "1000000"),
    ("RATE_LIMIT_VALIDATE_PER_MINUTE", "1000000"),
    ("RATE_LIMIT_VALIDATE_PER_HOUR", "1000000"),
    ("RATE_LIMIT_SIGN_IN_PER_HOUR", "1000000"),
    ("RATE_LIMIT_GENERAL_PER_MINUTE", "1000000"),
];

/// These variables, and those that lift the limits.
pub fn without_limits<const N: usize>(
    further: [(&'static str, OsString); N],
) -> Vec<(&'static str, OsString)> {
    let lifted = LIFTED.map(|(name, most)| (name, most.into()));
    further.into_iter().chain(lifted).collect()
}

/// A running server; it ends with this value.
pub struct Server {
    child: Child,
    address: Address,
}

impl Server {
    /// Starts the server and waits until it is ready.
    ///
    /// # Errors
    /// When it cannot be started or ends at once.
    pub fn start(settings: &Settings) -> Result<Self> {
        fs::create_dir_all(&settings.mail)?;
        let mut command = Command::new(&settings.binary);
        command
            .arg("serve")
            .args(settings.has_demo.then_some("--demo"))
            .current_dir(repository::root())
            .env("DATABASE_URL", &settings.database)
            .env("SERVER_HOST", &settings.address.host)
            .env("SERVER_PORT", settings.address.port.to_string())
            .env("SURTIDOR_SITE_ROOT", &settings.site)
            .env("SURTIDOR_MAIL_DIR", &settings.mail);
        for (name, in_file, kept) in [
            ("QR_SIGNING_SECRET", "QR_SIGNING_SECRET_FILE", "qr-signing"),
            (
                "MFA_ENCRYPTION_KEY",
                "MFA_ENCRYPTION_KEY_FILE",
                "mfa-encryption",
            ),
        ] {
            if variable(name).is_none() && variable(in_file).is_none() {
                command.env(in_file, secret(kept)?);
            }
        }
        for (name, value) in &settings.further {
            command.env(name, value);
        }
        let mut server = Self {
            child: process::start(&mut command)?,
            address: settings.address.clone(),
        };
        server.wait_until_ready()?;
        Ok(server)
    }

    /// The server's process number.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, if it did.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let started = Instant::now();
        let mut next_word = Duration::from_secs(10);
        while !self.address.is_ready() {
            if let Some(status) = self.ended()? {
                bail!("the server ended before it was ready: {status}");
            }
            ensure!(!process::stop_requested(), "interrupted");
            if started.elapsed() > next_word {
                println!("      still waiting for {}", self.address.url());
                next_word += Duration::from_secs(10);
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = process::end(&mut self.child, PATIENCE) {
            eprintln!("the server could not be stopped: {error:#}");
        }
    }
}

/// Ends a server that an earlier run of this program started from this clone and left behind, as a
/// `kill -9` does. `note` holds its process number.
///
/// # Errors
/// When it cannot be ended.
pub fn end_orphan(note: &Path) -> Result<()> {
    let Ok(text) = fs::read_to_string(note) else {
        return Ok(());
    };
    let pid = text.trim().parse().ok();
    let folder = repository::target();
    let is_ours = |line: String| line.contains(&*folder.to_string_lossy());
    if let Some(pid) = pid.filter(|pid| process::command_line(*pid).is_some_and(is_ours)) {
        println!("      stopping the server that an earlier run left behind (process {pid})");
        process::end_foreign(pid, PATIENCE)?;
    }
    Ok(fs::remove_file(note)?)
}

/// A variable of the environment that is set to something.
pub fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// A file with a random secret that is made once.
fn secret(name: &str) -> Result<PathBuf> {
    let folder = repository::state()?.join("secrets");
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&folder)?;
    let path = folder.join(name);
    if !path.exists() {
        let draft = path.with_extension("draft");
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&draft)?;
        file.write_all((postgres::random_hex()? + &postgres::random_hex()?).as_bytes())?;
        fs::rename(draft, &path)?;
    }
    Ok(path)
}

fn status_code(answer: &[u8]) -> Option<u16> {
    let line = std::str::from_utf8(answer.get(..12)?).ok()?;
    line.strip_prefix("HTTP/1.")?[1..].trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(host: &str) -> Address {
        Address {
            host: host.into(),
            port: 8000,
        }
    }

    #[test]
    fn a_browser_is_sent_to_an_address_it_can_reach() {
        assert_eq!(address("0.0.0.0").url(), "http://127.0.0.1:8000");
        assert_eq!(address("::1").url(), "http://[::1]:8000");
        assert_eq!(address("till.example").url(), "http://till.example:8000");
    }

    #[test]
    fn a_taken_port_is_refused_by_name() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let taken = Address {
            host: "127.0.0.1".into(),
            port: listener.local_addr().unwrap().port(),
        };
        let error = taken.ensure_free().unwrap_err().to_string();
        assert!(error.contains(&taken.port.to_string()), "{error}");
        let any_free = Address { port: 0, ..taken };
        any_free.ensure_free().unwrap();
    }

    #[test]
    fn the_status_is_read_from_the_first_line() {
        assert_eq!(status_code(b"HTTP/1.1 200 OK\r\n"), Some(200));
        assert_eq!(status_code(b"HTTP/1.0 503 Service"), Some(503));
        assert_eq!(status_code(b"SSH-2.0-x"), None);
    }
}
