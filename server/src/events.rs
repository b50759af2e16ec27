//! What open pages are told: Server-Sent Events.

mod card;

use std::{convert::Infallible, time::Duration};

use app::{
    redemptions::qr,
    site::request::{Site, Visitor},
};
use axum::{
    Extension,
    extract::{Path, State},
    http::StatusCode,
    response::sse::{Event, KeepAlive, Sse},
    routing::get,
};
use domain::ids::RedemptionId;
use futures::{Stream, stream};
use services::{
    Services,
    identity::{
        self, Account,
        actors::{Actor, Consumer},
    },
    offers::{
        history::{self, Codes},
        watch::{self, Watcher},
    },
};

use crate::{
    router::{AppState, Closing},
    routes::Routes,
    seats::Seat,
};

/// Longest wait before looking again, whatever happened to the news.
const LOOK_AGAIN: Duration = Duration::from_secs(30);
/// A stream that gives way to a newer one comes back after this long: its QR is still fresh until then, and
/// a person's many pages take turns without haste.
const TAKE_TURNS: Duration = Duration::from_secs(30);
/// A new QR comes this much late rather than early: the old token has a window of grace.
const A_MOMENT: Duration = Duration::from_millis(100);

/// What a stream says next.
type Answer = Result<Event, Infallible>;

/// The event streams.
pub(crate) fn routes(dev_reload: bool) -> Routes {
    let routes = Routes::default()
        .route("/redemptions/{id}/events", get(redemption))
        .route("/card/events", get(card::card));
    if dev_reload {
        routes.route("/dev/reload", get(until_restart))
    } else {
        routes
    }
}

/// What a stream about one redemption works with.
struct Following {
    services: Services,
    site: Site,
    account: Account,
    consumer: Consumer,
    redemption: RedemptionId,
    watcher: Watcher,
    closing: Closing,
    seat: Seat,
    /// How long to wait before the next look, at most; none before the first.
    wait: Option<Duration>,
    ended: bool,
}

/// `qr` with a fresh drawing whenever the token rotates; `settled` when nothing more will happen.
async fn redemption(
    State(state): State<AppState>,
    Extension(visitor): Extension<Visitor>,
    Path(redemption): Path<RedemptionId>,
) -> Result<Sse<impl Stream<Item = Answer>>, StatusCode> {
    let account = visitor.account.ok_or(StatusCode::UNAUTHORIZED)?;
    let consumer = Consumer::of(&account).ok_or(StatusCode::FORBIDDEN)?;
    // Watch first, look then: nothing is missed in between.
    let watcher = watch::watch(&state.services, redemption);
    history::detail(&state.services, consumer, redemption)
        .await
        .map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?
        .ok_or(StatusCode::NOT_FOUND)?;
    let seat = state.seats.take(account.id);
    let following = Following {
        services: state.services,
        site: state.site,
        account,
        consumer,
        redemption,
        watcher,
        closing: state.closing,
        seat,
        wait: None,
        ended: false,
    };
    Ok(Sse::new(stream::unfold(following, next)).keep_alive(KeepAlive::default()))
}

async fn next(mut following: Following) -> Option<(Answer, Following)> {
    if following.ended {
        return None;
    }
    if let Some(wait) = following.wait {
        tokio::select! {
            () = following.watcher.changed() => {}
            () = tokio::time::sleep(wait) => {}
            () = following.closing.begun() => return None,
            () = following.seat.lost() => {
                following.ended = true;
                return Some((Ok(Event::default().retry(TAKE_TURNS)), following));
            }
        }
    }
    if has_ended(&following.services, &following.account).await {
        return None;
    }
    let detail = history::detail(
        &following.services,
        following.consumer,
        following.redemption,
    )
    .await;
    let event = match detail {
        Ok(Some(detail)) => match detail.codes {
            Some(codes) => {
                let left = detail.expires_at - following.services.now();
                following.wait = Some(until_next(&following.services, &codes, left));
                redemption_drawing(&following.site, &codes)
            }
            None => settled(&mut following),
        },
        Ok(None) => settled(&mut following),
        Err(_) => {
            following.wait = Some(LOOK_AGAIN);
            Event::default().comment("busy")
        }
    };
    Some((Ok(event), following))
}

/// Whether the person has ended their sessions since the stream began.
async fn has_ended(services: &Services, account: &Account) -> bool {
    let now = identity::account(services, account.id, account.session_epoch).await;
    matches!(now, Ok(None))
}

fn settled(following: &mut Following) -> Event {
    following.ended = true;
    // Browsers do not deliver an event without data.
    Event::default().event("settled").data("settled")
}

fn redemption_drawing(site: &Site, codes: &Codes) -> Event {
    match qr::svg(&site.public_url, codes) {
        Ok(svg) => drawing(&svg),
        Err(_) => Event::default().comment("no drawing"),
    }
}

/// A QR on its way into an open page.
fn drawing(svg: &str) -> Event {
    Event::default()
        .event("qr")
        .data(svg.replace(['\r', '\n'], " "))
}

fn until_next(services: &Services, codes: &Codes, left: chrono::TimeDelta) -> Duration {
    let rotation = codes.rotates_at - services.now();
    let soonest = rotation.min(left).to_std().unwrap_or_default();
    soonest.min(LOOK_AGAIN) + A_MOMENT
}

/// Says nothing until the server goes away.
async fn until_restart(State(mut closing): State<Closing>) -> Sse<impl Stream<Item = Answer>> {
    let silence = stream::once(async move {
        closing.begun().await;
        Ok(Event::default().comment("closing"))
    });
    Sse::new(silence).keep_alive(KeepAlive::default())
}
