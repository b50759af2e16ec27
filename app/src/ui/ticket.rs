use leptos::{children::ViewFnOnce, prelude::*};

use super::{Icon, Tone};

/// Where a redemption stands, as far as its ticket looks different.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TicketState {
    /// To be shown at the till.
    Pending,
    /// Used.
    Confirmed,
    /// Given back by its owner.
    Cancelled,
    /// Its time ran out.
    Expired,
}

impl TicketState {
    const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Confirmed => "confirmed",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }

    fn tone(self) -> Tone {
        match self {
            Self::Pending => Tone::Info,
            Self::Confirmed => Tone::Success,
            Self::Cancelled => Tone::Error,
            Self::Expired => Tone::Warning,
        }
    }
}

/// A QR code on the white that scanners need, in the dark theme too.
#[component]
pub fn QrImage(
    /// A complete `<svg>` element, made by us and never by a user.
    #[prop(into)]
    svg: String,
    /// What the code is for.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! { <div class="qr" role="img" aria-label=label inner_html=svg></div> }
}

/// The codes on a ticket's stub.
#[derive(Clone, Debug)]
pub struct TicketCodes {
    /// Says what the short code is for.
    pub label: String,
    /// Six characters, large, for typing at the till.
    pub short: String,
    /// The full code, small.
    pub full: String,
}

/// A redemption as a ticket: the offer on top, the code to show, the stub with the short code.
/// A pending ticket shows its QR code; any other carries a stamp in its place.
#[component]
pub fn RedemptionTicket(
    state: TicketState,
    /// The state in words; it is the stamp's text too.
    #[prop(into)]
    status: String,
    /// The offer's title.
    #[prop(into)]
    title: String,
    #[prop(into)] merchant: String,
    /// A `QrImage`, or an island that keeps one fresh.
    #[prop(optional, into)]
    qr: Option<ViewFnOnce>,
    /// What can be typed at the till, while it is good for something.
    #[prop(optional)]
    codes: Option<TicketCodes>,
    /// On the stub: countdown, time of use, actions.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let tone = state.tone();
    let face = match qr {
        Some(qr) => qr.run(),
        None => view! {
            <p class="stamp" data-tone=tone.name()>
                {status.clone()}
            </p>
        }
        .into_any(),
    };
    let codes = codes.map(|codes| {
        view! {
            <p class="ticket-label">{codes.label}</p>
            <p class="short-code">{codes.short}</p>
            <p class="ticket-code">{codes.full}</p>
        }
    });
    view! {
        <article class="ticket" data-state=state.name()>
            <div class="ticket-sheet">
                <header class="ticket-head">
                    <p class="ticket-status" data-tone=tone.name()>
                        <Icon icon=tone.icon() />
                        <span>{status}</span>
                    </p>
                    <h1>{title}</h1>
                    <p>{merchant}</p>
                </header>
                <div class="ticket-face">{face}</div>
                <div class="ticket-stub">
                    {codes}
                    {children.map(|children| children())}
                </div>
            </div>
        </article>
    }
}

/// A member's card, to be shown when paying: the code to scan, and the one to type when that fails.
#[component]
pub fn MemberCard(
    #[prop(into)] title: String,
    /// Whose card it is.
    #[prop(into)]
    name: String,
    /// When to show it.
    #[prop(into)]
    how: String,
    /// An island that keeps a `QrImage` fresh.
    #[prop(into)]
    face: ViewFnOnce,
    /// Says what the code is for.
    #[prop(into)]
    code_label: String,
    /// In groups, large, for reading out.
    #[prop(into)]
    code: String,
    /// On the stub: advice, actions.
    children: Children,
) -> impl IntoView {
    view! {
        <article class="ticket">
            <div class="ticket-sheet">
                <header class="ticket-head">
                    <h1>{title}</h1>
                    <p>{name}</p>
                    <p class="ticket-how">{how}</p>
                </header>
                <div class="ticket-face">{face.run()}</div>
                <div class="ticket-stub">
                    <p class="ticket-label">{code_label}</p>
                    <p class="member-code">{code}</p>
                    {children()}
                </div>
            </div>
        </article>
    }
}
