//! The attendant's last ten: redemptions and sales in one list.

use chrono::{DateTime, Utc};
use services::{
    identity::actors::Attendant,
    offers::till as codes,
    wallet::accruals::{self, Recent},
};
use till::answer::{RecentKind, RecentLine};

use crate::{
    error::AppError,
    site::{
        format,
        request::{services, site},
    },
    tr,
};

/// How many the list shows.
const LINES: i64 = 10;

/// Newest first.
pub(super) async fn recent(attendant: Attendant) -> Result<Vec<RecentLine>, AppError> {
    let services = services();
    let sales = accruals::recent(&services, attendant.merchant(), attendant.user(), LINES).await?;
    let redemptions = codes::recent(&services, attendant).await?;
    let mut lines: Vec<_> = sales
        .into_iter()
        .map(|sale| (sale.at, sale_line(&sale)))
        .chain(redemptions.into_iter().map(|redemption| {
            let at = redemption.confirmed_at;
            (at, redemption_line(redemption))
        }))
        .collect();
    lines.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let newest = lines.into_iter().map(|(_, line)| line);
    Ok(newest.zip(0..LINES).map(|(line, _)| line).collect())
}

fn redemption_line(redemption: codes::Recent) -> RecentLine {
    RecentLine {
        kind: RecentKind::Redemption,
        what: redemption.offer_name,
        code: redemption.short_code,
        when: when(redemption.confirmed_at),
        reverse: None,
    }
}

fn sale_line(sale: &Recent) -> RecentLine {
    let reversed = sale.reversed_at.is_some();
    RecentLine {
        kind: if reversed {
            RecentKind::Reversed
        } else {
            RecentKind::Sale
        },
        what: if reversed {
            tr!("till-line-reversed", sale = sale_in_words(sale))
        } else {
            sale_in_words(sale)
        },
        code: sale.receipt.clone(),
        when: when(sale.at),
        reverse: (!reversed).then_some(sale.accrual),
    }
}

/// What a sale came to and brought: `$850.00 · 85 Lumis`.
pub(super) fn sale_in_words(sale: &Recent) -> String {
    format!(
        "{} · {} {}",
        format::money(sale.sale_minor),
        format::points(sale.points),
        site().points_name
    )
}

fn when(time: DateTime<Utc>) -> String {
    format::time_of_day(time, format::zone())
}
