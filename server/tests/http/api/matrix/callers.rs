//! Everyone who may call.

use chrono::TimeDelta;
use domain::account::Role;
use serde_json::json;
use services::{
    Services,
    identity::{self, api_sessions},
    time::{Clock, ManualClock},
};
use sqlx::postgres::PgConnectOptions;
use uuid::Uuid;

use super::super::client::Program;
use crate::support::{Shop, TestServer, services_at};

/// Who calls, each with the things that are theirs.
pub struct Callers {
    pub shop: Shop,
    pub consumer_id: Uuid,
    pub consumer: Program,
    pub manager: Program,
    pub key: Program,
    pub admin: Program,
    /// Who asks for what another is to approve.
    pub second_admin: Program,
    /// The key itself, to sign in with.
    pub key_text: String,
    /// What renews a session of the consumer's.
    pub refresh: String,
    everyone: [Program; 12],
}

impl Callers {
    pub async fn new(server: &TestServer, options: &PgConnectOptions) -> Self {
        let town = server.town();
        let (shop, elsewhere) = (town.shop().await, town.shop().await);
        let consumer_id = town.consumer(10_000).await;
        let consumer = server.acting_for(consumer_id).await;
        let other = server.member(10_000).await;
        let attendant = server.acting_for(shop.attendant).await;
        let manager = server.acting_for(shop.manager).await;
        let foreign_manager = server.acting_for(elsewhere.manager).await;
        let admin_id = town.someone(Role::Admin, None).await;
        let admin = server.acting_for(admin_id).await;
        let second_admin = town.someone(Role::Admin, None).await;
        let key = server.till_of(&shop).await;
        let key_text = key.proof().to_owned();
        let login = json!({ "merchant": shop.merchant, "api_key": key_text });
        let login = server.stranger().post("/merchant/auth/login", login).await;
        let merchant_token = login.json()["access_token"].as_str().unwrap().to_owned();
        let good = admin.proof().to_owned();
        let everyone = [
            server.stranger(),
            consumer.clone(),
            other,
            attendant,
            manager.clone(),
            admin.clone(),
            key.clone(),
            server.bearing(&merchant_token),
            foreign_manager,
            server.till_of(&elsewhere).await,
            server.bearing(&tampered(good.trim_start_matches("Bearer "))),
            server.bearing(&expired(options, admin_id).await),
        ];
        Self {
            second_admin: server.acting_for(second_admin).await,
            shop,
            consumer_id,
            consumer,
            manager,
            key,
            admin,
            key_text,
            refresh: server.session_of(consumer_id).await.refresh,
            everyone,
        }
    }

    /// In the order of the table's columns.
    pub fn everyone(&self) -> &[Program] {
        &self.everyone
    }
}

/// Another claim under the same signature.
fn tampered(token: &str) -> String {
    let mut parts: Vec<_> = token.split('.').map(str::to_owned).collect();
    let claims = &mut parts[1];
    let last = if claims.ends_with('A') { "B" } else { "A" };
    claims.replace_range(claims.len() - 1.., last);
    parts.join(".")
}

/// What an admin was given two hours ago, rightly signed.
async fn expired(options: &PgConnectOptions, admin: Uuid) -> String {
    let now = Clock::System.now();
    let then = Clock::Manual(ManualClock::at(now - TimeDelta::hours(2)));
    let s: Services = services_at(options, 1, then).await;
    let account = identity::account(&s, admin.into(), 0).await.unwrap();
    let tokens = api_sessions::open(&s, &account.unwrap()).await.unwrap();
    s.db().close().await;
    tokens.access
}
