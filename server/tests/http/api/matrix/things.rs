//! What a call speaks of, made when it is named: real things, of the consumer and of the shop.

use std::collections::BTreeMap;

use domain::account::Role;
use serde_json::json;
use services::identity::{
    self,
    actors::{Actor, Insider},
    links::{self, Issued},
    second_step,
};
use uuid::Uuid;

use super::callers::Callers;
use crate::{
    second_step::code,
    support::{Answer, LIMITLESS, PASSWORD, TestServer},
};

/// What can be named.
const NAMES: [&str; 23] = [
    "merchant",
    "consumer",
    "staff",
    "offer",
    "redemption",
    "code",
    "token",
    "member",
    "accrual",
    "key",
    "key_text",
    "adjustment",
    "station",
    "refresh",
    "address",
    "password",
    "reset",
    "verification",
    "first_otp",
    "otp",
    "webhook",
    "delivery",
    "new",
];

pub struct Things<'a> {
    server: &'a TestServer,
    callers: &'a Callers,
    made: BTreeMap<&'static str, String>,
}

impl<'a> Things<'a> {
    pub fn new(server: &'a TestServer, callers: &'a Callers) -> Self {
        Self {
            server,
            callers,
            made: BTreeMap::new(),
        }
    }

    /// A text with every `{name}` made its thing's; one name is one thing.
    pub async fn named_in(&mut self, text: &str) -> String {
        let mut text = text.to_owned();
        for name in NAMES {
            let place = format!("{{{name}}}");
            if text.contains(&place) {
                if !self.made.contains_key(name) {
                    self.make(name).await;
                }
                text = text.replace(&place, &self.made[name]);
            }
        }
        text
    }

    async fn make(&mut self, name: &'static str) {
        let Self {
            server, callers, ..
        } = *self;
        let (town, shop) = (server.town(), &callers.shop);
        let of_consumer = async |column: &str| {
            let id = callers.consumer_id;
            town.text(&format!("select {column} from users where id = '{id}'"))
                .await
        };
        let thing = match name {
            "merchant" => shop.merchant.to_string(),
            "consumer" => callers.consumer_id.to_string(),
            "staff" => shop.attendant.to_string(),
            "offer" => town.offer(shop, LIMITLESS).await,
            "redemption" | "code" | "token" => return self.redeem().await,
            "member" => of_consumer("member_code").await,
            "address" => of_consumer("email").await,
            "password" => PASSWORD.to_owned(),
            "accrual" => {
                let member = of_consumer("member_code").await;
                let sale = json!({ "member": member, "amount": 10_000, "receipt": town.key() });
                made(
                    &callers.key.post("/merchant/accruals", sale).await,
                    "accrual_id",
                )
            }
            "key" => {
                let new = json!({ "name": "Spare" });
                made(&callers.manager.post("/merchant/keys", new).await, "key_id")
            }
            "webhook" => town.webhook(shop).await,
            "delivery" => town.delivery(shop).await,
            "key_text" => callers.key_text.clone(),
            "adjustment" => {
                let user = callers.consumer_id;
                let large = json!({ "user_id": user, "amount": 5_000, "reason": "A prize" });
                let asked = callers.second_admin.post("/admin/adjustments", large).await;
                made(&asked, "adjustment_id")
            }
            "station" => town.station(shop).await,
            "refresh" => callers.refresh.clone(),
            // Links are rationed: each is somebody else's.
            "reset" => {
                let address = format!("{}@town.test", town.key());
                town.person(&address, Role::Consumer, None).await;
                let address = address.as_str().try_into().unwrap();
                let mailed = links::request_reset(&server.s, &address).await.unwrap();
                mailed.unwrap().token.as_str().to_owned()
            }
            "verification" => {
                let user = town.someone(Role::Consumer, None).await;
                match links::request_verification(&server.s, user.into()).await {
                    Ok(Issued::New(token)) => token.as_str().to_owned(),
                    other => panic!("a first link is within every limit: {other:?}"),
                }
            }
            "first_otp" => code_of_app(server, shop.manager, false).await,
            "otp" => code_of_app(server, shop.manager, true).await,
            _ => town.key(),
        };
        self.made.insert(name, thing);
    }

    /// The consumer's own redemption of one of the shop's offers.
    async fn redeem(&mut self) {
        let offer = self
            .server
            .town()
            .offer(&self.callers.shop, LIMITLESS)
            .await;
        let made = self.callers.consumer.redeem(&offer).await;
        let text = |name: &str| made[name].as_str().unwrap().to_owned();
        let link = text("qr_landing_url");
        let (_, token) = link.split_once("?t=").unwrap();
        self.made.insert("redemption", text("redemption_id"));
        self.made.insert("code", text("redemption_code"));
        self.made.insert("token", token.to_owned());
    }
}

/// What someone's new app shows, whose secret waits for its first code or is in force.
async fn code_of_app(server: &TestServer, user: Uuid, in_force: bool) -> String {
    let change = async |sql: &str| {
        sqlx::query(sql)
            .bind(user)
            .execute(server.db())
            .await
            .unwrap();
    };
    change("delete from second_steps where user_id = $1").await;
    let epoch = sqlx::query_scalar("select session_epoch from users where id = $1")
        .bind(user)
        .fetch_one(server.db())
        .await
        .unwrap();
    let account = identity::account(&server.s, user.into(), epoch).await;
    let insider = Insider::of(&account.unwrap().unwrap()).unwrap();
    let begun = second_step::begin(&server.s, insider, PASSWORD, None).await;
    if in_force {
        change("update second_steps set secret = pending, pending = null, activated_at = now() where user_id = $1")
            .await;
    }
    code(&begun.unwrap().secret, server.s.now())
}

fn made(answer: &Answer, name: &str) -> String {
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()[name].as_str().unwrap().to_owned()
}
