//! What happens by itself. Every job is safe on several instances at once.

use std::time::Duration;

use services::{
    Services, idempotency,
    identity::{api_sessions, links, sessions, sign_in},
    offers::{expire, watch},
};
use tokio::time::{MissedTickBehavior, interval};

/// Redemptions are expired this often.
const EXPIRE_EVERY: Duration = Duration::from_mins(1);
/// What is of no use any more is deleted this often.
const CLEAN_EVERY: Duration = Duration::from_hours(1);

/// Starts the jobs; they run as long as the process.
pub fn start(services: &Services) {
    tokio::spawn(watch::listen(services.clone()));
    tokio::spawn(every(EXPIRE_EVERY, services.clone(), expire_redemptions));
    tokio::spawn(every(CLEAN_EVERY, services.clone(), clean));
}

async fn every<F: Future<Output = ()>>(
    period: Duration,
    services: Services,
    job: impl Fn(Services) -> F,
) {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        job(services.clone()).await;
    }
}

async fn expire_redemptions(services: Services) {
    match expire::expire_due(&services).await {
        Ok(0) => {}
        Ok(expired) => tracing::info!(expired, "expired redemptions"),
        Err(error) => tracing::error!(%error, "could not expire redemptions"),
    }
}

async fn clean(services: Services) {
    if let Err(error) = links::purge(&services).await {
        tracing::error!(%error, "could not delete old links");
    }
    if let Err(error) = sign_in::purge(&services).await {
        tracing::error!(%error, "could not delete old failures to sign in");
    }
    if let Err(error) = idempotency::purge(&services).await {
        tracing::error!(%error, "could not delete old requests' answers");
    }
    if let Err(error) = sessions::purge(&services).await {
        tracing::error!(%error, "could not delete old sessions");
    }
    if let Err(error) = api_sessions::purge(&services).await {
        tracing::error!(%error, "could not delete old refresh tokens");
    }
}
