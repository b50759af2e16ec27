//! Every server function, for everyone who may and may not call it.

use std::collections::BTreeSet;

use domain::account::Role;
use leptos::server_fn::axum::server_fn_paths;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::{Browser, TestServer};

/// Nothing in the database has this id.
pub const NOBODYS: &str = "01890000-0000-7000-8000-000000000000";

/// Expected for no one, consumer, attendant, manager, admin.
pub type Expected = [u16; 5];
pub type Row = (
    &'static str,
    &'static [(&'static str, &'static str)],
    Expected,
);

const OPEN: Expected = [200; 5];
const MEMBERS: Expected = [401, 200, 200, 200, 200];

pub const TABLE: &[Row] = &[
    (
        "identity/sign-in",
        &[("email", "nobody"), ("password", "x")],
        [401; 5],
    ),
    // No password was proved before it.
    ("identity/sign-in-code", &[("otp", "123456")], [401; 5]),
    (
        "identity/begin-second-step",
        &[("current_password", "wrong")],
        [401, 403, 403, 422, 422],
    ),
    (
        "identity/activate-second-step",
        &[("otp", "123456")],
        [401, 403, 403, 409, 409],
    ),
    (
        "identity/change-second-step",
        &[
            ("current_password", "wrong"),
            ("otp", "123456"),
            ("change", "codes"),
        ],
        [401, 403, 403, 409, 409],
    ),
    (
        "identity/sign-up",
        &[("name", ""), ("email", ""), ("password", "")],
        [422; 5],
    ),
    ("identity/sign-out", &[], OPEN),
    ("identity/sign-out-everywhere", &[], MEMBERS),
    (
        "identity/change-password",
        &[
            ("current_password", "wrong"),
            ("new_password", "surtidor de lluvia"),
        ],
        [401, 422, 422, 422, 422],
    ),
    ("identity/request-verification", &[], MEMBERS),
    (
        "identity/set-pin",
        &[("current_password", "wrong"), ("pin", "2580")],
        [401, 403, 422, 422, 403],
    ),
    (
        "identity/forgot-password",
        &[("email", "nobody@town.test")],
        OPEN,
    ),
    (
        "identity/reset-password",
        &[("token", "none"), ("password", "surtidor de lluvia")],
        [410; 5],
    ),
    (
        "identity/set-locale",
        &[("locale", "en"), ("next", "/")],
        OPEN,
    ),
    (
        "adjustments/request",
        &[
            ("id", NOBODYS),
            ("email", "nobody@town.test"),
            ("amount", "10"),
            ("reason", "Sold twice"),
            ("lot", "standard"),
        ],
        [401, 403, 403, 403, 422],
    ),
    (
        "adjustments/decide",
        &[("id", NOBODYS), ("approve", "true")],
        [401, 403, 403, 403, 404],
    ),
    (
        "merchants/create",
        &[("name", "")],
        [401, 403, 403, 403, 422],
    ),
    (
        "merchants/add-member",
        &[
            ("merchant", NOBODYS),
            ("name", "Ana"),
            ("email", "a@town.test"),
            ("role", "manager"),
        ],
        [401, 403, 403, 403, 404],
    ),
    (
        "merchants/remove-member",
        &[("merchant", NOBODYS), ("user", NOBODYS)],
        [401, 403, 403, 403, 404],
    ),
    (
        "merchants/assign-station",
        &[
            ("merchant", NOBODYS),
            ("station", NOBODYS),
            ("assigned", "true"),
        ],
        [401, 403, 403, 403, 404],
    ),
    (
        "merchants/create-key",
        &[("name", "")],
        [401, 403, 403, 422, 403],
    ),
    (
        "merchants/revoke-key",
        &[("key", NOBODYS)],
        [401, 403, 403, 404, 403],
    ),
    (
        "webhooks/create",
        &[("url", ""), ("events[]", "accrual.created")],
        [401, 403, 403, 422, 403],
    ),
    (
        "webhooks/edit",
        &[
            ("webhook", NOBODYS),
            ("url", "https://pos.test/"),
            ("events[]", "accrual.created"),
        ],
        [401, 403, 403, 404, 403],
    ),
    (
        "webhooks/rotate-secret",
        &[("webhook", NOBODYS)],
        [401, 403, 403, 404, 403],
    ),
    (
        "webhooks/delete",
        &[("webhook", NOBODYS)],
        [401, 403, 403, 404, 403],
    ),
    (
        "webhooks/send-test",
        &[("webhook", NOBODYS)],
        [401, 403, 403, 404, 403],
    ),
    (
        "webhooks/replay",
        &[("webhook", NOBODYS), ("delivery", NOBODYS)],
        [401, 403, 403, 404, 403],
    ),
    (
        "offers/redeem",
        &[("offer", NOBODYS), ("key", NOBODYS)],
        [401, 404, 403, 403, 403],
    ),
    (
        "offers/cancel",
        &[("id", NOBODYS)],
        [401, 404, 403, 403, 403],
    ),
    (
        "offers/save",
        &[
            ("offer[name]", ""),
            ("offer[description]", ""),
            ("offer[terms]", ""),
            ("offer[category]", ""),
            ("offer[points_cost]", ""),
            ("offer[stock_quantity]", ""),
            ("offer[max_per_user]", ""),
            ("offer[lifetime_minutes]", ""),
            ("valid_from", ""),
            ("valid_to", ""),
        ],
        [401, 403, 403, 422, 403],
    ),
    (
        "offers/set-status",
        &[("id", NOBODYS), ("status", "active")],
        [401, 403, 403, 404, 403],
    ),
    (
        "offers/copy",
        &[("id", NOBODYS), ("copy", NOBODYS)],
        [401, 403, 403, 404, 403],
    ),
    (
        "offers/remove-picture",
        &[("id", NOBODYS)],
        [401, 403, 403, 404, 403],
    ),
    (
        "offers/import",
        &[("id", NOBODYS)],
        [401, 403, 403, 404, 403],
    ),
    (
        "till/validate",
        &[("code", "ABC234")],
        [401, 403, 200, 200, 403],
    ),
    (
        "till/confirm",
        &[("redemption", NOBODYS), ("ticket", "none")],
        [401, 403, 200, 200, 403],
    ),
    (
        "till/accrue",
        &[
            ("member", "ABCDEFGHJK"),
            ("amount", "850"),
            ("receipt", "1"),
        ],
        [401, 403, 200, 200, 403],
    ),
    (
        "till/reverse",
        &[("accrual", NOBODYS)],
        [401, 403, 200, 200, 403],
    ),
    // A PIN is worth something on a terminal alone.
    (
        "till/sign-in",
        &[("person", NOBODYS), ("pin", "2580")],
        [403; 5],
    ),
    (
        "terminals/create",
        &[("name", ""), ("station", "")],
        [401, 403, 403, 422, 403],
    ),
    (
        "terminals/retire",
        &[("terminal", NOBODYS)],
        [401, 403, 403, 404, 403],
    ),
];

/// Browsers in the order of [`Expected`], each of a new person.
async fn everyone(server: &TestServer) -> [Browser; 5] {
    let town = server.town();
    let shop = town.shop().await;
    let admin = town.someone(Role::Admin, None).await;
    [
        server.browser(),
        server.consumer(100).await,
        server.signed_in(shop.attendant).await,
        server.signed_in(shop.manager).await,
        server.signed_in(admin).await,
    ]
}

#[sqlx::test(migrations = "../migrations")]
async fn the_table_names_every_server_function(_: PgPoolOptions, options: PgConnectOptions) {
    let server = TestServer::start(&options).await;
    let served: BTreeSet<_> = server_fn_paths()
        .map(|(path, method)| format!("{method} {path}"))
        .collect();
    let listed = TABLE.iter().map(|(name, ..)| format!("POST /api/{name}"));
    assert_eq!(served, listed.collect());
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn every_server_function_answers_everyone_with_the_status_of_its_code(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    for (name, fields, expected) in TABLE {
        let address = format!("/api/{name}");
        let mut statuses = Vec::new();
        for browser in everyone(&server).await {
            let answer = browser.ask(&address, fields).await;
            if answer.status != 200 {
                let code = answer.code();
                let told = domain::error::ErrorCode::ALL
                    .iter()
                    .find(|it| it.as_str() == code);
                assert_eq!(told.map(|it| it.status()), Some(answer.status), "{name}");
            }
            statuses.push(answer.status);
        }
        assert_eq!(&statuses, expected, "{name}");
    }
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_plain_form_is_always_led_to_a_page(_: PgPoolOptions, options: PgConnectOptions) {
    let server = TestServer::start(&options).await;
    for (name, fields, _) in TABLE {
        for browser in everyone(&server).await {
            let answer = browser
                .submit("/offers", &format!("/api/{name}"), fields)
                .await;
            assert_eq!(answer.status, 302, "{name}: {}", answer.text);
            assert!(!answer.location().is_empty(), "{name}");
        }
    }
    server.stop().await;
}
