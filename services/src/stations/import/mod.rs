//! Import of the Mexican regulator's two open files: places and prices.
//!
//! One transaction: a crash leaves nothing half done. Two imports at once wait for each other. The same
//! file again changes nothing; a later file adds to the history and closes what it no longer lists; an
//! older file adds to the history behind what is known and overwrites nothing newer.

mod clean;
mod reader;
mod rejected;

use std::{
    io::{self, BufRead},
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};
use domain::stations::StationSource;
use sqlx::{PgConnection, PgPool};

use self::{clean::Cleaner, reader::read_places};
pub use self::{
    reader::{Malformed, Problem},
    rejected::{File, Reason, Rejected, write_csv},
};
use super::{Batch, Merged, upsert};
use crate::entropy::Entropy;

/// How many stations one round trip brings in: few enough to show progress, enough to be fast.
const STATIONS_AT_ONCE: usize = 2_000;

/// A file's content, and its length in bytes where known.
#[derive(Clone, Copy, Debug)]
pub struct Input<R> {
    /// The content.
    pub reader: R,
    /// Its length, for progress only.
    pub bytes: Option<u64>,
}

impl<'a> From<&'a [u8]> for Input<&'a [u8]> {
    fn from(content: &'a [u8]) -> Self {
        Self {
            reader: content,
            bytes: Some(content.len() as u64),
        }
    }
}

/// The two files.
#[derive(Clone, Copy, Debug)]
pub struct Files<P, Q> {
    /// The stations.
    pub places: P,
    /// Their prices.
    pub prices: Q,
}

/// What an import needs to know besides the files.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// The date the files speak of.
    pub as_of: DateTime<Utc>,
    /// The current time.
    pub now: DateTime<Utc>,
    /// The random part of new identifiers.
    pub entropy: &'a Entropy,
}

/// What an import is doing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Stage {
    /// Reading the stations; counted in bytes.
    ReadingPlaces,
    /// Reading the prices; counted in bytes.
    ReadingPrices,
    /// Writing stations and prices; counted in stations.
    Writing,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Progress {
    /// What it is doing.
    pub stage: Stage,
    /// How much of that is done.
    pub done: u64,
    /// How much there is, where known.
    pub total: Option<u64>,
}

/// Hears how far an import is.
pub type OnProgress<'a> = &'a mut (dyn FnMut(Progress) + Send);

/// What an import did.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Summary {
    /// Stations in the file, usable or not.
    pub stations_read: u64,
    /// Stations that went in.
    pub stations_usable: u64,
    /// Stations not known before.
    pub added: u64,
    /// Stations whose description changed.
    pub updated: u64,
    /// Usable stations that are neither new nor changed.
    pub unchanged: u64,
    /// Stations that were closed and are listed again.
    pub reopened: u64,
    /// Stations that are no longer listed.
    pub closed: u64,
    /// Prices in the file, usable or not.
    pub prices_read: u64,
    /// Rows of price history added.
    pub prices_added: u64,
    /// Rows of price history moved to an earlier date or corrected.
    pub prices_corrected: u64,
    /// Prices equal to what was known.
    pub prices_unchanged: u64,
    /// Stations whose coordinates were exchanged and have been put right.
    pub repaired: u64,
    /// What was left out.
    pub rejected: Vec<Rejected>,
}

/// Why an import did nothing.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file could not be opened or unpacked.
    #[error("{}: {error}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        error: io::Error,
    },
    /// A file cannot be read to its end.
    #[error("the file of {}: {error}", file.as_str())]
    Malformed {
        /// Which file.
        file: File,
        /// Where and why.
        error: Malformed,
    },
    /// A file holds nothing that can be used, so it is probably another file.
    #[error("the file of {} holds nothing that can be used", file.as_str())]
    NothingUsable {
        /// Which file.
        file: File,
    },
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Imports the files at two paths, plain or packed (`.xz`).
///
/// Reading takes the thread for about a second: it is made for a command, not for a request.
///
/// # Errors
/// When a file cannot be used or the database fails; nothing has changed then.
pub async fn import_paths(
    db: &PgPool,
    files: Files<&Path, &Path>,
    run: Run<'_>,
    progress: OnProgress<'_>,
) -> Result<Summary, ImportError> {
    let open = |path: &Path| {
        reader::content(path).map_err(|error| ImportError::Open {
            path: path.to_owned(),
            error,
        })
    };
    let (places, prices) = (open(files.places)?, open(files.prices)?);
    let files = Files {
        places: Input::from(&*places),
        prices: Input::from(&*prices),
    };
    import(db, files, run, progress).await
}

/// Imports the two files.
///
/// # Errors
/// When a file cannot be used or the database fails; nothing has changed then.
pub async fn import<P: BufRead, Q: BufRead>(
    db: &PgPool,
    files: Files<Input<P>, Input<Q>>,
    run: Run<'_>,
    progress: OnProgress<'_>,
) -> Result<Summary, ImportError> {
    let cleaned = read(files, progress)?;
    let mut transaction = db.begin().await?;
    prepare(&mut transaction).await?;
    let merged = write(&mut transaction, &cleaned, run, progress).await?;
    keep_listed(&mut transaction, &cleaned, run.as_of).await?;
    let closed = close_unlisted(&mut transaction, run.as_of).await?;
    record(&mut transaction, run).await?;
    analyze(&mut transaction).await?;
    transaction.commit().await?;
    Ok(summary(cleaned, merged, closed))
}

fn read<P: BufRead, Q: BufRead>(
    files: Files<Input<P>, Input<Q>>,
    progress: OnProgress<'_>,
) -> Result<Cleaner, ImportError> {
    let Files { places, prices } = files;
    let mut cleaner = Cleaner::default();
    read_places(places.reader, |place, done| {
        cleaner.station(place);
        progress(Progress {
            stage: Stage::ReadingPlaces,
            done,
            total: places.bytes,
        });
    })
    .map_err(|error| ImportError::Malformed {
        file: File::Places,
        error,
    })?;
    if cleaner.rows.is_empty() {
        return Err(ImportError::NothingUsable { file: File::Places });
    }
    read_places(prices.reader, |place, done| {
        cleaner.prices(&place);
        progress(Progress {
            stage: Stage::ReadingPrices,
            done,
            total: prices.bytes,
        });
    })
    .map_err(|error| ImportError::Malformed {
        file: File::Prices,
        error,
    })?;
    if !cleaner.has_prices() {
        return Err(ImportError::NothingUsable { file: File::Prices });
    }
    Ok(cleaner)
}

/// Waits for an import that is under way, and sees to it that the planner knows the tables. Without
/// the lock, autovacuum may count the rows of this transaction as not there, and the plans that follow from
/// that take minutes. It keeps off autovacuum and other imports, not readers and writers.
async fn prepare(db: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!("lock table stations, station_prices in share update exclusive mode")
        .execute(&mut *db)
        .await?;
    analyze(db).await
}

/// Counts the tables, the rows of this transaction included.
async fn analyze(db: &mut PgConnection) -> Result<(), sqlx::Error> {
    // Their owner's right, which this function lends.
    sqlx::query!("select analyze_stations()")
        .execute(db)
        .await?;
    Ok(())
}

async fn write(
    db: &mut PgConnection,
    cleaned: &Cleaner,
    run: Run<'_>,
    progress: OnProgress<'_>,
) -> Result<Merged, sqlx::Error> {
    let Run {
        as_of,
        now,
        entropy,
    } = run;
    let batch = Batch {
        source: StationSource::Cre,
        as_of,
        now,
        entropy,
    };
    let total = cleaned.rows.len() as u64;
    let (mut done, mut merged) = (0, Merged::default());
    for rows in cleaned.rows.chunks(STATIONS_AT_ONCE) {
        merged.add(upsert(db, batch, rows).await?);
        done += rows.len() as u64;
        progress(Progress {
            stage: Stage::Writing,
            done,
            total: Some(total),
        });
    }
    Ok(merged)
}

/// A known station that the file lists with unusable data has not gone away.
async fn keep_listed(
    db: &mut PgConnection,
    cleaned: &Cleaner,
    as_of: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let keys: Vec<String> = cleaned.refused.iter().cloned().collect();
    sqlx::query!(
        "update stations set listed_at = $1
        where source = 'cre' and source_key = any($2) and listed_at < $1",
        as_of,
        &keys,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Closes what an earlier file listed and this one does not; returns how many were open. Where a later
/// file has closed a station already, it is now known to have gone earlier.
async fn close_unlisted(db: &mut PgConnection, as_of: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    let closed = sqlx::query_scalar!(
        r#"
        update stations
        set status = 'closed', closed_at = $1
        from stations as before
        where
            before.id = stations.id
            and stations.source = 'cre'
            and stations.listed_at < $1
            and (stations.closed_at is null or stations.closed_at > $1)
        returning before.status = 'open' as "was_open!"
        "#,
        as_of,
    )
    .fetch_all(db)
    .await?;
    Ok(closed.into_iter().filter(|&was_open| was_open).count() as u64)
}

async fn record(db: &mut PgConnection, run: Run<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into station_imports (source, as_of, imported_at) values ('cre', $1, $2)
        on conflict (source, as_of) do nothing",
        run.as_of,
        run.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

fn summary(cleaned: Cleaner, merged: Merged, closed: u64) -> Summary {
    let usable = cleaned.rows.len() as u64;
    Summary {
        stations_read: cleaned.stations_read,
        stations_usable: usable,
        added: merged.added,
        updated: merged.updated,
        unchanged: usable.saturating_sub(merged.added + merged.updated),
        reopened: merged.reopened,
        closed,
        prices_read: cleaned.prices_read,
        prices_added: merged.prices_added,
        prices_corrected: merged.prices_corrected,
        prices_unchanged: merged.prices_unchanged,
        repaired: cleaned.repaired,
        rejected: cleaned.rejected,
    }
}
