//! A server on a port of its own, over a test's database, and the people who use it.

mod browser;
mod events;
mod files;
mod hooks;
mod process;
mod town;
mod wire;

pub use browser::{Answer, Browser};
pub use events::Events;
pub use files::photo;
pub use process::{Program, program};
pub use town::{LIMITLESS, PASSWORD, Shop, Terms, Town};
pub use wire::{Form, Told, Wire};

use std::{net::SocketAddr, num::NonZeroU32, path::Path, time::Duration};

use futures::future::join_all;
use server::{
    jobs,
    middleware::proxies::Proxies,
    router::{Closing, Settings, routed},
};
use services::{
    Parts, Services, db, entropy::Entropy, identity::jwt::Keys, limits, mail::Mailer,
    secret::Secret, time::Clock, wallet::rules::Rules, webhooks,
};
use sqlx::{ConnectOptions, PgPool, postgres::PgConnectOptions};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

/// What the codes and tickets of tests are signed with.
pub const QR_SECRET: &str = "a secret that only tests know of";

/// What the second steps of tests are sealed under.
pub const MFA_KEY: &str = "a key that only tests know of, too";

/// What the tokens of tests are signed with: the key of RFC 8037, appendix A.1.
pub const JWT_KEY: &str = "-----BEGIN PRIVATE KEY-----\n\
    MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----";

/// A server inside the test's process.
pub struct TestServer {
    pub s: Services,
    pub url: String,
    /// The paths of what is neither page, nor action, nor operation.
    pub paths: Vec<String>,
    close: watch::Sender<bool>,
    serving: JoinHandle<()>,
}

/// How a test wants its server.
pub struct Wish<'a> {
    pub connections: u32,
    pub production: bool,
    /// As in production, without cookies that need HTTPS.
    pub admins_need_second_step: bool,
    pub site_root: &'a Path,
    pub dev_reload: bool,
    pub limits: limits::Rules,
    pub proxies: Proxies,
    pub clock: Clock,
}

impl Default for Wish<'_> {
    fn default() -> Self {
        Self {
            connections: 8,
            production: false,
            admins_need_second_step: false,
            site_root: Path::new("no/such/folder"),
            dev_reload: false,
            limits: from_one_address(),
            proxies: Proxies::default(),
            clock: Clock::System,
        }
    }
}

impl Wish<'_> {
    /// A server whose limits nobody reaches.
    pub fn without_limits() -> Self {
        Self {
            limits: out_of_reach(),
            ..Self::default()
        }
    }
}

impl TestServer {
    /// A server as in development, without static files.
    pub async fn start(options: &PgConnectOptions) -> Self {
        Self::wished(options, Wish::default()).await
    }

    /// A server whose connections are all open, so that what is sent together runs together.
    pub async fn wide(options: &PgConnectOptions) -> Self {
        let connections = 48;
        let wish = Wish {
            connections,
            ..Wish::default()
        };
        let server = Self::wished(options, wish).await;
        let open = join_all((0..connections).map(|_| server.db().acquire())).await;
        drop(open);
        server
    }

    /// A server as the test wishes.
    pub async fn wished(options: &PgConnectOptions, wish: Wish<'_>) -> Self {
        let s = services_with(options, &wish).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let settings = Settings {
            site_root: wish.site_root,
            public_url: url.clone(),
            points_name: "Lumis".into(),
            trusted_proxies: wish.proxies,
            production: wish.production,
            dev_reload: wish.dev_reload,
        };
        let (close, closing) = watch::channel(false);
        jobs::start(&s, &settings);
        let (app, paths) = routed(s.clone(), settings, Closing(closing.clone()));
        let app = app.into_make_service_with_connect_info::<SocketAddr>();
        let mut stopping = Closing(closing);
        let serving = tokio::spawn(async move {
            axum::serve(listener, app)
                .with_graceful_shutdown(async move { stopping.begun().await })
                .await
                .unwrap();
        });
        Self {
            s,
            url,
            paths,
            close,
            serving,
        }
    }

    pub fn db(&self) -> &PgPool {
        self.s.db()
    }

    /// Someone who has never been here.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.url)
    }

    /// Lets go of the port and of the database, so that it can be dropped.
    pub async fn stop(self) {
        self.close.send_replace(true);
        let _ = tokio::time::timeout(Duration::from_secs(1), self.serving).await;
        self.s.db().close().await;
    }
}

/// Limits as shipped, but those per address: everyone in a test has the same.
pub fn from_one_address() -> limits::Rules {
    limits::Rules {
        sign_in_per_hour: MANY,
        general_per_minute: MANY,
        ..limits::Rules::default()
    }
}

/// Limits that nobody reaches.
pub fn out_of_reach() -> limits::Rules {
    limits::Rules {
        redeem_per_hour: MANY,
        redeem_per_day: MANY,
        validate_per_minute: MANY,
        validate_per_hour: MANY,
        ..from_one_address()
    }
}

/// More than any test does of anything.
const MANY: NonZeroU32 = NonZeroU32::MIN.saturating_add(1_000_000);

/// The use cases over a test's database.
pub async fn services(options: &PgConnectOptions, connections: u32) -> Services {
    services_at(options, connections, Clock::System).await
}

/// The same by another clock.
pub async fn services_at(options: &PgConnectOptions, connections: u32, clock: Clock) -> Services {
    let wish = Wish {
        connections,
        clock,
        ..Wish::default()
    };
    services_with(options, &wish).await
}

async fn services_with(options: &PgConnectOptions, wish: &Wish<'_>) -> Services {
    let pool = db::connect(&database_url(options), wish.connections)
        .await
        .unwrap();
    Services::new(Parts {
        db: pool,
        clock: wish.clock.clone(),
        entropy: Entropy::System,
        qr_secret: Secret::new(QR_SECRET).unwrap(),
        jwt_keys: Keys::new(JWT_KEY, "").unwrap(),
        mfa_secret: Secret::new(MFA_KEY).unwrap(),
        admins_need_second_step: wish.admins_need_second_step,
        rules: Rules::default(),
        limits: wish.limits,
        mailer: Mailer::Log,
        webhooks: webhooks::Client::new(true).unwrap(),
    })
}

/// The address of a test's database.
pub fn database_url(options: &PgConnectOptions) -> String {
    options.to_url_lossy().into()
}

/// Starts all of these before it waits for any; their answers in the same order.
pub async fn at_once<T, F>(tasks: impl IntoIterator<Item = F>) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let running: Vec<_> = tasks.into_iter().map(tokio::spawn).collect();
    let ended = join_all(running).await;
    ended.into_iter().map(Result::unwrap).collect()
}
