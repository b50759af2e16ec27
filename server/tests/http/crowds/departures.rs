//! Clients that go away in the middle of a request.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use domain::codes::Presented;
use futures::{StreamExt, stream};
use services::{
    identity::{
        self,
        actors::{Actor, Attendant, Consumer},
    },
    offers::{redeem, till},
};
use sqlx::{
    Connection, PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::time::timeout;
use uuid::Uuid;

use crate::support::{
    Form, LIMITLESS, Terms, TestServer, Told, Town, Wire, Wish, at_once, out_of_reach,
};

const DEPARTURES: usize = 10_000;
/// As many are under way at any time.
const AT_ONCE: usize = 100;
const CONSUMERS: usize = 40;
/// What is there to confirm or to cancel is made in portions of so many.
const PORTION: usize = 1_000;

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Wanted {
    Redeem,
    /// This redemption, which is pending, is to end so.
    Confirm(Uuid),
    Cancel(Uuid),
}

/// An answer that arrived: the redemption, and the status that it says.
type Acknowledged = (Uuid, &'static str);

/// Who asks, and for what.
struct Crowd {
    server: TestServer,
    offers: [String; 3],
    consumers: Vec<(Consumer, String)>,
    attendant: (Attendant, String),
    /// For each of the three kinds of wishes, the most patient leave after so many microseconds. It follows the
    /// answers, so that on any machine about half of the requests are left.
    longest: [AtomicU64; 3],
    acknowledged: Mutex<Vec<Acknowledged>>,
}

impl Crowd {
    async fn gather(options: &PgConnectOptions) -> Self {
        // So few connections that whatever is left behind meets the next request.
        let wish = Wish {
            connections: 4,
            limits: out_of_reach(),
            ..Wish::default()
        };
        let server = TestServer::wished(options, wish).await;
        let (town, s) = (server.town(), &server.s);
        let shop = town.shop().await;
        let stocked = Terms {
            stock: Some(1_000_000),
            ..LIMITLESS
        };
        let mut consumers = Vec::new();
        for _ in 0..CONSUMERS {
            let user = town.consumer(10_000_000).await;
            let account = identity::account(s, user.into(), 0).await.unwrap().unwrap();
            let consumer = Consumer::of(&account).unwrap();
            consumers.push((consumer, town.session(user).await));
        }
        let account = identity::account(s, shop.attendant.into(), 0).await;
        let attendant = Attendant::of(&account.unwrap().unwrap()).unwrap();
        Self {
            offers: [
                town.offer(&shop, stocked).await,
                town.offer(&shop, LIMITLESS).await,
                town.offer(&shop, LIMITLESS).await,
            ],
            attendant: (attendant, town.session(shop.attendant).await),
            consumers,
            server,
            longest: std::array::from_fn(|_| AtomicU64::new(100_000)),
            acknowledged: Mutex::default(),
        }
    }

    /// Redemptions to confirm and to cancel, and the same number of redeems, out of order.
    async fn wishes(&self) -> Vec<(usize, Wanted)> {
        let mut pending = Vec::new();
        while pending.len() < DEPARTURES / 2 {
            let portion = (0..PORTION).map(|n| {
                let s = self.server.s.clone();
                let consumer = self.consumers[n % CONSUMERS].0;
                let offer = self.offers[n % 3].parse().unwrap();
                async move {
                    let key = s.new_id().into();
                    let made = redeem::redeem(&s, consumer, offer, key, None).await;
                    (n % CONSUMERS, Uuid::from(made.unwrap().redemption))
                }
            });
            pending.extend(at_once(portion).await);
        }
        let mut wishes = Vec::new();
        for (n, (owner, redemption)) in pending.into_iter().enumerate() {
            let ending = match n % 2 {
                0 => Wanted::Confirm(redemption),
                _ => Wanted::Cancel(redemption),
            };
            wishes.extend([(n * 7 % CONSUMERS, Wanted::Redeem), (owner, ending)]);
        }
        wishes
    }

    /// Sends one request and leaves at some moment, with its answer or without.
    async fn ask_and_leave(&self, n: usize, who: usize, wanted: Wanted) {
        let (s, session) = (&self.server.s, &self.consumers[who].1);
        let (key, id) = (s.new_id().to_string(), id_of(wanted));
        let mut wire = Wire::open(&self.server.url).await;
        let ticket = self.ticket(wanted).await;
        let (kind, session, action, fields) = match wanted {
            Wanted::Redeem => {
                let fields = [("offer", self.offers[n % 3].as_str()), ("key", &key)];
                (0, session, "/api/offers/redeem", fields.to_vec())
            }
            Wanted::Confirm(_) => {
                let fields = [("redemption", id.as_str()), ("ticket", &ticket)];
                (1, &self.attendant.1, "/api/till/confirm", fields.to_vec())
            }
            Wanted::Cancel(_) => (2, session, "/api/offers/cancel", vec![("id", id.as_str())]),
        };
        let form = Form {
            session,
            action,
            fields: &fields,
            is_plain: !matches!(wanted, Wanted::Confirm(_)),
        };
        let longest = self.longest[kind].load(Ordering::Relaxed);
        // Spread over the whole time, and out of order.
        let patience = Duration::from_micros(n as u64 * 7_919 % longest);
        let asking = async {
            wire.send(&form).await;
            wire.answer().await
        };
        // Dropping the connection closes it.
        let told = timeout(patience, asking).await.ok().flatten();
        let adapt = |longest: u64| {
            let next = match told {
                Some(_) => longest - longest / 64,
                None => longest + longest / 64,
            };
            Some(next.clamp(2_000, 2_000_000))
        };
        let _ = self.longest[kind].fetch_update(Ordering::Relaxed, Ordering::Relaxed, adapt);
        if let Some(told) = told {
            let acknowledged = read(wanted, &told);
            self.acknowledged.lock().unwrap().push(acknowledged);
        }
    }

    /// The proof that the till has validated what it confirms.
    async fn ticket(&self, wanted: Wanted) -> String {
        let Wanted::Confirm(id) = wanted else {
            return String::new();
        };
        let presented = Presented::Id(id.into());
        let validated = till::validate(&self.server.s, self.attendant.0, &presented).await;
        match validated.unwrap().verdict {
            till::Verdict::Good { ticket } => ticket,
            other => panic!("not good: {other:?}"),
        }
    }
}

fn id_of(wanted: Wanted) -> String {
    match wanted {
        Wanted::Redeem => String::new(),
        Wanted::Confirm(id) | Wanted::Cancel(id) => id.to_string(),
    }
}

/// What an answer says. Nothing was refused: everyone asks for what they may have.
fn read(wanted: Wanted, told: &Told) -> Acknowledged {
    match wanted {
        Wanted::Redeem => {
            let id = told.redemption().unwrap_or_else(|| panic!("{told:?}"));
            (id.parse().unwrap(), "pending")
        }
        Wanted::Confirm(id) => {
            assert!(
                told.status == 200 && told.text.contains("\"done\""),
                "{told:?}"
            );
            (id, "confirmed")
        }
        Wanted::Cancel(id) => {
            assert_eq!(told.redemption(), Some(id.to_string().as_str()), "{told:?}");
            (id, "cancelled")
        }
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn ten_thousand_clients_that_hang_up_lose_nothing_and_leave_no_connection_inside_a_transaction(
    _: PgPoolOptions,
    options: PgConnectOptions,
) {
    let crowd = Arc::new(Crowd::gather(&options).await);
    let wishes = crowd.wishes().await;
    assert_eq!(wishes.len(), DEPARTURES);
    stream::iter(wishes.into_iter().enumerate())
        .map(|(n, (who, wanted))| {
            let crowd = crowd.clone();
            tokio::spawn(async move { crowd.ask_and_leave(n, who, wanted).await })
        })
        .buffer_unordered(AT_ONCE)
        .for_each(async |left| left.unwrap())
        .await;
    let Some(crowd) = Arc::into_inner(crowd) else {
        panic!("someone is still there");
    };
    redeem::settled(&crowd.server.s).await;
    let town = crowd.server.town();
    town.until_idle().await;

    let acknowledged = crowd.acknowledged.into_inner().unwrap();
    let stayed = acknowledged.len();
    assert!(
        (DEPARTURES / 10..DEPARTURES * 9 / 10).contains(&stayed),
        "{stayed}"
    );
    let mut outside = PgConnection::connect_with(&options).await.unwrap();
    for status in ["pending", "confirmed", "cancelled"] {
        let told: Vec<Uuid> = acknowledged
            .iter()
            .filter(|(_, said)| *said == status)
            .map(|(id, _)| *id)
            .collect();
        assert!(told.len() > 100, "{status}: {}", told.len());
        let sql = "select count(*) from redemptions where id = any($1) and status::text = $2";
        let found: i64 = sqlx::query_scalar(sql)
            .bind(&told)
            .bind(status)
            .fetch_one(&mut outside)
            .await
            .unwrap();
        assert_eq!(found, i64::try_from(told.len()).unwrap(), "{status}");
    }
    town.assert_ledger_sound().await;
    assert_what_follows_is_committed(&crowd.server, &town, &crowd.offers[0], &mut outside).await;
    outside.close().await.unwrap();
    crowd.server.stop().await;
}

/// A connection left inside a transaction would take what the next request writes with it.
async fn assert_what_follows_is_committed(
    server: &TestServer,
    town: &Town,
    offer: &str,
    outside: &mut PgConnection,
) {
    let inside = "select count(*) from pg_stat_activity
                  where datname = current_database() and pid <> pg_backend_pid()
                      and state like 'idle in transaction%'";
    assert_eq!(town.count_as_owner(inside).await, 0);
    let consumer = server.consumer(10_000).await;
    for _ in 0..20 {
        let id = town.redemption(&consumer, offer).await;
        // A connection that has nothing to do with the pool sees it.
        let seen: i64 = sqlx::query_scalar("select count(*) from redemptions where id = $1::uuid")
            .bind(&id)
            .fetch_one(&mut *outside)
            .await
            .unwrap();
        assert_eq!(seen, 1);
    }
}
