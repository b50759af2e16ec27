//! The second step of signing in, by plain forms and over the API.

use chrono::{DateTime, Utc};
use domain::account::Role;
use serde_json::{Value, json};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use totp_rs::{Builder, Secret};

use crate::support::{Answer, Browser, PASSWORD, TestServer, Wish, program};

const ROOT: &str = "root@town.test";
const PAGE: &str = "/account/second-step";

/// What an app shows that was given this secret.
pub fn code(secret: &str, at: DateTime<Utc>) -> String {
    let secret = Secret::try_from_base32(secret.replace(' ', "")).unwrap();
    let totp = Builder::new().with_secret(secret).build().unwrap();
    totp.generate(at.timestamp().try_into().unwrap())
        .to_string()
}

/// Its codes of now and of the next step, which is good already.
fn now_and_next(server: &TestServer, secret: &str) -> [String; 2] {
    let now = server.s.now();
    [now, now + chrono::TimeDelta::seconds(30)].map(|at| code(secret, at))
}

/// The text of the page's element of this class.
fn inside<'a>(page: &'a str, class: &str) -> Option<&'a str> {
    let (_, rest) = page.split_once(&format!("class=\"{class}\""))?;
    let (_, rest) = rest.split_once('>')?;
    rest.split('<').next()
}

/// The recovery codes that a page shows.
fn recovery_codes(page: &str) -> Vec<String> {
    let list = page.split_once("class=\"recovery-codes\"");
    let list = list.map_or("", |(_, rest)| rest.split("</ol>").next().unwrap());
    list.split("<code>")
        .skip(1)
        .map(|rest| rest.split('<').next().unwrap().to_owned())
        .collect()
}

async fn begin(browser: &Browser, password: &str) -> Answer {
    let action = "/api/identity/begin-second-step";
    let (_, page) = browser
        .submit_and_follow(PAGE, action, &[("current_password", password)])
        .await;
    page
}

async fn activate(browser: &Browser, otp: &str) -> Answer {
    let action = "/api/identity/activate-second-step";
    let (_, page) = browser
        .submit_and_follow(PAGE, action, &[("otp", otp)])
        .await;
    page
}

async fn change(browser: &Browser, otp: &str, what: &str) -> Answer {
    let fields = [
        ("current_password", PASSWORD),
        ("otp", otp),
        ("change", what),
    ];
    let action = "/api/identity/change-second-step";
    let (_, page) = browser.submit_and_follow(PAGE, action, &fields).await;
    page
}

async fn send_code(browser: &Browser, otp: &str) -> Answer {
    let fields = [("otp", otp), ("next", "/admin/adjustments")];
    browser
        .submit("/sign-in/code", "/api/identity/sign-in-code", &fields)
        .await
}

/// An admin with a second step: their browser, what their app holds, and their recovery codes.
async fn enrolled(server: &TestServer) -> (Browser, String, Vec<String>) {
    let user = server.town().person(ROOT, Role::Admin, None).await;
    let browser = server.signed_in(user).await;
    let secret = inside(&begin(&browser, PASSWORD).await.text, "secret")
        .unwrap()
        .to_owned();
    let [now, _] = now_and_next(server, &secret);
    let page = activate(&browser, &now).await;
    let codes = recovery_codes(&page.text);
    assert_eq!(codes.len(), 10, "{}", page.text);
    (browser, secret, codes)
}

#[sqlx::test(migrations = "../migrations")]
async fn an_admin_enrols_and_signs_in_with_a_password_and_a_code(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let user = server.town().person(ROOT, Role::Admin, None).await;
    let browser = server.signed_in(user).await;
    let another = server.signed_in(user).await;
    assert!(
        begin(&browser, "wrong")
            .await
            .text
            .contains("not your current password")
    );
    let page = begin(&browser, PASSWORD).await;
    assert!(page.text.contains("<svg") && page.text.contains("otpauth://totp/Surtidor"));
    let secret = inside(&page.text, "secret").unwrap().to_owned();
    assert!(
        activate(&browser, "000000")
            .await
            .text
            .contains("That code is wrong")
    );
    let [now, next] = now_and_next(&server, &secret);
    let codes = recovery_codes(&activate(&browser, &now).await.text);
    assert_eq!(codes.len(), 10);
    // Once: neither again, nor the secret, nor in the other browser, whose session has ended.
    let again = browser.get(&format!("{PAGE}?done=activated")).await;
    assert_eq!(again.status, 200);
    assert!(recovery_codes(&again.text).is_empty() && !again.text.contains(&secret));
    assert_eq!(another.get("/account").await.status, 302);

    let browser = server.browser();
    let asked = browser.sign_in(ROOT, PASSWORD).await;
    assert_eq!(asked.location(), "/sign-in/code");
    let before = browser.session().unwrap();
    assert_eq!(browser.get("/account").await.status, 302);
    assert_eq!(browser.get("/sign-in/code").await.input("otp"), Some(""));
    let wrong = send_code(&browser, "000000").await;
    let wrong = browser.get(&wrong.location()).await;
    assert!(wrong.text.contains("That code is wrong"), "{}", wrong.text);
    assert_eq!(
        send_code(&browser, &next).await.location(),
        "/admin/adjustments"
    );
    assert_ne!(browser.session().unwrap(), before);
    assert_eq!(browser.get("/account").await.status, 200);
    // What was proved is used up with it.
    assert!(
        send_code(&browser, &codes[0])
            .await
            .location()
            .contains("__err=")
    );
    assert!(
        browser
            .get("/sign-in/code")
            .await
            .text
            .contains("That took too long")
    );
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_recovery_code_signs_in_once_and_others_can_be_made(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let (first, secret, codes) = enrolled(&server).await;
    let browser = server.browser();
    browser.sign_in(ROOT, PASSWORD).await;
    assert_eq!(
        send_code(&browser, &codes[0]).await.location(),
        "/admin/adjustments"
    );
    browser.sign_in(ROOT, PASSWORD).await;
    assert!(
        send_code(&browser, &codes[0])
            .await
            .location()
            .contains("__err=")
    );

    let [_, next] = now_and_next(&server, &secret);
    let page = change(&first, &next, "codes").await;
    let others = recovery_codes(&page.text);
    assert_eq!(others.len(), 10, "{}", page.text);
    assert!(!others.contains(&codes[1]));
    let page = change(&first, &codes[1], "off").await;
    assert!(page.text.contains("That code is wrong"), "{}", page.text);
    let page = change(&first, &others[0], "off").await;
    assert!(
        page.text.contains("The second step is off."),
        "{}",
        page.text
    );
    let browser = server.browser();
    let answer = browser.sign_in(ROOT, PASSWORD).await;
    assert_eq!(answer.location(), "/admin/merchants");
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_admin_who_needs_a_second_step_is_led_to_it_and_to_nothing_else(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let wish = Wish {
        admins_need_second_step: true,
        ..Wish::default()
    };
    let server = TestServer::wished(&options, wish).await;
    let user = server.town().person(ROOT, Role::Admin, None).await;
    let browser = server.browser();
    assert_eq!(browser.sign_in(ROOT, PASSWORD).await.location(), PAGE);
    for path in [
        "/account",
        "/admin/merchants",
        "/admin/adjustments",
        "/manage/offers",
    ] {
        let answer = browser.get(path).await;
        assert_eq!(
            (answer.status, answer.location().as_str()),
            (302, PAGE),
            "{path}"
        );
    }
    let refused = browser
        .ask("/api/merchants/create", &[("name", "New")])
        .await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (403, "MFA_ENROLMENT_REQUIRED")
    );
    let program = server.acting_for(user).await;
    for path in ["/admin/merchants", "/auth/profile"] {
        let refused = program.get(path).await;
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (403, "MFA_ENROLMENT_REQUIRED"),
            "{path}"
        );
    }
    assert_eq!(program.get("/rewards/offers").await.status, 200);

    let page = browser.get(PAGE).await;
    assert!(page.text.contains("Set it up to go on"), "{}", page.text);
    let secret = inside(&begin(&browser, PASSWORD).await.text, "secret")
        .unwrap()
        .to_owned();
    let [now, next] = now_and_next(&server, &secret);
    let page = activate(&browser, &now).await;
    assert!(!page.text.contains("value=\"off\""), "{}", page.text);
    assert_eq!(browser.get("/admin/merchants").await.status, 200);
    let refused = change(&browser, &next, "off").await;
    assert!(
        refused.text.contains("Your account cannot do that."),
        "{}",
        refused.text
    );
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_program_enrols_signs_in_with_a_code_and_switches_it_off(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let user = server.town().person(ROOT, Role::Admin, None).await;
    let program = server.acting_for(user).await;
    let wrong = program
        .post("/auth/mfa/enrol", json!({ "current_password": "wrong" }))
        .await;
    assert_eq!(
        (wrong.status, wrong.code().as_str()),
        (422, "VALIDATION_ERROR")
    );
    let body = json!({ "current_password": PASSWORD });
    let made = program.send("POST", "/auth/mfa/enrol", "k", &body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    // A retry is told the same secret, which the kept answer does not show.
    let again = program.send("POST", "/auth/mfa/enrol", "k", &body).await;
    assert_eq!(again.json(), made.json());
    let secret = made.json()["secret"].as_str().unwrap().to_owned();
    let kept = format!("select count(*) from named_requests where answer like '%{secret}%'");
    assert_eq!(server.town().count(&kept).await, 0);

    let [now, next] = now_and_next(&server, &secret);
    let on = program
        .post("/auth/mfa/activate", json!({ "otp": now }))
        .await;
    assert_eq!(on.status, 200, "{}", on.text);
    let codes = on.json()["recovery_codes"].clone();
    assert_eq!(program.get("/auth/profile").await.status, 401);

    let login = |otp: Value| {
        let mut body = json!({ "email": ROOT, "password": PASSWORD });
        if !otp.is_null() {
            body["otp"] = otp;
        }
        let stranger = server.stranger();
        async move { Answer::of(stranger.request("POST", "/auth/login").json(&body)).await }
    };
    let refused = login(Value::Null).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (401, "MFA_REQUIRED")
    );
    for wrong in [json!("000000"), json!(now), json!("x")] {
        let refused = login(wrong).await;
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (401, "INVALID_CREDENTIALS")
        );
    }
    assert_eq!(login(json!(next)).await.status, 200);
    assert_eq!(login(codes[0].clone()).await.status, 200);

    let token = login(json!(codes[2])).await.json()["access_token"].clone();
    let bearer = format!("Bearer {}", token.as_str().unwrap());
    let call = |method: &str, path: &str, body: Value| {
        let request = server
            .browser()
            .bare(method, &format!("/api/v1/auth/mfa{path}"));
        let request = request
            .header("authorization", &bearer)
            .header("idempotency-key", path.len().to_string());
        Answer::of(request.json(&body))
    };
    let told = call("GET", "", Value::Null).await.json();
    let expected =
        json!({ "enabled": true, "required": false, "enrolling": false, "recovery_codes_left": 8 });
    assert_eq!(told, expected);
    let proof = |otp: &Value| json!({ "current_password": PASSWORD, "otp": otp });
    let others = call("POST", "/recovery-codes", proof(&codes[1]))
        .await
        .json();
    let off = call("POST", "/disable", proof(&others["recovery_codes"][0])).await;
    assert_eq!(
        (off.status, off.json()["enabled"].clone()),
        (200, json!(false))
    );
    assert_eq!(login(Value::Null).await.status, 200);
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn others_than_managers_and_admins_have_no_second_step(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let shop = server.town().shop().await;
    let member = server.member(0).await;
    let attendant = server.acting_for(shop.attendant).await;
    for program in [member, attendant] {
        let body = json!({ "current_password": PASSWORD });
        let refused = program.post("/auth/mfa/enrol", body).await;
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (403, "FORBIDDEN")
        );
    }
    let manager = server.acting_for(shop.manager).await;
    assert_eq!(manager.get("/auth/mfa").await.status, 200);
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_lost_second_step_is_taken_away_at_the_machine(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let (browser, ..) = enrolled(&server).await;
    let url = crate::support::database_url(&options);
    let folder = tempfile::tempdir().unwrap();
    let reset = || {
        let arguments = ["admin", "reset-second-step", ROOT];
        program(folder.path(), &arguments, &[("DATABASE_URL", &url)])
            .output()
            .unwrap()
    };
    let done = reset();
    assert!(done.status.success());
    assert!(String::from_utf8_lossy(&done.stdout).contains("can enrol anew"));
    let again = reset();
    assert!(!again.status.success());
    assert!(String::from_utf8_lossy(&again.stderr).contains("has no second step"));
    assert_eq!(browser.get("/account").await.status, 302);
    assert_eq!(
        browser.sign_in(ROOT, PASSWORD).await.location(),
        "/admin/merchants"
    );
    server.stop().await;
}
