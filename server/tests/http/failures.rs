//! What a reader is told when no page of ours can be made.

use reqwest::header::{ACCEPT, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, RETRY_AFTER};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::{Answer, TestServer, Wish};

fn kind(answer: &Answer) -> &str {
    answer.header(CONTENT_TYPE)
}

#[sqlx::test(migrations = "../migrations")]
async fn an_overloaded_server_shows_people_its_own_page_in_their_language_and_scripts_a_code(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let wish = Wish {
        connections: 1,
        ..Wish::default()
    };
    let server = TestServer::wished(&options, wish).await;
    let (reader, lectora) = (server.consumer(0).await, server.consumer(0).await);
    lectora.keep_cookie("locale=es");
    // Whoever asks waits in vain for the only connection.
    let busy = server.db().acquire().await.unwrap();
    let (page, spanish, told, stream) = futures::join!(
        reader.get("/wallet"),
        lectora.get("/wallet"),
        reader.ask("/api/offers/cancel", &[]),
        Answer::of(
            reader
                .bare("GET", "/redemptions/x/events")
                .header(ACCEPT, "text/event-stream")
        ),
    );
    drop(busy);
    for answer in [&page, &spanish, &told, &stream] {
        assert_eq!(answer.status, 503, "{}", answer.text);
        assert_eq!(answer.header(RETRY_AFTER), "5");
        assert_eq!(
            answer.header(HeaderName::from_static("cache-control")),
            "no-store"
        );
    }
    for (page, words, language) in [
        (&page, "We are busy", "<html lang=\"en\">"),
        (&spanish, "Hay mucha gente", "<html lang=\"es\">"),
    ] {
        assert!(kind(page).starts_with("text/html"));
        assert!(page.text.contains(words) && page.text.contains(language));
        assert!(page.text.contains("/surtidor.css\""));
        let policy = page.header(CONTENT_SECURITY_POLICY);
        assert!(policy.contains("style-src 'self'") && !policy.contains("script-src"));
    }
    for told in [told, stream] {
        assert_eq!(kind(&told), "application/json");
        assert_eq!(told.code(), "SERVICE_UNAVAILABLE");
    }
    // And it is over as soon as there is room again.
    assert_eq!(reader.get("/wallet").await.status, 200);
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn who_sends_too_much_is_told_so_in_words_or_as_a_code(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let browser = server.browser();
    let long = "x".repeat(300_000);
    let fields = [("email", long.as_str()), ("password", "x")];
    let page = browser
        .submit("/sign-in", "/api/identity/sign-in", &fields)
        .await;
    assert_eq!(page.status, 413);
    assert!(kind(&page).starts_with("text/html"));
    assert!(page.text.contains("That was too much"));
    let told = browser.ask("/api/identity/sign-in", &fields).await;
    assert_eq!(
        (told.status, told.code().as_str()),
        (413, "CONTENT_TOO_LARGE")
    );
    server.stop().await;
}
