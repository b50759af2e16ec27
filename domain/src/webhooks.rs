//! What merchants' systems are told of, and where.

use url::{Host, Url};

use crate::{fields::FieldProblem, named};

named! {
    /// What happened, as the `type` of an event says it.
    pub enum EventKind {
        /// A consumer has redeemed an offer.
        RedemptionCreated = "redemption.created",
        /// A redemption was confirmed at the till.
        RedemptionConfirmed = "redemption.confirmed",
        /// A consumer took a redemption back.
        RedemptionCancelled = "redemption.cancelled",
        /// A redemption's time ran out.
        RedemptionExpired = "redemption.expired",
        /// An offer's last unit is taken.
        OfferSoldOut = "offer.sold_out",
        /// A sale has brought points.
        AccrualCreated = "accrual.created",
    }
}

named! {
    /// How far an event has come on its way to one address.
    pub enum DeliveryStatus {
        /// It is tried, or tried again.
        Pending = "pending",
        /// The receiver has taken it.
        Delivered = "delivered",
        /// The last try has failed; it waits for someone to send it anew.
        Dead = "dead",
    }
}

/// The `type` of an event that was made to try an address out.
pub const TEST: &str = "webhook.test";

/// An address that events can be sent to: `https`, or `http` where the programme allows it; without a user, a
/// password or a fragment. Whether its host may be called is for the sender to check.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct WebhookUrl(Url);

impl WebhookUrl {
    /// In characters.
    pub const MAX_LENGTH: usize = 500;

    /// The whole address, as it is written canonically.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether what is sent there is encrypted.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// The host: a name, or the address that a number stands for, however it was written.
    #[must_use]
    pub fn host(&self) -> Option<Host<&str>> {
        self.0.host()
    }
}

impl TryFrom<String> for WebhookUrl {
    type Error = FieldProblem;

    fn try_from(text: String) -> Result<Self, FieldProblem> {
        let text = text.trim();
        if text.is_empty() {
            return Err(FieldProblem::Required);
        }
        let url = Url::parse(text).map_err(|_| FieldProblem::Malformed)?;
        if url.as_str().chars().count() > Self::MAX_LENGTH {
            return Err(FieldProblem::TooLong {
                max: Self::MAX_LENGTH,
            });
        }
        let is_web = matches!(url.scheme(), "https" | "http") && url.has_host();
        let is_bare =
            url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
        if is_web && is_bare {
            Ok(Self(url))
        } else {
            Err(FieldProblem::Malformed)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Result<WebhookUrl, FieldProblem> {
        WebhookUrl::try_from(text.to_owned())
    }

    #[test]
    fn an_address_is_a_plain_one_of_the_web() {
        let good = url(" https://Hooks.Example/in?x=1 ").unwrap();
        assert_eq!(good.as_str(), "https://hooks.example/in?x=1");
        assert!(good.is_encrypted());
        assert!(!url("http://localhost:8080/").unwrap().is_encrypted());
        for text in [
            "hooks.example",
            "ftp://hooks.example/",
            "https://user@hooks.example/",
            "https://:secret@hooks.example/",
            "https://hooks.example/#part",
            "data:text/plain,x",
            "https://",
        ] {
            assert_eq!(url(text), Err(FieldProblem::Malformed), "{text}");
        }
        assert_eq!(url(" "), Err(FieldProblem::Required));
    }

    #[test]
    fn an_address_has_at_most_five_hundred_characters() {
        let base = "https://hooks.example/";
        let longest = format!("{base}{}", "x".repeat(500 - base.len()));
        assert!(url(&longest).is_ok());
        assert_eq!(
            url(&format!("{longest}x")),
            Err(FieldProblem::TooLong { max: 500 })
        );
    }

    #[test]
    fn a_number_is_the_address_it_stands_for() {
        for text in ["https://2130706433/", "https://0x7f.1/", "https://127.1/"] {
            let host = url(text).unwrap();
            assert_eq!(host.host().unwrap().to_string(), "127.0.0.1", "{text}");
        }
    }
}
