//! `/api/v1/auth`: signing up, in and out over the API.

use std::path::Path;

use domain::account::Role;
use serde_json::{Value, json};
use services::identity::{
    api_keys,
    links::{Issued, request_reset, request_verification},
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::{Answer, PASSWORD, TestServer, Wish};

const ANA: &str = "ana@town.test";
const NEW: &str = "lluvia sobre surtidor";

/// Calls an operation below `/api/v1`; a proof is a header's name and value.
async fn call(
    server: &TestServer,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Value,
) -> Answer {
    let path = format!("/api/v1{path}");
    let mut request = server.browser().bare(method, &path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    if !body.is_null() {
        request = request.json(&body);
    }
    Answer::of(request).await
}

async fn post(server: &TestServer, path: &str, body: Value) -> Answer {
    call(server, "POST", path, &[], body).await
}

async fn profile(server: &TestServer, access: &str) -> Answer {
    let bearer = format!("Bearer {access}");
    call(
        server,
        "GET",
        "/auth/profile",
        &[("authorization", &bearer)],
        Value::Null,
    )
    .await
}

async fn login(server: &TestServer, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    post(server, "/auth/login", body).await
}

/// The tokens of someone who signs in.
async fn session(server: &TestServer) -> (String, String) {
    server.town().person(ANA, Role::Consumer, None).await;
    tokens(&login(server, ANA, PASSWORD).await)
}

fn tokens(answer: &Answer) -> (String, String) {
    assert_eq!(answer.status, 200, "{}", answer.text);
    let body = answer.json();
    let token = |name: &str| body[name].as_str().unwrap().to_owned();
    (token("access_token"), token("refresh_token"))
}

fn told(answer: &Answer) -> (u16, String) {
    (answer.status, answer.code())
}

fn problem(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[sqlx::test(migrations = "../migrations")]
async fn signing_in_gives_tokens_that_tell_who_asks(_: PgPoolOptions, options: PgConnectOptions) {
    let server = TestServer::start(&options).await;
    server.town().person(ANA, Role::Consumer, None).await;
    let answer = login(&server, " Ana@Town.test", PASSWORD).await;
    let body = answer.json();
    assert_eq!(
        (&body["token_type"], &body["expires_in"]),
        (&json!("Bearer"), &json!(3600))
    );
    let (access, _) = tokens(&answer);
    let seen = profile(&server, &access).await.json();
    assert_eq!(
        (&seen["email"], &seen["role"]),
        (&json!(ANA), &json!("consumer"))
    );
    for (email, password) in [(ANA, "wrong"), ("nobody@town.test", PASSWORD), ("?", "x")] {
        let refused = login(&server, email, password).await;
        assert_eq!(
            told(&refused),
            problem(401, "INVALID_CREDENTIALS"),
            "{email}"
        );
    }
    for bad in ["", "x.y.z", &access[..access.len() - 2]] {
        let refused = profile(&server, bad).await;
        assert_eq!(told(&refused), problem(401, "UNAUTHORIZED"), "{bad}");
    }
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn five_wrong_passwords_lock_signing_in_here_as_on_the_page(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    server.town().person(ANA, Role::Consumer, None).await;
    for _ in 0..5 {
        login(&server, ANA, "wrong").await;
    }
    let locked = login(&server, ANA, PASSWORD).await;
    assert_eq!(told(&locked), problem(429, "SIGN_IN_LOCKED"));
    assert!(locked.json()["until"].is_i64());
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_refresh_token_is_good_once_and_a_second_use_ends_the_session(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let (_, first) = session(&server).await;
    let refresh =
        async |token: &str| post(&server, "/auth/refresh", json!({ "refresh_token": token })).await;
    let (access, second) = tokens(&refresh(&first).await);
    assert_eq!(profile(&server, &access).await.status, 200);
    for token in [&first, &second, &"unknown".to_owned()] {
        assert_eq!(told(&refresh(token).await), problem(401, "UNAUTHORIZED"));
    }
    assert_eq!(profile(&server, &access).await.status, 401);
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn signing_out_ends_a_session_however_often(_: PgPoolOptions, options: PgConnectOptions) {
    let server = TestServer::start(&options).await;
    let (access, refresh) = session(&server).await;
    for _ in 0..2 {
        let out = post(&server, "/auth/logout", json!({ "refresh_token": refresh })).await;
        assert_eq!(out.status, 204);
        assert_eq!(profile(&server, &access).await.status, 401);
    }
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn whoever_registers_is_mailed_once_and_can_sign_in(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let body = json!({ "email": ANA, "password": NEW, "name": "Ana" });
    let register = async |key: &'static str, body: &Value| {
        let named = [("idempotency-key", key)];
        call(&server, "POST", "/auth/register", &named, body.clone()).await
    };
    let made = register("one", &body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let again = register("one", &body).await;
    assert_eq!((again.status, again.json()), (201, made.json()));
    assert_eq!(made.json()["email_verified"], false);
    let letters = "select count(*) from one_time_tokens";
    assert_eq!(server.town().count(letters).await, 1);

    let other = json!({ "email": ANA, "password": NEW, "name": "Other" });
    assert_eq!(
        told(&register("one", &other).await),
        problem(409, "IDEMPOTENCY_KEY_REUSED")
    );
    let taken = register("two", &other).await;
    assert_eq!(told(&taken), problem(422, "VALIDATION_ERROR"));
    assert_eq!(taken.json()["fields"][0]["field"], "email");
    let nameless = post(&server, "/auth/register", body).await;
    assert_eq!(nameless.json()["fields"][0]["field"], "Idempotency-Key");
    tokens(&login(&server, ANA, NEW).await);
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn every_field_of_a_registration_is_told_what_is_wrong_with_it(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let body = json!({ "email": "ana", "password": "short", "name": " ", "referral_code": "x" });
    let refused = call(
        &server,
        "POST",
        "/auth/register",
        &[("idempotency-key", "k")],
        body,
    )
    .await;
    assert_eq!(told(&refused), problem(422, "VALIDATION_ERROR"));
    let body = refused.json();
    let fields = body["fields"].as_array().unwrap();
    let names: Vec<_> = fields
        .iter()
        .map(|it| it["field"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["email", "name", "password", "referral_code"]);
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_profile_is_changed_by_its_owner(_: PgPoolOptions, options: PgConnectOptions) {
    let server = TestServer::start(&options).await;
    let (access, _) = session(&server).await;
    let bearer = format!("Bearer {access}");
    let headers = [("authorization", bearer.as_str()), ("idempotency-key", "1")];
    let change = json!({ "name": " Ana  María ", "locale": "en" });
    let changed = call(&server, "PATCH", "/auth/profile", &headers, change).await;
    let now = changed.json();
    assert_eq!(
        (&now["name"], &now["locale"]),
        (&json!("Ana María"), &json!("en")),
        "{now}"
    );
    assert_eq!(profile(&server, &access).await.json(), now);
    let unknown = [headers[0], ("idempotency-key", "3")];
    let refused = call(
        &server,
        "PATCH",
        "/auth/profile",
        &unknown,
        json!({ "locale": "fr" }),
    )
    .await;
    assert_eq!(told(&refused), problem(422, "VALIDATION_ERROR"));
    assert_eq!(refused.json()["fields"][0]["field"], "locale");
    let refused = call(
        &server,
        "PATCH",
        "/auth/profile",
        &[headers[0], ("idempotency-key", "2")],
        json!({ "name": "" }),
    )
    .await;
    assert_eq!(told(&refused), problem(422, "VALIDATION_ERROR"));
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn mailed_links_work_over_the_api_and_work_once(_: PgPoolOptions, options: PgConnectOptions) {
    let server = TestServer::start(&options).await;
    let user = server.town().person(ANA, Role::Consumer, None).await;
    let address = ANA.try_into().unwrap();
    let mailed = request_reset(&server.s, &address).await.unwrap().unwrap();
    let body = json!({ "token": mailed.token.as_str(), "password": NEW });
    let reset = async |body: &Value| post(&server, "/auth/reset-password", body.clone()).await;
    assert_eq!(reset(&body).await.status, 204);
    assert_eq!(told(&reset(&body).await), problem(410, "INVALID_LINK"));
    let (access, _) = tokens(&login(&server, ANA, NEW).await);

    let Issued::New(token) = request_verification(&server.s, user.into()).await.unwrap() else {
        panic!("a first link is within every limit");
    };
    for (token, status) in [(token.as_str(), 204), (token.as_str(), 204), ("none", 410)] {
        let verified = post(&server, "/auth/verify-email", json!({ "token": token })).await;
        assert_eq!(verified.status, status);
    }
    assert_eq!(
        profile(&server, &access).await.json()["email_verified"],
        true
    );
    // Last: the letter is written after the answer, and its link would replace the one above.
    for email in [ANA, "nobody@town.test"] {
        let asked = post(&server, "/auth/forgot-password", json!({ "email": email })).await;
        assert_eq!((asked.status, asked.text.as_str()), (202, ""));
    }
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_integration_signs_in_with_its_merchants_key_alone(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let (shop, other) = (server.town().shop().await, server.town().shop().await);
    let account = services::identity::account(&server.s, shop.manager.into(), 0).await;
    let manager = services::identity::actors::Actor::of(&account.unwrap().unwrap()).unwrap();
    let name = "Till".try_into().unwrap();
    let new = api_keys::create(&server.s, manager, &name).await.unwrap();
    let login = async |merchant, key: &str| {
        let body = json!({ "merchant": merchant, "api_key": key });
        post(&server, "/merchant/auth/login", body).await
    };
    let given = login(shop.merchant, &new.key).await.json();
    assert_eq!(given["expires_in"], 28_800);
    // A person's profile is not an integration's.
    let refused = profile(&server, given["access_token"].as_str().unwrap()).await;
    assert_eq!(told(&refused), problem(401, "UNAUTHORIZED"));
    for (merchant, key) in [
        (other.merchant, new.key.as_str()),
        (shop.merchant, "srt_none"),
    ] {
        let refused = login(merchant, key).await;
        assert_eq!(told(&refused), problem(401, "INVALID_CREDENTIALS"));
    }
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn the_published_keys_are_those_that_sign_and_hold_no_secret(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let wish = Wish {
        production: true,
        site_root: Path::new("no/such/folder"),
        ..Wish::default()
    };
    let server = TestServer::wished(&options, wish).await;
    let (access, _) = session(&server).await;
    let answer = server.browser().get("/.well-known/jwks.json").await;
    assert_eq!(answer.headers["content-type"], "application/jwk-set+json");
    let header = access.split('.').next().unwrap();
    let header = base64_url(header);
    let key = &answer.json()["keys"][0];
    assert!(header.contains(key["kid"].as_str().unwrap()), "{header}");
    assert_eq!((&key["kty"], &key["alg"]), (&json!("OKP"), &json!("EdDSA")));
    assert!(key.get("d").is_none());
    server.stop().await;
}

/// The text of base64 in its URL alphabet.
fn base64_url(text: &str) -> String {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
}
