//! Schemathesis against a server of its own: whether the API is what its document says, whatever it is sent.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    thread,
};

use anyhow::{Context, Result, anyhow};

use crate::{
    postgres::Cluster,
    process, repository, serve,
    server::{Address, Server, Settings, without_limits},
    test::Tally,
};

/// What reads the document and makes the requests.
const TOOL: &str = "schemathesis==4.32.5";
/// Everyone's password in the demo's data.
const PASSWORD: &str = "surtidor-demo";
/// A key of the demo's first merchant, in one database of this run alone.
const API_KEY: &str = "srt_0000000000000000000000000000000000000000000";
/// What is asked of every answer.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_headers_conformance,response_schema_conformance";

/// The roles of people who sign in, and a merchant's own system.
const CALLERS: [Caller; 5] = [
    Caller::Person("consumer"),
    Caller::Person("attendant"),
    Caller::Person("manager"),
    Caller::Person("admin"),
    Caller::Integration,
];

/// Whoever calls.
#[derive(Clone, Copy)]
enum Caller {
    /// Someone of the demo, by the first part of their address.
    Person(&'static str),
    /// Who holds a key of the demo's merchant.
    Integration,
}

/// Installs the tool into a folder of its own, unless it is there.
///
/// # Errors
/// When Python cannot make the folder or the package cannot be had.
fn install() -> Result<PathBuf> {
    let folder = repository::target().join("schemathesis");
    let program = folder.join("bin/schemathesis");
    let note = folder.join("installed");
    if program.is_file() && fs::read_to_string(&note).is_ok_and(|installed| installed == TOOL) {
        return Ok(program);
    }
    println!("> pip install {TOOL} (into {})", folder.display());
    process::run(
        Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(&folder),
    )?;
    let mut pip = Command::new(folder.join("bin/python"));
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        TOOL,
    ]);
    process::run(&mut pip)?;
    fs::write(note, TOOL)?;
    Ok(program)
}

/// Runs the tool against the built server as every role, each with a server and a database of its own: nobody takes
/// another's place away, and a failure is the same the next time. One passed test is one role.
///
/// # Errors
/// When server or tool cannot be started.
pub fn run(cluster: &Cluster, long: bool, rest: &[String]) -> Result<Tally> {
    let program = install()?;
    thread::scope(|scope| {
        let running = CALLERS.map(|caller| {
            let program = &program;
            scope.spawn(move || caller.run(cluster, program, long, rest))
        });
        running.into_iter().try_fold(Tally::default(), |sum, one| {
            let one = one.join().map_err(|_| anyhow!("a caller panicked"))?;
            Ok(sum.plus(one?))
        })
    })
}

impl Caller {
    fn name(self) -> &'static str {
        match self {
            Self::Person(name) => name,
            Self::Integration => "integration",
        }
    }

    /// Runs the tool against a new server.
    fn run(self, cluster: &Cluster, program: &Path, long: bool, rest: &[String]) -> Result<Tally> {
        let database = format!("api_{}_{}", self.name(), std::process::id());
        cluster.drop_database(&database)?;
        cluster.create_database(&database)?;
        let folder = tempfile::tempdir()?;
        let settings = Settings {
            binary: serve::binary(),
            address: Address::free()?,
            database: cluster.url(&database),
            has_demo: true,
            // No page is asked for.
            site: folder.path().to_path_buf(),
            mail: folder.path().join("mail"),
            further: without_limits([("RUST_LOG", "warn".into())]),
        };
        let outcome = Server::start(&settings).and_then(|server| {
            let proof = self.proof(cluster, &database, &settings.address)?;
            let tally = self.call(program, &settings.address, &proof, long, rest);
            drop(server);
            tally
        });
        cluster.drop_database(&database)?;
        outcome
    }

    /// The header that proves who calls.
    fn proof(self, cluster: &Cluster, database: &str, address: &Address) -> Result<String> {
        let name = match self {
            Self::Person(name) => name,
            Self::Integration => {
                add_key(cluster, database)?;
                return Ok(format!("X-Api-Key: {API_KEY}"));
            }
        };
        let body = format!(r#"{{"email":"{name}@demo.test","password":"{PASSWORD}"}}"#);
        let answer = address.post("/api/v1/auth/login", &body)?;
        let token = answer
            .split_once(r#""access_token":""#)
            .and_then(|(_, rest)| rest.split('"').next());
        let token = token.with_context(|| format!("{name} cannot sign in: {answer}"))?;
        Ok(format!("Authorization: Bearer {token}"))
    }

    /// Runs the tool on every operation: those that are not for this caller have to say so.
    fn call(
        self,
        program: &Path,
        address: &Address,
        proof: &str,
        long: bool,
        rest: &[String],
    ) -> Result<Tally> {
        println!("as {} …", self.name());
        let examples = if long { "1000" } else { "100" };
        let mut command = Command::new(program);
        command
            .arg("run")
            .arg(format!("{}/api/openapi.json", address.url()))
            .args(["--url", &address.url()])
            .args(["--header", proof])
            .args(["--checks", CHECKS])
            .args(["--max-examples", examples])
            .args(["--phases", "examples,coverage,fuzzing,stateful"])
            // The same requests each time, so that a failure can be looked into. One thread each: Python 3.11
            // counts the depth of what it parses over all threads, so the tool fails now and then with more
            // ("AST constructor recursion depth mismatch", python/cpython issue 106905).
            .args(["--seed", "1", "--workers", "1"])
            .args(["--generation-with-security-parameters", "false"])
            .args(["--generation-database", "none", "--no-color"])
            .args(rest)
            .current_dir(repository::target());
        let said = process::captured(&mut command)?;
        // In one piece, as callers would otherwise speak at once.
        println!(
            "\nas {}\n{}{}",
            self.name(),
            String::from_utf8_lossy(&said.stdout),
            String::from_utf8_lossy(&said.stderr)
        );
        Ok(Tally::of(said.status.success()))
    }
}

/// Gives the demo's manager's merchant a key. The manager could, but would be told one that is new each time.
fn add_key(cluster: &Cluster, database: &str) -> Result<()> {
    let sql = format!(
        "insert into api_keys (id, merchant_id, name, key_hash, hint, created_by, created_at)
         select gen_random_uuid(), merchant_id, 'Schemathesis', sha256('{API_KEY}'), right('{API_KEY}', 4), id, now()
         from users where email = 'manager@demo.test';"
    );
    cluster.ask(database, &sql).map(drop)
}
