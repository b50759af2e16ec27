//! Server functions that are given what is somebody's own: refused to another of the same role, and done for the owner.

use app::site::format::HOME_ZONE;
use serde_json::json;
use services::{
    identity::{
        self,
        actors::{Actor, Manager},
        api_keys,
    },
    offers::{
        import,
        till::{self, Verdict},
    },
};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use uuid::Uuid;

use crate::{
    endpoints::{NOBODYS, TABLE},
    support::{Answer, Browser, LIMITLESS, Shop, TestServer},
};

/// The status, and the tone of what the till says.
type Told = (u16, &'static str);
/// A function, its fields, and what another and then the owner are told. `{name}` in a field is a thing of the
/// consumer's or the shop's.
type Row = (
    &'static str,
    &'static [(&'static str, &'static str)],
    Told,
    Told,
);

const OWNED: &[Row] = &[
    (
        "offers/cancel",
        &[("id", "{redemption}")],
        (404, ""),
        (200, ""),
    ),
    (
        "offers/set-status",
        &[("id", "{offer}"), ("status", "paused")],
        (404, ""),
        (200, ""),
    ),
    (
        "offers/save",
        &[
            ("id", "{offer}"),
            ("version", "1"),
            ("offer[name]", "Car wash"),
            ("offer[description]", "With wax."),
            ("offer[terms]", ""),
            ("offer[category]", "car_wash"),
            ("offer[points_cost]", "300"),
            ("offer[stock_quantity]", ""),
            ("offer[max_per_user]", "5"),
            ("offer[lifetime_minutes]", "15"),
            ("valid_from", "2020-01-01T00:00"),
            ("valid_to", "2099-01-01T00:00"),
        ],
        (404, ""),
        (200, ""),
    ),
    (
        "offers/copy",
        &[("id", "{offer}"), ("copy", NOBODYS)],
        (404, ""),
        (200, ""),
    ),
    (
        "offers/remove-picture",
        &[("id", "{offer}")],
        (404, ""),
        (200, ""),
    ),
    ("offers/import", &[("id", "{import}")], (404, ""), (200, "")),
    (
        "merchants/revoke-key",
        &[("key", "{key}")],
        (404, ""),
        (200, ""),
    ),
    (
        "webhooks/edit",
        &[
            ("webhook", "{webhook}"),
            ("url", "http://127.0.0.1:9/"),
            ("events[]", "accrual.created"),
        ],
        (404, ""),
        (200, ""),
    ),
    (
        "webhooks/rotate-secret",
        &[("webhook", "{webhook}")],
        (404, ""),
        (200, ""),
    ),
    (
        "webhooks/send-test",
        &[("webhook", "{webhook}")],
        (404, ""),
        (200, ""),
    ),
    (
        "webhooks/replay",
        &[("webhook", "{webhook}"), ("delivery", "{delivery}")],
        (404, ""),
        (200, ""),
    ),
    (
        "webhooks/delete",
        &[("webhook", "{webhook}")],
        (404, ""),
        (200, ""),
    ),
    (
        "terminals/retire",
        &[("terminal", "{terminal}")],
        (404, ""),
        (200, ""),
    ),
    (
        "terminals/create",
        &[("name", "Pump 1"), ("station", "{station}")],
        (422, ""),
        (200, ""),
    ),
    (
        "till/validate",
        &[("code", "{redemption}")],
        (200, "bad"),
        (200, "good"),
    ),
    (
        "till/confirm",
        &[("redemption", "{redemption}"), ("ticket", "{ticket}")],
        (200, "bad"),
        (200, "done"),
    ),
    (
        "till/reverse",
        &[("accrual", "{accrual}")],
        (200, "bad"),
        (200, "calm"),
    ),
];

/// A file of offers.
const OFFERS: &str = "name,description,category,points_cost,valid_from,valid_to\n\
    Green tea,Cold.,food,90,2026-01-01T00:00,2099-01-01T00:00\n";

/// What takes an identifier of what is nobody's own: whoever may do it may do it to all.
const SHARED: [&str; 7] = [
    "adjustments/request",
    "adjustments/decide",
    "merchants/add-member",
    "merchants/remove-member",
    "merchants/assign-station",
    "offers/redeem",
    // The terminal says whose people can sign in: tests of its own look at that.
    "till/sign-in",
];

#[test]
fn whatever_takes_an_identifier_says_whose_it_is() {
    for (name, fields, _) in TABLE {
        if fields.iter().any(|(_, value)| *value == NOBODYS) {
            let owned = OWNED.iter().any(|(row, ..)| row == name);
            assert!(owned != SHARED.contains(name), "whose is {name}?");
        }
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_anothers_is_refused_and_what_is_ones_own_is_done(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    for (name, fields, others, own) in OWNED {
        let town = server.town();
        let (shop, elsewhere) = (town.shop().await, town.shop().await);
        let consumer = server.consumer(500).await;
        let (another, owner) = if *name == "offers/cancel" {
            (server.consumer(500).await, consumer.clone())
        } else {
            (
                server.signed_in(elsewhere.manager).await,
                server.signed_in(shop.manager).await,
            )
        };
        let fields = things(&server, &shop, &consumer, fields).await;
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        for (browser, expected) in [(another, others), (owner, own)] {
            let answer = browser.ask(&format!("/api/{name}"), &fields).await;
            assert_eq!(told(&answer), (expected.0, expected.1.to_owned()), "{name}");
        }
    }
    server.stop().await;
}

fn told(answer: &Answer) -> (u16, String) {
    let said: serde_json::Value = serde_json::from_str(&answer.text).unwrap_or_default();
    let tone = said["tone"].as_str().unwrap_or_default();
    (answer.status, tone.to_owned())
}

/// The fields, with things made for what they name.
async fn things<'a>(
    server: &TestServer,
    shop: &Shop,
    consumer: &Browser,
    fields: &[(&'a str, &str)],
) -> Vec<(&'a str, String)> {
    let town = server.town();
    let offer = town.offer(shop, LIMITLESS).await;
    let redemption = town.redemption(consumer, &offer).await;
    let account = identity::account(&server.s, shop.manager.into(), 0).await;
    let manager = Manager::of(&account.unwrap().unwrap()).unwrap();
    let mut filled = Vec::new();
    for (field, value) in fields {
        let value = match *value {
            "{offer}" => offer.clone(),
            "{redemption}" => redemption.clone(),
            "{ticket}" => ticket(server, shop, &redemption).await,
            "{key}" => {
                let name = "Till".try_into().unwrap();
                let made = api_keys::create(&server.s, manager, &name).await;
                made.unwrap().id.to_string()
            }
            "{terminal}" => {
                let made = server.signed_in(shop.manager).await;
                made.ask(
                    "/api/terminals/create",
                    &[("name", "Counter"), ("station", "")],
                )
                .await;
                let sql = format!(
                    "select id::text from terminals where merchant_id = '{}'",
                    shop.merchant
                );
                town.text(&sql).await
            }
            "{webhook}" => town.webhook(shop).await,
            "{delivery}" => town.delivery(shop).await,
            "{import}" => {
                let id = server.s.new_id();
                let file = OFFERS.as_bytes().to_vec();
                import::upload(&server.s, manager, id.into(), file, HOME_ZONE)
                    .await
                    .unwrap();
                id.to_string()
            }
            "{station}" => town.station(shop).await,
            "{accrual}" => {
                let user = town.consumer(0).await;
                let code = town
                    .text(&format!(
                        "select member_code from users where id = '{user}'"
                    ))
                    .await;
                let sale = json!({ "member": code, "amount": 10_000, "receipt": town.key() });
                let made = server.acting_for(shop.manager).await;
                let made = made.post("/merchant/accruals", sale).await.json();
                made["accrual_id"].as_str().unwrap().to_owned()
            }
            plain => plain.to_owned(),
        };
        filled.push((*field, value));
    }
    filled
}

/// The manager's own proof of having validated.
async fn ticket(server: &TestServer, shop: &Shop, redemption: &str) -> String {
    let account = identity::account(&server.s, shop.manager.into(), 0).await;
    let attendant = identity::actors::Attendant::of(&account.unwrap().unwrap()).unwrap();
    let presented = domain::codes::Presented::Id(redemption.parse::<Uuid>().unwrap().into());
    let found = till::validate(&server.s, attendant, &presented).await;
    match found.unwrap().verdict {
        Verdict::Good { ticket } => ticket,
        other => panic!("not good: {other:?}"),
    }
}
