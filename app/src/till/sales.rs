//! Sales at the till: a member is recognised, the sale typed, and its points credited or taken back.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    codes::MemberPresented, earning::Receipt, error::ErrorCode, fields::Problems, ids::AccrualId,
    money::Money, points::Points,
};
use services::{
    identity::actors::{Attendant, Operator},
    wallet::accruals::{self, Accrued, Recent, Refusal, ReverseRefusal},
};
use till::answer::{Sale, TillAnswer, TillTone, Typed};

use super::{
    device,
    recent::{recent, sale_in_words},
    words::bad,
};
use crate::{
    error::AppError,
    site::{
        format,
        forms::Attempt,
        messages,
        request::{actor, services, site},
    },
    tr,
};

/// From sending a plain form to reading its answer.
const A_MOMENT: TimeDelta = TimeDelta::seconds(30);

/// Looks a member up and asks for the sale.
pub(super) async fn recognise(member: &MemberPresented) -> Result<TillAnswer, AppError> {
    let operator = device::operator().await?;
    match accruals::recognise(&services(), operator, member).await {
        Ok(()) => Ok(ask(Sale {
            member: member.code.grouped(),
            ..Sale::default()
        })),
        Err(refusal) => Ok(bad(messages::text(&told(refusal)?), String::new())),
    }
}

/// A sale's form that came back, as it was typed; none where none did.
pub(super) fn typed_before(attempt: &Attempt) -> Option<TillAnswer> {
    let field = |name: &str| Typed {
        text: attempt.typed(name),
        problem: attempt.problem(name),
    };
    let member = attempt.typed("member");
    (!member.is_empty()).then(|| {
        ask(Sale {
            member,
            amount: field("amount"),
            receipt: field("receipt"),
        })
    })
}

fn ask(sale: Sale) -> TillAnswer {
    let what = sale.member.clone();
    TillAnswer {
        sale: Some(sale),
        ..TillAnswer::new(
            TillTone::Ask,
            tr!("till-member"),
            what,
            tr!("till-member-detail"),
        )
    }
}

/// A sale as it was typed.
pub(super) struct Entered {
    pub(super) member: String,
    pub(super) amount: String,
    pub(super) receipt: String,
}

/// What became of a sale.
pub(super) enum Credited {
    /// Its points are there.
    Done(Accrued),
    /// Nothing was credited, for this reason; what was typed is kept with it.
    Refused(AppError),
}

/// Credits a sale.
pub(super) async fn credit(entered: &Entered) -> Result<Credited, AppError> {
    let operator = device::operator().await?;
    let refuse = |error: AppError| {
        Ok(Credited::Refused(error.keeping([
            ("member", &entered.member),
            ("amount", &entered.amount),
            ("receipt", &entered.receipt),
        ])))
    };
    let Ok(member) = entered.member.parse::<MemberPresented>() else {
        return Ok(Credited::Refused(AppError::new(ErrorCode::UnknownMember)));
    };
    let mut problems = Problems::default();
    let amount = problems.take("amount", Money::try_from(entered.amount.as_str()));
    let receipt = problems.take("receipt", Receipt::try_from(entered.receipt.as_str()));
    let (Some(amount), Some(receipt)) = (amount, receipt) else {
        return refuse(AppError::invalid(problems));
    };
    let sale = accruals::Sale {
        member,
        amount,
        receipt,
    };
    match accruals::accrue(&services(), operator, &sale, None).await {
        Ok(accrued) => Ok(Credited::Done(accrued)),
        Err(refusal) => match told(refusal)? {
            // Another member has to be scanned; what was typed was for this one.
            error @ AppError {
                code: ErrorCode::UnknownMember | ErrorCode::InvalidToken,
                ..
            } => Ok(Credited::Refused(error)),
            error => refuse(error),
        },
    }
}

/// A refusal by its code.
fn told(refusal: Refusal) -> Result<AppError, AppError> {
    Ok(AppError::new(match refusal {
        Refusal::UnknownMember => ErrorCode::UnknownMember,
        Refusal::InvalidToken => ErrorCode::InvalidToken,
        Refusal::ReceiptUsed { .. } => ErrorCode::ReceiptUsed,
        Refusal::Reversed => ErrorCode::SaleReversed,
        Refusal::KeyReused => ErrorCode::IdempotencyKeyReused,
        Refusal::Fault(fault) => return Err(fault.into()),
    }))
}

/// What the till says to a script that sent a sale.
pub(super) async fn credited_answer(
    entered: Entered,
    credited: Credited,
) -> Result<TillAnswer, AppError> {
    match credited {
        Credited::Done(accrued) => {
            let attendant = actor::<Attendant>()?;
            let mut answer = if accrued.replayed {
                credited_before(accrued.points, accrued.at)
            } else {
                credited_now(accrued.points, accrued.due)
            };
            answer.recent = Some(recent(attendant).await?);
            Ok(answer)
        }
        Credited::Refused(error) => Ok(refused_answer(entered, &error)),
    }
}

fn refused_answer(entered: Entered, error: &AppError) -> TillAnswer {
    let said = messages::text(error);
    if error.kept.is_empty() {
        return bad(said, String::new());
    }
    let field = |name: &str, text: String| Typed {
        text,
        problem: error.problems.of(name).map(messages::problem),
    };
    let asked = ask(Sale {
        amount: field("amount", entered.amount),
        receipt: field("receipt", entered.receipt),
        member: entered.member,
    });
    if error.code == ErrorCode::ValidationError {
        return asked;
    }
    TillAnswer {
        tone: TillTone::Used,
        word: tr!("till-receipt-used"),
        detail: said,
        ..asked
    }
}

fn credited_now(points: Points, due: Points) -> TillAnswer {
    let unit = site().points_name;
    let detail = if points < due {
        tr!(
            "till-capped",
            due = format::points(due),
            unit = unit.as_str()
        )
    } else if points.get() == 0 {
        tr!("till-credited-nothing", unit = unit.as_str())
    } else {
        tr!("till-credited-detail")
    };
    let word = tr!(
        "till-credited",
        points = format::points(points),
        unit = unit
    );
    TillAnswer::new(TillTone::Done, word, String::new(), detail)
}

fn credited_before(points: Points, time: DateTime<Utc>) -> TillAnswer {
    let detail = tr!(
        "till-credited-before-detail",
        points = format::points(points),
        unit = site().points_name,
        when = format::moment(time, services().now())
    );
    TillAnswer::new(
        TillTone::Calm,
        tr!("till-credited-before"),
        String::new(),
        detail,
    )
}

/// What a plain form's sale leads to. Anyone can make up its address, so it says what is true of the sale, and
/// that it brought points now only where this attendant credited it a moment ago.
pub(super) async fn credited(accrual: &str, again: bool) -> Result<TillAnswer, AppError> {
    let Some((_, sale)) = find(accrual).await? else {
        return Ok(unknown());
    };
    let fresh = sale.by_you && services().now() - sale.at < A_MOMENT;
    Ok(match sale.reversed_at {
        Some(_) => reversed_before(&sale),
        None if fresh && !again => credited_now(sale.points, sale.due),
        None => credited_before(sale.points, sale.at),
    })
}

/// Asks whether a sale's points are to be taken back: an attendant's own sale alone.
pub(super) async fn question(accrual: &str) -> Result<TillAnswer, AppError> {
    let Some((_, sale)) = find(accrual).await?.filter(|(_, sale)| sale.by_you) else {
        return Ok(unknown());
    };
    if sale.reversed_at.is_some() {
        return Ok(reversed_before(&sale));
    }
    let what = format!("{} · {}", sale_in_words(&sale), sale.receipt);
    Ok(TillAnswer {
        reverse: Some(sale.accrual),
        ..TillAnswer::new(
            TillTone::Ask,
            tr!("till-reverse-question"),
            what,
            tr!("till-reverse-detail"),
        )
    })
}

/// Takes the points of one's own sale back.
pub(super) async fn reverse(accrual: AccrualId) -> Result<TillAnswer, AppError> {
    let attendant = actor::<Attendant>()?;
    let (services, id) = (services(), accrual.to_string());
    let Some((operator, _)) = find(&id).await?.filter(|(_, sale)| sale.by_you) else {
        return Ok(unknown());
    };
    match accruals::reverse(&services, operator, accrual).await {
        Ok(_) => {}
        Err(ReverseRefusal::NotFound) => return Ok(unknown()),
        Err(ReverseRefusal::Fault(fault)) => return Err(fault.into()),
    }
    Ok(TillAnswer {
        recent: Some(recent(attendant).await?),
        ..reversed(&id).await?
    })
}

/// What a reversal did, as long as it is the truth.
pub(super) async fn reversed(accrual: &str) -> Result<TillAnswer, AppError> {
    Ok(match find(accrual).await? {
        Some((_, sale)) if sale.reversed_at.is_some() => reversed_before(&sale),
        Some((_, sale)) => credited_before(sale.points, sale.at),
        None => unknown(),
    })
}

fn reversed_before(sale: &Recent) -> TillAnswer {
    let unit = site().points_name;
    let taken_back = tr!(
        "till-taken-back",
        points = format::points(sale.taken_back),
        unit = unit.as_str()
    );
    let detail = if sale.owed.get() > 0 {
        let owed = format::points(sale.owed);
        format!(
            "{taken_back} {}",
            tr!("till-owed", owed = owed, unit = unit)
        )
    } else {
        taken_back
    };
    let what = format!("{} · {}", format::money(sale.sale_minor), sale.receipt);
    TillAnswer::new(TillTone::Calm, tr!("till-reversed"), what, detail)
}

async fn find(accrual: &str) -> Result<Option<(Operator, Recent)>, AppError> {
    let operator = device::operator().await?;
    let Ok(accrual) = accrual.parse() else {
        return Ok(None);
    };
    let sale = accruals::find(&services(), operator, accrual).await?;
    Ok(sale.map(|sale| (operator, sale)))
}

fn unknown() -> TillAnswer {
    bad(tr!("till-unknown-sale"), String::new())
}
