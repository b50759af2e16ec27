//! The member's card, and what its QR tells whom.

use domain::{account::Role, codes::MemberPresented, earning::Receipt, money::Money};
use services::{
    identity::{
        self,
        actors::{Actor, Attendant},
    },
    wallet::accruals::{self, Sale},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use uuid::Uuid;

use crate::support::{Events, Shop, TestServer};

async fn member_code(server: &TestServer, user: Uuid) -> String {
    let sql = format!("select member_code from users where id = '{user}'");
    server.town().text(&sql).await
}

/// A sale of so many pesos at the shop's till.
async fn sell(server: &TestServer, shop: &Shop, member: &str, pesos: i64) -> accruals::Accrued {
    let account = identity::account(&server.s, shop.attendant.into(), 0)
        .await
        .unwrap()
        .unwrap();
    let sale = Sale {
        member: member.parse::<MemberPresented>().unwrap(),
        amount: Money::try_from(pesos * 100).unwrap(),
        receipt: Receipt::try_from(server.town().key().as_str()).unwrap(),
    };
    let attendant = Attendant::of(&account).unwrap();
    accruals::accrue(&server.s, attendant.into(), &sale, None)
        .await
        .unwrap()
}

/// Returns once the server hears the database's news; what is told before is looked up, not heard.
async fn listening(server: &TestServer) {
    let sql = "select count(*) from pg_stat_activity
        where datname = current_database() and state = 'idle' and query ilike 'listen %'";
    while server.town().count_as_owner(sql).await == 0 {
        tokio::task::yield_now().await;
    }
}

/// What the next event of this name says. The QR and the balance come whenever something may have changed.
async fn next_of(events: &mut Events, name: &str) -> String {
    loop {
        let (told, data) = events.within_a_second().await.unwrap();
        if told == name {
            return data;
        }
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn the_card_shows_its_owner_a_qr_and_a_code_in_two_groups(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let user = server.town().consumer(1_240).await;
    let code = member_code(&server, user).await;
    let page = server.signed_in(user).await.get("/card").await;
    assert!(page.text.contains("<svg") && page.text.contains("1,240"));
    let grouped = format!("{}-{}", &code[..5], &code[5..]);
    assert!(page.text.contains(&grouped), "{grouped}");
    assert!(page.text.contains("Show this when you pay"));
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_open_card_hears_of_points_within_a_second_and_of_nobody_elses(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let shop = server.town().shop().await;
    let (ana, bea) = (
        server.town().consumer(0).await,
        server.town().consumer(0).await,
    );
    let browser = server.signed_in(ana).await;
    browser.keep_cookie("locale=en");
    listening(&server).await;
    let mut events = Events::at(&browser, "/card/events").await;
    let drawing = next_of(&mut events, "qr").await;
    assert!(drawing.starts_with("<svg"), "{drawing}");

    let [hers, others] = [ana, bea].map(|user| member_code(&server, user));
    sell(&server, &shop, &others.await, 900).await;
    let accrued = sell(&server, &shop, &hers.await, 1_500).await;
    assert_eq!(next_of(&mut events, "points").await, "+15 Lumis");
    assert_eq!(next_of(&mut events, "balance").await, "15");

    let account = identity::account(&server.s, shop.attendant.into(), 0).await;
    let attendant = Attendant::of(&account.unwrap().unwrap()).unwrap();
    accruals::reverse(&server.s, attendant.into(), accrued.accrual)
        .await
        .unwrap();
    let words = "−15 Lumis: a sale was reversed";
    assert_eq!(next_of(&mut events, "points").await, words);
    assert_eq!(next_of(&mut events, "balance").await, "0");
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_card_whose_owner_signed_out_everywhere_is_told_nothing_more(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let shop = server.town().shop().await;
    let user = server.town().consumer(0).await;
    listening(&server).await;
    let mut events = Events::at(&server.signed_in(user).await, "/card/events").await;
    next_of(&mut events, "qr").await;
    let other = server.signed_in(user).await;
    other
        .submit("/account", "/api/identity/sign-out-everywhere", &[])
        .await;
    sell(&server, &shop, &member_code(&server, user).await, 900).await;
    // What was on its way before may still come.
    while let Some((name, _)) = events.within_a_second().await {
        assert_ne!(name, "points");
    }
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_members_code_tells_a_stranger_neither_whose_it_is_nor_that_it_is_anybodys(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let user = town.person("ana@town.test", Role::Consumer, None).await;
    let code = member_code(&server, user).await;
    let nobodys = "ABCDEFGHJK";
    let stranger = server.browser();
    let text = async |code: &str| {
        let page = stranger.get(&format!("/m/{code}?t=stale")).await;
        assert_eq!(page.status, 200);
        // The page holds a nonce of its own.
        let main = page.text.find("<main").unwrap();
        let end = page.text.find("</main>").unwrap();
        page.text[main..end].replace(code, "CODE")
    };
    let told = text(&code).await;
    assert_eq!(told, text(nobodys).await);
    for secret in ["Ximena", "ana@town.test", &user.to_string()] {
        assert!(!told.contains(secret), "{told}");
    }
    // Who works at a till is led there with what was scanned.
    let shop = town.shop().await;
    let staff = server.signed_in(shop.attendant).await;
    let page = staff.get(&format!("/m/{code}?t=stale")).await;
    assert!(page.text.contains("href=\"/till?code="), "{}", page.text);
    server.stop().await;
}
