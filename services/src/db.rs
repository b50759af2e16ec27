//! The connection pool and the schema.

use std::time::Duration;

use sqlx::{
    Executor, PgPool,
    migrate::{MigrateError, Migrator},
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{Fault, Services};

/// The migrations, inside the binary.
static MIGRATIONS: Migrator = sqlx::migrate!("../migrations");

/// Why the schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum Unmigrated {
    /// The database was made by other migrations than this binary's.
    #[error(
        "migration {0} is not the one that made this database: start the version that made it, or begin \
         with an empty database (the private one of a clone is begun anew when its folder .surtidor is deleted)"
    )]
    AnotherHistory(i64),
    /// Anything else.
    #[error(transparent)]
    Failed(MigrateError),
}

/// Brings the schema up to date. Several starting instances may do so at once: sqlx takes an advisory lock.
///
/// # Errors
/// When the database was made by other migrations, cannot be reached, or refuses one.
pub async fn migrate(db: &PgPool) -> Result<(), Unmigrated> {
    MIGRATIONS.run(db).await.map_err(|error| match error {
        MigrateError::VersionMismatch(version) | MigrateError::VersionMissing(version) => {
            Unmigrated::AnotherHistory(version)
        }
        error => Unmigrated::Failed(error),
    })
}

/// Opens a pool of at most `connections` and waits for the first connection.
///
/// A request waits two seconds for a connection, no longer: by then it is kinder to say so. Plans are
/// made once per statement and connection; the statements here do not gain from custom plans.
///
/// # Errors
/// When the address is malformed or the database cannot be reached.
pub async fn connect(url: &str, connections: u32) -> Result<PgPool, sqlx::Error> {
    let options: PgConnectOptions = url.parse()?;
    let options = options.application_name("surtidor").options([
        ("plan_cache_mode", "force_generic_plan"),
        // Compiling a plan takes longer than any statement here.
        ("jit", "off"),
        ("timezone", "UTC"),
        // The rollback below warns whenever there is nothing to roll back.
        ("client_min_messages", "error"),
    ]);
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(2))
        // A request that was dropped while its BEGIN was on the way would hand back a connection inside a
        // transaction, and what the next one writes would be lost with it.
        .after_release(|connection, _| {
            Box::pin(async move {
                connection.execute("rollback").await?;
                Ok(true)
            })
        })
        .connect_with(options)
        .await
}

/// Asks the database for an answer.
///
/// # Errors
/// When it gives none.
pub async fn ping(s: &Services) -> Result<(), Fault> {
    sqlx::query("select 1").execute(&s.db).await?;
    Ok(())
}
