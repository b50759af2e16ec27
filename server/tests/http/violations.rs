//! Reaching beyond one's role, and what is written of it.

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::TestServer;

#[sqlx::test(migrations = "../migrations")]
async fn whoever_of_a_merchant_reaches_beyond_their_role_is_written_down(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let shop = town.shop().await;
    let attendant = server.signed_in(shop.attendant).await;
    assert_eq!(attendant.get("/manage/offers").await.status, 403);
    let fields = [("name", "Mine"), ("station", "")];
    attendant
        .submit("/till", "/api/terminals/create", &fields)
        .await;
    let program = server.acting_for(shop.manager).await;
    assert_eq!(program.get("/admin/merchants").await.status, 403);
    // A consumer has nothing entrusted to them.
    assert_eq!(server.consumer(0).await.get("/till").await.status, 403);
    let told = "select string_agg(concat_ws(' ', details ->> 'role', details ->> 'method', details ->> 'path'), '; '
        order by id) from audit_log where action = 'violation.role'";
    assert_eq!(
        town.text(told).await,
        "attendant GET /manage/offers; attendant POST /api/terminals/create; manager GET /api/v1/admin/merchants"
    );
    server.stop().await;
}
