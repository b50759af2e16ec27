//! The product on this machine, from a bare clone to a page.

use std::{
    fs::{self, File, TryLockError},
    path::PathBuf,
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};

use crate::{
    install::{self, Need, Policy},
    postgres::{Cluster, Kind},
    process,
    progress::Progress,
    repository,
    server::{self, Address, Server, Settings},
    site::{self, Quality},
};

/// Options of `cargo xtask serve` and `cargo xtask dev`.
#[derive(clap::Args)]
pub struct Arguments {
    /// Only say what is missing on this machine
    #[arg(long)]
    no_install: bool,
}

/// Builds and starts everything, and stops it on Ctrl-C.
///
/// # Errors
/// When something is missing, does not build, or ends by itself.
pub fn run(arguments: &Arguments) -> Result<()> {
    let mut stage = Stage::prepare(arguments, 5)?;
    stage.build()?;
    stage.start()?;
    stage.greet();
    while !process::stop_requested() {
        if let Some(server) = &mut stage.server
            && let Some(status) = server.ended()?
        {
            bail!("the server ended by itself: {status}");
        }
        thread::sleep(Duration::from_millis(100));
    }
    println!("\nStopping.");
    Ok(())
}

/// Everything that runs for a demonstration on this machine. Fields are dropped in their order: the
/// server ends before the database it works with.
pub struct Stage {
    server: Option<Server>,
    cluster: Option<Cluster>,
    /// Further environment variables of the server.
    pub further: Vec<(&'static str, std::ffi::OsString)>,
    address: Address,
    progress: Progress,
    _lock: File,
}

impl Stage {
    /// Sees to it that this machine has what is needed, and that no other stage is set in this clone.
    ///
    /// # Errors
    /// When something is missing or in the way.
    pub fn prepare(arguments: &Arguments, steps: usize) -> Result<Self> {
        ensure!(
            server::variable("SURTIDOR_ENV").as_deref() != Some("production"),
            "this task installs, migrates and seeds, which is not for production: see `cargo xtask dist`"
        );
        let progress = Progress::begin(steps);
        progress.step("Looking at what this machine has");
        let address = Address::from_environment()?;
        let mut needs = vec![Need::WasmTarget];
        if server::variable("DATABASE_URL").is_none() {
            needs.push(Need::Postgres);
        }
        install::provide(&needs, Policy::from_no_install(arguments.no_install))?;
        let lock = lock()?;
        server::end_orphan(&note()?)?;
        address.ensure_free()?;
        Ok(Self {
            server: None,
            cluster: None,
            further: Vec::new(),
            address,
            progress,
            _lock: lock,
        })
    }

    /// Builds the server and the browser's half.
    ///
    /// # Errors
    /// When one does not compile.
    pub fn build(&self) -> Result<()> {
        self.progress
            .step("Building the server (some minutes the first time)");
        build_server()?;
        self.progress.step("Building the browser parts");
        site::build(Quality::Quick).map(drop)
    }

    /// Starts the database, unless it runs already, and the server.
    ///
    /// # Errors
    /// When one of them does not start.
    pub fn start(&mut self) -> Result<()> {
        let database = self.database()?;
        self.progress
            .step("Starting the server (demo data is loaded the first time)");
        self.address.ensure_free()?;
        let server = Server::start(&Settings {
            binary: binary(),
            address: self.address.clone(),
            database,
            site: Quality::Quick.folder(),
            mail: repository::state()?.join("mail"),
            further: self.further.clone(),
            has_demo: true,
        })?;
        fs::write(note()?, server.pid().to_string())?;
        self.server = Some(server);
        Ok(())
    }

    fn database(&mut self) -> Result<String> {
        if let Some(url) = server::variable("DATABASE_URL") {
            self.progress
                .step("Using the database that DATABASE_URL names");
            return Ok(url);
        }
        self.progress.step("Starting PostgreSQL");
        let cluster = match self.cluster.take() {
            Some(cluster) => cluster,
            None => Cluster::start(Kind::Demo)?,
        };
        let url = cluster.url("surtidor");
        self.cluster = Some(cluster);
        Ok(url)
    }

    /// Builds anew what changed and puts a new server in the place of the old one, which keeps running
    /// when the build fails.
    ///
    /// # Errors
    /// When something does not compile or the new server does not start.
    pub fn renew(&mut self) -> Result<()> {
        self.progress = Progress::begin(4);
        self.build()?;
        self.server = None;
        self.start()?;
        println!("      ready after {} s", self.progress.elapsed().as_secs());
        Ok(())
    }

    /// Says where the product is and who may sign in.
    pub fn greet(&self) {
        println!(
            "\nSurtidor is ready after {} s:  {}\n",
            self.progress.elapsed().as_secs(),
            self.address.url()
        );
        for role in ["consumer", "attendant", "manager", "admin"] {
            println!("  {role:<10} {role}@demo.test");
        }
        println!("  {:<10} surtidor-demo\n", "password");
        if let Some(cluster) = &self.cluster {
            println!("  DATABASE_URL={}\n", cluster.url("surtidor"));
        }
        println!("Ctrl-C stops it.");
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if self.server.take().is_some()
            && let Ok(note) = note()
        {
            // Left behind, it would name a process that is gone, which does no harm.
            let _ = fs::remove_file(note);
        }
    }
}

/// Builds the server for this machine.
///
/// # Errors
/// When it does not compile.
pub fn build_server() -> Result<()> {
    process::run(process::cargo().args(["build", "--package", "server", "--bin", "surtidor"]))
}

/// Where [`build_server`] leaves the server.
pub fn binary() -> PathBuf {
    repository::target().join("debug/surtidor")
}

fn note() -> Result<PathBuf> {
    Ok(repository::state()?.join("server.pid"))
}

fn lock() -> Result<File> {
    let path = repository::state()?.join("serve.lock");
    let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            bail!("`cargo xtask serve` or `dev` runs in this clone already")
        }
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}
