//! The manager's page of API keys.

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::{Browser, TestServer};

const PAGE: &str = "/manage/keys";

async fn manager(server: &TestServer) -> Browser {
    let shop = server.town().shop().await;
    server.signed_in(shop.manager).await
}

/// The key on a page, if it shows one.
fn shown(page: &str) -> Option<&str> {
    let from = page.find("srt_")?;
    page[from..].split('<').next()
}

#[sqlx::test(migrations = "../migrations")]
async fn a_new_key_is_shown_once_and_kept_nowhere(_: PgPoolOptions, options: PgConnectOptions) {
    let server = TestServer::start(&options).await;
    let browser = manager(&server).await;
    let answer = browser
        .submit(PAGE, "/api/merchants/create-key", &[("name", "Till 1")])
        .await;
    let next = answer.location();
    assert!(answer.status == 302 && next.starts_with(PAGE), "{next}");
    // Between the two requests neither the address nor the store of sessions has it.
    let sessions = "select string_agg(data::text, '') from sessions";
    let stored = server.town().text(sessions).await;
    let page = browser.get(&next).await;
    let key = shown(&page.text).expect("the key").to_owned();
    assert_eq!(key.len(), 47);
    assert!(!next.contains(&key) && !stored.contains(&key));
    assert!(page.text.contains("Till 1"));
    for path in [&next, PAGE] {
        assert_eq!(shown(&browser.get(path).await.text), None, "{path}");
    }
    let operator = services::identity::api_keys::authenticate(&server.s, &key).await;
    assert!(operator.is_ok());
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_key_is_revoked_after_a_question(_: PgPoolOptions, options: PgConnectOptions) {
    let server = TestServer::start(&options).await;
    let browser = manager(&server).await;
    let (_, page) = browser
        .submit_and_follow(PAGE, "/api/merchants/create-key", &[("name", "Till 1")])
        .await;
    let key = shown(&page.text).expect("the key").to_owned();
    let id = server.town().text("select id::text from api_keys").await;
    let question = format!("{PAGE}?revoke={id}");
    assert!(page.text.contains(&question));
    let asked = browser.get(&question).await;
    assert_eq!(asked.input("key"), Some(id.as_str()));
    let (_, done) = browser
        .submit_and_follow(&question, "/api/merchants/revoke-key", &[("key", &id)])
        .await;
    assert!(done.text.contains("Key revoked."), "{}", done.text);
    assert_eq!(browser.get(&question).await.input("key"), None);
    let operator = services::identity::api_keys::authenticate(&server.s, &key).await;
    assert!(operator.is_err());
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_key_without_a_name_is_refused_with_what_was_typed(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let browser = manager(&server).await;
    let long = "x".repeat(61);
    let (_, page) = browser
        .submit_and_follow(PAGE, "/api/merchants/create-key", &[("name", &long)])
        .await;
    assert_eq!(page.input("name"), Some(long.as_str()));
    assert_eq!(
        server.town().count("select count(*) from api_keys").await,
        0
    );
    server.stop().await;
}
