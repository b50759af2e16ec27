//! Sign-up, sign-in and sign-out by plain forms.

use domain::account::Role;
use reqwest::header::CACHE_CONTROL;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::{Browser, PASSWORD, TestServer, Wish};

const ANA: [(&str, &str); 3] = [
    ("name", "Ana García"),
    ("email", "ana@town.test"),
    ("password", "surtidor de lluvia"),
];

/// Whether the browser's session is someone's.
async fn is_signed_in(browser: &Browser) -> bool {
    browser.get("/account").await.status == 200
}

#[sqlx::test(migrations = "../migrations")]
async fn signing_up_signs_in_with_a_cookie_that_scripts_and_other_sites_do_not_get(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let browser = server.browser();
    let answer = browser
        .submit("/sign-up", "/api/identity/sign-up", &ANA)
        .await;
    assert_eq!(
        (answer.status, answer.location().as_str()),
        (302, "/offers?welcome=1")
    );
    let [cookie] = answer.cookies()[..] else {
        panic!("{:?}", answer.cookies());
    };
    let mut parts = cookie.split("; ");
    assert!(parts.next().unwrap().starts_with("surtidor="), "{cookie}");
    let attributes: Vec<_> = parts.collect();
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(attributes.contains(&attribute), "{cookie}");
    }
    assert!(!attributes.contains(&"Secure"), "{cookie}");
    assert!(!cookie.contains("Domain"), "{cookie}");
    let account = browser.get("/account").await;
    assert!(account.text.contains("Ana García") && account.text.contains("ana@town.test"));
    assert!(account.header(CACHE_CONTROL).contains("no-store"));
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn in_production_the_cookie_is_bound_to_this_host_and_to_https(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let wish = Wish {
        production: true,
        ..Wish::default()
    };
    let server = TestServer::wished(&options, wish).await;
    let answer = server
        .browser()
        .submit("/sign-up", "/api/identity/sign-up", &ANA)
        .await;
    let [cookie] = answer.cookies()[..] else {
        panic!("{:?}", answer.cookies());
    };
    assert!(cookie.starts_with("__Host-surtidor="), "{cookie}");
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Secure"] {
        assert!(cookie.split("; ").any(|it| it == attribute), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn reading_pages_without_signing_in_sets_no_cookie_and_keeps_no_session(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    for path in ["/", "/offers", "/sign-in", "/no/such/page"] {
        let answer = server.browser().get(path).await;
        assert_eq!(answer.cookies(), Vec::<&str>::new(), "{path}");
    }
    let kept = server.town().count("select count(*) from sessions").await;
    assert_eq!(kept, 0);
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_session_id_that_was_planted_or_used_before_is_not_kept_at_sign_in(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    town.person("ana@town.test", Role::Consumer, None).await;
    town.person("eva@town.test", Role::Consumer, None).await;
    let planted = "AAAAAAAAAAAAAAAAAAAAAA";
    let browser = server.browser();
    browser.keep_cookie(&format!("surtidor={planted}; Path=/"));
    browser.sign_in("ana@town.test", PASSWORD).await;
    let first = browser.session().unwrap();
    assert_ne!(first, planted);
    // Someone else signs in from the same browser: the id before is worth nothing afterwards.
    browser.sign_in("eva@town.test", PASSWORD).await;
    let second = browser.session().unwrap();
    assert_ne!(second, first);
    assert!(is_signed_in(&browser).await);
    for old in [planted, &first] {
        let thief = server.browser();
        thief.keep_cookie(&format!("surtidor={old}; Path=/"));
        assert!(!is_signed_in(&thief).await, "{old}");
    }
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn signing_out_ends_the_session_for_whoever_copied_its_cookie(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let (browser, copy) = (server.consumer(0).await, server.browser());
    let cookie = browser.session().unwrap();
    copy.keep_cookie(&format!("surtidor={cookie}; Path=/"));
    assert!(is_signed_in(&copy).await);
    let answer = browser
        .submit("/account", "/api/identity/sign-out", &[])
        .await;
    assert_eq!((answer.status, answer.location().as_str()), (302, "/"));
    assert!(answer.cookies()[0].contains("Max-Age=0"));
    assert!(!is_signed_in(&browser).await && !is_signed_in(&copy).await);
    // Twice signed out is signed out.
    let again = copy.submit("/account", "/api/identity/sign-out", &[]).await;
    assert_eq!(again.status, 302);
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn signing_out_everywhere_ends_the_sessions_of_other_browsers_too(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let user = server.town().consumer(0).await;
    let (phone, desktop) = (server.signed_in(user).await, server.signed_in(user).await);
    let other = server.consumer(0).await;
    let answer = phone
        .submit("/account", "/api/identity/sign-out-everywhere", &[])
        .await;
    assert_eq!(answer.location(), "/sign-in?signed_out=everywhere");
    assert!(!is_signed_in(&phone).await && !is_signed_in(&desktop).await);
    assert!(is_signed_in(&other).await);
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_changed_password_ends_other_sessions_and_keeps_this_one_under_a_new_id(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let user = server.town().consumer(0).await;
    let (here, elsewhere) = (server.signed_in(user).await, server.signed_in(user).await);
    let before = here.session();
    let fields = [
        ("current_password", PASSWORD),
        ("new_password", "lluvia sobre el surtidor"),
    ];
    let answer = here
        .submit("/account", "/api/identity/change-password", &fields)
        .await;
    assert_eq!(answer.location(), "/account?done=password");
    assert!(is_signed_in(&here).await && !is_signed_in(&elsewhere).await);
    assert_ne!(here.session(), before);
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn signing_in_leads_on_to_pages_of_this_site_and_to_no_other(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    server
        .town()
        .person("ana@town.test", Role::Consumer, None)
        .await;
    let home = Role::Consumer.home();
    for (next, leads_to) in [
        ("/wallet?page=2", "/wallet?page=2"),
        ("https://evil.example/", home),
        ("//evil.example", home),
        ("/\\evil.example", home),
        ("\\\\evil.example", home),
        ("/\t/evil.example", home),
        (" //evil.example", home),
        ("javascript:alert(1)", home),
        ("", home),
        ("/wallet\r\nSet-Cookie: a=b", home),
        ("/billetera/año", home),
        ("/\u{7f}", home),
    ] {
        let fields = [
            ("email", "ana@town.test"),
            ("password", PASSWORD),
            ("next", next),
        ];
        let browser = server.browser();
        let answer = browser
            .submit("/sign-in", "/api/identity/sign-in", &fields)
            .await;
        let location = answer.location();
        assert_eq!(
            (answer.status, location.as_str()),
            (302, leads_to),
            "{next:?}"
        );
        assert!(is_signed_in(&browser).await, "{next:?}");
        let locale = [("locale", "en"), ("next", next)];
        let answer = browser
            .submit("/", "/api/identity/set-locale", &locale)
            .await;
        let leads_to = if leads_to == home { "/" } else { leads_to };
        assert_eq!(answer.location(), leads_to, "{next:?}");
    }
    // The page does not carry such an address into its form either.
    let page = server
        .browser()
        .get("/sign-in?next=//evil.example")
        .await
        .text;
    assert!(!page.contains("name=\"next\" value=\"//evil"), "{page}");
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn five_failures_lock_known_and_unknown_addresses_alike(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    server
        .town()
        .person("known@town.test", Role::Consumer, None)
        .await;
    let mut stories = Vec::new();
    for address in ["known@town.test", "nobody@town.test"] {
        let browser = server.browser();
        let mut story = Vec::new();
        for _ in 0..7 {
            let fields = [("email", address), ("password", "wrong")];
            let answer = browser.ask("/api/identity/sign-in", &fields).await;
            let names: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
            story.push((answer.status, answer.code(), names));
        }
        // Even the right password is not looked at, and the page says the same to both.
        let fields = [("email", address), ("password", PASSWORD)];
        let (_, page) = browser
            .submit_and_follow("/sign-in", "/api/identity/sign-in", &fields)
            .await;
        assert!(page.text.contains("Too many tries."), "{}", page.text);
        stories.push(story);
    }
    assert_eq!(stories[0], stories[1]);
    let codes: Vec<_> = stories[0].iter().map(|(status, ..)| *status).collect();
    assert_eq!(codes, [401, 401, 401, 401, 401, 429, 429]);
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_friends_code_comes_with_the_link_and_a_bad_one_loses_nothing(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    town.consumer(0).await;
    let code = town.text("select member_code from users").await;
    let browser = server.browser();
    let page = browser.get(&format!("/sign-up?ref={code}")).await;
    assert_eq!(page.input("referral_code"), Some(code.as_str()));
    for bad in ["ABC", "ABCDE-FGHJK"] {
        let fields = [&ANA[..], &[("referral_code", bad)]].concat();
        let (_, page) = browser
            .submit_and_follow("/sign-up", "/api/identity/sign-up", &fields)
            .await;
        assert!(page.text.contains("We found nobody."), "{}", page.text);
        let typed = ["name", "email", "referral_code"].map(|name| page.input(name));
        assert_eq!(
            typed,
            [Some("Ana García"), Some("ana@town.test"), Some(bad)]
        );
    }
    let grouped = format!(" {}-{} ", &code[..5], &code[5..]).to_lowercase();
    let fields = [&ANA[..], &[("referral_code", grouped.as_str())]].concat();
    let answer = browser
        .submit("/sign-up", "/api/identity/sign-up", &fields)
        .await;
    assert_eq!(answer.location(), "/offers?welcome=1");
    assert_eq!(town.count("select count(*) from referrals").await, 1);
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_language_of_letters_follows_the_sign_up_and_the_switch(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let browser = server.browser();
    browser
        .submit("/sign-up", "/api/identity/sign-up", &ANA)
        .await;
    let reads = "select locale from users where email = 'ana@town.test'";
    assert_eq!(town.text(reads).await, "en");
    let fields = [("locale", "es"), ("next", "/")];
    browser
        .submit("/", "/api/identity/set-locale", &fields)
        .await;
    assert_eq!(town.text(reads).await, "es");
    server.stop().await;
}
