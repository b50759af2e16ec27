//! Errors and field problems in the reader's words: what happened, and what to do.

use chrono::DateTime;
use domain::{error::ErrorCode, fields::FieldProblem};
use leptos::prelude::{Owner, provide_context};

use super::{format, i18n::Locale};
use crate::{error::AppError, tr};

/// What the page of a failure says that is answered outside any page of ours.
#[derive(Clone, Debug)]
pub struct Outside {
    pub title: String,
    pub text: String,
    /// On the link to the home page.
    pub home: String,
    /// At the page's foot.
    pub footer: String,
}

/// The words for a failure that is answered outside any page of ours.
///
/// With `wait`, it says after how many seconds to try again.
#[must_use]
pub fn outside(locale: Locale, code: ErrorCode, wait: Option<i64>) -> Outside {
    let (title, text) = match code {
        ErrorCode::TooManyRequests => (
            tr!(in locale, "title-too-many-requests"),
            match wait {
                Some(wait) => tr!(in locale, "too-many-text", seconds = wait),
                None => tr!(in locale, "error-too-many-requests"),
            },
        ),
        ErrorCode::ServiceUnavailable => {
            (tr!(in locale, "busy-title"), tr!(in locale, "busy-text"))
        }
        ErrorCode::ContentTooLarge => (
            tr!(in locale, "too-large-title"),
            tr!(in locale, "error-content-too-large"),
        ),
        _ => (
            tr!(in locale, "fault-title"),
            tr!(in locale, "error-internal"),
        ),
    };
    Outside {
        title,
        text,
        home: tr!(in locale, "go-home"),
        footer: tr!(in locale, "footer-line"),
    }
}

/// What an error says to the reader.
#[must_use]
pub fn text(error: &AppError) -> String {
    let figure = |name: &str| error.figures.get(name).copied().unwrap_or_default();
    let time = |name: &str| {
        let moment = DateTime::from_timestamp(figure(name), 0).unwrap_or_default();
        format::time_of_day(moment, format::zone())
    };
    match error.code {
        // Somebody else's points: how many there are is not told.
        ErrorCode::InsufficientBalance if error.figures.is_empty() => tr!("error-too-few-points"),
        ErrorCode::InsufficientBalance => tr!(
            "error-insufficient-balance",
            missing = format::number(figure("required") - figure("available")),
            available = format::number(figure("available"))
        ),
        ErrorCode::OfferNotAvailable => tr!("error-offer-not-available"),
        ErrorCode::PriceChanged => {
            tr!(
                "error-price-changed",
                cost = format::number(figure("required"))
            )
        }
        ErrorCode::OutOfStock => tr!("error-out-of-stock"),
        ErrorCode::MaxRedemptionsReached => tr!("error-max-redemptions", limit = figure("limit")),
        ErrorCode::InvalidCode => tr!("error-invalid-code"),
        ErrorCode::CodeExpired => tr!("error-code-expired"),
        ErrorCode::CodeAlreadyUsed => tr!("error-code-used", time = time("at")),
        ErrorCode::CodeCancelled => tr!("error-code-cancelled"),
        ErrorCode::UnknownMember => tr!("error-unknown-member"),
        ErrorCode::ReceiptUsed => tr!("error-receipt-used"),
        ErrorCode::SaleReversed => tr!("error-sale-reversed"),
        ErrorCode::SecondAdminRequired => tr!("error-second-admin"),
        ErrorCode::InvalidToken => tr!("error-invalid-token"),
        ErrorCode::InvalidCredentials => tr!("error-invalid-credentials"),
        ErrorCode::MfaRequired => tr!("error-mfa-required"),
        ErrorCode::MfaEnrolmentRequired => tr!("error-mfa-enrolment"),
        ErrorCode::SignInLocked => tr!("error-sign-in-locked", time = time("until")),
        ErrorCode::PinLocked => tr!("error-pin-locked", time = time("until")),
        ErrorCode::InvalidLink => tr!("error-invalid-link"),
        ErrorCode::IdempotencyKeyReused => tr!("error-key-reused"),
        ErrorCode::RequestInProgress => tr!("error-in-progress"),
        ErrorCode::EditConflict => tr!("error-edit-conflict"),
        ErrorCode::OfferHasPendingRedemptions => tr!("error-offer-pending", n = figure("pending")),
        ErrorCode::InvalidState => tr!("error-invalid-state"),
        ErrorCode::TooManyWebhooks => tr!("error-too-many-webhooks"),
        ErrorCode::Unauthorized => tr!("error-unauthorized"),
        ErrorCode::Forbidden => tr!("error-forbidden"),
        ErrorCode::NotFound => tr!("error-not-found"),
        ErrorCode::MalformedRequest => tr!("error-malformed"),
        ErrorCode::MethodNotAllowed => tr!("error-method"),
        ErrorCode::UnsupportedMediaType => tr!("error-media-type"),
        ErrorCode::ValidationError => tr!("error-validation"),
        ErrorCode::CrossOrigin => tr!("error-cross-origin"),
        ErrorCode::ContentTooLarge => tr!("error-content-too-large"),
        ErrorCode::TooManyRequests => too_many(
            figure("limit"),
            figure("per"),
            figure("until"),
            figure("retry_after"),
        ),
        ErrorCode::ServiceUnavailable => tr!("error-service-unavailable"),
        ErrorCode::InternalError => tr!("error-internal"),
    }
}

/// Up to here a wait is told in seconds; a longer one by the clock.
const SHORT_WAIT: i64 = 120;

/// What the limit is, and when to try again.
fn too_many(limit: i64, per: i64, until: i64, wait: i64) -> String {
    let moment = |seconds| DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    let when = if wait <= SHORT_WAIT {
        tr!("in-seconds", n = wait.max(1))
    } else {
        // A clock without seconds: the minute in which the time has passed.
        format::moment(moment(until + 59), moment(until - wait))
    };
    match per {
        0 => tr!("error-too-many-requests"),
        1..=60 => tr!("error-limit-minute", n = limit, when = when),
        61..=3_600 => tr!("error-limit-hour", n = limit, when = when),
        _ => tr!("error-limit-day", n = limit, when = when),
    }
}

/// What happened in a few words.
#[must_use]
pub fn title(code: ErrorCode) -> String {
    match code {
        ErrorCode::InsufficientBalance => tr!("title-insufficient-balance"),
        ErrorCode::OfferNotAvailable => tr!("title-offer-not-available"),
        ErrorCode::PriceChanged => tr!("title-price-changed"),
        ErrorCode::OutOfStock => tr!("title-out-of-stock"),
        ErrorCode::MaxRedemptionsReached => tr!("title-max-redemptions"),
        ErrorCode::InvalidCode => tr!("title-invalid-code"),
        ErrorCode::CodeExpired => tr!("title-code-expired"),
        ErrorCode::CodeAlreadyUsed => tr!("title-code-used"),
        ErrorCode::CodeCancelled => tr!("title-code-cancelled"),
        ErrorCode::InvalidToken => tr!("title-invalid-token"),
        ErrorCode::UnknownMember => tr!("title-unknown-member"),
        ErrorCode::ReceiptUsed => tr!("title-receipt-used"),
        ErrorCode::SaleReversed => tr!("title-sale-reversed"),
        ErrorCode::SecondAdminRequired => tr!("title-second-admin"),
        ErrorCode::InvalidCredentials => tr!("title-invalid-credentials"),
        ErrorCode::MfaRequired => tr!("title-mfa-required"),
        ErrorCode::MfaEnrolmentRequired => tr!("title-mfa-enrolment"),
        ErrorCode::SignInLocked => tr!("title-sign-in-locked"),
        ErrorCode::PinLocked => tr!("title-pin-locked"),
        ErrorCode::InvalidLink => tr!("title-invalid-link"),
        ErrorCode::IdempotencyKeyReused => tr!("title-key-reused"),
        ErrorCode::RequestInProgress => tr!("title-in-progress"),
        ErrorCode::EditConflict => tr!("title-edit-conflict"),
        ErrorCode::OfferHasPendingRedemptions => tr!("title-offer-pending"),
        ErrorCode::InvalidState => tr!("title-invalid-state"),
        ErrorCode::TooManyWebhooks => tr!("title-too-many-webhooks"),
        ErrorCode::Unauthorized => tr!("title-unauthorized"),
        ErrorCode::Forbidden => tr!("title-forbidden"),
        ErrorCode::NotFound => tr!("title-not-found"),
        ErrorCode::MalformedRequest => tr!("title-malformed"),
        ErrorCode::MethodNotAllowed => tr!("title-method"),
        ErrorCode::UnsupportedMediaType => tr!("title-media-type"),
        ErrorCode::ValidationError => tr!("title-validation"),
        ErrorCode::CrossOrigin => tr!("title-cross-origin"),
        ErrorCode::ContentTooLarge => tr!("title-content-too-large"),
        ErrorCode::TooManyRequests => tr!("title-too-many-requests"),
        ErrorCode::ServiceUnavailable => tr!("title-service-unavailable"),
        ErrorCode::InternalError => tr!("title-internal"),
    }
}

/// What a point of sale is told of a code that it may confirm.
#[must_use]
pub fn good_code() -> String {
    tr!("till-good")
}

/// What marks the name of an offer's copy.
#[must_use]
pub fn copy_mark(locale: Locale) -> String {
    tr!(in locale, "offer-copy-mark")
}

/// What `words` makes, in a language, outside any page of ours.
pub fn spoken<T>(locale: Locale, words: impl FnOnce() -> T) -> T {
    let owner = Owner::new();
    let said = owner.with(|| {
        provide_context(locale);
        words()
    });
    owner.cleanup();
    said
}

/// A count as translations take it.
fn count(of: usize) -> i64 {
    i64::try_from(of).unwrap_or(i64::MAX)
}

/// What is wrong with a field, to the reader.
#[must_use]
pub fn problem(problem: &FieldProblem) -> String {
    match problem {
        FieldProblem::Required => tr!("problem-required"),
        FieldProblem::TooShort { min } => tr!("problem-too-short", n = count(*min)),
        FieldProblem::TooLong { max } => tr!("problem-too-long", n = count(*max)),
        FieldProblem::NotInRange { min, max } => {
            tr!(
                "problem-range",
                min = format::number(*min),
                max = format::number(*max)
            )
        }
        FieldProblem::NotAnAmount => tr!("problem-amount"),
        FieldProblem::Malformed => tr!("problem-malformed"),
        FieldProblem::UnknownField => tr!("problem-unknown-field"),
        FieldProblem::NotAnEmail => tr!("problem-email"),
        FieldProblem::NotPublic => tr!("problem-not-public"),
        FieldProblem::TooCommon => tr!("problem-common-password"),
        FieldProblem::WrongPassword => tr!("problem-wrong-password"),
        FieldProblem::NotAPin => tr!("problem-pin"),
        FieldProblem::WrongPin => tr!("problem-wrong-pin"),
        FieldProblem::WrongCode => tr!("problem-wrong-code"),
        FieldProblem::NotADate => tr!("problem-date"),
        FieldProblem::EndsBeforeStart => tr!("problem-ends-before-start"),
        FieldProblem::NotAChoice => tr!("problem-choice"),
        FieldProblem::Unknown => tr!("problem-unknown"),
        FieldProblem::Taken => tr!("problem-taken"),
        FieldProblem::NotAPicture => tr!("problem-not-a-picture"),
        FieldProblem::TooHeavy { megabytes } => {
            tr!("problem-too-heavy", n = i64::from(*megabytes))
        }
        FieldProblem::TooManyPixels { megapixels } => {
            tr!("problem-too-many-pixels", n = i64::from(*megapixels))
        }
        FieldProblem::NotATable => tr!("problem-not-a-table"),
        FieldProblem::NotUnicode => tr!("problem-not-unicode"),
        FieldProblem::TooManyRows { max } => {
            tr!("problem-too-many-rows", n = format::number(count(*max)))
        }
        FieldProblem::Twice => tr!("problem-twice"),
        FieldProblem::Outdated => tr!("problem-outdated"),
        FieldProblem::UnknownOffer => tr!("problem-unknown-offer"),
        FieldProblem::Archived => tr!("problem-archived"),
        FieldProblem::BelowTaken { taken } => tr!("problem-below-taken", n = (*taken)),
    }
}
