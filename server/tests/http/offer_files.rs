//! Pictures and tables of offers, as browsers send and get them.

use domain::account::Role;
use reqwest::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, HeaderName, IF_NONE_MATCH,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::{Answer, Browser, LIMITLESS, TestServer, photo};

const SET_PICTURE: &str = "/api/offers/set-picture";
const UPLOAD: &str = "/api/offers/upload";
const TABLE: &str = "name,description,category,points_cost,valid_from,valid_to\n\
    Jugo verde,Del día.,food,90,2026-01-01T00:00,2099-01-01T00:00\n";

/// What goes by this attribute first in a page.
fn attribute<'a>(page: &'a str, before: &str) -> &'a str {
    let from = page
        .find(before)
        .unwrap_or_else(|| panic!("{before}: {page}"));
    page[from + before.len()..].split('"').next().unwrap()
}

/// Sends a picture as the offer's own page does, and opens the page it leads to.
async fn send(browser: &Browser, offer: &str, file: &[u8]) -> (String, Answer) {
    let page = format!("/manage/offers/{offer}");
    let answer = browser
        .send_file(&page, SET_PICTURE, offer, ("image", file))
        .await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let to = answer.location();
    let page = browser.get(&to).await;
    (to, page)
}

#[sqlx::test(migrations = "../migrations")]
async fn a_picture_is_shown_and_kept_for_good_by_whoever_has_loaded_it(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let shop = town.shop().await;
    let offer = town.offer(&shop, LIMITLESS).await;
    let manager = server.signed_in(shop.manager).await;
    let (to, page) = send(&manager, &offer, &photo(200)).await;
    assert_eq!(to, format!("/manage/offers/{offer}?saved=1"));
    let large = attribute(&page.text, "src=\"/images/").to_owned();
    let visitor = server.browser();
    let shown = visitor.get(&format!("/offers/{offer}")).await;
    assert_eq!(attribute(&shown.text, "src=\"/images/"), large);
    assert_eq!(attribute(&shown.text, "width=\"9"), "00");
    let listed = visitor.get("/offers").await;
    let small = attribute(&listed.text, "src=\"/images/");
    assert_ne!(small, large);
    assert!(listed.text.contains("width=\"640\" height=\"426\""));
    assert!(listed.text.contains("loading=\"lazy\"") && listed.text.contains("alt=\"\""));

    let path = format!("/images/{large}");
    let picture = Answer::of(visitor.bare("GET", &path)).await;
    assert_eq!(picture.status, 200);
    for (name, value) in [
        (CONTENT_TYPE, "image/jpeg"),
        (CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (HeaderName::from_static("x-content-type-options"), "nosniff"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "cross-origin",
        ),
    ] {
        assert_eq!(picture.header(name), value);
    }
    assert!(picture.cookies().is_empty());
    let tag = picture.header(ETAG);
    assert_eq!(tag, format!("\"{}\"", large.strip_suffix(".jpg").unwrap()));
    let again = Answer::of(visitor.bare("GET", &path).header(IF_NONE_MATCH, tag)).await;
    assert_eq!((again.status, again.text.as_str()), (304, ""));
    let none = "0".repeat(64);
    for path in [
        format!("/images/{none}.jpg"),
        path.replace(".jpg", ".png"),
        path.replace(".jpg", ""),
        "/images/..%2f..%2fetc%2fpasswd".to_owned(),
    ] {
        let answer = Answer::of(visitor.bare("GET", &path)).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(!answer.header(CACHE_CONTROL).contains("public"), "{path}");
    }

    let fields = [("id", offer.as_str())];
    let page = format!("/manage/offers/{offer}");
    let (_, page) = manager
        .submit_and_follow(&page, "/api/offers/remove-picture", &fields)
        .await;
    assert!(!page.text.contains("/images/"));
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_file_that_is_no_picture_comes_back_with_what_to_do(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let shop = town.shop().await;
    let offer = town.offer(&shop, LIMITLESS).await;
    let manager = server.signed_in(shop.manager).await;
    let heavy = vec![0; 9 * 1024 * 1024];
    for (file, words) in [
        (b"<svg/>".as_slice(), "Choose a JPEG, PNG or WebP"),
        (b"", "This is missing"),
        (&heavy, "more than 8 MB"),
    ] {
        let (to, page) = send(&manager, &offer, file).await;
        assert!(to.contains("__err="), "{to}");
        assert_eq!(page.status, 200);
        assert!(page.text.contains(words), "{words}: {}", page.text);
        assert!(page.text.contains("aria-describedby=\"field-image-error"));
    }
    let huge = vec![0; 33 * 1024 * 1024];
    let page = format!("/manage/offers/{offer}");
    let answer = manager
        .send_file(&page, SET_PICTURE, &offer, ("image", &huge))
        .await;
    assert_eq!(answer.status, 413);
    // A form of another kind, and one from elsewhere.
    let answer = manager.submit(&page, SET_PICTURE, &[("id", &offer)]).await;
    assert_eq!(answer.status, 303);
    assert!(answer.location().contains("__err="));
    let elsewhere = manager
        .bare("POST", SET_PICTURE)
        .header("sec-fetch-site", "cross-site");
    assert_eq!(Answer::of(elsewhere).await.code(), "CROSS_ORIGIN");
    assert_eq!(town.count("select count(*) from images").await, 0);
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn only_managers_send_pictures_and_for_their_own_offers_alone(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let (shop, other) = (town.shop().await, town.shop().await);
    let offer = town.offer(&shop, LIMITLESS).await;
    let admin = town.someone(Role::Admin, None).await;
    let browsers = [
        (server.browser(), "UNAUTHORIZED"),
        (server.consumer(0).await, "FORBIDDEN"),
        (server.signed_in(shop.attendant).await, "FORBIDDEN"),
        (server.signed_in(admin).await, "FORBIDDEN"),
        (server.signed_in(other.manager).await, "NOT_FOUND"),
    ];
    for (browser, code) in browsers {
        for action in [SET_PICTURE, UPLOAD] {
            let table = action == UPLOAD;
            if table && code == "NOT_FOUND" {
                continue;
            }
            let request = browser
                .bare("POST", action)
                .header("accept", "application/json")
                .header("sec-fetch-site", "same-origin")
                .header("content-type", "multipart/form-data; boundary=x");
            let body = format!(
                "--x\r\ncontent-disposition: form-data; name=\"id\"\r\n\r\n{offer}\r\n\
                 --x\r\ncontent-disposition: form-data; name=\"image\"\r\n\r\nnothing\r\n--x--\r\n"
            );
            let answer = Answer::of(request.body(body)).await;
            assert_eq!(answer.code(), code, "{action}");
        }
    }
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_offer_is_copied_once_however_often_the_button_is_pressed(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let shop = town.shop().await;
    let offer = town.offer(&shop, LIMITLESS).await;
    let manager = server.signed_in(shop.manager).await;
    send(&manager, &offer, &photo(30)).await;
    let list = manager.get("/manage/offers").await;
    let copy = list.input("copy").unwrap().to_owned();
    let fields = [("id", offer.as_str()), ("copy", copy.as_str())];
    for _ in 0..2 {
        let (to, page) = manager
            .submit_and_follow("/manage/offers", "/api/offers/copy", &fields)
            .await;
        assert_eq!(to, format!("/manage/offers/{copy}"));
        assert_eq!(page.input("offer[name]"), Some("Coffee (copy)"));
        assert!(page.text.contains("Draft") && page.text.contains("/images/"));
    }
    assert_eq!(town.count("select count(*) from offers").await, 2);
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_preview_is_the_customers_page_with_nothing_to_send(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let shop = town.shop().await;
    let offer = town.offer(&shop, LIMITLESS).await;
    let manager = server.signed_in(shop.manager).await;
    sqlx::query("update offers set status = 'draft'")
        .execute(server.db())
        .await
        .unwrap();
    let page = manager
        .get(&format!("/manage/offers/{offer}/preview"))
        .await;
    for words in ["Preview", "still a draft", "Redeem for 100 Lumis", "Coffee"] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    assert!(!page.text.contains("/api/offers/redeem"));
    assert!(!page.text.contains("Not available"));
    let unseen = server.browser().get(&format!("/offers/{offer}")).await;
    assert_eq!(unseen.status, 404);
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_table_is_given_looked_at_and_imported_once(_: PgPoolOptions, options: PgConnectOptions) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let (shop, other) = (town.shop().await, town.shop().await);
    let offer = town.offer(&shop, LIMITLESS).await;
    town.offer(&other, LIMITLESS).await;
    let manager = server.signed_in(shop.manager).await;
    let export = manager.get("/manage/offers/export.csv").await;
    assert_eq!(export.header(CONTENT_TYPE), "text/csv; charset=utf-8");
    let name = export.header(CONTENT_DISPOSITION);
    assert_eq!(name, "attachment; filename=\"offers.csv\"");
    assert!(export.text.starts_with("\u{feff}offer_id,version,name,"));
    assert_eq!(export.text.lines().count(), 2, "{}", export.text);
    assert!(export.text.contains(&offer));
    let nobody = server.browser().get("/manage/offers/export.csv").await;
    assert_eq!(
        (nobody.status, nobody.location()),
        (
            303,
            "/sign-in?next=%2Fmanage%2Foffers%2Fexport%2Ecsv".to_owned()
        )
    );
    for user in [shop.attendant, town.someone(Role::Admin, None).await] {
        let answer = server.signed_in(user).await;
        let answer = answer.get("/manage/offers/export.csv").await;
        assert_eq!(answer.status, 403);
    }

    let page = manager.get("/manage/offers/import").await;
    let id = page.input("id").unwrap().to_owned();
    let mut to = String::new();
    for _ in 0..2 {
        let sent = manager
            .send_file(
                "/manage/offers/import",
                UPLOAD,
                &id,
                ("file", TABLE.as_bytes()),
            )
            .await;
        assert_eq!(sent.status, 303, "{}", sent.text);
        to = sent.location();
        assert_eq!(to, format!("/manage/offers/import/{id}"));
    }
    let review = manager.get(&to).await;
    assert!(
        review.text.contains("1 new offer, no change."),
        "{}",
        review.text
    );
    assert!(review.text.contains("Jugo verde"));
    assert_eq!(town.count("select count(*) from offers").await, 2);
    let theirs = server.signed_in(other.manager).await;
    assert_eq!(theirs.get(&to).await.status, 404);
    let fields = [("id", id.as_str())];
    for _ in 0..2 {
        let (back, done) = manager
            .submit_and_follow(&to, "/api/offers/import", &fields)
            .await;
        assert_eq!(back, to);
        assert!(done.text.contains("Imported"), "{}", done.text);
    }
    assert_eq!(town.count("select count(*) from offers").await, 3);
    // Times without a zone were the reader's: Mexico City's, as the browser told of none.
    let from = town
        .text("select (valid_from at time zone 'UTC')::text from offers where name = 'Jugo verde'")
        .await;
    assert_eq!(from, "2026-01-01 06:00:00");
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_wrong_with_a_table_is_listed_and_nothing_is_imported(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let shop = town.shop().await;
    let manager = server.signed_in(shop.manager).await;
    let send = async |file: &[u8]| {
        let id = town.key();
        let sent = manager
            .send_file("/manage/offers/import", UPLOAD, &id, ("file", file))
            .await;
        assert_eq!(sent.status, 303, "{}", sent.text);
        let page = manager.get(&sent.location()).await;
        (id, page.text)
    };
    let bad = format!("{TABLE}Té,x,tea,0,tomorrow,2099-01-01T00:00\n");
    let (id, page) = send(bad.as_bytes()).await;
    for words in [
        "There are 4 things to correct",
        "<code>points_cost</code>",
        "whole number from 1 to 1,000,000",
        "One of: fuel, food",
        "Write date and time like this",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("/api/offers/import\""));
    // Whoever presses a button that is not there is shown the same.
    let path = format!("/manage/offers/import/{id}");
    let (_, page) = manager
        .submit_and_follow(&path, "/api/offers/import", &[("id", &id)])
        .await;
    assert!(page.text.contains("There are 4 things to correct"));
    for (file, words) in [
        (b"caf\xe9".as_slice(), "CSV UTF-8"),
        (b"", "This is missing"),
        (&vec![b'x'; 3 * 1024 * 1024], "more than 2 MB"),
    ] {
        let (_, page) = send(file).await;
        assert!(page.contains(words), "{words}: {page}");
    }
    assert_eq!(town.count("select count(*) from offers").await, 0);
    server.stop().await;
}
