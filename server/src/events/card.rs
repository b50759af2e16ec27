//! What an open member card is told: its next QR, points that arrive, and the balance.

use std::{collections::VecDeque, time::Duration};

use app::{
    redemptions::qr,
    site::{
        format,
        i18n::Locale,
        request::{Site, Visitor},
    },
    wallet::news,
};
use axum::{
    Extension,
    extract::State,
    http::StatusCode,
    response::sse::{Event, KeepAlive, Sse},
};
use domain::codes::MemberCode;
use futures::{Stream, stream};
use services::{
    Services,
    identity::{
        Account,
        actors::{Actor, Consumer},
    },
    offers::{
        tokens::next_rotation,
        watch::{self, EarningWatcher},
    },
    wallet::{self, members},
};

use super::{A_MOMENT, Answer, TAKE_TURNS, has_ended};
use crate::{
    router::{AppState, Closing},
    seats::Seat,
};

/// What a stream about one card works with.
struct Open {
    services: Services,
    site: Site,
    locale: Locale,
    account: Account,
    consumer: Consumer,
    code: MemberCode,
    watcher: EarningWatcher,
    closing: Closing,
    seat: Seat,
    /// Said before anything else is waited for.
    unsaid: VecDeque<Event>,
    begun: bool,
    ended: bool,
}

/// `qr` with a fresh drawing whenever the token rotates, `points` in words when some arrive or leave, and
/// `balance` with each of them.
pub(super) async fn card(
    State(state): State<AppState>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Sse<impl Stream<Item = Answer>>, StatusCode> {
    let account = visitor.account.ok_or(StatusCode::UNAUTHORIZED)?;
    let consumer = Consumer::of(&account).ok_or(StatusCode::FORBIDDEN)?;
    // Watch first, look then: nothing is missed in between.
    let watcher = watch::watch_earning(&state.services, account.id);
    let code = members::code(&state.services, consumer)
        .await
        .map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    let seat = state.seats.take(account.id);
    let open = Open {
        services: state.services,
        site: state.site,
        locale: visitor.locale,
        account,
        consumer,
        code,
        watcher,
        closing: state.closing,
        seat,
        unsaid: VecDeque::new(),
        begun: false,
        ended: false,
    };
    Ok(Sse::new(stream::unfold(open, next)).keep_alive(KeepAlive::default()))
}

async fn next(mut open: Open) -> Option<(Answer, Open)> {
    if let Some(event) = open.unsaid.pop_front() {
        return Some((Ok(event), open));
    }
    if open.ended {
        return None;
    }
    let mut earned = None;
    if open.begun {
        tokio::select! {
            news = open.watcher.earned() => earned = news,
            () = tokio::time::sleep(until_rotation(&open.services)) => {}
            () = open.closing.begun() => return None,
            () = open.seat.lost() => {
                open.ended = true;
                return Some((Ok(Event::default().retry(TAKE_TURNS)), open));
            }
        }
    }
    open.begun = true;
    if has_ended(&open.services, &open.account).await {
        return None;
    }
    let words = earned.and_then(|points| news::arrived(open.locale, &open.site, points));
    let balance = wallet::balance(&open.services, open.consumer).await.ok();
    let events = [
        words.map(|words| Event::default().event("points").data(words)),
        balance.map(|balance| {
            Event::default()
                .event("balance")
                .data(format::points(balance.available))
        }),
        Some(drawing(&open)),
    ];
    open.unsaid.extend(events.into_iter().flatten());
    let first = open.unsaid.pop_front()?;
    Some((Ok(first), open))
}

fn drawing(open: &Open) -> Event {
    let link = members::qr_link(&open.services, &open.site.public_url, &open.code);
    match qr::of_link(&link) {
        Ok(svg) => super::drawing(&svg),
        Err(_) => Event::default().comment("no drawing"),
    }
}

fn until_rotation(services: &Services) -> Duration {
    let now = services.now();
    (next_rotation(now) - now).to_std().unwrap_or_default() + A_MOMENT
}
