//! What has been sent to a webhook, and how that went.

use domain::{
    ids::{DeliveryId, WebhookId},
    webhooks::DeliveryStatus,
};
use leptos::prelude::*;
use services::webhooks::Delivery;

use super::{
    actions::{ReplayDelivery, TestWebhook},
    path_of,
    words::{kind_name, status_name, tone},
};
use crate::{
    site::{format, request::link},
    tr,
    ui::{
        Badge, Button, ButtonKind, Cell, Chip, DataTable, EmptyState, HiddenInput, LinkButton,
        Pager, Row,
    },
};

/// Which deliveries a page shows.
pub(super) struct Shown {
    /// Whose.
    pub(super) webhook: WebhookId,
    /// One status only.
    pub(super) status: Option<DeliveryStatus>,
    /// Those behind this one.
    pub(super) after: Option<DeliveryId>,
    /// Where the next page begins.
    pub(super) next: Option<DeliveryId>,
}

impl Shown {
    fn at(&self, status: Option<DeliveryStatus>, after: Option<DeliveryId>) -> String {
        link(
            &path_of(self.webhook),
            [
                ("status", status.map(|status| status.to_string())),
                ("after", after.map(|id| id.to_string())),
            ],
        )
    }
}

/// The deliveries, newest first, with what can be done about them.
pub(super) fn section(found: Vec<Delivery>, shown: &Shown) -> impl IntoView + use<> {
    let list = if found.is_empty() {
        empty(shown.status.is_some()).into_any()
    } else {
        table(found).into_any()
    };
    let webhook = shown.webhook.to_string();
    let anew = shown.at(shown.status, None);
    let chips = chips(shown);
    let pager = pager(shown);
    view! {
        <section class="stack" aria-labelledby="deliveries">
            <h2 id="deliveries">{tr!("deliveries-title")}</h2>
            <div class="cluster">
                <ActionForm action={ServerAction::<TestWebhook>::new()}>
                    <HiddenInput name="webhook" value=webhook />
                    <Button kind=ButtonKind::Secondary icon=icondata_lu::LuSend>{tr!("webhook-test")}</Button>
                </ActionForm>
                <LinkButton href=anew kind=ButtonKind::Quiet icon=icondata_lu::LuRefreshCw>
                    {tr!("deliveries-refresh")}
                </LinkButton>
            </div>
            {chips}
            {list}
            {pager}
        </section>
    }
}

fn pager(shown: &Shown) -> impl IntoView + use<> {
    let previous = shown.after.map(|_| shown.at(shown.status, None));
    let next = shown.next.map(|id| shown.at(shown.status, Some(id)));
    view! {
        <Pager
            label=tr!("pager-label")
            previous
            previous_label=tr!("pager-first")
            next
            next_label=tr!("pager-next")
        />
    }
}

fn chips(shown: &Shown) -> impl IntoView + use<> {
    let chip = |status: Option<DeliveryStatus>, label: String| {
        let (href, current) = (shown.at(status, None), shown.status == status);
        view! { <Chip href label current /> }
    };
    let each = DeliveryStatus::ALL
        .iter()
        .map(|status| chip(Some(*status), status_name(*status)))
        .collect_view();
    let all = chip(None, tr!("deliveries-all"));
    view! {
        <nav class="chips" aria-label=tr!("column-status")>
            {all}
            {each}
        </nav>
    }
}

fn empty(narrowed: bool) -> impl IntoView {
    let (title, text) = if narrowed {
        (
            tr!("deliveries-none-found-title"),
            tr!("deliveries-none-found-text"),
        )
    } else {
        (tr!("deliveries-none-title"), tr!("deliveries-none-text"))
    };
    view! { <EmptyState icon=icondata_lu::LuSend title text /> }
}

fn table(found: Vec<Delivery>) -> impl IntoView {
    let columns = [
        tr!("column-event"),
        tr!("column-status"),
        tr!("column-answer"),
        tr!("column-actions"),
    ];
    let rows = found
        .into_iter()
        .map(|delivery| row(columns.clone(), delivery))
        .collect_view();
    view! { <DataTable caption=tr!("deliveries-title") columns=columns.to_vec()>{rows}</DataTable> }
}

fn row(columns: [String; 4], delivery: Delivery) -> impl IntoView {
    let [event, status, answer, _] = columns;
    let name = kind_name(delivery.kind);
    let time = |time| format::date_time(time, format::zone());
    let tries =
        (delivery.attempts > 0).then(|| tr!("delivery-attempts", n = i64::from(delivery.attempts)));
    let next = (delivery.status == DeliveryStatus::Pending && delivery.attempts > 0)
        .then_some(delivery.next_attempt_at)
        .flatten()
        .map(|next| tr!("delivery-next", time = time(next)));
    let about = [tries, next].into_iter().flatten().collect::<Vec<_>>();
    // What has not been tried yet is about to be.
    let replay = (delivery.status != DeliveryStatus::Pending || delivery.attempts > 0).then(|| {
        let about = tr!("delivery-replay-named", event = name.clone());
        view! {
            <ActionForm action={ServerAction::<ReplayDelivery>::new()}>
                <HiddenInput name="webhook" value=delivery.webhook.to_string() />
                <HiddenInput name="delivery" value=delivery.id.to_string() />
                <Button kind=ButtonKind::Quiet attr:aria-label=about>{tr!("delivery-replay")}</Button>
            </ActionForm>
        }
    });
    view! {
        <Row>
            <Cell label=event>
                <span>{name} <br /> <span class="small muted">{time(delivery.created_at)}</span></span>
            </Cell>
            <Cell label=status>
                <span>
                    <Badge tone=tone(delivery.status) text=status_name(delivery.status) /> <br />
                    <span class="small muted">{about.join(" · ")}</span>
                </span>
            </Cell>
            <Cell label=answer>{answered(&delivery)}</Cell>
            <Cell label="">{replay}</Cell>
        </Row>
    }
}

/// What the receiver said at the last try.
fn answered(delivery: &Delivery) -> String {
    let said = delivery
        .response_status
        .map(|status| format!("HTTP {status}"))
        .or_else(|| delivery.attempts.gt(&0).then(|| tr!("delivery-no-answer")));
    let took = delivery
        .latency_ms
        .map(|took| format!("{} ms", format::number(took.into())));
    let parts: Vec<_> = [said, took].into_iter().flatten().collect();
    if parts.is_empty() {
        "–".to_owned()
    } else {
        parts.join(" · ")
    }
}
