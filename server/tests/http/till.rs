//! Validating and confirming, as the till's island asks.

use chrono::TimeDelta;
use serde_json::Value;
use services::{
    Parts, Services,
    entropy::Entropy,
    identity::{
        self,
        actors::{Actor, Consumer},
        jwt::Keys,
    },
    mail::Mailer,
    offers::history,
    secret::Secret,
    time::{Clock, ManualClock},
    wallet::rules::Rules,
    webhooks,
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::{
    Answer, Browser, LIMITLESS, QR_SECRET, Shop, TestServer, Town, at_once, from_one_address,
};

/// A shop with a redeemed offer.
struct Counter {
    server: TestServer,
    town: Town,
    shop: Shop,
    consumer: Browser,
    attendant: Browser,
    redemption: String,
    code: String,
    short: String,
}

impl Counter {
    async fn open(options: &PgConnectOptions) -> Self {
        let server = TestServer::wide(options).await;
        let town = server.town();
        let shop = town.shop().await;
        let offer = town.offer(&shop, LIMITLESS).await;
        let consumer = server.consumer(100).await;
        Self {
            redemption: town.redemption(&consumer, &offer).await,
            code: town.text("select code from redemptions").await,
            short: town.text("select short_code from redemptions").await,
            attendant: server.signed_in(shop.attendant).await,
            server,
            town,
            shop,
            consumer,
        }
    }

    /// What the QR on the consumer's page holds at this moment.
    fn scanned(&self, token: &str) -> String {
        format!("{}/r/{}?t={token}", self.server.url, self.code)
    }

    async fn ticket(&self) -> String {
        let answer = validate(&self.attendant, &self.short).await;
        answer.json()["confirm"]["ticket"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    async fn status(&self) -> String {
        self.town.text("select status::text from redemptions").await
    }

    async fn close(self) {
        self.town.assert_ledger_sound().await;
        self.server.stop().await;
    }
}

async fn validate(browser: &Browser, code: &str) -> Answer {
    browser.ask("/api/till/validate", &[("code", code)]).await
}

async fn confirm(browser: &Browser, redemption: &str, ticket: &str) -> Answer {
    let fields = [("redemption", redemption), ("ticket", ticket)];
    browser.ask("/api/till/confirm", &fields).await
}

/// That the attendant is told not to hand anything over, and given nothing to confirm with.
fn assert_bad(answer: &Answer, why: &str) {
    assert_eq!(
        (answer.status, answer.tone().as_str()),
        (200, "bad"),
        "{why}"
    );
    assert_eq!(answer.json()["confirm"], Value::Null, "{why}");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_code_is_good_until_it_is_confirmed_and_used_from_then_on(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let counter = Counter::open(&options).await;
    for code in [&counter.code, &counter.short, &counter.redemption] {
        let answer = validate(&counter.attendant, code).await;
        assert_eq!(answer.tone(), "good", "{code}");
        assert_eq!(answer.json()["what"], "Coffee");
        assert_eq!(
            answer.json()["confirm"]["redemption"],
            counter.redemption.as_str()
        );
        assert!(!answer.text.contains("Ximena"));
    }
    assert_eq!(counter.status().await, "pending");
    let ticket = counter.ticket().await;
    let done = confirm(&counter.attendant, &counter.redemption, &ticket).await;
    assert_eq!(done.tone(), "done");
    assert_eq!(done.json()["recent"][0]["code"], counter.short.as_str());
    let again = confirm(&counter.attendant, &counter.redemption, &ticket).await;
    assert_eq!(again.tone(), "calm", "a retry is told as one");
    let colleague = counter.server.signed_in(counter.shop.manager).await;
    let looked_up = validate(&colleague, &counter.code).await;
    assert_eq!(looked_up.tone(), "used");
    assert_eq!(looked_up.json()["confirm"], Value::Null);
    let page = counter
        .consumer
        .get(&format!("/redemptions/{}", counter.redemption))
        .await;
    assert!(page.text.contains("Confirmed"));
    assert!(!page.text.contains(&counter.short));
    counter.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn mistake_1_the_till_showed_valid_for_any_http_200(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let counter = Counter::open(&options).await;
    let nobodys = counter.town.key();
    for code in [
        "",
        "hello",
        "ZZZZZZ",
        "LUMS-0000-0000-0000",
        "https://evil.example/r/x?t=y",
        "' or 1=1 --",
        "\0",
        &nobodys,
        &"9".repeat(10_000),
    ] {
        assert_bad(&validate(&counter.attendant, code).await, code);
    }
    assert_eq!(counter.status().await, "pending");
    counter.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_qr_whose_token_is_tampered_with_or_stale_is_refused(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let counter = Counter::open(&options).await;
    let page = counter
        .consumer
        .get(&format!("/redemptions/{}", counter.redemption))
        .await;
    assert!(
        !page.text.contains("?t="),
        "the token is in the drawing alone"
    );
    let fresh = token(&counter, TimeDelta::zero()).await;
    let stale = token(&counter, TimeDelta::minutes(3)).await;
    let good = validate(&counter.attendant, &counter.scanned(&fresh)).await;
    assert_eq!(good.tone(), "good");
    let mut tampered = fresh.clone().into_bytes();
    tampered[3] = if tampered[3] == b'A' { b'B' } else { b'A' };
    let tampered = String::from_utf8(tampered).unwrap();
    for token in [
        "x",
        &stale,
        &tampered,
        &fresh[..fresh.len() - 1],
        &format!("{fresh}A"),
    ] {
        let why = format!("token {token:?}");
        assert_bad(
            &validate(&counter.attendant, &counter.scanned(token)).await,
            &why,
        );
    }
    counter.close().await;
}

/// The token in the QR that the consumer's page showed some time ago.
async fn token(counter: &Counter, ago: TimeDelta) -> String {
    let s = &counter.server.s;
    let then = Services::new(Parts {
        db: s.db().clone(),
        clock: Clock::Manual(ManualClock::at(s.now() - ago)),
        entropy: Entropy::System,
        qr_secret: Secret::new(QR_SECRET).unwrap(),
        jwt_keys: Keys::random(&Entropy::System).unwrap(),
        mfa_secret: Secret::random(&Entropy::System),
        admins_need_second_step: false,
        rules: Rules::default(),
        limits: from_one_address(),
        mailer: Mailer::Log,
        webhooks: webhooks::Client::new(true).unwrap(),
    });
    let owner = "select consumer_id::text from redemptions";
    let owner = counter.town.text(owner).await.parse().unwrap();
    let account = identity::account(&then, owner, 0).await.unwrap().unwrap();
    let consumer = Consumer::of(&account).unwrap();
    let id = counter.redemption.parse().unwrap();
    let detail = history::detail(&then, consumer, id).await.unwrap();
    detail.unwrap().codes.unwrap().token
}

#[sqlx::test(migrations = "../migrations")]
async fn nothing_is_confirmed_without_the_ticket_of_ones_own_validation(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let counter = Counter::open(&options).await;
    let ticket = counter.ticket().await;
    let manager = counter.server.signed_in(counter.shop.manager).await;
    assert_bad(
        &confirm(&manager, &counter.redemption, &ticket).await,
        "another's ticket",
    );
    let (until, proof) = ticket.split_once('.').unwrap();
    let later = until.parse::<i64>().unwrap() + 3_600;
    for forged in [
        "",
        ".",
        proof,
        &format!("{later}.{proof}"),
        &format!("{until}."),
    ] {
        assert_bad(
            &confirm(&counter.attendant, &counter.redemption, forged).await,
            forged,
        );
    }
    let nobodys = counter.town.key();
    assert_bad(
        &confirm(&counter.attendant, &nobodys, &ticket).await,
        "another redemption",
    );
    let missing = [("redemption", counter.redemption.as_str())];
    let refused = counter.attendant.ask("/api/till/confirm", &missing).await;
    assert_eq!(refused.status, 422);
    assert_eq!(counter.status().await, "pending");
    counter.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn another_merchants_attendant_can_neither_validate_nor_confirm(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let counter = Counter::open(&options).await;
    let stranger = counter.town.shop().await.attendant;
    let stranger = counter.server.signed_in(stranger).await;
    let fresh = token(&counter, TimeDelta::zero()).await;
    let unknown = validate(&stranger, "LUMS-0000-0000-0000").await;
    for code in [
        &counter.code,
        &counter.short,
        &counter.redemption,
        &counter.scanned(&fresh),
    ] {
        let answer = validate(&stranger, code).await;
        assert_bad(&answer, code);
        // Not even that there is such a code.
        assert_eq!(answer.text, unknown.text, "{code}");
    }
    let ticket = counter.ticket().await;
    assert_bad(
        &confirm(&stranger, &counter.redemption, &ticket).await,
        "with a ticket of the merchant's own attendant",
    );
    assert_eq!(counter.status().await, "pending");
    counter.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_plain_form_confirms_and_its_page_says_so(_: PgPoolOptions, options: PgConnectOptions) {
    let counter = Counter::open(&options).await;
    let ticket = counter.ticket().await;
    let fields = [
        ("redemption", counter.redemption.as_str()),
        ("ticket", ticket.as_str()),
    ];
    let page = format!("/till?code={}", counter.short);
    let (to, shown) = counter
        .attendant
        .submit_and_follow(&page, "/api/till/confirm", &fields)
        .await;
    assert_eq!(to, format!("/till?done={}", counter.redemption));
    assert!(shown.text.contains("Done. Hand the offer over."));
    let (_, again) = counter
        .attendant
        .submit_and_follow(&page, "/api/till/confirm", &fields)
        .await;
    assert!(again.text.contains("data-tone=\"calm\""));
    assert!(!again.text.contains("Hand the offer over."));
    counter.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_made_up_link_to_the_till_does_not_say_that_anything_was_confirmed(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let counter = Counter::open(&options).await;
    let (pending, nobodys) = (counter.redemption.clone(), counter.town.key());
    for id in [pending.as_str(), &nobodys, "1", "x"] {
        let page = counter.attendant.get(&format!("/till?done={id}")).await;
        assert_eq!(page.status, 200, "{id}");
        assert!(!page.text.contains("data-tone=\"done\""), "{id}");
    }
    // What someone else confirmed is used, not done.
    let ticket = counter.ticket().await;
    let done = confirm(&counter.attendant, &pending, &ticket).await;
    assert_eq!(done.tone(), "done");
    let manager = counter.server.signed_in(counter.shop.manager).await;
    let page = manager.get(&format!("/till?done={pending}")).await;
    assert!(!page.text.contains("data-tone=\"done\""));
    counter.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn of_fifty_confirms_at_once_one_is_done_and_the_others_are_told_it_is_a_retry(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let counter = Counter::open(&options).await;
    let ticket = counter.ticket().await;
    let mut tills = Vec::new();
    for _ in 0..50 {
        tills.push(counter.server.signed_in(counter.shop.attendant).await);
    }
    let answers = at_once(tills.into_iter().map(|till| {
        let (redemption, ticket) = (counter.redemption.clone(), ticket.clone());
        async move { confirm(&till, &redemption, &ticket).await }
    }))
    .await;
    let tones: Vec<_> = answers.iter().map(Answer::tone).collect();
    let count = |tone| tones.iter().filter(|it| *it == tone).count();
    assert_eq!((count("done"), count("calm")), (1, 49), "{tones:?}");
    counter.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn of_cancel_and_confirm_at_the_same_moment_one_wins(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::wide(&options).await;
    let town = server.town();
    let shop = town.shop().await;
    let offer = town.offer(&shop, LIMITLESS).await;
    let attendant = server.signed_in(shop.attendant).await;
    let mut outcomes = Vec::new();
    for round in 0..20 {
        let consumer = server.consumer(100).await;
        let id = town.redemption(&consumer, &offer).await;
        let ticket = validate(&attendant, &id).await.json()["confirm"]["ticket"]
            .as_str()
            .unwrap()
            .to_owned();
        let cancel = [("id", id.as_str())];
        let cancelling = consumer.ask("/api/offers/cancel", &cancel);
        let confirming = confirm(&attendant, &id, &ticket);
        // Each has its turn to be sent first.
        let (cancelled, confirmed) = if round % 2 == 0 {
            futures::join!(cancelling, confirming)
        } else {
            let (confirmed, cancelled) = futures::join!(confirming, cancelling);
            (cancelled, confirmed)
        };
        let outcome = (cancelled.status, confirmed.tone());
        let expected = [(200, "bad".to_owned()), (409, "done".to_owned())];
        assert!(expected.contains(&outcome), "{outcome:?}");
        outcomes.push(outcome);
    }
    town.assert_ledger_sound().await;
    server.stop().await;
}
