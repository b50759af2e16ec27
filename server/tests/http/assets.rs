//! Static files.

use std::fs;

use reqwest::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use tempfile::tempdir;

use crate::support::{Answer, TestServer, Wish};

#[sqlx::test(migrations = "../migrations")]
async fn hashed_files_are_kept_for_good_and_packed_copies_go_to_who_can_read_them(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let site = tempdir().unwrap();
    let build = site.path().join("pkg/abc123");
    fs::create_dir_all(&build).unwrap();
    for (path, text) in [
        ("pkg/current", "abc123\n"),
        ("pkg/abc123/surtidor.js", "plain"),
        ("pkg/abc123/surtidor.js.br", "brotli"),
        ("pkg/abc123/surtidor.js.gz", "gzip"),
        ("favicon.svg", "<svg/>"),
    ] {
        fs::write(site.path().join(path), text).unwrap();
    }
    let wish = Wish {
        site_root: site.path(),
        ..Wish::default()
    };
    let server = TestServer::wished(&options, wish).await;
    let browser = server.browser();
    let get = async |path: &str, encodings: &str| {
        Answer::of(browser.bare("GET", path).header(ACCEPT_ENCODING, encodings)).await
    };
    let script = "/pkg/abc123/surtidor.js";
    assert!(get("/", "").await.text.contains(script));
    for (accepted, encoding, text) in [
        ("gzip, deflate, br", "br", "brotli"),
        ("gzip", "gzip", "gzip"),
        ("identity", "", "plain"),
        ("", "", "plain"),
    ] {
        let answer = get(script, accepted).await;
        assert_eq!(answer.text, text, "{accepted}");
        assert_eq!(answer.header(CONTENT_ENCODING), encoding);
        assert_eq!(
            answer.header(CACHE_CONTROL),
            "public, max-age=31536000, immutable"
        );
        assert_eq!(answer.header(CONTENT_TYPE), "text/javascript");
    }
    let icon = get("/favicon.svg", "").await;
    assert_eq!(icon.header(CACHE_CONTROL), "public, max-age=86400");
    // What is missing is not remembered, and nothing outside is reached.
    for path in [
        "/pkg/abc123/none.js",
        "/pkg/older/surtidor.js",
        "/pkg/",
        "/pkg/abc123/",
        "/pkg/..%2f..%2fetc/passwd",
        "/pkg/%2e%2e/%2e%2e/etc/passwd",
    ] {
        let answer = get(path, "").await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(!answer.header(CACHE_CONTROL).contains("public"), "{path}");
    }
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn pages_are_packed_for_who_can_read_it(_: PgPoolOptions, options: PgConnectOptions) {
    let server = TestServer::start(&options).await;
    for (accepted, encoding) in [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("", "")] {
        let page = server
            .browser()
            .page("/sign-in")
            .header(ACCEPT_ENCODING, accepted)
            .send()
            .await
            .unwrap();
        let told = page.headers().get(CONTENT_ENCODING);
        let told = told.map_or("", |value| value.to_str().unwrap());
        assert_eq!(told, encoding);
    }
    server.stop().await;
}
