//! Headers that protect whoever reads the answer, and limits that protect the server.

use std::collections::BTreeSet;

use reqwest::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use tempfile::tempdir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::{Answer, TestServer, Wish};

/// The sources of one directive of a content policy.
fn sources<'a>(policy: &'a str, directive: &str) -> Vec<&'a str> {
    let found = policy.split(';').find_map(|part| {
        let mut words = part.split_whitespace();
        (words.next() == Some(directive)).then(|| words.collect())
    });
    found.unwrap_or_default()
}

#[sqlx::test(migrations = "../migrations")]
async fn every_kind_of_answer_carries_the_security_headers(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let site = tempdir().unwrap();
    std::fs::write(site.path().join("robots.txt"), "User-agent: *").unwrap();
    for production in [false, true] {
        let wish = Wish {
            production,
            site_root: site.path(),
            ..Wish::default()
        };
        let server = TestServer::wished(&options, wish).await;
        let browser = server.browser();
        let answers = [
            browser.get("/").await,
            browser.get("/wallet").await,
            browser.get("/no/such/page").await,
            browser.get("/robots.txt").await,
            browser.get("/monitoring/health/live").await,
            browser.get("/redemptions/x/events").await,
            browser.ask("/api/identity/sign-out-everywhere", &[]).await,
            browser.submit("/", "/api/identity/sign-out", &[]).await,
            Answer::of(browser.bare("POST", "/api/identity/sign-out")).await,
            Answer::of(
                browser
                    .question("/api/identity/sign-in", &[])
                    .body("x".repeat(300_000)),
            )
            .await,
        ];
        let statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
        let expected = [200, 302, 404, 200, 200, 400, 401, 302, 403, 413];
        assert_eq!(statuses, expected);
        for answer in answers {
            let header =
                |name: &'static str| answer.header(reqwest::header::HeaderName::from_static(name));
            assert_eq!(header("x-content-type-options"), "nosniff");
            assert_eq!(header("x-frame-options"), "DENY");
            assert_eq!(header("referrer-policy"), "same-origin");
            assert_eq!(header("cross-origin-opener-policy"), "same-origin");
            assert_eq!(header("cross-origin-resource-policy"), "same-origin");
            let policy = answer.header(CONTENT_SECURITY_POLICY);
            assert_eq!(sources(policy, "default-src"), ["'none'"]);
            assert_eq!(sources(policy, "frame-ancestors"), ["'none'"]);
            assert!(!policy.contains("unsafe-inline"), "{policy}");
            let transport = header("strict-transport-security");
            assert_eq!(transport.starts_with("max-age=63072000"), production);
            assert_eq!(header("server"), "");
        }
        server.stop().await;
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_pages_scripts_carry_a_nonce_that_no_other_answer_has(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let mut nonces = BTreeSet::new();
    let browser = server.browser();
    for path in ["/", "/", "/sign-up", "/stations", "/no/such/page"] {
        let page = browser.get(path).await;
        assert!(page.header(CONTENT_TYPE).starts_with("text/html"));
        let policy = page.header(CONTENT_SECURITY_POLICY);
        let scripts = sources(policy, "script-src");
        assert!(!scripts.contains(&"'unsafe-inline'") && !scripts.contains(&"'unsafe-eval'"));
        let nonce = scripts
            .iter()
            .find_map(|source| source.strip_prefix("'nonce-")?.strip_suffix('\''))
            .unwrap();
        for script in page.text.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap();
            assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "{path}: {tag}");
        }
        assert!(!page.text.contains(" style=\""), "{path}");
        assert!(!page.text.contains(" onclick=\"") && !page.text.contains("javascript:"));
        nonces.insert(nonce.to_owned());
    }
    assert_eq!(nonces.len(), 5);
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_body_larger_than_any_form_is_refused_whether_it_says_so_or_not(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let address = server.url.strip_prefix("http://").unwrap().to_owned();
    let announced = server
        .browser()
        .question("/api/identity/sign-in", &[])
        .body("x".repeat(300_000));
    assert_eq!(Answer::of(announced).await.status, 413);
    let mut stream = TcpStream::connect(&address).await.unwrap();
    let head = format!(
        "POST /api/identity/sign-in HTTP/1.1\r\nhost: {address}\r\nsec-fetch-site: same-origin\r\n\
         accept: application/json\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         transfer-encoding: chunked\r\nconnection: close\r\n\r\n"
    );
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x1_0000));
    stream.write_all(head.as_bytes()).await.unwrap();
    for _ in 0..6 {
        // The server may hang up before all is sent.
        let _ = stream.write_all(chunk.as_bytes()).await;
    }
    let _ = stream.write_all(b"0\r\n\r\n").await;
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer).await;
    // Whoever reads the body finds out, so it is a form that cannot be read.
    assert!(answer.starts_with("HTTP/1.1 422"), "{answer}");
    let kept = server
        .town()
        .count("select count(*) from sign_in_attempts")
        .await;
    assert_eq!(kept, 0);
    server.stop().await;
}
