//! The till's page.

use chrono::TimeDelta;
use domain::{
    codes::{MemberPresented, Presented},
    error::ErrorCode,
    ids::RedemptionId,
};
use http::StatusCode;
use leptos::prelude::*;
use leptos_meta::Title;
use services::{
    identity::{
        Account,
        actors::{Actor, Attendant, Manager},
        terminals::Terminal,
    },
    limits,
    offers::till::{self as codes, Use, Validated, Verdict},
};
use till::{answer::TillAnswer, island::Till};

use super::{
    actions::{AccrueSale, ConfirmCode, ReverseSale},
    device,
    recent::recent,
    sales, words,
};
use crate::{
    error::AppError,
    identity::actions::SignOut,
    site::{
        caller::caller,
        forms::Attempt,
        load::{Loaded, page, redirect, set_status},
        request::{actor, query, services, visitor},
    },
    tr,
    ui::{Button, ButtonKind, IconSprite, LinkButton, PageHeader},
};

/// From sending a plain form to reading its answer.
const A_MOMENT: TimeDelta = TimeDelta::seconds(30);

/// Scan, check, confirm, credit; the last ten.
#[component]
pub fn TillPage() -> impl IntoView {
    view! {
        <Title text=tr!("till-title") />
        <main id="content" class="page till-page" tabindex="-1">
            {page(load(Address::read(), notices()))}
        </main>
    }
}

/// What the address asks the till to show.
struct Address {
    done: Option<String>,
    credited: Option<String>,
    again: bool,
    reverse: Option<String>,
    reversed: Option<String>,
    code: Option<String>,
    sale: Attempt,
}

impl Address {
    fn read() -> Self {
        Self {
            done: query("done"),
            credited: query("credited"),
            again: query("again").is_some(),
            reverse: query("reverse"),
            reversed: query("reversed"),
            code: query("member").or_else(|| query("code")),
            sale: Attempt::of(ServerAction::<AccrueSale>::new()),
        }
    }

    async fn answer(&self, attendant: Attendant) -> Result<Option<TillAnswer>, AppError> {
        Ok(Some(match self {
            Self { done: Some(id), .. } => confirmed(attendant, id).await?,
            Self {
                credited: Some(id), ..
            } => sales::credited(id, self.again).await?,
            Self {
                reverse: Some(id), ..
            } => sales::question(id).await?,
            Self {
                reversed: Some(id), ..
            } => sales::reversed(id).await?,
            Self { code, sale, .. } => match (sales::typed_before(sale), code) {
                (Some(typed), _) => typed,
                (None, Some(code)) => match validate(code).await {
                    Err(error) if error.code == ErrorCode::TooManyRequests => {
                        set_status(StatusCode::TOO_MANY_REQUESTS);
                        words::limited(&error)
                    }
                    answer => answer?,
                },
                (None, None) => return Ok(None),
            },
        }))
    }
}

/// What went wrong with a form that was sent without scripts.
fn notices() -> Vec<AnyView> {
    let attempts = [
        Attempt::of(ServerAction::<AccrueSale>::new()),
        Attempt::of(ServerAction::<ConfirmCode>::new()),
        Attempt::of(ServerAction::<ReverseSale>::new()),
    ];
    attempts.iter().filter_map(Attempt::notice).collect()
}

async fn load(address: Address, notices: Vec<AnyView>) -> Loaded {
    let terminal = device::here().await?;
    let attendant = match actor::<Attendant>() {
        // Who uses a shared device chooses who they are.
        Err(AppError {
            code: ErrorCode::Unauthorized,
            ..
        }) if terminal.is_some() => {
            redirect("/till/people");
            return Ok(().into_any());
        }
        attendant => attendant?,
    };
    let answer = address.answer(attendant).await?;
    let recent = recent(attendant).await?;
    let account = visitor().account;
    Ok(view! {
        {header(account, attendant, terminal)}
        {notices}
        <IconSprite icons=vec![
            ("good", icondata_lu::LuCircleCheck),
            ("ask", icondata_lu::LuUserRound),
            ("calm", icondata_lu::LuHistory),
            ("used", icondata_lu::LuTriangleAlert),
            ("bad", icondata_lu::LuCircleX),
            ("lost", icondata_lu::LuWifiOff),
            ("limited", icondata_lu::LuHourglass),
            ("done", icondata_lu::LuCircleCheckBig),
            ("scan", icondata_lu::LuScanLine),
            ("sale", icondata_lu::LuReceipt),
            ("reverse", icondata_lu::LuUndo2),
            ("sound", icondata_lu::LuVolume2),
            ("silent", icondata_lu::LuVolumeX),
            ("torch", icondata_lu::LuFlashlight),
        ] />
        <Till texts=words::texts() answer recent />
    }
    .into_any())
}

/// Where the till stands and who is at it, with the way to the next person or to the terminals.
fn header(
    account: Option<Account>,
    attendant: Attendant,
    terminal: Option<Terminal>,
) -> impl IntoView {
    let terminal = terminal.filter(|terminal| terminal.merchant() == attendant.merchant());
    let runs = account.as_ref().and_then(Manager::of).is_some();
    let shared = account.as_ref().is_some_and(|account| account.till_only);
    let name = account.map(|account| account.name).unwrap_or_default();
    let title = terminal.map_or_else(|| tr!("till-title"), |here| here.name().to_owned());
    let way = move || {
        if shared {
            view! {
                <ActionForm action={ServerAction::<SignOut>::new()}>
                    <Button kind=ButtonKind::Secondary icon=icondata_lu::LuUsers>{tr!("till-change-person")}</Button>
                </ActionForm>
            }
            .into_any()
        } else if runs {
            view! {
                <LinkButton href="/manage/terminals" kind=ButtonKind::Quiet icon=icondata_lu::LuMonitorSmartphone>
                    {tr!("terminals-title")}
                </LinkButton>
            }
            .into_any()
        } else {
            ().into_any()
        }
    };
    view! { <PageHeader title lead=name actions=way /> }
}

/// Looks up what was scanned or typed: a redemption's code, or a member's.
pub(super) async fn validate(code: &str) -> Result<TillAnswer, AppError> {
    let operator = device::operator().await?;
    let services = services();
    caller()?.counted(limits::validate(&services, operator))?;
    if let Ok(presented) = code.parse::<Presented>() {
        return match codes::validate(&services, operator, &presented).await {
            Ok(validated) => Ok(words::validated(validated)),
            Err(refusal) => words::refused(refusal),
        };
    }
    match code.parse::<MemberPresented>() {
        Ok(member) => sales::recognise(&member).await,
        Err(_) => Ok(words::bad(tr!("till-invalid-code"), String::new())),
    }
}

/// Confirms what was validated.
pub(super) async fn confirm(
    redemption: RedemptionId,
    ticket: &str,
) -> Result<TillAnswer, AppError> {
    let attendant = actor::<Attendant>()?;
    let operator = device::operator().await?;
    match codes::confirm(&services(), operator, redemption, ticket, None).await {
        Ok(confirmed) => Ok(words::done(confirmed.offer_name, recent(attendant).await?)),
        Err(refusal) => words::refused(refusal),
    }
}

/// What a plain form's confirmation leads to. Anyone can make up its address, so it says what is true of the
/// redemption, and that it was confirmed only where this attendant did so a moment ago.
async fn confirmed(attendant: Attendant, redemption: &str) -> Result<TillAnswer, AppError> {
    let Ok(redemption) = redemption.parse::<RedemptionId>() else {
        return Ok(words::bad(tr!("till-invalid-code"), String::new()));
    };
    let services = services();
    match codes::validate(&services, attendant, &Presented::Id(redemption)).await {
        Ok(Validated {
            verdict: Verdict::Used(Use {
                at, by_you: true, ..
            }),
            offer_name,
            ..
        }) if services.now() - at < A_MOMENT => Ok(words::done(offer_name, Vec::new())),
        Ok(validated) => Ok(words::validated(validated)),
        Err(refusal) => words::refused(refusal),
    }
}
