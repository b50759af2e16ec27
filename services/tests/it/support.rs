//! A small world to test in: people, merchants and offers in a fresh database under a clock that stands
//! still.

use std::{
    num::NonZeroU32,
    sync::atomic::{AtomicU32, Ordering},
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    account::{Email, Name, Password, Role, StaffRole},
    ids::{IdempotencyKey, MerchantId, OfferId, RedemptionId, UserId},
    offers::{Category, OfferDraft, OfferStatus},
    points::Points,
};
use futures::future::join_all;
use services::{
    Parts, Services,
    db::ROLE,
    entropy::Entropy,
    identity::{
        self, Account,
        actors::{Actor, Admin, Attendant, Consumer, Manager},
        jwt::Keys,
    },
    limits,
    mail::Mailer,
    merchants,
    offers::{history, manage, redeem, till},
    secret::Secret,
    time::{Clock, ManualClock},
    wallet::{self, rules::Rules},
    webhooks,
};
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use uuid::Uuid;

/// Connections of a world that races.
const WIDE: u32 = 64;

pub struct World {
    pub s: Services,
    pub clock: ManualClock,
    pub admin: Admin,
    limits: limits::Rules,
    made: AtomicU32,
}

impl World {
    pub async fn new(db: PgPool) -> Self {
        Self::under(limits::Rules::default(), db).await
    }

    /// A world with limits of its own.
    pub async fn under(limits: limits::Rules, db: PgPool) -> Self {
        work_as_the_application(&db).await;
        let (s, clock) = instance(db, 1, start(), limits);
        let account = insert_person(&s, "admin@world.test", Role::Admin).await;
        Self {
            admin: Admin::of(&account).unwrap(),
            s,
            clock,
            limits,
            made: AtomicU32::new(0),
        }
    }

    /// A world whose connections are all open, so that what is started together runs together: the tasks
    /// share a thread, but every one has a server process of its own.
    pub async fn wide(options: PgConnectOptions) -> Self {
        Self::wide_under(limits::Rules::default(), options).await
    }

    /// A wide world with limits of its own.
    pub async fn wide_under(limits: limits::Rules, options: PgConnectOptions) -> Self {
        let db = PgPoolOptions::new()
            .max_connections(WIDE)
            .connect_with(options.options([("plan_cache_mode", "force_generic_plan")]))
            .await
            .unwrap();
        let open = join_all((0..WIDE).map(|_| db.acquire())).await;
        drop(open);
        Self::under(limits, db).await
    }

    /// Another process on the same database, its clock `ahead` of this one's.
    pub fn another_instance(&self, seed: u64, ahead: TimeDelta) -> Services {
        instance(self.db().clone(), seed, self.s.now() + ahead, self.limits).0
    }

    pub fn db(&self) -> &PgPool {
        self.s.db()
    }

    /// Lets go of the database, so that it can be dropped.
    pub async fn close(self) {
        self.s.db().close().await;
    }

    pub fn key(&self) -> IdempotencyKey {
        self.s.new_id().into()
    }

    fn number(&self) -> u32 {
        self.made.fetch_add(1, Ordering::Relaxed)
    }

    pub async fn merchant(&self) -> MerchantId {
        let merchant = name(&format!("Merchant {}", self.number()));
        merchants::create(&self.s, self.admin, &merchant)
            .await
            .unwrap()
    }

    pub async fn staff_account(&self, merchant: MerchantId, role: StaffRole) -> Account {
        let address = email(&format!("staff{}@world.test", self.number()));
        merchants::add_member(
            &self.s,
            self.admin,
            merchant,
            &address,
            &name("Staff"),
            role,
        )
        .await
        .unwrap();
        let staff = merchants::staff(&self.s, self.admin, merchant)
            .await
            .unwrap();
        let member = staff
            .iter()
            .find(|member| member.email == address.as_str())
            .unwrap();
        account(&self.s, member.id).await
    }

    pub async fn manager(&self, merchant: MerchantId) -> Manager {
        Manager::of(&self.staff_account(merchant, StaffRole::Manager).await).unwrap()
    }

    pub async fn attendant(&self, merchant: MerchantId) -> Attendant {
        Attendant::of(&self.staff_account(merchant, StaffRole::Attendant).await).unwrap()
    }

    pub async fn person(&self, role: Role) -> Account {
        let address = format!("person{}@world.test", self.number());
        insert_person(&self.s, &address, role).await
    }

    pub async fn consumer_account(&self, points: i64) -> Account {
        let account = self.person(Role::Consumer).await;
        if points > 0 {
            let amount = Points::try_from(points).unwrap();
            wallet::grant_bonus(&self.s, self.db(), account.id, amount, self.s.now())
                .await
                .unwrap();
        }
        account
    }

    pub async fn consumer(&self, points: i64) -> Consumer {
        Consumer::of(&self.consumer_account(points).await).unwrap()
    }

    pub async fn consumers(&self, count: usize, points: i64) -> Vec<Consumer> {
        let mut consumers = Vec::new();
        for _ in 0..count {
            consumers.push(self.consumer(points).await);
        }
        consumers
    }

    /// An offer for 100 points without limits, for tests to change.
    pub fn draft(&self) -> OfferDraft {
        let now = self.s.now();
        OfferDraft {
            name: "Coffee".into(),
            description: "A large one.".into(),
            terms: String::new(),
            category: Category::Food,
            points_cost: points(100),
            stock_quantity: None,
            max_per_user: 1_000,
            lifetime_minutes: 15,
            valid_from: now - TimeDelta::days(1),
            valid_to: now + TimeDelta::days(365),
        }
    }

    /// An active offer.
    pub async fn offer(&self, manager: Manager, draft: OfferDraft) -> OfferId {
        let offer = manage::create(&self.s, manager, &draft).await.unwrap();
        manage::set_status(&self.s, manager, offer, OfferStatus::Active)
            .await
            .unwrap();
        offer
    }

    /// A merchant with an active offer.
    pub async fn shop(&self, draft: OfferDraft) -> Shop {
        let merchant = self.merchant().await;
        let manager = self.manager(merchant).await;
        Shop {
            merchant,
            manager,
            attendant: self.attendant(merchant).await,
            offer: self.offer(manager, draft).await,
        }
    }

    pub async fn redeem(&self, consumer: Consumer, offer: OfferId) -> RedemptionId {
        redeem::redeem(&self.s, consumer, offer, self.key(), None)
            .await
            .unwrap()
            .redemption
    }

    /// The till's ticket to confirm a redemption.
    pub async fn ticket(&self, attendant: Attendant, redemption: RedemptionId) -> String {
        let presented = domain::codes::Presented::Id(redemption);
        let validated = till::validate(&self.s, attendant, &presented)
            .await
            .unwrap();
        match validated.verdict {
            till::Verdict::Good { ticket } => ticket,
            other => panic!("not good: {other:?}"),
        }
    }

    pub async fn confirm(&self, attendant: Attendant, redemption: RedemptionId) {
        let ticket = self.ticket(attendant, redemption).await;
        till::confirm(&self.s, attendant, redemption, &ticket, None)
            .await
            .unwrap();
    }

    pub async fn codes(&self, consumer: Consumer, redemption: RedemptionId) -> history::Codes {
        let detail = history::detail(&self.s, consumer, redemption)
            .await
            .unwrap();
        detail.unwrap().codes.unwrap()
    }

    /// What the consumer can spend, and what is reserved.
    pub async fn balance(&self, consumer: Consumer) -> (i64, i64) {
        let balance = wallet::balance(&self.s, consumer).await.unwrap();
        (balance.available.get(), balance.reserved.get())
    }

    pub async fn stock_taken(&self, offer: OfferId) -> i32 {
        sqlx::query_scalar("select stock_taken from offers where id = $1")
            .bind(Uuid::from(offer))
            .fetch_one(self.db())
            .await
            .unwrap()
    }

    /// A number that the database counts.
    pub async fn count(&self, sql: &str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(self.db()).await.unwrap()
    }

    pub async fn assert_ledger_sound(&self) {
        assert_eq!(wallet::verify(&self.s).await.unwrap(), []);
        for (law, violations) in LAWS {
            assert_eq!(self.count(violations).await, 0, "{law}");
        }
    }
}

/// What holds whenever nothing is under way, and how to count what breaks it.
const LAWS: [(&str, &str); 5] = [
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
        "a merchant has taken in the points of its confirmed redemptions",
        "select count(*) from accounts a where a.kind = 'settlement' and a.balance <> (
             select coalesce(sum(points_spent), 0) from redemptions r
             where r.merchant_id = a.merchant_id and r.status = 'confirmed')",
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

/// Limits as shipped, but that a consumer may redeem this many times.
pub fn redeems(most: u32) -> limits::Rules {
    let most = NonZeroU32::new(most).unwrap();
    limits::Rules {
        redeem_per_hour: most,
        redeem_per_day: most,
        ..limits::Rules::default()
    }
}

pub struct Shop {
    pub merchant: MerchantId,
    pub manager: Manager,
    pub attendant: Attendant,
    pub offer: OfferId,
}

/// Makes the connections of a pool work as the server's do. `set role none` makes one the owner's again.
async fn work_as_the_application(db: &PgPool) {
    let options = db.connect_options().as_ref().clone();
    db.set_connect_options(options.options([("role", ROLE)]));
    let open = join_all((0..db.num_idle()).map(|_| db.acquire())).await;
    for connection in open {
        let become_it = format!("set role {ROLE}");
        sqlx::query(&become_it)
            .execute(&mut *connection.unwrap())
            .await
            .unwrap();
    }
}

/// Starts all of these before it waits for any; their answers in the same order.
pub async fn at_once<T, F>(tasks: impl IntoIterator<Item = F>) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let running: Vec<_> = tasks.into_iter().map(tokio::spawn).collect();
    join_all(running)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect()
}

pub fn points(amount: i64) -> Points {
    Points::try_from(amount).unwrap()
}

pub fn email(text: &str) -> Email {
    Email::try_from(text).unwrap()
}

pub fn name(text: &str) -> Name {
    Name::try_from(text).unwrap()
}

pub fn password(text: &str) -> Password {
    Password::try_from(text).unwrap()
}

fn start() -> DateTime<Utc> {
    "2026-01-15T12:00:00Z".parse().unwrap()
}

fn instance(
    db: PgPool,
    seed: u64,
    now: DateTime<Utc>,
    limits: limits::Rules,
) -> (Services, ManualClock) {
    let clock = ManualClock::at(now);
    let keys = Keys::random(&Entropy::seeded(7)).unwrap();
    (keyed(db, seed, &clock, keys, limits, false), clock)
}

/// Another process on the same database and clock, as in production.
pub fn in_production(world: &World) -> Services {
    let keys = Keys::random(&Entropy::seeded(7)).unwrap();
    keyed(
        world.db().clone(),
        98,
        &world.clock,
        keys,
        world.limits,
        true,
    )
}

/// Another process on the same database and clock, with keys of its own.
pub fn with_keys(world: &World, keys: Keys) -> Services {
    keyed(
        world.db().clone(),
        99,
        &world.clock,
        keys,
        world.limits,
        false,
    )
}

fn keyed(
    db: PgPool,
    seed: u64,
    clock: &ManualClock,
    jwt_keys: Keys,
    limits: limits::Rules,
    admins_need_second_step: bool,
) -> Services {
    Services::new(Parts {
        db,
        clock: Clock::Manual(clock.clone()),
        entropy: Entropy::seeded(seed),
        qr_secret: Secret::new("a secret that only tests know of").unwrap(),
        jwt_keys,
        mfa_secret: Secret::new("a key that only tests know of, too").unwrap(),
        admins_need_second_step,
        rules: Rules::default(),
        limits,
        mailer: Mailer::Log,
        webhooks: webhooks::Client::new(true).unwrap(),
    })
}

/// Someone without a password: hashing one would take most of a test's time.
async fn insert_person(s: &Services, address: &str, role: Role) -> Account {
    let id = s.new_id();
    sqlx::query(
        "insert into users (id, email, name, role, created_at) values ($1, $2, 'Person', $3::role, $4)",
    )
    .bind(id)
    .bind(address)
    .bind(role.as_str())
    .bind(s.now())
    .execute(s.db())
    .await
    .unwrap();
    account(s, id.into()).await
}

async fn account(s: &Services, user: UserId) -> Account {
    identity::account(s, user, 0).await.unwrap().unwrap()
}
