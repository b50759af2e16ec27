//! The stable codes of everything that can be refused or go wrong.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! error_codes {
    ($($(#[doc = $doc:literal])* $name:ident = $text:literal, $status:literal;)*) => {
        /// A refusal's stable code. Clients match on it; people read the translated message.
        #[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
        pub enum ErrorCode {
            $($(#[doc = $doc])* #[serde(rename = $text)] $name,)*
        }

        impl ErrorCode {
            /// Every code there is.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The upper-case text of the code.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The HTTP status that goes with it.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// What it means, in the words of the API's documentation.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),*).trim_ascii(),)* }
            }
        }
    };
}

error_codes! {
    /// The consumer has fewer points than the offer costs.
    InsufficientBalance = "INSUFFICIENT_BALANCE", 409;
    /// The offer is paused, archived, not begun or over.
    OfferNotAvailable = "OFFER_NOT_AVAILABLE", 409;
    /// The offer costs something else than was seen.
    PriceChanged = "PRICE_CHANGED", 409;
    /// The last unit is gone.
    OutOfStock = "OUT_OF_STOCK", 409;
    /// The consumer has redeemed this offer as often as it allows.
    MaxRedemptionsReached = "MAX_REDEMPTIONS_REACHED", 409;
    /// No redemption of this merchant has this code.
    InvalidCode = "INVALID_CODE", 404;
    /// The code's time has run out.
    CodeExpired = "CODE_EXPIRED", 410;
    /// The code has been confirmed before.
    CodeAlreadyUsed = "CODE_ALREADY_USED", 409;
    /// The consumer took the redemption back.
    CodeCancelled = "CODE_CANCELLED", 409;
    /// The QR is stale or was tampered with.
    InvalidToken = "INVALID_TOKEN", 403;
    /// No consumer has this member code.
    UnknownMember = "UNKNOWN_MEMBER", 404;
    /// The receipt has brought points to someone else or for another amount.
    ReceiptUsed = "RECEIPT_USED", 409;
    /// The receipt's sale was reversed.
    SaleReversed = "SALE_REVERSED", 409;
    /// Whoever asked for an adjustment cannot approve it.
    SecondAdminRequired = "SECOND_ADMIN_REQUIRED", 403;
    /// E-mail and password do not belong together, or the account is locked.
    InvalidCredentials = "INVALID_CREDENTIALS", 401;
    /// The password is right, and the account has a second step: send its code, too.
    MfaRequired = "MFA_REQUIRED", 401;
    /// Who runs the programme needs a second step here: enrol first.
    MfaEnrolmentRequired = "MFA_ENROLMENT_REQUIRED", 403;
    /// Too many failures: sign-in is locked for a while.
    SignInLocked = "SIGN_IN_LOCKED", 429;
    /// Too many wrong PINs: the PIN is locked for a while.
    PinLocked = "PIN_LOCKED", 429;
    /// A mailed link that is unknown, used or too old.
    InvalidLink = "INVALID_LINK", 410;
    /// The same idempotency key came with another body.
    IdempotencyKeyReused = "IDEMPOTENCY_KEY_REUSED", 409;
    /// A request with the same idempotency key is still under way.
    RequestInProgress = "REQUEST_IN_PROGRESS", 409;
    /// Someone else saved a change in the meantime.
    EditConflict = "EDIT_CONFLICT", 409;
    /// The offer still has pending redemptions.
    OfferHasPendingRedemptions = "OFFER_HAS_PENDING_REDEMPTIONS", 409;
    /// The state the thing is in does not allow this.
    InvalidState = "INVALID_STATE", 409;
    /// The merchant has as many webhooks as it may have.
    TooManyWebhooks = "TOO_MANY_WEBHOOKS", 409;
    /// Sign in first.
    Unauthorized = "UNAUTHORIZED", 401;
    /// The role does not allow this.
    Forbidden = "FORBIDDEN", 403;
    /// There is no such thing, or not for this viewer.
    NotFound = "NOT_FOUND", 404;
    /// The request cannot be read: it is not JSON, for instance.
    MalformedRequest = "MALFORMED_REQUEST", 400;
    /// The address does not take this method.
    MethodNotAllowed = "METHOD_NOT_ALLOWED", 405;
    /// The body is of a kind that is not read here.
    UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE", 415;
    /// Some fields need another value.
    ValidationError = "VALIDATION_ERROR", 422;
    /// The request came from another site.
    CrossOrigin = "CROSS_ORIGIN", 403;
    /// The request holds more than is read.
    ContentTooLarge = "CONTENT_TOO_LARGE", 413;
    /// A limit was hit.
    TooManyRequests = "TOO_MANY_REQUESTS", 429;
    /// Busy or starting: try again soon.
    ServiceUnavailable = "SERVICE_UNAVAILABLE", 503;
    /// A fault of ours.
    InternalError = "INTERNAL_ERROR", 500;
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_upper_case_and_unique() {
        let mut texts: Vec<_> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
        assert!(
            texts
                .iter()
                .all(|text| text.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'))
        );
        let count = texts.len();
        texts.sort_unstable();
        texts.dedup();
        assert_eq!(texts.len(), count);
    }

    #[test]
    fn every_status_is_an_error() {
        assert!(
            ErrorCode::ALL
                .iter()
                .all(|code| (400..600).contains(&code.status()))
        );
    }
}
