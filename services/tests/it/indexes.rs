//! What is done many times a day never reads a whole table that grows.

use domain::codes::Presented;
use services::{
    offers::{browse, cancel, expire, history, manage, till},
    wallet,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::World;

const WHOLE_READS: &str = "select sum(seq_scan)::bigint from pg_stat_user_tables
    where relname in ('redemptions', 'transfers', 'accounts', 'users')";

async fn whole_reads(world: &World) -> i64 {
    sqlx::query("select pg_stat_force_next_flush()")
        .execute(world.db())
        .await
        .unwrap();
    world.count(WHOLE_READS).await
}

#[sqlx::test(migrations = "../migrations")]
async fn whatever_grows_is_read_by_indexes_alone(_: PgPoolOptions, options: PgConnectOptions) {
    // Asked not to, the planner reads a whole table only where there is no other way. One connection, so
    // that the counts are those of the work before.
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .connect_with(options.options([("enable_seqscan", "off")]))
        .await
        .unwrap();
    let world = World::new(pool).await;
    let shop = world.shop(world.draft()).await;
    let consumer = world.consumer(500).await;
    let before = whole_reads(&world).await;
    let unchanged = async |doing: &str| assert_eq!(whole_reads(&world).await, before, "{doing}");

    let redemption = world.redeem(consumer, shop.offer).await;
    unchanged("redeem").await;
    let codes = world.codes(consumer, redemption).await;
    unchanged("redemption's page").await;
    for presented in [
        Presented::Id(redemption),
        Presented::Short(codes.short_code),
        Presented::Code {
            code: codes.code.clone(),
            token: None,
        },
    ] {
        till::validate(&world.s, shop.attendant, &presented)
            .await
            .unwrap();
        unchanged("validate").await;
    }
    world.confirm(shop.attendant, redemption).await;
    unchanged("confirm").await;
    let other = world.redeem(consumer, shop.offer).await;
    cancel::cancel(&world.s, consumer, other, None, None)
        .await
        .unwrap();
    unchanged("cancel").await;
    world.redeem(consumer, shop.offer).await;
    world.clock.advance(chrono::TimeDelta::minutes(15));
    assert_eq!(expire::expire_due(&world.s).await.unwrap(), 1);
    unchanged("expire").await;

    till::recent(&world.s, shop.attendant).await.unwrap();
    history::list(&world.s, consumer, history::Filter::default())
        .await
        .unwrap();
    history::landing(&world.s, &codes.code).await.unwrap();
    unchanged("history").await;
    wallet::balance(&world.s, consumer).await.unwrap();
    wallet::movements(&world.s, consumer, wallet::Filter::default())
        .await
        .unwrap();
    unchanged("wallet").await;
    browse::detail(&world.s, shop.offer, Some(consumer.user()))
        .await
        .unwrap();
    unchanged("offer's page").await;
    manage::list(&world.s, shop.manager, None, None)
        .await
        .unwrap();
    unchanged("manager's list").await;
    world.assert_ledger_sound().await;
    world.close().await;
}
