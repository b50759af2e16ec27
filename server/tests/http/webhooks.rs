//! The manager's pages of webhooks.

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::{Browser, TestServer};

const PAGE: &str = "/manage/webhooks";
const CREATE: &str = "/api/webhooks/create";
const GOOD: [(&str, &str); 2] = [
    ("url", "http://127.0.0.1:9/in"),
    ("events[]", "accrual.created"),
];

async fn manager(server: &TestServer) -> Browser {
    let shop = server.town().shop().await;
    server.signed_in(shop.manager).await
}

/// The secret on a page, if it shows one.
fn shown(page: &str) -> Option<&str> {
    let from = page.find("class=\"secret\"")?;
    page[from..].split(['>', '<']).nth(1)
}

#[sqlx::test(migrations = "../migrations")]
async fn a_new_secret_is_shown_once(_: PgPoolOptions, options: PgConnectOptions) {
    let server = TestServer::start(&options).await;
    let browser = manager(&server).await;
    let answer = browser.submit(PAGE, CREATE, &GOOD).await;
    let next = answer.location();
    assert!(answer.status == 302 && next.starts_with(PAGE), "{next}");
    let page = browser.get(&next).await;
    let secret = shown(&page.text).expect("the secret").to_owned();
    assert!(secret.starts_with("whsec_") && !next.contains(&secret));
    let own = next.split('?').next().unwrap().to_owned();
    for path in [&next, &own] {
        assert_eq!(shown(&browser.get(path).await.text), None, "{path}");
    }
    let id = own.rsplit('/').next().unwrap();
    let question = format!("{own}?ask=rotate");
    assert_eq!(browser.get(&question).await.input("webhook"), Some(id));
    let (_, rotated) = browser
        .submit_and_follow(&question, "/api/webhooks/rotate-secret", &[("webhook", id)])
        .await;
    let other = shown(&rotated.text).expect("another secret");
    assert_ne!(other, secret);
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_was_typed_comes_back_with_what_is_wrong(_: PgPoolOptions, options: PgConnectOptions) {
    let server = TestServer::start(&options).await;
    let browser = manager(&server).await;
    let bad = [("url", "ftp://pos.test/"), ("events[]", "offer.sold_out")];
    let (_, page) = browser.submit_and_follow(PAGE, CREATE, &bad).await;
    assert_eq!(page.input("url"), Some("ftp://pos.test/"));
    assert_eq!(page.text.matches(" checked").count(), 1, "{}", page.text);
    let (_, page) = browser.submit_and_follow(PAGE, CREATE, &GOOD[..1]).await;
    assert_eq!(page.input("url"), Some(GOOD[0].1));
    assert_eq!(page.text.matches(" checked").count(), 0);
    assert!(page.text.contains("id=\"field-events-error\""));
    let count = "select count(*) from webhook_endpoints";
    assert_eq!(server.town().count(count).await, 0);
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_test_is_seen_among_the_deliveries_until_the_webhook_is_deleted(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let browser = manager(&server).await;
    let made = browser.submit(PAGE, CREATE, &GOOD).await.location();
    let own = made.split('?').next().unwrap().to_owned();
    let id = own.rsplit('/').next().unwrap();
    let fields = [("webhook", id)];
    let empty = browser.get(&own).await;
    assert!(empty.text.contains("No deliveries yet"), "{}", empty.text);
    let (_, sent) = browser
        .submit_and_follow(&own, "/api/webhooks/send-test", &fields)
        .await;
    assert!(sent.text.contains("On its way"), "{}", sent.text);
    let question = format!("{own}?ask=delete");
    let (_, gone) = browser
        .submit_and_follow(&question, "/api/webhooks/delete", &fields)
        .await;
    assert!(gone.text.contains("Webhook deleted."), "{}", gone.text);
    assert_eq!(browser.get(&own).await.status, 404);
    server.stop().await;
}
