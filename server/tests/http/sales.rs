//! Sales at the till: points for a member, once per receipt, and taken back.

use domain::codes::MemberCode;
use serde_json::Value;
use services::wallet::members;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::{Answer, Browser, LIMITLESS, Shop, TestServer, Town};

/// A shop and a member.
struct Counter {
    server: TestServer,
    town: Town,
    shop: Shop,
    attendant: Browser,
    consumer: Browser,
    member: MemberCode,
}

impl Counter {
    async fn open(options: &PgConnectOptions) -> Self {
        let server = TestServer::start(options).await;
        let town = server.town();
        let shop = town.shop().await;
        let consumer = server.consumer(0).await;
        let code = "select member_code from users where role = 'consumer'";
        Self {
            attendant: server.signed_in(shop.attendant).await,
            member: town.text(code).await.parse().unwrap(),
            consumer,
            server,
            town,
            shop,
        }
    }

    fn scanned(&self) -> String {
        members::qr_link(&self.server.s, &self.server.url, &self.member)
    }

    async fn credit(&self, amount: &str, receipt: &str) -> Answer {
        let fields = self.fields(amount, receipt);
        self.attendant
            .ask("/api/till/accrue", &fields.each_ref().map(pair))
            .await
    }

    fn fields(&self, amount: &str, receipt: &str) -> [(&'static str, String); 3] {
        [
            ("member", self.member.to_string()),
            ("amount", amount.to_owned()),
            ("receipt", receipt.to_owned()),
        ]
    }

    async fn balance(&self) -> i64 {
        self.town
            .count("select a.balance from accounts a join users u on u.id = a.user_id where a.kind = 'available' and u.role = 'consumer'")
            .await
    }

    async fn close(self) {
        self.town.assert_ledger_sound().await;
        self.server.stop().await;
    }
}

fn pair<'a>(field: &'a (&'static str, String)) -> (&'a str, &'a str) {
    (field.0, field.1.as_str())
}

#[sqlx::test(migrations = "../migrations")]
async fn a_members_qr_or_code_leads_to_the_sale_and_tells_nothing_else(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let counter = Counter::open(&options).await;
    for code in [counter.scanned(), counter.member.grouped()] {
        let answer = counter
            .attendant
            .ask("/api/till/validate", &[("code", &code)])
            .await;
        assert_eq!(answer.tone(), "ask", "{code}");
        assert_eq!(answer.json()["sale"]["member"], counter.member.grouped());
        assert_eq!(answer.json()["confirm"], Value::Null);
        assert!(!answer.text.contains("Ximena"));
    }
    let stale = format!("{}/m/{}?t=AAAA", counter.server.url, counter.member);
    for code in [stale.as_str(), "ZZZZZ-ZZZZZ"] {
        let answer = counter
            .attendant
            .ask("/api/till/validate", &[("code", code)])
            .await;
        assert_eq!(
            (answer.status, answer.tone().as_str()),
            (200, "bad"),
            "{code}"
        );
        assert_eq!(answer.json()["sale"], Value::Null);
    }
    counter.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_receipt_brings_points_once_and_a_retry_is_told_as_one(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let counter = Counter::open(&options).await;
    let done = counter.credit("$1,850.50", "a-1").await;
    assert_eq!(done.tone(), "done");
    assert_eq!(done.json()["word"], "+18 Lumis");
    assert_eq!(done.json()["recent"][0]["code"], "A-1");
    assert_eq!(counter.balance().await, 18);
    let again = counter.credit("1850.5", "A - 1").await;
    assert_eq!(again.tone(), "calm");
    assert_eq!(again.json()["word"], "Credited already");
    let other = counter.credit("900", "A-1").await;
    assert_eq!(other.tone(), "used");
    assert_eq!(other.json()["sale"]["amount"]["text"], "900", "kept");
    assert_eq!(counter.balance().await, 18);
    counter.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_the_days_cap_leaves_out_is_said(_: PgPoolOptions, options: PgConnectOptions) {
    let counter = Counter::open(&options).await;
    let most = counter.credit("1000000", "1").await;
    assert_eq!(most.json()["word"], "+10,000 Lumis");
    let rest = counter.credit("50000", "2").await;
    assert_eq!(
        (rest.tone().as_str(), &rest.json()["word"]),
        ("done", &"+0 Lumis".into())
    );
    let detail = rest.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.starts_with("Daily cap reached"), "{detail}");
    counter.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_form_says_what_is_wrong_and_keeps_what_was_typed(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let counter = Counter::open(&options).await;
    let asked = counter.credit("many", " ").await;
    let sale = &asked.json()["sale"];
    assert_eq!(asked.tone(), "ask");
    assert_eq!(sale["amount"]["text"], "many");
    assert_eq!(sale["amount"]["problem"], "Type an amount such as 850.50.");
    assert_eq!(sale["receipt"]["problem"], "This is missing.");

    // The same without scripts, long after the QR went stale.
    let page = format!(
        "/till?code={}/m/{}?t=AAAA",
        counter.server.url, counter.member
    );
    let fields = counter.fields("many", "B-7");
    let (_, shown) = counter
        .attendant
        .submit_and_follow(&page, "/api/till/accrue", &fields.each_ref().map(pair))
        .await;
    assert_eq!(shown.input("amount"), Some("many"));
    assert_eq!(shown.input("receipt"), Some("B-7"));
    assert_eq!(shown.input("member"), Some(counter.member.as_str()));
    assert!(shown.text.contains("Type an amount such as 850.50."));
    assert_eq!(counter.balance().await, 0);
    counter.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn plain_forms_credit_and_reverse_a_sale(_: PgPoolOptions, options: PgConnectOptions) {
    let counter = Counter::open(&options).await;
    let page = format!("/till?member={}", counter.member);
    let form = counter.attendant.get(&page).await;
    assert!(form.text.contains("inputmode=\"decimal\""));
    let fields = counter.fields("850", "C-1");
    let fields = fields.each_ref().map(pair);
    let (to, shown) = counter
        .attendant
        .submit_and_follow(&page, "/api/till/accrue", &fields)
        .await;
    assert!(to.starts_with("/till?credited="), "{to}");
    assert!(shown.text.contains("data-tone=\"done\""));
    assert!(shown.text.contains("+8 Lumis"));
    let (to, again) = counter
        .attendant
        .submit_and_follow(&page, "/api/till/accrue", &fields)
        .await;
    assert!(to.ends_with("&again=1"), "{to}");
    assert!(again.text.contains("data-tone=\"calm\""));
    assert!(again.text.contains("Credited already"));

    let accrual = counter.town.text("select id::text from accruals").await;
    let question = format!("/till?reverse={accrual}");
    assert!(again.text.contains(&question), "the list leads to it");
    let asked = counter.attendant.get(&question).await;
    assert_eq!(asked.input("accrual"), Some(accrual.as_str()));
    assert_eq!(counter.balance().await, 8, "asking changes nothing");
    let (to, shown) = counter
        .attendant
        .submit_and_follow(&question, "/api/till/reverse", &[("accrual", &accrual)])
        .await;
    assert_eq!(to, format!("/till?reversed={accrual}"));
    assert!(shown.text.contains("8 Lumis taken back."));
    assert_eq!(counter.balance().await, 0);
    let refused = counter.credit("850", "C-1").await;
    assert_eq!(refused.tone(), "used", "a reversed receipt brings no more");
    counter.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_reversal_says_what_is_owed_because_it_was_spent(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let counter = Counter::open(&options).await;
    counter.credit("15000", "D-1").await;
    let offer = counter.town.offer(&counter.shop, LIMITLESS).await;
    counter.town.redemption(&counter.consumer, &offer).await;
    let accrual = counter.town.text("select id::text from accruals").await;
    let fields = [("accrual", accrual.as_str())];
    for _ in 0..2 {
        let reversed = counter.attendant.ask("/api/till/reverse", &fields).await;
        assert_eq!(reversed.tone(), "calm");
        let detail = reversed.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains("50 Lumis taken back."), "{detail}");
        assert!(detail.contains("100 Lumis had been spent"), "{detail}");
        assert_eq!(reversed.json()["recent"][0]["kind"], "reversed");
        assert_eq!(reversed.json()["recent"][0]["reverse"], Value::Null);
    }
    counter.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn nobody_reverses_a_sale_that_is_not_their_own(_: PgPoolOptions, options: PgConnectOptions) {
    let counter = Counter::open(&options).await;
    counter.credit("850", "E-1").await;
    let accrual = counter.town.text("select id::text from accruals").await;
    let elsewhere = counter.town.shop().await;
    for person in [counter.shop.manager, elsewhere.attendant, elsewhere.manager] {
        let browser = counter.server.signed_in(person).await;
        let fields = [("accrual", accrual.as_str())];
        let refused = browser.ask("/api/till/reverse", &fields).await;
        assert_eq!((refused.status, refused.tone().as_str()), (200, "bad"));
        let page = browser.get(&format!("/till?reverse={accrual}")).await;
        assert_eq!(page.input("accrual"), None);
    }
    assert_eq!(counter.balance().await, 8);
    counter.close().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_last_ten_are_sales_and_redemptions_by_time(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let counter = Counter::open(&options).await;
    let offer = counter.town.offer(&counter.shop, LIMITLESS).await;
    let buyer = counter.server.consumer(1_000).await;
    let mut expected = Vec::new();
    for round in 0..6 {
        counter.credit("850", &format!("F-{round}")).await;
        expected.insert(0, "sale");
        let redemption = counter.town.redemption(&buyer, &offer).await;
        let good = counter
            .attendant
            .ask("/api/till/validate", &[("code", &redemption)])
            .await;
        let ticket = good.json()["confirm"]["ticket"]
            .as_str()
            .unwrap()
            .to_owned();
        let fields = [("redemption", redemption.as_str()), ("ticket", &ticket)];
        let done = counter.attendant.ask("/api/till/confirm", &fields).await;
        expected.insert(0, "redemption");
        let listed = done.json()["recent"].clone();
        let kinds: Vec<_> = listed
            .as_array()
            .unwrap()
            .iter()
            .map(|line| line["kind"].as_str().unwrap().to_owned())
            .collect();
        expected.truncate(10);
        assert_eq!(kinds, expected);
    }
    counter.close().await;
}
