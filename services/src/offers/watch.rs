//! Watching redemptions change, points arrive and webhooks become due: PostgreSQL's notifications, fanned out inside the process.

use std::time::Duration;

use domain::ids::{RedemptionId, UserId};
use sqlx::postgres::{PgListener, PgPoolOptions};
use tokio::sync::broadcast;

use crate::Services;

/// Changes that a slow watcher may fall behind by before it has to look for itself.
const BACKLOG: usize = 1_024;
/// Between two tries to listen when the database is away.
const RETRY: Duration = Duration::from_secs(1);

/// What a notification's text says, if it says anything.
type Reader = fn(&str) -> Option<News>;

/// The channels of the database, and how to read what they say.
const CHANNELS: [(&str, Reader); 3] = [
    ("redemption", redemption_news),
    ("accrual", earning_news),
    ("webhook", |_| Some(News::Due)),
];

/// What a watcher is told.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum News {
    /// This redemption has changed.
    Changed(RedemptionId),
    /// This person was credited so many points, or below zero lost them.
    Earned(UserId, i64),
    /// There are webhooks to send.
    Due,
    /// Something may have been missed.
    Unknown,
}

/// Hands news from one listening connection to any number of watchers.
#[derive(Clone, Debug)]
pub(crate) struct Watch(broadcast::Sender<News>);

impl Watch {
    pub(crate) fn new() -> Self {
        Self(broadcast::channel(BACKLOG).0)
    }
}

/// Someone waiting for one redemption to change.
pub struct Watcher {
    redemption: RedemptionId,
    news: broadcast::Receiver<News>,
}

impl Watcher {
    /// Returns when the redemption has changed, or may have. Look at it then.
    pub async fn changed(&mut self) {
        loop {
            match self.news.recv().await {
                Ok(News::Changed(redemption)) if redemption != self.redemption => {}
                Ok(News::Earned(..) | News::Due) => {}
                Ok(News::Changed(_) | News::Unknown)
                | Err(broadcast::error::RecvError::Lagged(_)) => return,
                Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}

/// Begins to watch a redemption. Begin before looking at it, and nothing is missed.
#[must_use]
pub fn watch(s: &Services, redemption: RedemptionId) -> Watcher {
    Watcher {
        redemption,
        news: s.watch.0.subscribe(),
    }
}

/// Someone waiting for their points.
pub struct EarningWatcher {
    person: UserId,
    news: broadcast::Receiver<News>,
}

impl EarningWatcher {
    /// Returns when a sale or a referral has moved the person's points: by how many, or nothing when news may
    /// have been missed. Look at the balance then.
    pub async fn earned(&mut self) -> Option<i64> {
        loop {
            match self.news.recv().await {
                Ok(News::Earned(person, points)) if person == self.person => return Some(points),
                Ok(News::Earned(..) | News::Changed(_) | News::Due) => {}
                Ok(News::Unknown) | Err(broadcast::error::RecvError::Lagged(_)) => return None,
                Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}

/// Begins to watch a person's points. Begin before looking at the balance, and nothing is missed.
#[must_use]
pub fn watch_earning(s: &Services, person: UserId) -> EarningWatcher {
    EarningWatcher {
        person,
        news: s.watch.0.subscribe(),
    }
}

/// Whoever sends webhooks, waiting for some.
pub(crate) struct WebhookWatcher(broadcast::Receiver<News>);

impl WebhookWatcher {
    /// Returns when there are webhooks to send, or may be. All news of before count as one.
    pub(crate) async fn due(&mut self) {
        loop {
            match self.0.recv().await {
                Ok(News::Earned(..) | News::Changed(_)) => {}
                Ok(News::Due | News::Unknown) | Err(broadcast::error::RecvError::Lagged(_)) => {
                    self.0 = self.0.resubscribe();
                    return;
                }
                Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}

/// Begins to watch for webhooks to send. Begin before looking for some, and none waits.
pub(crate) fn watch_webhooks(s: &Services) -> WebhookWatcher {
    WebhookWatcher(s.watch.0.subscribe())
}

/// Listens until the pool is closed. The connection is its own, outside the pool.
pub async fn listen(s: Services) {
    let mut closed = s.db.close_event();
    // The only error is that the pool was closed.
    let _ = closed.do_until(listen_on(&s)).await;
}

async fn listen_on(s: &Services) {
    loop {
        if let Err(error) = listen_once(s).await {
            tracing::warn!(%error, "lost the connection that hears the news");
        }
        let _ = s.watch.0.send(News::Unknown);
        tokio::time::sleep(RETRY).await;
    }
}

async fn listen_once(s: &Services) -> Result<(), sqlx::Error> {
    let own = PgPoolOptions::new()
        .max_connections(1)
        .max_lifetime(None)
        .idle_timeout(None)
        .connect_with(s.db.connect_options().as_ref().clone())
        .await?;
    let mut listener = PgListener::connect_with(&own).await?;
    listener
        .listen_all(CHANNELS.map(|(channel, _)| channel))
        .await?;
    // What changed while nobody listened is not told again.
    let _ = s.watch.0.send(News::Unknown);
    loop {
        let news = match listener.try_recv().await? {
            Some(told) => CHANNELS
                .into_iter()
                .find(|(channel, _)| *channel == told.channel())
                .and_then(|(_, read)| read(told.payload()))
                .unwrap_or(News::Unknown),
            None => News::Unknown,
        };
        // Nobody watching is no error.
        let _ = s.watch.0.send(news);
    }
}

/// Reads `redemption status`.
fn redemption_news(payload: &str) -> Option<News> {
    let (redemption, _) = payload.split_once(' ')?;
    Some(News::Changed(redemption.parse().ok()?))
}

/// Reads `person points`.
fn earning_news(payload: &str) -> Option<News> {
    let (person, points) = payload.split_once(' ')?;
    Some(News::Earned(person.parse().ok()?, points.parse().ok()?))
}
