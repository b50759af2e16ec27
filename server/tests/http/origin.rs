//! Requests that another site's page made a browser send.

use reqwest::header::{ACCEPT, HeaderName, ORIGIN, REFERER};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::{Answer, LIMITLESS, TestServer};

#[sqlx::test(migrations = "../migrations")]
async fn what_other_sites_send_is_refused_and_changes_nothing(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let offer = town.offer(&town.shop().await, LIMITLESS).await;
    let consumer = server.consumer(500).await;
    let site = HeaderName::from_static("sec-fetch-site");
    let evil = "http://evil.example";
    let foreign: &[&[(HeaderName, &str)]] = &[
        &[],
        &[(ORIGIN, evil)],
        &[(ORIGIN, "null")],
        &[(ORIGIN, "")],
        &[(ORIGIN, "http://127.0.0.1:1")],
        &[(REFERER, &server.url)],
        &[(site.clone(), "cross-site")],
        &[(site.clone(), "same-site")],
        &[(site.clone(), "cross-site"), (ORIGIN, &server.url)],
        &[(site.clone(), "Same-Origin")],
    ];
    for headers in foreign {
        for accept in ["text/html", "application/json"] {
            for method in ["POST", "PUT", "DELETE"] {
                let key = town.key();
                let mut request = consumer
                    .bare(method, "/api/offers/redeem")
                    .header(ACCEPT, accept)
                    .form(&[("offer", &offer), ("key", &key)]);
                for (name, value) in *headers {
                    request = request.header(name, *value);
                }
                let answer = Answer::of(request).await;
                assert_eq!(answer.status, 403, "{method} {headers:?}");
                assert_eq!(answer.code(), "CROSS_ORIGIN");
                assert_eq!(answer.cookies(), Vec::<&str>::new());
            }
        }
    }
    assert_eq!(town.count("select count(*) from redemptions").await, 0);
    let own: &[&[(HeaderName, &str)]] = &[
        &[(site.clone(), "same-origin")],
        &[(site, "none")],
        &[(ORIGIN, &server.url)],
    ];
    for headers in own {
        let key = town.key();
        let mut request = consumer
            .bare("POST", "/api/offers/redeem")
            .header(ACCEPT, "text/html")
            .form(&[("offer", &offer), ("key", &key)]);
        for (name, value) in *headers {
            request = request.header(name, *value);
        }
        assert!(
            Answer::of(request).await.redemption().is_some(),
            "{headers:?}"
        );
    }
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn no_action_is_done_by_following_a_link(_: PgPoolOptions, options: PgConnectOptions) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let offer = town.offer(&town.shop().await, LIMITLESS).await;
    let consumer = server.consumer(500).await;
    let key = town.key();
    let path = format!("/api/offers/redeem?offer={offer}&key={key}");
    for method in ["GET", "HEAD"] {
        let answer = Answer::of(consumer.bare(method, &path)).await;
        assert!([404, 405].contains(&answer.status), "{}", answer.status);
    }
    assert_eq!(town.count("select count(*) from redemptions").await, 0);
    server.stop().await;
}
