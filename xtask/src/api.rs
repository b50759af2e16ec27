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
/// A key of the demo's first merchant, in this run's database alone.
const API_KEY: &str = "srt_0000000000000000000000000000000000000000000";
/// What is asked of every answer.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_headers_conformance,response_schema_conformance";

/// Whoever calls.
struct Caller {
    name: &'static str,
    /// What proves it: a header.
    proof: String,
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

/// Runs the tool as every role. One passed test is one role.
///
/// # Errors
/// When server or tool cannot be started.
pub fn run(cluster: &Cluster, long: bool, rest: &[String]) -> Result<Tally> {
    let program = install()?;
    serve::build_server()?;
    let database = format!("api_{}", std::process::id());
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
        add_key(cluster, &database)?;
        let call = |caller: &Caller| call(&program, &settings.address, caller, long, rest);
        let mut tally = Tally::default();
        // The tool keeps one core busy: two callers at a time.
        for pair in callers(&settings.address)?.chunks(2) {
            tally = thread::scope(|scope| {
                let running: Vec<_> = pair.iter().map(|it| scope.spawn(|| call(it))).collect();
                running.into_iter().try_fold(tally, |sum, caller| {
                    let one = caller.join().map_err(|_| anyhow!("a caller panicked"))?;
                    Ok::<_, anyhow::Error>(sum.plus(one?))
                })
            })?;
        }
        drop(server);
        Ok(tally)
    });
    cluster.drop_database(&database)?;
    outcome
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

fn callers(address: &Address) -> Result<Vec<Caller>> {
    let person = |name: &'static str| {
        let body = format!(r#"{{"email":"{name}@demo.test","password":"{PASSWORD}"}}"#);
        let answer = address.post("/api/v1/auth/login", &body)?;
        let token = answer
            .split_once(r#""access_token":""#)
            .and_then(|(_, rest)| rest.split('"').next());
        let token = token.with_context(|| format!("{name} cannot sign in: {answer}"))?;
        Ok::<_, anyhow::Error>(Caller {
            name,
            proof: format!("Authorization: Bearer {token}"),
        })
    };
    Ok(vec![
        person("consumer")?,
        person("attendant")?,
        Caller {
            name: "integration",
            proof: format!("X-Api-Key: {API_KEY}"),
        },
        person("manager")?,
        // Last: who runs the programme can take the others' places away.
        person("admin")?,
    ])
}

/// Runs the tool as one caller, on every operation: those that are not for them have to say so.
fn call(
    program: &Path,
    address: &Address,
    caller: &Caller,
    long: bool,
    rest: &[String],
) -> Result<Tally> {
    println!("as {} …", caller.name);
    let examples = if long { "1000" } else { "100" };
    let mut command = Command::new(program);
    command
        .arg("run")
        .arg(format!("{}/api/openapi.json", address.url()))
        .args(["--url", &address.url()])
        .args(["--header", &caller.proof])
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
    // In one piece, as two callers would otherwise speak at once.
    println!(
        "\nas {}\n{}{}",
        caller.name,
        String::from_utf8_lossy(&said.stdout),
        String::from_utf8_lossy(&said.stderr)
    );
    Ok(Tally::of(said.status.success()))
}
