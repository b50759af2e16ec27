//! What the application's role may do, and what it may not.

use services::{
    db::{self, ROLE, Unmigrated},
    identity::end_all_sessions,
};
use sqlx::{
    ConnectOptions, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::support::World;

/// Privileges that are missing (PostgreSQL's manual, appendix A).
const NOT_ALLOWED: &str = "42501";

async fn code(db: &PgPool, sql: &str) -> String {
    let refused = sqlx::raw_sql(sql).execute(db).await;
    let error = refused.expect_err(sql).into_database_error().unwrap();
    error.code().unwrap().into_owned()
}

fn url(options: &PgConnectOptions) -> String {
    options.to_url_lossy().into()
}

#[sqlx::test(migrations = "../migrations")]
async fn what_was_done_and_what_moved_is_not_the_applications_to_change(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let db = db::connect(&url(&options), 2).await.unwrap();
    for sql in [
        "update audit_log set at = now()",
        "delete from audit_log",
        "truncate audit_log",
        "update transfers set created_at = now()",
        "delete from transfers",
        "truncate transfers cascade",
        "alter table audit_log disable trigger all",
        "drop table audit_log",
        "create table mine (id integer)",
        "truncate users cascade",
        "update _sqlx_migrations set success = false",
    ] {
        assert_eq!(code(&db, sql).await, NOT_ALLOWED, "{sql}");
    }
    // `reset role` leads back to it.
    sqlx::raw_sql("reset role").execute(&db).await.unwrap();
    let who: String = sqlx::query_scalar("select current_user::text")
        .fetch_one(&db)
        .await
        .unwrap();
    assert_eq!(who, ROLE);
    db.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_trigger_stops_the_owner_too(db: PgPool) {
    for table in ["audit_log", "transfers"] {
        let refused = sqlx::query(&format!("delete from {table}"))
            .execute(&db)
            .await;
        assert!(refused.unwrap_err().to_string().contains("append-only"));
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn the_application_works_on_every_other_table_and_on_those_to_come(owner: PgPool) {
    let options = owner.connect_options();
    sqlx::query("create table later (id integer)")
        .execute(&owner)
        .await
        .unwrap();
    let tables: Vec<String> = sqlx::query_scalar(
        "select c.oid::regclass::text from pg_class c
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')
             and not exists (select from pg_depend d
                 where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')",
    )
    .fetch_all(&owner)
    .await
    .unwrap();
    assert!(tables.len() > 20, "{tables:?}");
    let may = "select has_table_privilege($1, $2, 'select') and ($2 = '_sqlx_migrations' or has_table_privilege($1, $2, 'insert'))";
    for table in &tables {
        let allowed: bool = sqlx::query_scalar(may)
            .bind(ROLE)
            .bind(table)
            .fetch_one(&owner)
            .await
            .unwrap();
        assert!(allowed, "{table}");
    }
    let db = db::connect(&url(&options), 1).await.unwrap();
    for sql in [
        "insert into later values (1); delete from later",
        "create temporary table draft (id integer); insert into draft values (1)",
        "select analyze_stations()",
        "listen redemption; notify redemption; unlisten redemption",
    ] {
        sqlx::raw_sql(sql).execute(&db).await.expect(sql);
    }
    db.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_sign_in_that_owns_nothing_is_enough_to_serve_but_not_to_migrate(owner: PgPool) {
    let options = owner.connect_options().as_ref().clone();
    let world = World::new(owner.clone()).await;
    let account = world.consumer_account(0).await;
    // Roles belong to the cluster: one for this test's database alone.
    let name = options.get_database().unwrap().to_owned();
    let as_owner = |sql: String| {
        let options = options.clone();
        async move {
            let mut db: PgConnection = options.connect().await.unwrap();
            sqlx::raw_sql(&sql).execute(&mut db).await.unwrap();
        }
    };
    as_owner(format!(
        "create role \"{name}\" login password 'only for a test' in role {ROLE}"
    ))
    .await;
    let own = url(&options.clone().username(&name).password("only for a test"));
    db::migrate(&own).await.unwrap();
    let db = db::connect(&own, 1).await.unwrap();
    // Even what leaves the role behind finds nothing more.
    sqlx::raw_sql("set role none").execute(&db).await.unwrap();
    assert_eq!(code(&db, "delete from audit_log").await, NOT_ALLOWED);
    assert_eq!(
        code(&db, "alter table users disable trigger all").await,
        NOT_ALLOWED
    );
    db.close().await;
    end_all_sessions(&world.s, account.id).await.unwrap();

    as_owner("delete from _sqlx_migrations where version = 62".into()).await;
    let refused = db::migrate(&own).await;
    assert!(matches!(refused, Err(Unmigrated::WaitsForOwner(62))));
    assert!(
        refused
            .unwrap_err()
            .to_string()
            .contains("surtidor migrate")
    );
    as_owner(format!("drop role \"{name}\"")).await;
}
