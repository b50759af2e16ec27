//! Migrating.

use services::db::{Unmigrated, migrate};
use sqlx::{ConnectOptions, PgPool};

#[sqlx::test(migrations = "../migrations")]
async fn a_database_made_by_another_migration_is_refused_with_what_to_do(db: PgPool) {
    let url = db.connect_options().to_url_lossy().to_string();
    migrate(&url).await.unwrap();
    sqlx::query("update _sqlx_migrations set checksum = '' where version = 6")
        .execute(&db)
        .await
        .unwrap();
    let refused = migrate(&url).await.unwrap_err();
    assert!(matches!(refused, Unmigrated::AnotherHistory(6)));
    assert!(refused.to_string().contains("begin with an empty database"));
}
