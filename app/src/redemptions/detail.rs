//! A redemption on its consumer's screen: the ticket to show at the till.

use domain::{error::ErrorCode, ids::RedemptionId, redemptions::RedemptionStatus};
use leptos::prelude::*;
use leptos_meta::Title;
use services::{
    identity::actors::Consumer,
    offers::history::{self, Codes, Detail},
};

use super::{
    actions::CancelRedemption,
    qr,
    words::{status_name, ticket_state},
};
use crate::{
    error::AppError,
    islands::{countdown::Countdown, live::LiveRedemption},
    site::{
        format,
        forms::Attempt,
        load::page,
        request::{actor, param, services, site},
    },
    tr,
    ui::{
        BackLink, Button, ButtonKind, Facts, HiddenInput, LinkButton, QrImage, RedemptionTicket,
        TicketCodes,
    },
};

/// Code, QR and countdown while pending; what became of it afterwards.
#[component]
pub fn RedemptionPage() -> impl IntoView {
    let services = services();
    let consumer = actor::<Consumer>();
    let id = param::<RedemptionId>("id");
    view! {
        <main id="content" class="page page-narrow" tabindex="-1">
            <BackLink href="/redemptions" label=tr!("redemptions-title") />
            {page(async move {
                let redemption = history::detail(&services, consumer?, id?)
                    .await?
                    .ok_or_else(|| AppError::new(ErrorCode::NotFound))?;
                let title = redemption.offer_name.clone();
                let ticket = match redemption.codes.clone() {
                    Some(codes) => pending(redemption, &codes, services.now())?.into_any(),
                    None => finished(redemption).into_any(),
                };
                Ok(view! {
                    <Title text=title />
                    {ticket}
                }
                .into_any())
            })}
        </main>
    }
}

fn pending(
    redemption: Detail,
    codes: &Codes,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<impl IntoView + use<>, AppError> {
    let svg = qr::svg(&site().public_url, codes)?;
    let cancel = ServerAction::<CancelRedemption>::new();
    let attempt = Attempt::of(cancel);
    let events = format!("/redemptions/{}/events", redemption.id);
    let shown = TicketCodes {
        label: tr!("redemption-short-code"),
        short: codes.short_code.to_string(),
        full: codes.code.to_string(),
    };
    let left = whole_seconds(redemption.expires_at - now);
    let until = format::date_time(redemption.expires_at, format::zone());
    Ok(view! {
        {attempt.notice()}
        <RedemptionTicket
            state=ticket_state(redemption.status)
            status=status_name(redemption.status)
            title=redemption.offer_name
            merchant=redemption.merchant_name
            qr=move || view! {
                <LiveRedemption
                    events
                    live=tr!("redemption-live")
                    lost=tr!("redemption-live-lost")
                >
                    <QrImage svg label=tr!("redemption-qr-label") />
                </LiveRedemption>
            }
            codes=shown
        >
            <Countdown seconds_left=left label=tr!("redemption-time-left") otherwise=tr!("redemption-until", time = until) />
            <p class="small muted">{tr!("redemption-how")}</p>
            <ActionForm action=cancel>
                <HiddenInput name="id" value=redemption.id.to_string() />
                <Button kind=ButtonKind::Danger wide=true>{tr!("redemption-cancel")}</Button>
            </ActionForm>
        </RedemptionTicket>
    })
}

fn finished(redemption: Detail) -> impl IntoView {
    let zone = format::zone();
    let mut facts = vec![
        (
            tr!("redemption-spent"),
            format!(
                "{} {}",
                format::points(redemption.points_spent),
                site().points_name
            ),
        ),
        (
            tr!("redemption-created"),
            format::date_time(redemption.created_at, zone),
        ),
    ];
    if let Some(at) = redemption.confirmed_at {
        facts.push((tr!("redemption-confirmed-at"), format::date_time(at, zone)));
    }
    if let Some(at) = redemption.cancelled_at {
        facts.push((tr!("redemption-cancelled-at"), format::date_time(at, zone)));
    }
    let note = match redemption.status {
        RedemptionStatus::Confirmed => tr!("redemption-confirmed-text"),
        RedemptionStatus::Cancelled => tr!("redemption-cancelled-text"),
        RedemptionStatus::Expired | RedemptionStatus::Pending => tr!("redemption-expired-text"),
    };
    let again = format!("/offers/{}", redemption.offer_id);
    view! {
        <RedemptionTicket
            state=ticket_state(redemption.status)
            status=status_name(redemption.status)
            title=redemption.offer_name
            merchant=redemption.merchant_name
        >
            <p role="status">{note}</p>
            <Facts items=facts />
            <LinkButton href=again kind=ButtonKind::Secondary wide=true>{tr!("redemption-see-offer")}</LinkButton>
        </RedemptionTicket>
    }
}

/// Seconds, rounded up: the page looks again once the time is over, not just before.
fn whole_seconds(left: chrono::TimeDelta) -> i64 {
    (left.num_milliseconds() + 1_999) / 1_000
}
