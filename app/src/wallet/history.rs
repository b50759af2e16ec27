//! What moved a consumer's points: filters, list, pages.

use chrono::{DateTime, Days, Utc};
use leptos::prelude::*;
use services::wallet::{self, TransferKind};

use super::words::movement_name;
use crate::{
    site::{
        format,
        request::{link, query},
    },
    tr,
    ui::{Button, ButtonKind, EmptyState, Field, LinkButton, Movement, Pager, Select},
};

/// The kinds that a consumer's spendable points have so far, in the order of the choice.
const KINDS: [TransferKind; 10] = [
    TransferKind::Purchase,
    TransferKind::Bonus,
    TransferKind::Referral,
    TransferKind::Adjustment,
    TransferKind::Redeem,
    TransferKind::Cancel,
    TransferKind::Expire,
    TransferKind::LotExpiry,
    TransferKind::Reversal,
    TransferKind::Repayment,
];

/// What the address asks for, kept as it was typed for the form and the links.
#[derive(Clone, Default)]
pub(super) struct Asked {
    incoming: Option<bool>,
    kind: Option<TransferKind>,
    from: Option<String>,
    until: Option<String>,
    after: Option<String>,
}

impl Asked {
    pub(super) fn from_query() -> Self {
        Self {
            incoming: query("direction").and_then(|name| match name.as_str() {
                "in" => Some(true),
                "out" => Some(false),
                _ => None,
            }),
            kind: query("kind").and_then(|name| name.parse().ok()),
            from: query("from"),
            until: query("until"),
            after: query("after"),
        }
    }

    pub(super) fn filter(&self) -> wallet::Filter {
        wallet::Filter {
            incoming: self.incoming,
            kind: self.kind,
            from: self.from.as_deref().and_then(day),
            // The last day counts.
            until: self
                .until
                .as_deref()
                .and_then(day)
                .and_then(|start| start.checked_add_days(Days::new(1))),
            after: self.after.as_deref().and_then(|id| id.parse().ok()),
            ..wallet::Filter::default()
        }
    }

    fn direction(&self) -> &'static str {
        match self.incoming {
            Some(true) => "in",
            Some(false) => "out",
            None => "",
        }
    }

    fn link(&self) -> String {
        let path = link(
            "/wallet",
            [
                ("direction", Some(self.direction().to_owned())),
                ("kind", self.kind.map(|kind| kind.to_string())),
                ("from", self.from.clone()),
                ("until", self.until.clone()),
                ("after", self.after.clone()),
            ],
        );
        format!("{path}#movements")
    }

    fn is_narrowed(&self) -> bool {
        self.incoming.is_some()
            || self.kind.is_some()
            || self.from.is_some()
            || self.until.is_some()
    }
}

/// The first moment of a day in the reader's zone.
fn day(text: &str) -> Option<DateTime<Utc>> {
    format::from_input_date(text, format::zone())
}

/// What is wrong with a typed day, if it is none.
fn day_problem(text: Option<&String>) -> Option<String> {
    text.filter(|text| day(text).is_none())
        .map(|_| tr!("movements-bad-date"))
}

/// The form and one page of the history.
pub(super) fn section(asked: &Asked, page: wallet::Page) -> impl IntoView + use<> {
    let next = page.next.map(|after| {
        Asked {
            after: Some(after.to_string()),
            ..asked.clone()
        }
        .link()
    });
    let first = asked.after.as_ref().map(|_| {
        Asked {
            after: None,
            ..asked.clone()
        }
        .link()
    });
    let nothing = page.movements.is_empty();
    // Who has no movements has none to look for.
    let form = (!nothing || asked.is_narrowed()).then(|| filters(asked));
    let list = if nothing {
        empty(asked.is_narrowed()).into_any()
    } else {
        let rows = page.movements.into_iter().map(row).collect_view();
        view! { <ul class="movements">{rows}</ul> }.into_any()
    };
    view! {
        <section class="stack" id="movements">
            <h2>{tr!("wallet-history")}</h2>
            {form}
            {list}
            <Pager
                label=tr!("pager-label")
                previous=first
                previous_label=tr!("pager-first")
                next
                next_label=tr!("pager-next")
            />
        </section>
    }
}

fn filters(asked: &Asked) -> impl IntoView + use<> {
    let directions = vec![
        (String::new(), tr!("movements-both")),
        ("in".to_owned(), tr!("movements-in")),
        ("out".to_owned(), tr!("movements-out")),
    ];
    let kinds = std::iter::once((String::new(), tr!("movements-every-kind")))
        .chain(KINDS.map(|kind| (kind.to_string(), movement_name(kind))))
        .collect::<Vec<_>>();
    view! {
        <form class="filters filters-pairs" method="get" action="/wallet#movements" role="search">
            <Select label=tr!("movements-direction") name="direction" options=directions selected=asked.direction() />
            <Select
                label=tr!("movements-kind")
                name="kind"
                options=kinds
                selected=asked.kind.map_or("", TransferKind::as_str)
            />
            <Field
                label=tr!("movements-from")
                name="from"
                kind="date"
                value=asked.from.clone().unwrap_or_default()
                error=day_problem(asked.from.as_ref())
            />
            <Field
                label=tr!("movements-until")
                name="until"
                kind="date"
                value=asked.until.clone().unwrap_or_default()
                error=day_problem(asked.until.as_ref())
            />
            <Button kind=ButtonKind::Secondary icon=icondata_lu::LuSearch>{tr!("movements-apply")}</Button>
        </form>
    }
}

fn row(movement: wallet::Movement) -> impl IntoView {
    let why = movement_name(movement.kind);
    let when = format::date_time(movement.at, format::zone());
    let href = movement
        .redemption
        .as_ref()
        .map(|(id, _)| format!("/redemptions/{id}"));
    let about = movement
        .redemption
        .map(|(_, offer)| offer)
        .or(movement.merchant);
    let (title, detail) = match about {
        Some(about) => (about, format!("{why} · {when}")),
        None => (why, when),
    };
    let sign = if movement.incoming { "+" } else { "−" };
    let amount = format!("{sign}{}", format::points(movement.amount));
    view! { <Movement title href detail amount incoming=movement.incoming /> }
}

fn empty(narrowed: bool) -> impl IntoView {
    let (title, text, href, label) = if narrowed {
        (
            tr!("movements-none-found-title"),
            tr!("movements-none-found-text"),
            "/wallet#movements",
            tr!("movements-show-all"),
        )
    } else {
        (
            tr!("wallet-empty-title"),
            tr!("wallet-empty-text"),
            "/stations",
            tr!("wallet-find-station"),
        )
    };
    view! {
        <EmptyState
            icon=icondata_lu::LuWallet
            title
            text
            action=move || view! { <LinkButton href=href kind=ButtonKind::Secondary>{label}</LinkButton> }
        />
    }
}
