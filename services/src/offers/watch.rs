//! Watching redemptions change: PostgreSQL's notifications, fanned out inside the process.

use std::time::Duration;

use domain::ids::RedemptionId;
use sqlx::postgres::{PgListener, PgPoolOptions};
use tokio::sync::broadcast;

use crate::Services;

/// Changes that a slow watcher may fall behind by before it has to look for itself.
const BACKLOG: usize = 1_024;
/// Between two tries to listen when the database is away.
const RETRY: Duration = Duration::from_secs(1);

/// What a watcher is told.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum News {
    /// This redemption has changed.
    Changed(RedemptionId),
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
                Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => return,
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

/// Listens until the pool is closed. The connection is its own, outside the pool.
pub async fn listen(s: Services) {
    let mut closed = s.db.close_event();
    // The only error is that the pool was closed.
    let _ = closed.do_until(listen_on(&s)).await;
}

async fn listen_on(s: &Services) {
    loop {
        if let Err(error) = listen_once(s).await {
            tracing::warn!(%error, "lost the connection that hears of redemptions");
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
    listener.listen("redemption").await?;
    // What changed while nobody listened is not told again.
    let _ = s.watch.0.send(News::Unknown);
    loop {
        let news = match listener.try_recv().await? {
            Some(notification) => notification
                .payload()
                .split(' ')
                .next()
                .and_then(|id| id.parse().ok())
                .map_or(News::Unknown, News::Changed),
            None => News::Unknown,
        };
        // Nobody watching is no error.
        let _ = s.watch.0.send(news);
    }
}
