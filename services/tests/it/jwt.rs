//! Tokens of people and of integrations.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use domain::account::KeyName;
use serde_json::{Value, json};
use services::{
    Services,
    entropy::Entropy,
    identity::{
        self, Account, api_keys, api_sessions,
        jwt::{
            ACCESS_LIFETIME, Keys, MERCHANT_LIFETIME, TokenRefusal, authenticate,
            authenticate_merchant, fresh, sign_in_merchant,
        },
        sign_in::change_password,
    },
};
use sqlx::PgPool;

use crate::support::{World, password, with_keys};

async fn signed_in(world: &World) -> (Account, String) {
    let account = world.consumer_account(0).await;
    let tokens = api_sessions::open(&world.s, &account).await.unwrap();
    (account, tokens.access)
}

/// What asking with a token came to, in one word.
async fn asked(s: &Services, token: &str) -> &'static str {
    match authenticate(s, token).await {
        Ok(_) => "known",
        Err(TokenRefusal::Invalid) => "invalid",
        Err(TokenRefusal::Expired) => "expired",
        Err(TokenRefusal::Ended) => "ended",
        Err(TokenRefusal::Fault(fault)) => panic!("{fault:?}"),
    }
}

/// The token with a part of it made anew: 0 its header, 1 its claims.
fn altered(token: &str, part: usize, change: impl Fn(&mut Value)) -> String {
    let mut parts: Vec<_> = token.split('.').map(str::to_owned).collect();
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(&parts[part]).unwrap();
    let mut value = serde_json::from_slice(&bytes).unwrap();
    change(&mut value);
    parts[part] = BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    parts.join(".")
}

#[sqlx::test(migrations = "../migrations")]
async fn an_access_token_tells_who_asks_for_an_hour(db: PgPool) {
    let world = World::new(db).await;
    let (account, token) = signed_in(&world).await;
    let asks = authenticate(&world.s, &token).await.unwrap();
    assert_eq!(
        (asks.id, asks.email, asks.role),
        (account.id, account.email, account.role)
    );
    world.clock.advance(ACCESS_LIFETIME - TimeDelta::seconds(1));
    assert_eq!(asked(&world.s, &token).await, "known");
    world.clock.advance(TimeDelta::seconds(1));
    assert_eq!(asked(&world.s, &token).await, "expired");
}

#[sqlx::test(migrations = "../migrations")]
async fn an_altered_or_foreign_token_is_not_believed(db: PgPool) {
    let world = World::new(db).await;
    let (_, token) = signed_in(&world).await;
    let (_, other) = signed_in(&world).await;
    let (input, signature) = token.rsplit_once('.').unwrap();
    let (others, _) = other.rsplit_once('.').unwrap();
    let stranger = with_keys(&world, Keys::random(&Entropy::seeded(8)).unwrap());
    for bad in [
        String::new(),
        "a.b.c".into(),
        format!("{input}."),
        format!("{others}.{signature}"),
        altered(&token, 1, |claims| claims["exp"] = json!(4_000_000_000_u32)),
        altered(&token, 0, |header| header["alg"] = json!("none")),
        altered(&token, 0, |header| header["alg"] = json!("HS256")),
        altered(&token, 0, |header| header["kid"] = json!("none")),
    ] {
        assert_eq!(asked(&world.s, &bad).await, "invalid", "{bad}");
    }
    assert_eq!(asked(&stranger, &token).await, "invalid");
}

#[sqlx::test(migrations = "../migrations")]
async fn ending_all_sessions_ends_access_tokens_and_so_does_a_new_password(db: PgPool) {
    let world = World::new(db).await;
    let (account, token) = signed_in(&world).await;
    identity::end_all_sessions(&world.s, account.id)
        .await
        .unwrap();
    assert_eq!(asked(&world.s, &token).await, "ended");

    let made = identity::sign_up::sign_up(
        &world.s,
        &identity::sign_up::SignUp {
            email: crate::support::email("ana@world.test"),
            name: crate::support::name("Ana"),
            password: password("lluvia sobre surtidor"),
            locale: domain::locale::Locale::Es,
            referral: None,
        },
    )
    .await
    .unwrap();
    let account = identity::account(&world.s, made.user, 0)
        .await
        .unwrap()
        .unwrap();
    let tokens = api_sessions::open(&world.s, &account).await.unwrap();
    change_password(
        &world.s,
        account.id,
        "lluvia sobre surtidor",
        &password("surtidor sobre lluvia"),
    )
    .await
    .unwrap();
    assert_eq!(asked(&world.s, &tokens.access).await, "ended");
    let renewed = api_sessions::renew(&world.s, &tokens.refresh).await;
    assert!(matches!(renewed, Err(api_sessions::Refusal::Ended)));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_new_signing_key_signs_nobody_out(db: PgPool) {
    let world = World::new(db).await;
    let [old, new] = [1, 2].map(|seed| fresh(&Entropy::seeded(seed)).unwrap());
    let before = with_keys(&world, Keys::new(&old, "").unwrap());
    let account = world.consumer_account(0).await;
    let tokens = api_sessions::open(&before, &account).await.unwrap();

    let after = with_keys(&world, Keys::new(&new, &old).unwrap());
    assert_eq!(asked(&after, &tokens.access).await, "known");
    let renewed = api_sessions::renew(&after, &tokens.refresh).await.unwrap();
    let later = with_keys(&world, Keys::new(&new, "").unwrap());
    assert_eq!(asked(&later, &renewed.access).await, "known");
    assert_eq!(asked(&later, &tokens.access).await, "invalid");
    assert_eq!(after.published_keys().keys.len(), 2);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_merchants_token_acts_for_it_for_eight_hours_while_its_key_is_good(db: PgPool) {
    let world = World::new(db).await;
    let merchant = world.merchant().await;
    let manager = world.manager(merchant).await;
    let made = api_keys::create(&world.s, manager, &KeyName::try_from("Till").unwrap())
        .await
        .unwrap();
    let token = sign_in_merchant(&world.s, merchant, &made.key)
        .await
        .unwrap()
        .token;
    let operator = authenticate_merchant(&world.s, &token).await.unwrap();
    assert_eq!(
        (operator.merchant(), operator.api_key()),
        (merchant, Some(made.id))
    );
    world
        .clock
        .advance(MERCHANT_LIFETIME - TimeDelta::seconds(1));
    assert!(authenticate_merchant(&world.s, &token).await.is_ok());
    api_keys::revoke(&world.s, manager, made.id).await.unwrap();
    let refused = authenticate_merchant(&world.s, &token).await;
    assert!(matches!(refused, Err(TokenRefusal::Ended)));
    world.clock.advance(TimeDelta::seconds(1));
    let refused = authenticate_merchant(&world.s, &token).await;
    assert!(matches!(refused, Err(TokenRefusal::Expired)));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_token_is_good_for_its_own_kind_alone_and_a_key_for_its_own_merchant(db: PgPool) {
    let world = World::new(db).await;
    let (merchant, other) = (world.merchant().await, world.merchant().await);
    let manager = world.manager(merchant).await;
    let made = api_keys::create(&world.s, manager, &KeyName::try_from("Till").unwrap())
        .await
        .unwrap();
    let refused = sign_in_merchant(&world.s, other, &made.key).await;
    assert!(matches!(refused, Err(api_keys::KeyRefusal::Unknown)));
    let token = sign_in_merchant(&world.s, merchant, &made.key)
        .await
        .unwrap()
        .token;
    assert_eq!(asked(&world.s, &token).await, "invalid");
    let (_, person) = signed_in(&world).await;
    let refused = authenticate_merchant(&world.s, &person).await;
    assert!(matches!(refused, Err(TokenRefusal::Invalid)));
}
