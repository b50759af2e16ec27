//! Builds, serves and tests Surtidor. Nothing here is part of the product.

mod api;
mod audit;
mod bench;
mod browser;
mod database;
mod dev;
mod dist;
mod install;
mod npm;
mod postgres;
mod process;
mod progress;
mod repository;
mod serve;
mod server;
mod site;
mod sqlx;
mod test;
mod walls;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The tasks of this repository, run as `cargo xtask <TASK>`.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Builds and serves the product with demo data on this machine
    Serve(serve::Arguments),
    /// Serves, rebuilds on every change and reloads the pages
    Dev(serve::Arguments),
    /// Starts the PostgreSQL for tests, for a command or until Ctrl-C
    Database(database::Arguments),
    /// Runs every test, or some suites
    Test(test::Arguments),
    /// Measures how fast the product is, beside what its database can do
    Bench(bench::Arguments),
    /// Takes pictures of every page into screenshots/
    Screenshots(browser::Arguments),
    /// Makes a folder that runs on a machine without Rust
    Dist(dist::Arguments),
    /// Looks for known weaknesses and odd licences in dependencies, with cargo-deny
    Audit,
    /// Builds the browser's half into target/site
    Site(site::Arguments),
    /// Renews the offline query data in .sqlx from the migrations and the code
    Sqlx(sqlx::Arguments),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = process::listen_for_stop().and_then(|()| match arguments.task {
        Task::Serve(arguments) => serve::run(&arguments),
        Task::Dev(arguments) => dev::run(&arguments),
        Task::Database(arguments) => database::run(&arguments),
        Task::Test(arguments) => test::run(&arguments),
        Task::Bench(arguments) => bench::run(&arguments),
        Task::Screenshots(arguments) => browser::screenshots(&arguments),
        Task::Dist(arguments) => dist::run(&arguments),
        Task::Audit => audit::run(),
        Task::Site(arguments) => site::run(&arguments),
        Task::Sqlx(arguments) => sqlx::run(&arguments),
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) if process::stop_requested() => {
            eprintln!("Stopped.");
            ExitCode::from(130)
        }
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}
