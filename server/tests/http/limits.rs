//! How often what may be done, as it is told over HTTP.

use app::site::format::HOME_ZONE;
use chrono::{TimeDelta, Timelike};
use domain::account::Role;
use reqwest::header::{HeaderName, RETRY_AFTER};
use serde_json::json;
use services::{
    limits,
    time::{Clock, ManualClock},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::{
    api::client::{Program, assert_problem},
    support::{
        Answer, Browser, LIMITLESS, PASSWORD, TestServer, Wish, at_once, from_one_address,
        out_of_reach,
    },
};

/// A server that takes the test for its proxy.
fn behind_a_proxy<'a>(limits: limits::Rules, clock: &ManualClock) -> Wish<'a> {
    Wish {
        limits,
        clock: Clock::Manual(clock.clone()),
        proxies: serde_json::from_value(json!(["127.0.0.1"])).unwrap(),
        ..Wish::default()
    }
}

/// Such a server under a clock that stands still.
async fn start(options: &PgConnectOptions, limits: limits::Rules) -> (TestServer, ManualClock) {
    let clock = ManualClock::at(Clock::System.now());
    let wish = behind_a_proxy(limits, &clock);
    (TestServer::wished(options, wish).await, clock)
}

fn figure(answer: &Answer, name: &'static str) -> Option<i64> {
    answer.header(HeaderName::from_static(name)).parse().ok()
}

/// The most, what remains, and the seconds until there is room; none where no limit is spoken of.
fn told(answer: &Answer) -> Option<(i64, i64, i64)> {
    Some((
        figure(answer, "x-ratelimit-limit")?,
        figure(answer, "x-ratelimit-remaining")?,
        figure(answer, "x-ratelimit-reset")?,
    ))
}

/// That a script or a program was told to wait so long.
fn assert_waits(answer: &Answer, most: i64, wait: i64) {
    assert_eq!(answer.status, 429, "{}", answer.text);
    assert_eq!(answer.code(), "TOO_MANY_REQUESTS");
    assert_eq!(told(answer), Some((most, 0, wait)));
    assert_eq!(answer.header(RETRY_AFTER), wait.to_string());
}

async fn redeem(member: &Program, offer: &str, key: &str) -> Answer {
    let body = json!({ "offer_id": offer });
    member.send("POST", "/rewards/redeem", key, &body).await
}

#[sqlx::test(migrations = "../migrations")]
async fn ten_redeems_an_hour_and_thirty_a_day_and_the_same_request_as_often_as_it_is_sent(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let (server, clock) = start(&options, from_one_address()).await;
    let town = server.town();
    let offer = town.offer(&town.shop().await, LIMITLESS).await;
    let user = town.consumer(10_000).await;
    let (member, browser) = (server.acting_for(user).await, server.signed_in(user).await);
    for n in 0..9 {
        let made = redeem(&member, &offer, &format!("key-{n}")).await;
        assert_eq!((made.status, told(&made)), (201, Some((10, 9 - n, 3_600))));
    }
    let tenth = browser.redeem(&offer, &town.key()).await;
    assert!(tenth.redemption().is_some());
    assert_eq!(told(&tenth), Some((10, 0, 3_600)));

    clock.advance(TimeDelta::minutes(10));
    let refused = redeem(&member, &offer, "key-10").await;
    assert_problem(&refused, 429, "TOO_MANY_REQUESTS");
    assert_waits(&refused, 10, 3_000);
    assert_eq!(refused.json()["retry_after"], 3_000);
    let again = redeem(&member, &offer, "key-0").await;
    assert_eq!((again.status, told(&again)), (201, Some((10, 0, 3_000))));
    let key = town.key();
    let fields = [("offer", offer.as_str()), ("key", &key)];
    assert_waits(&browser.ask("/api/offers/redeem", &fields).await, 10, 3_000);
    // The plain form's page tells the limit, and the minute from which on it is worth trying again.
    let page = browser.redeem(&offer, &key).await;
    assert_eq!((page.status, told(&page)), (302, Some((10, 0, 3_000))));
    let page = browser.get(&page.location()).await;
    assert!(
        page.text
            .contains("This can be done 10 times an hour. Try again at ")
    );
    let until = (server.s.now() + TimeDelta::seconds(3_000 + 59)).with_timezone(&HOME_ZONE);
    let clock_time = format!("{:02}:{:02}.", until.hour(), until.minute());
    assert!(
        page.text.contains(&clock_time),
        "{clock_time}: {}",
        page.text
    );

    clock.advance(TimeDelta::minutes(50));
    let later = browser.redeem(&offer, &key).await;
    assert!(later.redemption().is_some());
    for hour in 0..2 {
        for _ in 0..(if hour == 0 { 9 } else { 10 }) {
            let made = browser.redeem(&offer, &town.key()).await;
            assert!(made.redemption().is_some());
        }
        clock.advance(TimeDelta::hours(1));
    }
    // Three hours after the first there are thirty.
    assert_waits(
        &browser
            .ask("/api/offers/redeem", &fields_of(&offer, &town.key()))
            .await,
        30,
        21 * 3_600,
    );
    let page = browser.redeem(&offer, &town.key()).await;
    let page = browser.get(&page.location()).await;
    assert!(
        page.text
            .contains("This can be done 30 times a day. Try again ")
    );
    clock.advance(TimeDelta::hours(21));
    let next_day = browser.redeem(&offer, &town.key()).await;
    assert!(next_day.redemption().is_some());
    town.assert_ledger_sound().await;
    server.stop().await;
}

fn fields_of<'a>(offer: &'a str, key: &'a str) -> [(&'a str, &'a str); 2] {
    [("offer", offer), ("key", key)]
}

#[sqlx::test(migrations = "../migrations")]
async fn of_thirty_redeems_of_one_person_at_once_exactly_ten_are_made(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::wide(&options).await;
    let town = server.town();
    let shop = town.shop().await;
    let offers = [
        town.offer(&shop, LIMITLESS).await,
        town.offer(&shop, LIMITLESS).await,
    ];
    let member = server.member(10_000).await;
    let answers = at_once((0..30).map(|n| {
        let (member, offer) = (member.clone(), offers[n % 2].clone());
        async move { redeem(&member, &offer, &format!("key-{n}")).await }
    }))
    .await;
    let made = answers.iter().filter(|it| it.status == 201).count();
    let refused = answers.iter().filter(|it| it.status == 429).count();
    assert_eq!((made, refused), (10, 20));
    assert_eq!(town.count("select count(*) from redemptions").await, 10);
    town.assert_ledger_sound().await;
    server.stop().await;
}

async fn validate(till: &Browser) -> Answer {
    till.ask("/api/till/validate", &[("code", "ABC234")]).await
}

#[sqlx::test(migrations = "../migrations")]
async fn thirty_codes_a_minute_and_three_hundred_an_hour_at_a_terminal_whoever_is_at_it(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let (server, clock) = start(&options, from_one_address()).await;
    let shop = server.town().shop().await;
    let manager = server.signed_in(shop.manager).await;
    let device = [("name", "Pump 3"), ("station", "")];
    let named = manager
        .submit("/manage/terminals", "/api/terminals/create", &device)
        .await;
    let attendant = server.signed_in(shop.attendant).await;
    attendant.keep_cookie(&named.cookies().join("; "));
    let elsewhere = server.signed_in(shop.attendant).await;
    let integration = server.till_of(&shop).await;

    for n in 0..30 {
        let person = if n % 2 == 0 { &manager } else { &attendant };
        let answer = validate(person).await;
        assert_eq!(
            (answer.status, told(&answer)),
            (200, Some((30, 29 - n, 60)))
        );
    }
    clock.advance(TimeDelta::seconds(43));
    assert_waits(&validate(&attendant).await, 30, 17);
    // Whoever is at another place has a count of their own, and so has a program.
    assert_eq!(told(&validate(&elsewhere).await), Some((30, 29, 60)));
    let code = json!({ "code": "ABC234" });
    let answer = integration
        .send("POST", "/merchant/validate", "none", &code)
        .await;
    assert_eq!((answer.status, told(&answer)), (200, Some((30, 29, 60))));
    // Without scripts the till itself says so, in a tone of its own.
    let page = attendant.get("/till?code=ABC234").await;
    assert_eq!((page.status, told(&page)), (429, Some((30, 0, 17))));
    assert_eq!(page.header(RETRY_AFTER), "17");
    assert!(page.text.contains("data-tone=\"limited\""), "{}", page.text);
    assert!(page.text.contains("Wait 17 s and try again."));
    assert_eq!(attendant.get("/till").await.status, 200);

    for _ in 0..29 {
        integration
            .send("POST", "/merchant/validate", "none", &code)
            .await;
    }
    let refused = integration
        .send("POST", "/merchant/validate", "none", &code)
        .await;
    assert_problem(&refused, 429, "TOO_MANY_REQUESTS");
    assert_waits(&refused, 30, 60);

    clock.advance(TimeDelta::seconds(17));
    for minute in 1..10 {
        for _ in 0..30 {
            assert_eq!(validate(&manager).await.status, 200, "{minute}");
        }
        clock.advance(TimeDelta::minutes(1));
    }
    assert_waits(&validate(&manager).await, 300, 50 * 60);
    clock.advance(TimeDelta::minutes(50));
    assert_eq!(validate(&manager).await.status, 200);
    server.stop().await;
}

fn shipped_sign_ins() -> limits::Rules {
    limits::Rules {
        general_per_minute: out_of_reach().general_per_minute,
        ..limits::Rules::default()
    }
}

/// Signs in as a program does, from an address behind the proxy that the test is.
async fn login(server: &TestServer, from: &str, email: &str, password: &str) -> Answer {
    let request = server.stranger().request("POST", "/auth/login");
    let body = json!({ "email": email, "password": password });
    Answer::of(request.header("x-forwarded-for", from).json(&body)).await
}

#[sqlx::test(migrations = "../migrations")]
async fn ten_sign_ins_an_hour_from_an_address_by_whatever_door(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let (server, clock) = start(&options, shipped_sign_ins()).await;
    let town = server.town();
    town.person("ana@town.test", Role::Consumer, None).await;
    let shop = town.shop().await;
    let browser = server.browser();
    for n in 0..8 {
        let email = format!("nobody{n}@town.test");
        let answer = login(&server, "127.0.0.1", &email, "guessed").await;
        assert_eq!(
            (answer.status, told(&answer)),
            (401, Some((10, 9 - n, 3_600)))
        );
    }
    let merchant = json!({ "merchant": shop.merchant, "api_key": "srt_guessed" });
    let answer = server
        .stranger()
        .send("POST", "/merchant/auth/login", "none", &merchant)
        .await;
    assert_eq!((answer.status, told(&answer)), (401, Some((10, 1, 3_600))));
    let good = browser.sign_in("ana@town.test", PASSWORD).await;
    assert_eq!((good.status, told(&good)), (302, Some((10, 0, 3_600))));

    // Now a right password opens nothing either, at any of the doors.
    clock.advance(TimeDelta::minutes(20));
    let fields = [("email", "ana@town.test"), ("password", PASSWORD)];
    assert_waits(
        &browser.ask("/api/identity/sign-in", &fields).await,
        10,
        2_400,
    );
    let refused = login(&server, "127.0.0.1", "ana@town.test", PASSWORD).await;
    assert_problem(&refused, 429, "TOO_MANY_REQUESTS");
    assert_waits(&refused, 10, 2_400);
    let answer = server
        .stranger()
        .send("POST", "/merchant/auth/login", "none", &merchant)
        .await;
    assert_waits(&answer, 10, 2_400);
    let page = server.browser();
    let (_, page) = page
        .submit_and_follow("/sign-in", "/api/identity/sign-in", &fields)
        .await;
    assert!(
        page.text
            .contains("This can be done 10 times an hour. Try again at ")
    );
    assert_eq!(page.input("email"), Some("ana@town.test"));
    assert!(!page.text.contains(PASSWORD));

    // Other addresses are not held back, and an hour after the first there is room again.
    let other = login(&server, "192.0.2.1", "ana@town.test", PASSWORD).await;
    assert_eq!((other.status, told(&other)), (200, Some((10, 9, 3_600))));
    clock.advance(TimeDelta::minutes(40));
    assert_eq!(
        browser.sign_in("ana@town.test", PASSWORD).await.location(),
        "/offers"
    );
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_account_that_is_locked_says_when_to_come_back(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let (server, clock) = start(&options, shipped_sign_ins()).await;
    server
        .town()
        .person("ana@town.test", Role::Consumer, None)
        .await;
    for _ in 0..5 {
        login(&server, "192.0.2.1", "ana@town.test", "guessed").await;
    }
    clock.advance(TimeDelta::minutes(5));
    let locked = login(&server, "192.0.2.2", "ana@town.test", PASSWORD).await;
    assert_problem(&locked, 429, "SIGN_IN_LOCKED");
    assert_eq!(told(&locked), Some((10, 9, 3_600)));
    assert_eq!(locked.header(RETRY_AFTER), "1500");
    let fields = [("email", "ana@town.test"), ("password", PASSWORD)];
    let locked = server.browser().ask("/api/identity/sign-in", &fields).await;
    assert_eq!(
        (locked.status, locked.code().as_str()),
        (429, "SIGN_IN_LOCKED")
    );
    assert_eq!(locked.header(RETRY_AFTER), "1500");
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_hundred_requests_a_minute_from_an_address_of_which_a_page_is_one(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let site = tempfile::tempdir().unwrap();
    std::fs::create_dir(site.path().join("pkg")).unwrap();
    std::fs::write(site.path().join("favicon.svg"), "<svg/>").unwrap();
    let clock = ManualClock::at(Clock::System.now());
    let wish = Wish {
        site_root: site.path(),
        ..behind_a_proxy(limits::Rules::default(), &clock)
    };
    let server = TestServer::wished(&options, wish).await;
    let reader = server.consumer(0).await;
    let left = |answer: &Answer| told(answer).map(|(most, left, _)| (most, left));
    assert_eq!(left(&reader.get("/offers").await), Some((100, 99)));
    assert_eq!(left(&reader.get("/no/such/page").await), Some((100, 98)));
    // What a page brings with it, streams and probes are not counted.
    for path in [
        "/favicon.svg",
        "/pkg/none.js",
        "/monitoring/health/live",
        "/.well-known/jwks.json",
    ] {
        assert_eq!(told(&reader.get(path).await), None, "{path}");
    }
    let stream = reader.page("/card/events").send().await.unwrap();
    assert_eq!(stream.status(), 200);
    assert!(!stream.headers().contains_key("x-ratelimit-limit"));
    drop(stream);
    // A form is two: itself, and the page it leads to.
    let fields = [("locale", "en"), ("next", "/wallet")];
    let (_, page) = reader
        .submit_and_follow("/offers", "/api/identity/set-locale", &fields)
        .await;
    assert_eq!((page.status, left(&page)), (200, Some((100, 96))));
    let document = reader.get("/api/openapi.json").await;
    assert_eq!((document.status, left(&document)), (200, Some((100, 95))));
    let unknown = server
        .stranger()
        .send("GET", "/none", "none", &json!({}))
        .await;
    assert_eq!((unknown.status, left(&unknown)), (404, Some((100, 94))));
    clock.advance(TimeDelta::seconds(20));
    for n in (0..94).rev() {
        let answer = server
            .stranger()
            .send("GET", "/none", "none", &json!({}))
            .await;
        assert_eq!(left(&answer), Some((100, n)));
    }

    let page = reader.get("/offers").await;
    assert_eq!((page.status, told(&page)), (429, Some((100, 0, 40))));
    assert_eq!(page.header(RETRY_AFTER), "40");
    assert!(page.text.contains("Too many requests") && page.text.contains("Wait 40 s"));
    let lectora = server.browser();
    lectora.keep_cookie("locale=es");
    let page = lectora.get("/").await;
    assert!(
        page.text.contains("Espera 40 s y vuelve a intentar."),
        "{}",
        page.text
    );
    let script = reader.ask("/api/offers/cancel", &[]).await;
    assert_waits(&script, 100, 40);
    assert_eq!(script.json()["figures"]["retry_after"], 40);
    let program = server
        .stranger()
        .send("GET", "/rewards/offers", "none", &json!({}))
        .await;
    assert_problem(&program, 429, "TOO_MANY_REQUESTS");
    assert_waits(&program, 100, 40);
    // Files, probes and other addresses go on.
    assert_eq!(reader.get("/monitoring/health/ready").await.status, 200);
    let other = reader
        .page("/offers")
        .header("x-forwarded-for", "192.0.2.1");
    assert_eq!(left(&Answer::of(other).await), Some((100, 99)));
    // What was there before the proxy's own word may be made up.
    let made_up = reader
        .page("/offers")
        .header("x-forwarded-for", "1.2.3.4, 192.0.2.1");
    assert_eq!(left(&Answer::of(made_up).await), Some((100, 98)));
    clock.advance(TimeDelta::seconds(40));
    assert_eq!(reader.get("/offers").await.status, 200);
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn without_a_trusted_proxy_nobody_is_believed_who_they_ask_for(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let wish = Wish {
        limits: limits::Rules::default(),
        ..Wish::default()
    };
    let server = TestServer::wished(&options, wish).await;
    let browser = server.browser();
    for n in 0..3 {
        let made_up = format!("192.0.2.{n}");
        let request = browser.page("/sign-in").header("x-forwarded-for", made_up);
        let answer = Answer::of(request).await;
        assert_eq!(figure(&answer, "x-ratelimit-remaining"), Some(99 - n));
    }
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn mistake_11_the_rate_limiter_let_everything_through_when_its_store_was_down(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let rules = limits::Rules {
        remembered: std::num::NonZeroUsize::MIN,
        ..limits::Rules::default()
    };
    let (server, _clock) = start(&options, rules).await;
    let town = server.town();
    town.person("ana@town.test", Role::Consumer, None).await;
    let shop = town.shop().await;
    let offer = town.offer(&shop, LIMITLESS).await;
    let member = server.member(1_000).await;
    let (till, other) = (
        server.signed_in(shop.attendant).await,
        server.signed_in(shop.manager).await,
    );
    // There is room for one, and it is taken.
    let first = login(&server, "192.0.2.1", "ana@town.test", PASSWORD).await;
    assert_eq!(first.status, 200);
    assert_eq!(validate(&till).await.status, 200);
    let refused = login(&server, "192.0.2.2", "ana@town.test", PASSWORD).await;
    assert_problem(&refused, 429, "TOO_MANY_REQUESTS");
    assert_waits(&refused, 10, 3_600);
    assert_eq!(validate(&other).await.status, 429);
    assert_eq!(validate(&till).await.status, 200);
    // Pages are for everyone all the same.
    assert_eq!(server.browser().get("/offers").await.status, 200);

    // Without the database nobody knows how much was redeemed.
    server.db().close().await;
    let redeemed = redeem(&member, &offer, "key").await;
    assert_problem(&redeemed, 503, "SERVICE_UNAVAILABLE");
    server.stop().await;
}
