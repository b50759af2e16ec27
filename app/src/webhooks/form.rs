//! The fields of a webhook.

use domain::webhooks::{EventKind, WebhookUrl};
use leptos::prelude::*;

use super::words::event_name;
use crate::{
    site::forms::Attempt,
    tr,
    ui::{Choices, Field},
};

/// Address and events, as the last try left them or else as they are.
pub(super) fn fields(attempt: &Attempt, url: &str, events: &[EventKind]) -> impl IntoView + use<> {
    let ticked = attempt.typed_or("events", &names(events));
    let options = EventKind::ALL
        .iter()
        .map(|kind| {
            let is_ticked = ticked.split(' ').any(|name| name == kind.as_str());
            (kind.to_string(), event_name(*kind), is_ticked)
        })
        .collect::<Vec<_>>();
    view! {
        <Field
            label=tr!("webhook-url")
            name="url"
            kind="url"
            value=attempt.typed_or("url", url)
            error=attempt.problem("url")
            hint=tr!("webhook-url-hint")
            placeholder="https://"
            autocomplete="off"
            maxlength=u32::try_from(WebhookUrl::MAX_LENGTH).unwrap_or(u32::MAX)
            required=true
        />
        <Choices legend=tr!("webhook-events") name="events[]" options error=attempt.problem("events") />
    }
}

/// The names of events in one text, as a failed try keeps them.
pub(super) fn names(events: &[EventKind]) -> String {
    let names: Vec<_> = events.iter().map(|kind| kind.as_str()).collect();
    names.join(" ")
}
