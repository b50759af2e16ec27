//! The connection pool and the schema.
//!
//! Migrations run as whoever the address names, who owns the database; everything else works as [`ROLE`], which cannot
//! change what was done. See docs/adr/0011.

use std::time::Duration;

use sqlx::{
    ConnectOptions, Connection, Executor, PgConnection, PgPool,
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
    /// Whoever starts may not migrate, and the owner has not.
    #[error(
        "migration {0} is missing, and this address of the database may not make tables: run `surtidor migrate` with \
         the address of the database's owner first"
    )]
    WaitsForOwner(i64),
    /// Anything else.
    #[error(transparent)]
    Failed(MigrateError),
}

/// The role that the application works as.
pub const ROLE: &str = "surtidor_app";

impl From<sqlx::Error> for Unmigrated {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// Brings the schema up to date. Several starting instances may do so at once: sqlx takes an advisory lock. Whoever may
/// not make tables finds out whether the owner has done so.
///
/// # Errors
/// When the database was made by other migrations, cannot be reached, refuses one, or waits for its owner.
pub async fn migrate(url: &str) -> Result<(), Unmigrated> {
    let options: PgConnectOptions = url.parse()?;
    let mut db = options
        .application_name("surtidor migrate")
        .connect()
        .await?;
    let is_owner = sqlx::query_scalar!(
        r#"select has_schema_privilege(current_schema(), 'create') as "is_owner!""#
    );
    if is_owner.fetch_one(&mut db).await? {
        MIGRATIONS.run(&mut db).await.map_err(|error| match error {
            MigrateError::VersionMismatch(version) | MigrateError::VersionMissing(version) => {
                Unmigrated::AnotherHistory(version)
            }
            error => Unmigrated::Failed(error),
        })?;
    } else {
        ensure_migrated(&mut db).await?;
    }
    db.close().await?;
    Ok(())
}

async fn ensure_migrated(db: &mut PgConnection) -> Result<(), Unmigrated> {
    // The table is there once anything is.
    let done: Vec<i64> = sqlx::query_scalar("select version from _sqlx_migrations where success")
        .fetch_all(&mut *db)
        .await
        .unwrap_or_default();
    let waiting = MIGRATIONS.iter().find(|it| !done.contains(&it.version));
    match waiting {
        Some(migration) => Err(Unmigrated::WaitsForOwner(migration.version)),
        None => Ok(()),
    }
}

/// Opens a pool of at most `connections` that work as [`ROLE`], and waits for the first connection.
///
/// A request waits two seconds for a connection, no longer: by then it is kinder to say so. Plans are
/// made once per statement and connection; the statements here do not gain from custom plans.
///
/// # Errors
/// When the address is malformed, the database cannot be reached or has not been migrated.
pub async fn connect(url: &str, connections: u32) -> Result<PgPool, sqlx::Error> {
    let options: PgConnectOptions = url.parse()?;
    let options = options.application_name("surtidor").options([
        ("plan_cache_mode", "force_generic_plan"),
        // Compiling a plan takes longer than any statement here.
        ("jit", "off"),
        ("timezone", "UTC"),
        // A setting of the connection's own: `reset role` leads back to it.
        ("role", ROLE),
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
