//! `surtidor import`.

use std::{
    fs::File,
    io::BufWriter,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use clap::{Args, Subcommand};
use indicatif::{HumanCount, ProgressBar, ProgressStyle};
use services::{
    entropy::Entropy,
    stations::import::{Files, Progress, Run, Stage, Summary, import_paths, write_csv},
};

use crate::{config::Config, start};

/// Where the data comes from.
#[derive(Debug, Subcommand)]
pub enum Source {
    /// The Mexican regulator's two open files, plain or packed (.xz)
    Cre(Cre),
}

/// Options of `import cre`.
#[derive(Args, Debug)]
pub struct Cre {
    /// The file of stations
    #[arg(long)]
    places: PathBuf,
    /// The file of prices
    #[arg(long)]
    prices: PathBuf,
    /// The day the files speak of, as 2024-09-15; today if not given
    #[arg(long)]
    as_of: Option<NaiveDate>,
    /// Where to list the rows that were left out, as CSV
    #[arg(long, default_value = "rejected.csv")]
    rejected: PathBuf,
}

pub(super) async fn run(config: &Config, source: Source) -> Result<()> {
    let Source::Cre(cre) = source;
    let services = start::services(config).await?;
    let now = services.now();
    let entropy = Entropy::System;
    let run = Run {
        as_of: cre.as_of.map_or(now, midnight),
        now,
        entropy: &entropy,
    };
    let files = Files {
        places: cre.places.as_path(),
        prices: cre.prices.as_path(),
    };
    let bar = ProgressBar::no_length();
    bar.set_style(ProgressStyle::with_template(
        "{msg:24} {wide_bar} {percent:>3} %",
    )?);
    let summary = import_paths(services.db(), files, run, &mut |at| show(&bar, at)).await?;
    bar.finish_and_clear();
    report(&summary);
    list_rejected(&summary, &cre.rejected)
}

fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

fn show(bar: &ProgressBar, at: Progress) {
    let stage = match at.stage {
        Stage::ReadingPlaces => "Reading stations",
        Stage::ReadingPrices => "Reading prices",
        Stage::Writing => "Writing",
    };
    if bar.message() != stage {
        bar.set_message(stage);
    }
    if let Some(total) = at.total {
        bar.set_length(total);
    }
    bar.set_position(at.done);
}

fn report(summary: &Summary) {
    let line = |what: &str, count: u64| println!("{what:<28}{:>10}", HumanCount(count).to_string());
    line("Stations in the file", summary.stations_read);
    line("  usable", summary.stations_usable);
    line("  coordinates put right", summary.repaired);
    line("Stations added", summary.added);
    line("  updated", summary.updated);
    line("  unchanged", summary.unchanged);
    line("  reopened", summary.reopened);
    line("  closed", summary.closed);
    line("Prices in the file", summary.prices_read);
    line("  added", summary.prices_added);
    line("  corrected", summary.prices_corrected);
    line("  unchanged", summary.prices_unchanged);
    line("Rows left out", summary.rejected.len() as u64);
}

fn list_rejected(summary: &Summary, path: &Path) -> Result<()> {
    if summary.rejected.is_empty() {
        return Ok(());
    }
    let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
    write_csv(&summary.rejected, BufWriter::new(file))?;
    println!("Listed with their reasons in {}", path.display());
    Ok(())
}
