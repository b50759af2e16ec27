//! Shared devices, and the PINs with which people sign in on them.

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::{Answer, Browser, LIMITLESS, PASSWORD, Shop, TestServer, Town, at_once};

const PIN: &str = "2580";

/// A shop whose manager has named a device.
struct Counter {
    server: TestServer,
    town: Town,
    shop: Shop,
    manager: Browser,
    /// The cookie that makes a browser the terminal.
    cookie: String,
}

impl Counter {
    async fn open(options: &PgConnectOptions) -> Self {
        let server = TestServer::start(options).await;
        let town = server.town();
        let shop = town.shop().await;
        let manager = server.signed_in(shop.manager).await;
        let fields = [("name", "Pump 3"), ("station", "")];
        let named = manager
            .submit("/manage/terminals", "/api/terminals/create", &fields)
            .await;
        assert_eq!(named.location(), "/manage/terminals?done=created");
        Self {
            cookie: named.cookies().join("; "),
            server,
            town,
            shop,
            manager,
        }
    }

    /// The device, with nobody signed in.
    fn device(&self) -> Browser {
        let browser = self.server.browser();
        browser.keep_cookie(&self.cookie);
        browser
    }

    async fn set_pin(&self, person: uuid::Uuid) {
        let browser = self.server.signed_in(person).await;
        let fields = [("current_password", PASSWORD), ("pin", PIN)];
        let set = browser
            .submit("/account", "/api/identity/set-pin", &fields)
            .await;
        assert_eq!(set.location(), "/account?done=pin");
    }

    async fn terminal(&self) -> String {
        self.town.text("select id::text from terminals").await
    }

    async fn audited(&self, action: &str) -> i64 {
        let sql = format!("select count(*) from audit_log where action = '{action}'");
        self.town.count(&sql).await
    }
}

async fn sign_in(device: &Browser, person: uuid::Uuid, pin: &str) -> Answer {
    let person = person.to_string();
    let fields = [("person", person.as_str()), ("pin", pin)];
    device.ask("/api/till/sign-in", &fields).await
}

#[sqlx::test(migrations = "../migrations")]
async fn a_device_is_named_once_keeps_its_secret_and_is_retired(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let counter = Counter::open(&options).await;
    for part in [
        "terminal=",
        "HttpOnly",
        "SameSite=Lax",
        "Max-Age=34560000",
        "Path=/",
    ] {
        assert!(counter.cookie.contains(part), "{part}: {}", counter.cookie);
    }
    let secret = counter.cookie.split(['=', ';']).nth(1).unwrap();
    let kept = counter
        .town
        .text("select encode(secret_hash, 'escape') from terminals")
        .await;
    assert!(!kept.contains(secret), "the database has the hash alone");
    let taken = [("name", "pump  3"), ("station", "")];
    let refused = counter.manager.ask("/api/terminals/create", &taken).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (422, "VALIDATION_ERROR")
    );
    let nobodys = counter.town.key();
    let station = [("name", "Pump 4"), ("station", nobodys.as_str())];
    let refused = counter.manager.ask("/api/terminals/create", &station).await;
    assert_eq!(refused.status, 422, "another merchant's station");
    assert!(
        counter
            .manager
            .get("/manage/terminals")
            .await
            .text
            .contains("Pump 3")
    );

    let terminal = counter.terminal().await;
    let fields = [("terminal", terminal.as_str())];
    let stranger = counter.town.shop().await.manager;
    let stranger = counter.server.signed_in(stranger).await;
    let refused = stranger.ask("/api/terminals/retire", &fields).await;
    assert_eq!(refused.status, 404);
    let retired = counter.manager.ask("/api/terminals/retire", &fields).await;
    assert_eq!(retired.status, 200);
    let cookies = retired.cookies();
    assert!(
        cookies.iter().any(|it| it.starts_with("terminal=;")),
        "{cookies:?}"
    );
    let people = counter.device().get("/till/people").await;
    assert!(people.text.contains("This device is no terminal"));
    for action in ["terminal.create", "terminal.retire"] {
        assert_eq!(counter.audited(action).await, 1, "{action}");
    }
    counter.server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_pin_opens_the_till_at_a_terminal_of_ones_merchant_and_nothing_else(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let counter = Counter::open(&options).await;
    counter.set_pin(counter.shop.manager).await;
    let device = counter.device();
    // Who uses the till there chooses who they are.
    let till = device.get("/till").await;
    assert_eq!(
        (till.status, till.location().as_str()),
        (302, "/till/people")
    );
    let people = device.get("/till/people").await;
    let person = counter.shop.manager.to_string();
    assert!(people.text.contains(&person));
    let attendant = counter.shop.attendant.to_string();
    assert!(
        !people.text.contains(&attendant),
        "who has no PIN is not asked for it"
    );

    assert_eq!(
        sign_in(&counter.server.browser(), counter.shop.manager, PIN)
            .await
            .status,
        403
    );
    assert_eq!(
        sign_in(&device, counter.shop.attendant, PIN).await.status,
        422
    );
    let form = [("person", person.as_str()), ("pin", PIN)];
    let to = device
        .submit("/till/people", "/api/till/sign-in", &form)
        .await;
    assert_eq!(to.location(), "/till");
    let till = device.get("/till").await;
    assert_eq!(till.status, 200);
    assert!(till.text.contains("Pump 3"));
    // A manager is an attendant there.
    for closed in ["/manage/offers", "/manage/terminals", "/account"] {
        assert_eq!(device.get(closed).await.status, 403, "{closed}");
    }
    let fields = [("name", "Mine"), ("station", "")];
    assert_eq!(
        device.ask("/api/terminals/create", &fields).await.status,
        403
    );
    let fields = [("current_password", PASSWORD), ("pin", "9035")];
    assert_eq!(
        device.ask("/api/identity/set-pin", &fields).await.status,
        403
    );
    for own in ["sign-out-everywhere", "request-verification"] {
        let refused = device.ask(&format!("/api/identity/{own}"), &[]).await;
        assert_eq!(refused.status, 403, "{own}");
    }
    let out = device.submit("/till", "/api/identity/sign-out", &[]).await;
    assert_eq!(out.location(), "/till/people");
    assert_eq!(counter.audited("pin.set").await, 1);
    assert_eq!(counter.audited("pin.sign_in").await, 1);
    counter.server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn five_wrong_pins_lock_it_for_half_an_hour(_: PgPoolOptions, options: PgConnectOptions) {
    let counter = Counter::open(&options).await;
    counter.set_pin(counter.shop.attendant).await;
    let device = counter.device();
    for _ in 0..5 {
        let wrong = sign_in(&device, counter.shop.attendant, "0852").await;
        assert_eq!(wrong.status, 422);
        assert_eq!(wrong.json()["problems"][0][1]["problem"], "wrong_pin");
    }
    let locked = sign_in(&device, counter.shop.attendant, PIN).await;
    assert_eq!((locked.status, locked.code().as_str()), (429, "PIN_LOCKED"));
    let minutes = "select round(extract(epoch from locked_until - now()) / 60)::bigint from pins";
    assert_eq!(counter.town.count(minutes).await, 30);
    sqlx::query("update pins set locked_until = now() - interval '1 second', window_started_at = now() - interval '31 minutes'")
        .execute(counter.server.db())
        .await
        .unwrap();
    assert_eq!(
        sign_in(&device, counter.shop.attendant, PIN).await.status,
        200
    );
    assert_eq!(
        counter
            .town
            .count("select failures::bigint from pins")
            .await,
        0
    );
    counter.server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn of_twenty_guesses_at_once_five_are_looked_at(_: PgPoolOptions, options: PgConnectOptions) {
    let counter = Counter::open(&options).await;
    counter.set_pin(counter.shop.attendant).await;
    let person = counter.shop.attendant;
    let guesses = (0..20).map(|_| {
        let device = counter.device();
        async move { sign_in(&device, person, "0852").await.status }
    });
    let mut answers = at_once(guesses).await;
    answers.sort_unstable();
    assert_eq!(answers, [vec![422; 5], vec![429; 15]].concat());
    counter.server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_pin_session_ends_with_its_terminal_and_a_pin_with_the_job(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let counter = Counter::open(&options).await;
    counter.set_pin(counter.shop.attendant).await;
    let device = counter.device();
    assert_eq!(
        sign_in(&device, counter.shop.attendant, PIN).await.status,
        200
    );
    assert_eq!(device.get("/till").await.status, 200);
    let terminal = counter.terminal().await;
    let fields = [("terminal", terminal.as_str())];
    counter.manager.ask("/api/terminals/retire", &fields).await;
    let till = device.get("/till").await;
    assert_eq!(till.status, 302, "signed out");
    sqlx::query("update users set role = 'consumer', merchant_id = null where id = $1")
        .bind(counter.shop.attendant)
        .execute(counter.server.db())
        .await
        .unwrap();
    assert_eq!(counter.town.count("select count(*) from pins").await, 0);
    counter.server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_done_at_a_terminal_carries_it_and_a_duplicate_names_it(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let counter = Counter::open(&options).await;
    counter.set_pin(counter.shop.attendant).await;
    let device = counter.device();
    sign_in(&device, counter.shop.attendant, PIN).await;
    let offer = counter.town.offer(&counter.shop, LIMITLESS).await;
    let consumer = counter.server.consumer(100).await;
    let redemption = counter.town.redemption(&consumer, &offer).await;
    let good = device
        .ask("/api/till/validate", &[("code", &redemption)])
        .await;
    let ticket = good.json()["confirm"]["ticket"]
        .as_str()
        .unwrap()
        .to_owned();
    let fields = [("redemption", redemption.as_str()), ("ticket", &ticket)];
    assert_eq!(
        device.ask("/api/till/confirm", &fields).await.tone(),
        "done"
    );
    let retry = device.ask("/api/till/confirm", &fields).await;
    assert_eq!(retry.tone(), "calm");
    let detail = retry.json()["detail"].as_str().unwrap().to_owned();
    assert!(
        detail.starts_with("Confirmed by you ") && detail.contains(" s ago"),
        "{detail}"
    );
    let duplicate = counter
        .manager
        .ask("/api/till/validate", &[("code", &redemption)])
        .await;
    assert_eq!(duplicate.tone(), "used");
    let detail = duplicate.json()["detail"].as_str().unwrap().to_owned();
    assert!(
        detail.starts_with("Used at ") && detail.contains(" at Pump 3."),
        "{detail}"
    );

    let member = "select member_code from users where role = 'consumer'";
    let member = counter.town.text(member).await;
    let sale = [
        ("member", member.as_str()),
        ("amount", "850"),
        ("receipt", "1"),
    ];
    assert_eq!(device.ask("/api/till/accrue", &sale).await.tone(), "done");
    for table in ["redemptions", "accruals"] {
        let sql =
            format!("select count(*) from {table} x join terminals t on t.id = x.terminal_id");
        assert_eq!(counter.town.count(&sql).await, 1, "{table}");
    }
    // Another merchant's people are at no terminal there.
    let elsewhere = counter.town.shop().await;
    let stranger = counter.server.signed_in(elsewhere.attendant).await;
    stranger.keep_cookie(&counter.cookie);
    let sale = [
        ("member", member.as_str()),
        ("amount", "850"),
        ("receipt", "2"),
    ];
    assert_eq!(stranger.ask("/api/till/accrue", &sale).await.tone(), "done");
    let none = "select count(*) from accruals where terminal_id is null";
    assert_eq!(counter.town.count(none).await, 1);
    counter.server.stop().await;
}
