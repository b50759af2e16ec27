//! The lots that a balance is made of.

use domain::earning::LotKind;
use leptos::prelude::*;
use services::wallet::lots::Lot;

use super::words::lot_name;
use crate::{
    site::format,
    tr,
    ui::{Badge, Cell, DataTable, Row, Tone},
};

/// So many are shown without asking.
const FEW: usize = 3;

/// The lots, the one that expires next first; nothing for who has none.
pub(super) fn lots_section(mut lots: Vec<Lot>) -> Option<impl IntoView> {
    (!lots.is_empty()).then(|| {
        let others = lots.split_off(lots.len().min(FEW));
        view! {
            <section class="stack">
                <h2>{tr!("lots-title")}</h2>
                {table(tr!("lots-title"), lots)}
                {the_rest(others)}
            </section>
        }
    })
}

fn the_rest(lots: Vec<Lot>) -> Option<impl IntoView> {
    (!lots.is_empty()).then(|| {
        let title = tr!(
            "lots-more",
            n = i64::try_from(lots.len()).unwrap_or(i64::MAX)
        );
        view! {
            <details class="fold">
                <summary>{title.clone()}</summary>
                {table(title, lots)}
            </details>
        }
    })
}

fn table(caption: String, lots: Vec<Lot>) -> impl IntoView {
    let columns = [
        tr!("column-left"),
        tr!("column-earned"),
        tr!("column-expires"),
    ];
    let zone = format::zone();
    let rows = lots
        .into_iter()
        .map(|lot| {
            let [left, earned, expires] = columns.clone();
            view! {
                <Row>
                    <Cell label=left>{amount(&lot)} " " {kind_badge(lot.kind)}</Cell>
                    <Cell label=earned>{format::date(lot.earned_at, zone)}</Cell>
                    <Cell label=expires>{format::date(lot.expires_at, zone)}</Cell>
                </Row>
            }
        })
        .collect_view();
    view! { <DataTable caption columns=columns.to_vec()>{rows}</DataTable> }
}

/// What is left, and of how many where some are spent.
fn amount(lot: &Lot) -> String {
    let left = format::points(lot.remaining);
    if lot.remaining == lot.amount {
        left
    } else {
        tr!(
            "lots-left-of",
            left = left,
            amount = format::points(lot.amount)
        )
    }
}

fn kind_badge(kind: LotKind) -> impl IntoView {
    let tone = match kind {
        LotKind::Standard => Tone::Info,
        LotKind::Promotional => Tone::Warning,
        LotKind::Gift => Tone::Success,
    };
    view! { <Badge tone text=lot_name(kind) /> }
}
