//! People, merchants and offers in a test's database.

use std::{sync::Arc, time::Duration};

use app::identity::session;
use chrono::TimeDelta;
use domain::{account::Role, points::Points};
use services::{Services, identity::sessions::SessionRows, wallet};
use tower_sessions::Session;
use uuid::Uuid;

use super::{Browser, TestServer};

/// Everyone's password; its hash was made once, as making it takes most of a test's time.
pub const PASSWORD: &str = "surtidor-demo";
const PASSWORD_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$8+l71aTbYauODafQaFSEsw$LlOUJR0uWOUY17UpnuUk171Oi75AX1YjOebcUenT+Yk";

/// What an offer costs and how often it can be had.
#[derive(Clone, Copy)]
pub struct Terms {
    pub cost: i64,
    pub stock: Option<i32>,
    pub per_person: i32,
}

/// An offer for 100 points that anyone can have any number of times.
pub const LIMITLESS: Terms = Terms {
    cost: 100,
    stock: None,
    per_person: 1_000,
};

/// A merchant with its people.
pub struct Shop {
    pub merchant: Uuid,
    pub attendant: Uuid,
    pub manager: Uuid,
}

/// What a test puts into its database before it begins.
#[derive(Clone)]
pub struct Town {
    pub(super) s: Services,
}

impl TestServer {
    pub fn town(&self) -> Town {
        Town::over(&self.s)
    }

    /// A signed-in consumer with points.
    pub async fn consumer(&self, points: i64) -> Browser {
        let user = self.town().consumer(points).await;
        self.signed_in(user).await
    }

    /// A browser in which this person is signed in.
    pub async fn signed_in(&self, user: Uuid) -> Browser {
        self.town().signed_in(user, &self.url).await
    }
}

impl Town {
    pub fn over(s: &Services) -> Self {
        Self { s: s.clone() }
    }

    /// A person of a role; staff belong to a merchant.
    pub async fn person(&self, email: &str, role: Role, merchant: Option<Uuid>) -> Uuid {
        let id = self.s.new_id();
        sqlx::query(
            "insert into users (id, email, name, password_hash, role, merchant_id, created_at)
             values ($1, $2, 'Ximena Quintero', $3, $4::role, $5, $6)",
        )
        .bind(id)
        .bind(email)
        .bind(PASSWORD_HASH)
        .bind(role.as_str())
        .bind(merchant)
        .bind(self.s.now())
        .execute(self.s.db())
        .await
        .unwrap();
        id
    }

    /// A person whose address does not matter.
    pub async fn someone(&self, role: Role, merchant: Option<Uuid>) -> Uuid {
        let email = format!("{}@town.test", self.s.new_id());
        self.person(&email, role, merchant).await
    }

    /// A consumer with points.
    pub async fn consumer(&self, points: i64) -> Uuid {
        let user = self.someone(Role::Consumer, None).await;
        if points > 0 {
            let amount = Points::try_from(points).unwrap();
            let s = &self.s;
            wallet::grant_bonus(s, s.db(), user.into(), amount, s.now())
                .await
                .unwrap();
        }
        user
    }

    /// A browser in which this person is signed in, on a server of this address.
    pub async fn signed_in(&self, user: Uuid, url: &str) -> Browser {
        let browser = Browser::new(url);
        let session = self.session(user).await;
        browser.keep_cookie(&format!("surtidor={session}; Path=/"));
        browser
    }

    /// The cookie's value of a session as signing in begins it, without the wait for a password's hash.
    pub async fn session(&self, user: Uuid) -> String {
        let rows = SessionRows::new(self.s.clone());
        let session = Session::new(None, Arc::new(rows), None);
        session::begin(&self.s, &session, user.into(), 0)
            .await
            .unwrap();
        session.save().await.unwrap();
        session.id().unwrap().to_string()
    }

    pub async fn shop(&self) -> Shop {
        let merchant = self.s.new_id();
        sqlx::query("insert into merchants (id, name, created_at) values ($1, $2, $3)")
            .bind(merchant)
            .bind(format!("Merchant {merchant}"))
            .bind(self.s.now())
            .execute(self.s.db())
            .await
            .unwrap();
        Shop {
            merchant,
            attendant: self.someone(Role::Attendant, Some(merchant)).await,
            manager: self.someone(Role::Manager, Some(merchant)).await,
        }
    }

    /// An active offer.
    pub async fn offer(&self, shop: &Shop, terms: Terms) -> String {
        let (id, now) = (self.s.new_id(), self.s.now());
        sqlx::query(
            "insert into offers (id, merchant_id, name, description, category, points_cost, stock_quantity,
                 max_per_user, lifetime_minutes, valid_from, valid_to, status, created_at)
             values ($1, $2, 'Coffee', 'A large one.', 'food', $3, $4, $5, 15, $6, $7, 'active', $6)",
        )
        .bind(id)
        .bind(shop.merchant)
        .bind(terms.cost)
        .bind(terms.stock)
        .bind(terms.per_person)
        .bind(now - TimeDelta::days(1))
        .bind(now + TimeDelta::days(30))
        .execute(self.s.db())
        .await
        .unwrap();
        id.to_string()
    }

    /// One of a merchant's stations.
    pub async fn station(&self, shop: &Shop) -> String {
        let id = self.s.new_id();
        sqlx::query(
            "insert into stations (id, source, source_key, name, location, time_zone, listed_at, merchant_id)
             values ($1, 'manual', $1::text, 'Station', st_makepoint(-103, 20)::geography, 'America/Mexico_City',
                 $2, $3)",
        )
        .bind(id)
        .bind(self.s.now())
        .bind(shop.merchant)
        .execute(self.s.db())
        .await
        .unwrap();
        id.to_string()
    }

    /// A new redemption of an offer.
    pub async fn redemption(&self, browser: &Browser, offer: &str) -> String {
        let redeemed = browser.redeem(offer, &self.key()).await;
        redeemed.redemption().expect("a redemption")
    }

    /// A fresh idempotency key.
    pub fn key(&self) -> String {
        self.s.new_id().to_string()
    }

    /// A number that the database counts.
    pub async fn count(&self, sql: &str) -> i64 {
        sqlx::query_scalar(sql)
            .fetch_one(self.s.db())
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// A number that only the database's owner can count: what other connections do is hidden from the application.
    pub async fn count_as_owner(&self, sql: &str) -> i64 {
        let mut inside = self.s.db().begin().await.unwrap();
        let owner = "set local role none";
        sqlx::query(owner).execute(&mut *inside).await.unwrap();
        let counted = sqlx::query_scalar(sql).fetch_one(&mut *inside).await;
        inside.rollback().await.unwrap();
        counted.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// A text in the database.
    pub async fn text(&self, sql: &str) -> String {
        sqlx::query_scalar(sql)
            .fetch_one(self.s.db())
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// Returns when no connection but the caller's is doing anything.
    pub async fn until_idle(&self) {
        let busy = "select count(*) from pg_stat_activity
                    where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'";
        for _ in 0..100 {
            if self.count_as_owner(busy).await == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("some connections never come to rest");
    }

    /// That every point and unit is where it belongs.
    pub async fn assert_ledger_sound(&self) {
        assert_eq!(wallet::verify(&self.s).await.unwrap(), []);
        for (law, violations) in LAWS {
            assert_eq!(self.count(violations).await, 0, "{law}");
        }
    }
}

/// What holds whenever nothing is under way, and how to count what breaks it.
const LAWS: [(&str, &str); 4] = [
    (
        "all balances sum up to zero",
        "select coalesce(sum(balance), 0)::bigint from accounts",
    ),
    (
        "an offer's taken stock is its pending and confirmed redemptions",
        "select count(*) from offers o where o.stock_taken <> (
             select count(*) from redemptions r
             where r.offer_id = o.id and r.takes_stock and r.status in ('pending', 'confirmed'))",
    ),
    (
        "a consumer's reserved points are those of their pending redemptions",
        "select count(*) from accounts a where a.kind = 'reserved' and a.balance <> (
             select coalesce(sum(points_spent), 0) from redemptions r
             where r.consumer_id = a.user_id and r.status = 'pending')",
    ),
    (
        "a redemption's points moved once to it and once away, as its status says",
        "select count(*) from redemptions r where array(
             select t.kind::text from transfers t where t.redemption_id = r.id order by t.kind
         ) <> array['redeem'] || case r.status
             when 'confirmed' then array['confirm'] when 'cancelled' then array['cancel']
             when 'expired' then array['expire'] else '{}' end",
    ),
];
