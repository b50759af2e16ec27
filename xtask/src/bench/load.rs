//! People who redeem over HTTP as fast as they are answered.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use ureq::Agent;

/// Whom the load consists of.
pub struct Crowd {
    /// Where the server is.
    pub url: String,
    /// Everyone's session.
    pub sessions: Vec<String>,
    /// As many ask at the same time, each on a connection that is kept.
    pub clients: usize,
    /// For so long.
    pub time: Duration,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Redemptions that were acknowledged.
    pub redeemed: usize,
    /// Redemptions per second.
    pub rate: f64,
    /// How long half of the answers took at most, in milliseconds.
    pub median: f64,
    /// How long all but one in a hundred took at most, in milliseconds.
    pub slow: f64,
}

impl Crowd {
    /// Redeems these offers, one after the other.
    ///
    /// # Errors
    /// When an answer is anything but a redemption.
    pub fn redeem(&self, offers: &[String]) -> Result<Outcome> {
        let turn = AtomicUsize::new(0);
        let started = Instant::now();
        let times: Vec<Duration> = thread::scope(|scope| {
            let clients: Vec<_> = (0..self.clients)
                .map(|_| scope.spawn(|| self.one(offers, &turn, started)))
                .collect();
            clients
                .into_iter()
                .map(|client| client.join().ok().context("a client broke")?)
                .collect::<Result<Vec<_>>>()
        })?
        .concat();
        Ok(summary(times, started.elapsed()))
    }

    /// One client: how long each of its redeems took.
    fn one(
        &self,
        offers: &[String],
        turn: &AtomicUsize,
        started: Instant,
    ) -> Result<Vec<Duration>> {
        let agent: Agent = Agent::config_builder()
            .max_redirects(0)
            .http_status_as_error(false)
            .build()
            .into();
        let mut times = Vec::new();
        while started.elapsed() < self.time {
            let n = turn.fetch_add(1, Ordering::Relaxed);
            let begun = Instant::now();
            let cookie = format!("surtidor={}", self.sessions[n % self.sessions.len()]);
            let key = key(started, n);
            let fields = [("offer", offers[n % offers.len()].as_str()), ("key", &key)];
            let mut answer = agent
                .post(format!("{}/api/offers/redeem", self.url))
                .header("Cookie", cookie)
                .header("Accept", "text/html")
                .header("Referer", format!("{}/offers", self.url))
                .header("Sec-Fetch-Site", "same-origin")
                .send_form(fields)?;
            // Read to its end, the connection serves the next.
            let text = answer.body_mut().read_to_string()?;
            let to = answer.headers().get("location");
            let to = to.and_then(|to| to.to_str().ok()).unwrap_or_default();
            ensure!(
                to.starts_with("/redemptions/"),
                "no redemption: {} {to} {text}",
                answer.status()
            );
            times.push(begun.elapsed());
        }
        Ok(times)
    }
}

/// An idempotency key. No two are alike: the number tells those of one measurement apart, the time those of
/// the others.
fn key(started: Instant, n: usize) -> String {
    let run = std::process::id();
    let nanos = started.elapsed().as_nanos() & 0xfff_ffff_ffff;
    format!(
        "{run:08x}-{:04x}-4{:03x}-8000-{nanos:012x}",
        (n >> 12) & 0xffff,
        n & 0xfff
    )
}

fn summary(mut times: Vec<Duration>, elapsed: Duration) -> Outcome {
    times.sort_unstable();
    let share = |percent: usize| {
        let at = times.get(times.len() * percent / 100);
        at.map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
    };
    #[expect(clippy::cast_precision_loss, reason = "a rate is no exact figure")]
    let rate = times.len() as f64 / elapsed.as_secs_f64();
    Outcome {
        redeemed: times.len(),
        rate,
        median: share(50),
        slow: share(99),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_counts_and_orders() {
        let times = (1..=200).rev().map(Duration::from_millis).collect();
        let said = summary(times, Duration::from_secs(4));
        assert_eq!(said.redeemed, 200);
        let close = |a: f64, b: f64| (a - b).abs() < 0.001;
        assert!(close(said.rate, 50.0) && close(said.median, 101.0) && close(said.slow, 199.0));
    }
}
