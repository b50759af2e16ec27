//! How fast the product is on this machine, beside what its database can do.

mod load;

use std::{fmt, fs, process::Command, time::Duration};

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;

use self::load::{Crowd, Outcome};
use crate::{
    install::{self, Need, Policy},
    postgres::{Cluster, Kind},
    process,
    progress::Progress,
    repository,
    server::{Address, Server, Settings, without_limits},
};

const DATA: &str = include_str!("bench/data.sql");
const SCRIPT: &str = include_str!("bench/redeem.sql");
const DATABASE: &str = "bench";
/// Seconds of redeems before anything is measured.
const WARM_UP: u64 = 5;
/// As many connections as a server with the default settings redeems by: two thirds of twelve.
const PGBENCH_CLIENTS: usize = 8;

/// Options of `cargo xtask bench`.
#[derive(clap::Args)]
pub struct Arguments {
    /// What is measured
    what: What,
    /// Rounds, of which the middle one counts
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Seconds of each measurement
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// People who redeem at the same time
    #[arg(long, default_value_t = 64)]
    clients: usize,
    /// Only say what is missing on this machine
    #[arg(long)]
    no_install: bool,
}

/// What can be measured.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum What {
    /// Redemptions per second
    Redeem,
}

/// Measures in one run: pgbench calling the function that redeems, the same over HTTP spread over many
/// offers, the same on one hot offer; and what the one is to the other.
///
/// # Errors
/// When something is missing or does not build, an answer is no redemption, or the ledger does not balance
/// afterwards.
pub fn run(arguments: &Arguments) -> Result<()> {
    let What::Redeem = arguments.what;
    install::provide(
        &[Need::Postgres],
        Policy::from_no_install(arguments.no_install),
    )?;
    let progress = Progress::begin(4);
    progress.step("Building the server, optimised");
    process::run(process::cargo().args([
        "build",
        "--release",
        "--package",
        "server",
        "--bin",
        "surtidor",
    ]))?;
    progress.step("Making people, points and offers");
    let cluster = Cluster::start(Kind::Bench)?;
    let bench = Bench::prepare(&cluster)?;
    progress.step("Measuring");
    println!("      {}", machine());
    let rounds = bench.measure(arguments)?;
    progress.step("Proving that nothing was lost");
    bench.prove(&rounds)?;
    println!("\n{}", Report(&rounds));
    Ok(())
}

/// What is measured on.
struct Bench<'a> {
    cluster: &'a Cluster,
    /// A folder for what the server and pgbench read and write.
    folder: tempfile::TempDir,
    /// Redemptions that were there before the first round.
    before: usize,
}

/// What one round came to.
struct Round {
    /// Redemptions by pgbench, and how many per second.
    direct: (usize, f64),
    spread: Outcome,
    hot: Outcome,
}

impl<'a> Bench<'a> {
    fn prepare(cluster: &'a Cluster) -> Result<Self> {
        cluster.drop_database(DATABASE)?;
        cluster.create_database(DATABASE)?;
        let folder = tempfile::tempdir()?;
        let mut bench = Self {
            cluster,
            folder,
            before: 0,
        };
        bench.surtidor(&["migrate"])?;
        let data = bench.folder.path().join("data.sql");
        fs::write(&data, DATA)?;
        cluster.run_file(DATABASE, &data)?;
        // Plans made for empty tables would read them whole for ever after.
        cluster.ask(DATABASE, "vacuum analyze")?;
        bench.before = bench.direct(WARM_UP)?.0;
        cluster.ask(DATABASE, "vacuum analyze")?;
        cluster.ask(DATABASE, "checkpoint")?;
        Ok(bench)
    }

    /// Runs a command of the server's binary against the database.
    fn surtidor(&self, arguments: &[&str]) -> Result<String> {
        process::output(
            Command::new(binary())
                .args(arguments)
                .env("DATABASE_URL", self.cluster.url(DATABASE))
                .env("RUST_LOG", "warn"),
        )
    }

    fn measure(&self, arguments: &Arguments) -> Result<Vec<Round>> {
        let address = Address::free()?;
        let server = Server::start(&Settings {
            binary: binary(),
            address: address.clone(),
            database: self.cluster.url(DATABASE),
            site: self.folder.path().join("site"),
            mail: self.folder.path().join("mail"),
            further: without_limits([("RUST_LOG", "warn".into())]),
            has_demo: false,
        })?;
        let crowd = Crowd {
            url: address.url(),
            sessions: self.column("select id from sessions order by random()")?,
            clients: arguments.clients,
            time: Duration::from_secs(arguments.seconds),
        };
        let offers = self.column("select id from offers where id > numbered(3, 0)")?;
        let hot = self.column("select numbered(3, 0)")?;
        let mut rounds = Vec::new();
        for number in 1..=arguments.rounds {
            let round = Round {
                direct: self.direct(arguments.seconds)?,
                spread: crowd.redeem(&offers)?,
                hot: crowd.redeem(&hot)?,
            };
            println!("      round {number}: {round}");
            rounds.push(round);
        }
        drop(server);
        Ok(rounds)
    }

    /// pgbench calls the function; the server idles.
    fn direct(&self, seconds: u64) -> Result<(usize, f64)> {
        let script = self.folder.path().join("redeem.sql");
        fs::write(&script, SCRIPT)?;
        let said = self
            .cluster
            .pgbench(DATABASE, &script, PGBENCH_CLIENTS, seconds)?;
        read_pgbench(&said).with_context(|| format!("pgbench said nothing of use:\n{said}"))
    }

    /// The ledger balances, and there is a redemption for each that was acknowledged.
    fn prove(&self, rounds: &[Round]) -> Result<()> {
        self.surtidor(&["ledger", "verify"])?;
        let told: usize = rounds
            .iter()
            .map(|round| round.direct.0 + round.spread.redeemed + round.hot.redeemed)
            .sum::<usize>()
            + self.before;
        let count = self
            .cluster
            .ask(DATABASE, "select count(*) from redemptions")?;
        let made: usize = count.trim().parse()?;
        ensure!(
            made == told,
            "{told} redemptions were acknowledged, {made} are there"
        );
        println!("      the ledger balances, and all {told} redemptions are there");
        Ok(())
    }

    fn column(&self, query: &str) -> Result<Vec<String>> {
        let said = self.cluster.ask(DATABASE, query)?;
        Ok(said.lines().map(str::to_owned).collect())
    }
}

impl fmt::Display for Round {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "pgbench {:.0}/s, spread {:.0}/s, hot {:.0}/s",
            self.direct.1, self.spread.rate, self.hot.rate
        )
    }
}

/// The middle round of each figure, and the middle of the rounds' ratios.
struct Report<'a>(&'a [Round]);

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |figure: &dyn Fn(&Round) -> f64| middle(self.0.iter().map(figure).collect());
        writeln!(
            f,
            "{:<34} {:>8.0}/s",
            "pgbench calling redeem()",
            of(&|it| it.direct.1)
        )?;
        for (name, outcome) in [
            (
                "HTTP, spread over 400 offers",
                (|it| &it.spread) as fn(&Round) -> &Outcome,
            ),
            ("HTTP, one hot offer", |it| &it.hot),
        ] {
            writeln!(
                f,
                "{name:<34} {:>8.0}/s   half within {:.1} ms, 99 % within {:.1} ms",
                of(&|it| outcome(it).rate),
                of(&|it| outcome(it).median),
                of(&|it| outcome(it).slow),
            )?;
        }
        let http = of(&|it| it.spread.rate / it.direct.1);
        let hot = of(&|it| it.hot.rate / it.spread.rate);
        writeln!(f, "{:<34} {http:>8.2}", "HTTP ÷ pgbench")?;
        write!(f, "{:<34} {hot:>8.2}", "hot ÷ spread")
    }
}

fn middle(mut figures: Vec<f64>) -> f64 {
    figures.sort_unstable_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

/// How many transactions pgbench made, and how many per second.
fn read_pgbench(said: &str) -> Option<(usize, f64)> {
    let after = |words: &str| {
        let line = said.lines().find_map(|line| line.strip_prefix(words))?;
        line.split_whitespace().next()
    };
    let made = after("number of transactions actually processed: ")?;
    Some((made.parse().ok()?, after("tps = ")?.parse().ok()?))
}

/// What else the figures depend on.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().filter(|load| !load.is_empty());
    format!(
        "{cores} cores, load {} before the start",
        load.unwrap_or("unknown")
    )
}

fn binary() -> std::path::PathBuf {
    repository::target().join("release/surtidor")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_pgbench_says_is_read() {
        let said = "transaction type: redeem.sql\nnumber of transactions actually processed: 5120\n\
                    number of failed transactions: 0 (0.000%)\ntps = 512.500000 (without initial connection time)\n";
        assert_eq!(read_pgbench(said), Some((5_120, 512.5)));
        assert_eq!(read_pgbench("tps = 1\n"), None);
    }

    #[test]
    fn the_middle_of_three_is_neither_the_best_nor_the_worst() {
        assert!((middle(vec![3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
    }
}
