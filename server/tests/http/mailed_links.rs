//! Links that are mailed, and what is said to who asks for one.

use std::time::Duration;

use domain::account::Role;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::TestServer;

#[sqlx::test(migrations = "../migrations")]
async fn asking_for_a_new_password_tells_nobody_who_has_an_account(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    server
        .town()
        .person("known@town.test", Role::Consumer, None)
        .await;
    for address in ["known@town.test", "nobody@town.test"] {
        let answer = server
            .browser()
            .submit(
                "/forgot-password",
                "/api/identity/forgot-password",
                &[("email", address)],
            )
            .await;
        assert_eq!(answer.status, 302);
        assert_eq!(answer.location(), "/forgot-password?sent=1");
        assert_eq!(answer.text, "null");
    }
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn whoever_asks_for_a_new_password_is_answered_before_anyone_looks_for_the_account(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let user = town.person("known@town.test", Role::Consumer, None).await;
    let links = "select count(*) from one_time_tokens where used_at is null";
    // No link can be made for as long as the person's row is held.
    let mut held = server.db().begin().await.unwrap();
    sqlx::query("select from users where id = $1 for update")
        .bind(user)
        .execute(&mut *held)
        .await
        .unwrap();
    let fields = [("email", "known@town.test")];
    let answer = server
        .browser()
        .submit("/forgot-password", "/api/identity/forgot-password", &fields)
        .await;
    assert_eq!(answer.location(), "/forgot-password?sent=1");
    assert_eq!(town.count(links).await, 0);
    held.commit().await.unwrap();
    let made = async {
        while town.count(links).await == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), made)
        .await
        .unwrap();
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn whoever_has_been_mailed_enough_links_is_told_to_look_for_them_or_to_wait(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let browser = server.consumer(0).await;
    let ask = async || {
        let (_, page) = browser
            .submit_and_follow("/account", "/api/identity/request-verification", &[])
            .await;
        page.text
    };
    for _ in 0..3 {
        let page = ask().await;
        assert!(page.contains("Link sent."), "{page}");
    }
    let page = ask().await;
    assert!(
        page.contains("Look among the spam, or ask again in 60 minutes."),
        "{page}"
    );
    server.stop().await;
}
