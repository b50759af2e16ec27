//! Event streams as an open page hears them.

use std::time::Duration;

use reqwest::Response;
use tokio::time::timeout;

use super::Browser;

/// Longest wait for news.
const SECOND: Duration = Duration::from_secs(1);

/// A stream of events, read as it arrives.
pub struct Events {
    response: Response,
    unread: String,
    /// When to come back once the stream has ended, in milliseconds.
    pub retry: Option<String>,
}

impl Events {
    /// What the page of a redemption hears.
    pub async fn of(browser: &Browser, redemption: &str) -> Self {
        Self::at(browser, &format!("/redemptions/{redemption}/events")).await
    }

    /// A stream by its path.
    pub async fn at(browser: &Browser, path: &str) -> Self {
        let request = browser.bare("GET", path);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        let kind = &response.headers()["content-type"];
        assert_eq!(kind, "text/event-stream");
        Self {
            response,
            unread: String::new(),
            retry: None,
        }
    }

    /// The next event's name and data; none when the stream has ended.
    async fn next(&mut self) -> Option<(String, String)> {
        loop {
            if let Some(end) = self.unread.find("\n\n") {
                let event: String = self.unread.drain(..end + 2).collect();
                let field = |name| event.lines().find_map(|line| line.strip_prefix(name));
                self.retry = field("retry: ").map(str::to_owned).or(self.retry.take());
                if let Some(name) = field("event: ") {
                    let data = field("data: ").unwrap_or_default();
                    return Some((name.to_owned(), data.to_owned()));
                }
                continue;
            }
            let chunk = self.response.chunk().await.unwrap()?;
            self.unread.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    /// The next event, which must not be long in coming.
    pub async fn within_a_second(&mut self) -> Option<(String, String)> {
        timeout(SECOND, self.next()).await.expect("no news in time")
    }
}
