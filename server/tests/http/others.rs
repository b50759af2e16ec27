//! What is neither page, nor action, nor operation of the API, for everyone who may and may not have it.

use std::fs;

use domain::account::Role;
use reqwest::header::ACCEPT;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use tempfile::tempdir;

use crate::{
    pages::asks_for,
    support::{LIMITLESS, TestServer, Wish, photo},
};

/// Expected for no one, consumer, attendant, manager, admin, and another consumer.
const TABLE: &[(&str, [u16; 6])] = &[
    (
        "/redemptions/{redemption}/events",
        [401, 200, 403, 403, 403, 404],
    ),
    (
        "/redemptions/{nobodys}/events",
        [401, 404, 403, 403, 403, 404],
    ),
    ("/images/{picture}", [200; 6]),
    ("/images/none.jpg", [404; 6]),
    // They take forms alone, as their own tests have it.
    ("/api/offers/set-picture", [405; 6]),
    ("/api/offers/upload", [405; 6]),
    ("/manage/offers/export.csv", [303, 403, 403, 200, 403, 403]),
    ("/card/events", [401, 200, 403, 403, 403, 200]),
    ("/dev/reload", [200; 6]),
    ("/api/openapi.json", [200; 6]),
    ("/api/docs", [200; 6]),
    ("/monitoring/health/live", [200; 6]),
    ("/monitoring/health/ready", [200; 6]),
    ("/.well-known/jwks.json", [200; 6]),
    ("/favicon.svg", [200; 6]),
    ("/pkg/surtidor.css", [200; 6]),
    ("/pkg/none.css", [404; 6]),
];

#[sqlx::test(migrations = "../migrations")]
async fn whatever_else_the_router_serves_answers_everyone_with_a_true_status(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let site = tempdir().unwrap();
    fs::create_dir(site.path().join("pkg")).unwrap();
    for file in ["favicon.svg", "pkg/surtidor.css"] {
        fs::write(site.path().join(file), "").unwrap();
    }
    let wish = Wish {
        site_root: site.path(),
        dev_reload: true,
        ..Wish::default()
    };
    let server = TestServer::wished(&options, wish).await;
    for path in &server.paths {
        let asked = TABLE.iter().any(|(row, _)| asks_for(row, path));
        assert!(asked, "no row asks for {path}");
    }
    for (row, _) in TABLE {
        let served = server.paths.iter().any(|path| asks_for(row, path));
        assert!(served, "nothing serves {row}");
    }
    let town = server.town();
    let offer = town.offer(&town.shop().await, LIMITLESS).await;
    let consumer = server.consumer(100).await;
    let redemption = town.redemption(&consumer, &offer).await;
    let shop = town.shop().await;
    let everyone = [
        server.browser(),
        consumer,
        server.signed_in(shop.attendant).await,
        server.signed_in(shop.manager).await,
        server
            .signed_in(town.someone(Role::Admin, None).await)
            .await,
        server.consumer(100).await,
    ];
    let own = town.offer(&shop, LIMITLESS).await;
    let page = format!("/manage/offers/{own}");
    let action = "/api/offers/set-picture";
    let file = photo(200);
    let set = everyone[3].send_file(&page, action, &own, ("image", &file));
    assert_eq!(set.await.status, 303);
    let picture = town
        .text("select encode(hash, 'hex') || '.jpg' from images limit 1")
        .await;
    for (row, expected) in TABLE {
        let path = row
            .replace("{picture}", &picture)
            .replace("{redemption}", &redemption)
            .replace("{nobodys}", &town.key());
        let mut statuses = Vec::new();
        for browser in &everyone {
            // A stream does not end: its head is enough.
            let request = browser.bare("GET", &path).header(ACCEPT, "*/*");
            statuses.push(request.send().await.unwrap().status().as_u16());
        }
        assert_eq!(statuses, expected, "{row}");
    }
    server.stop().await;
}
