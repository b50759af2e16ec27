//! Where a merchant's own systems are told of what happens, and how that went.

pub mod actions;
mod deliveries;
pub mod detail;
mod form;
pub mod list;
mod words;

use domain::ids::WebhookId;

/// Where the pages are.
const PATH: &str = "/manage/webhooks";
/// Where the session keeps its half of a new secret until the page shows it.
const NEW_SECRET: &str = "new_webhook_secret";

/// The page of one of them.
fn path_of(id: WebhookId) -> String {
    format!("{PATH}/{id}")
}
