//! Every page, for everyone who may and may not see it.

use app::site::{App, request::Site};
use domain::account::Role;
use leptos::prelude::provide_context;
use leptos_axum::generate_route_list_with_exclusions_and_ssg_and_context;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::support::{LIMITLESS, TestServer};

/// In the columns of the table: where no one is sent to sign in.
const IN: u16 = 302;

const TABLE: &[(&str, [u16; 5])] = &[
    ("/", [200; 5]),
    ("/sign-in", [200; 5]),
    ("/sign-in/code", [200; 5]),
    ("/sign-in/code?next=/wallet", [200; 5]),
    ("/sign-up", [200; 5]),
    ("/forgot-password", [200; 5]),
    ("/reset-password", [200; 5]),
    ("/reset-password?token=none", [200; 5]),
    ("/verify-email", [200; 5]),
    ("/verify-email?token=none", [200; 5]),
    ("/account", [IN, 200, 200, 200, 200]),
    ("/account/second-step", [IN, 403, 403, 200, 200]),
    (
        "/account/second-step?done=activated",
        [IN, 403, 403, 200, 200],
    ),
    ("/offers", [200; 5]),
    ("/offers?q=caf%C3%A9&category=food&sort=cost", [200; 5]),
    ("/offers?category=none&sort=none&cost=x&after=x", [200; 5]),
    (
        "/offers?merchant={merchant}&min_cost=5&max_cost=500",
        [200; 5],
    ),
    ("/offers?merchant=none&min_cost=x", [200; 5]),
    ("/offers/{offer}", [200; 5]),
    ("/offers/{nobodys}", [404; 5]),
    ("/offers/none", [404; 5]),
    ("/redemptions", [IN, 200, 403, 403, 403]),
    ("/redemptions?after=x", [IN, 200, 403, 403, 403]),
    ("/redemptions/{redemption}", [IN, 200, 403, 403, 403]),
    ("/redemptions/{nobodys}", [IN, 404, 403, 403, 403]),
    ("/redemptions/none", [IN, 404, 403, 403, 403]),
    ("/r/{code}", [200; 5]),
    ("/r/{code}?t=stale", [200; 5]),
    ("/r/LUMS-0000-0000-0000", [404; 5]),
    ("/r/none", [404; 5]),
    ("/wallet", [IN, 200, 403, 403, 403]),
    (
        "/wallet?direction=x&kind=x&from=x&until=x&after=x",
        [IN, 200, 403, 403, 403],
    ),
    ("/card", [IN, 200, 403, 403, 403]),
    ("/m/ABCDEFGHJK", [200; 5]),
    ("/m/ABCDEFGHJK?t=stale", [200; 5]),
    ("/m/none", [404; 5]),
    ("/stations", [200; 5]),
    (
        "/stations?lat=x&lon=999&fuel=none&q=Monterrey&page=-1",
        [200; 5],
    ),
    ("/stations/{nobodys}", [404; 5]),
    ("/stations/none", [404; 5]),
    ("/till", [IN, 403, 200, 200, 403]),
    ("/till?code={code}", [IN, 403, 200, 200, 403]),
    ("/till?done={redemption}", [IN, 403, 200, 200, 403]),
    ("/till?member=ABCDEFGHJK", [IN, 403, 200, 200, 403]),
    ("/till?credited={nobodys}", [IN, 403, 200, 200, 403]),
    ("/till?reverse={nobodys}", [IN, 403, 200, 200, 403]),
    ("/till?reversed=none", [IN, 403, 200, 200, 403]),
    ("/till/people", [200; 5]),
    ("/till/people?person={nobodys}", [200; 5]),
    ("/manage/terminals", [IN, 403, 403, 200, 403]),
    ("/manage/offers", [IN, 403, 403, 200, 403]),
    ("/manage/offers?after={nobodys}", [IN, 403, 403, 200, 403]),
    ("/manage/offers?after=x&status=x", [IN, 403, 403, 200, 403]),
    ("/manage/offers?status=archived", [IN, 403, 403, 200, 403]),
    ("/manage/keys", [IN, 403, 403, 200, 403]),
    ("/manage/webhooks", [IN, 403, 403, 200, 403]),
    ("/manage/webhooks/{webhook}", [IN, 403, 403, 200, 403]),
    (
        "/manage/webhooks/{webhook}?status=x&after=x&ask=x&done=x&secret=x",
        [IN, 403, 403, 200, 403],
    ),
    ("/manage/webhooks/{nobodys}", [IN, 403, 403, 404, 403]),
    ("/manage/webhooks/none", [IN, 403, 403, 404, 403]),
    ("/manage/offers/new", [IN, 403, 403, 200, 403]),
    ("/manage/offers/{offer}", [IN, 403, 403, 200, 403]),
    ("/manage/offers/{others}", [IN, 403, 403, 404, 403]),
    ("/manage/offers/{nobodys}", [IN, 403, 403, 404, 403]),
    ("/manage/offers/none", [IN, 403, 403, 404, 403]),
    ("/manage/offers/{offer}/preview", [IN, 403, 403, 200, 403]),
    ("/manage/offers/{others}/preview", [IN, 403, 403, 404, 403]),
    ("/manage/offers/none/preview", [IN, 403, 403, 404, 403]),
    ("/manage/offers/import", [IN, 403, 403, 200, 403]),
    ("/manage/offers/import/{nobodys}", [IN, 403, 403, 404, 403]),
    ("/manage/offers/import/none", [IN, 403, 403, 404, 403]),
    ("/admin/merchants", [IN, 403, 403, 403, 200]),
    ("/admin/merchants/{merchant}", [IN, 403, 403, 403, 200]),
    (
        "/admin/merchants/{merchant}?q=pemex&done=x",
        [IN, 403, 403, 403, 200],
    ),
    ("/admin/merchants/{nobodys}", [IN, 403, 403, 403, 404]),
    ("/admin/merchants/none", [IN, 403, 403, 403, 404]),
    ("/admin/adjustments", [IN, 403, 403, 403, 200]),
    (
        "/admin/adjustments?status=x&done=x&after=x",
        [IN, 403, 403, 403, 200],
    ),
    ("/no/such/page", [404; 5]),
    ("/admin", [404; 5]),
    ("/%00", [404; 5]),
    ("/offers/%FF", [404; 5]),
];

/// What is somebody's own, for another consumer and for another merchant's manager. To all else on these pages both
/// are what their like is above.
const ANOTHERS: &[(&str, [u16; 2])] = &[
    (
        "/offers?merchant={merchant}&min_cost=5&max_cost=500",
        [200, 200],
    ),
    ("/offers/{offer}", [200, 200]),
    ("/redemptions/{redemption}", [404, 403]),
    ("/r/{code}", [200, 200]),
    ("/r/{code}?t=stale", [200, 200]),
    ("/till?code={code}", [403, 200]),
    ("/till?done={redemption}", [403, 200]),
    ("/manage/offers/{offer}", [403, 404]),
    ("/manage/offers/{others}", [403, 200]),
    ("/manage/offers/{offer}/preview", [403, 404]),
    ("/manage/offers/{others}/preview", [403, 200]),
    ("/manage/webhooks/{webhook}", [403, 404]),
    (
        "/manage/webhooks/{webhook}?status=x&after=x&ask=x&done=x&secret=x",
        [403, 404],
    ),
    ("/admin/merchants/{merchant}", [403, 403]),
    ("/admin/merchants/{merchant}?q=pemex&done=x", [403, 403]),
];

/// Whether a row of the table asks for a page of this route.
pub fn asks_for(row: &str, route: &str) -> bool {
    let path = row.split('?').next().unwrap_or_default();
    let (row, route) = (path.split('/'), route.split('/'));
    row.clone().count() == route.clone().count()
        && row
            .zip(route)
            .all(|(asked, part)| part.starts_with('{') || asked == part)
}

#[tokio::test]
async fn the_table_has_a_row_for_every_page_of_the_router() {
    let site = Site {
        public_url: String::new(),
        points_name: String::new(),
        dev_reload: false,
    };
    let (routes, _) =
        generate_route_list_with_exclusions_and_ssg_and_context(App, None, move || {
            provide_context(site.clone());
        });
    assert!(routes.len() > 20, "the router names its pages");
    for route in &routes {
        let asked = TABLE.iter().any(|(row, _)| asks_for(row, route.path()));
        assert!(asked, "no row asks for {}", route.path());
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn every_page_answers_everyone_with_a_true_status(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let town = server.town();
    let (shop, elsewhere) = (town.shop().await, town.shop().await);
    let offer = town.offer(&shop, LIMITLESS).await;
    let others = town.offer(&elsewhere, LIMITLESS).await;
    let consumer = server.consumer(100).await;
    let redemption = town.redemption(&consumer, &offer).await;
    let webhook = town.webhook(&shop).await;
    let names = [
        ("{webhook}", webhook),
        ("{offer}", offer.clone()),
        ("{others}", others),
        ("{merchant}", shop.merchant.to_string()),
        ("{redemption}", redemption),
        ("{code}", town.text("select code from redemptions").await),
        ("{nobodys}", town.key()),
    ];
    let everyone = [
        server.browser(),
        consumer,
        server.signed_in(shop.attendant).await,
        server.signed_in(shop.manager).await,
        server
            .signed_in(town.someone(Role::Admin, None).await)
            .await,
        server.consumer(100).await,
        server.signed_in(elsewhere.manager).await,
    ];
    for (pattern, expected) in TABLE {
        let owned = pattern.replace("{nobodys}", "").contains('{');
        let anothers = ANOTHERS.iter().find(|(row, _)| row == pattern);
        assert_eq!(owned, anothers.is_some(), "whose is {pattern}?");
        let others = anothers.map_or([expected[1], expected[3]], |(_, others)| *others);
        let expected = [&expected[..], &others[..]].concat();
        let mut path = (*pattern).to_owned();
        for (name, value) in &names {
            path = path.replace(name, value);
        }
        let mut statuses = Vec::new();
        for browser in &everyone {
            let response = browser.page(&path).send().await.unwrap();
            statuses.push(response.status().as_u16());
            if response.status().is_redirection() {
                let base: reqwest::Url = server.url.parse().unwrap();
                let to = response.headers()["location"].to_str().unwrap();
                let to = base.join(to).unwrap();
                assert_eq!(to.path(), "/sign-in", "{path}");
                let next = to.query_pairs().find(|(name, _)| name == "next");
                assert_eq!(next.unwrap().1, path);
            } else {
                let page = response.text().await.unwrap();
                assert!(page.contains("<nav"), "{path}: {page}");
                assert!(page.contains("<main"), "{path}");
            }
        }
        assert_eq!(statuses, expected, "{pattern}");
    }
    server.stop().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn pages_speak_the_language_of_the_cookie_then_of_the_browser(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let server = TestServer::start(&options).await;
    let browser = server.browser();
    let page = |language: &'static str| {
        browser
            .bare("GET", "/no/page")
            .header("accept-language", language)
    };
    let text = async |language| page(language).send().await.unwrap().text().await.unwrap();
    assert!(text("en-GB,es;q=0.5").await.contains("<html lang=\"en\""));
    assert!(text("es-MX").await.contains("<html lang=\"es\""));
    assert!(text("fr").await.contains("<html lang=\"es\""));
    let fields = [("locale", "en"), ("next", "/offers?q=x")];
    let answer = browser
        .submit("/offers?q=x", "/api/identity/set-locale", &fields)
        .await;
    assert_eq!(answer.location(), "/offers?q=x");
    assert!(text("es-MX").await.contains("<html lang=\"en\""));
    server.stop().await;
}
