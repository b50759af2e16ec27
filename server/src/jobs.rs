//! What happens by itself. Every job is safe on several instances at once.

use std::time::Duration;

use app::wallet::letters;
use services::{
    Services, idempotency,
    identity::{api_sessions, links, sessions, sign_in},
    offers::{expire, import, pictures, watch},
    wallet::{self, lots, referrals},
    webhooks::runner,
};
use tokio::time::{MissedTickBehavior, interval};

use crate::router::Settings;

/// Redemptions are expired and referrals rewarded this often.
const OFTEN: Duration = Duration::from_mins(1);
/// Points are expired, their owners told, the ledger checked, and what is of no use deleted this often.
const NOW_AND_THEN: Duration = Duration::from_hours(1);

/// Starts the jobs; they run as long as the process.
pub fn start(services: &Services, settings: &Settings<'_>) {
    let (url, unit) = (settings.public_url.clone(), settings.points_name.clone());
    tokio::spawn(watch::listen(services.clone()));
    tokio::spawn(runner::run(services.clone()));
    tokio::spawn(every(OFTEN, services.clone(), expire_redemptions));
    tokio::spawn(every(OFTEN, services.clone(), reward_referrals));
    tokio::spawn(every(NOW_AND_THEN, services.clone(), expire_points));
    tokio::spawn(every(NOW_AND_THEN, services.clone(), move |services| {
        send_notices(services, url.clone(), unit.clone())
    }));
    tokio::spawn(every(NOW_AND_THEN, services.clone(), check_ledger));
    tokio::spawn(every(NOW_AND_THEN, services.clone(), clean));
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

async fn reward_referrals(services: Services) {
    match referrals::reward_due(&services).await {
        Ok(0) => {}
        Ok(rewarded) => tracing::info!(rewarded, "rewarded referrals"),
        Err(error) => tracing::error!(%error, "could not reward referrals"),
    }
}

async fn expire_points(services: Services) {
    match lots::expire_due(&services).await {
        Ok(0) => {}
        Ok(expired) => tracing::info!(expired, "expired points"),
        Err(error) => tracing::error!(%error, "could not expire points"),
    }
}

async fn send_notices(services: Services, url: String, unit: String) {
    match lots::take_notices(&services).await {
        Ok(notices) => {
            for notice in notices {
                let letter = letters::expiring(notice, &url, &unit);
                services.mailer.send(letter).await;
            }
        }
        Err(error) => tracing::error!(%error, "could not tell whose points expire soon"),
    }
}

async fn check_ledger(services: Services) {
    match wallet::verify(&services).await {
        Ok(faults) if faults.is_empty() => {}
        Ok(faults) => tracing::error!(faults = faults.len(), "the ledger does not balance"),
        Err(error) => tracing::error!(%error, "could not check the ledger"),
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
    if let Err(error) = pictures::purge(&services).await {
        tracing::error!(%error, "could not delete pictures that nothing shows");
    }
    if let Err(error) = import::purge(&services).await {
        tracing::error!(%error, "could not delete old files of offers");
    }
    if let Err(error) = sessions::purge(&services).await {
        tracing::error!(%error, "could not delete old sessions");
    }
    if let Err(error) = api_sessions::purge(&services).await {
        tracing::error!(%error, "could not delete old refresh tokens");
    }
    if let Err(error) = runner::purge(&services).await {
        tracing::error!(%error, "could not delete old webhooks");
    }
}
