//! The client that calls merchants' systems.

use std::{net::IpAddr, sync::Arc, time::Duration};

use domain::{
    fields::{FieldProblem, Problems},
    webhooks::WebhookUrl,
};
use reqwest::{header::CONTENT_TYPE, redirect};
use url::Host;

use super::{
    Refusal,
    addresses::{NoPublicAddress, PublicOnly, is_public},
};

/// A receiver that takes longer has failed.
const TIMEOUT: Duration = Duration::from_secs(8);
/// So many bytes of an answer are read, that its connection may serve again; then it is cut off.
const MOST_READ: usize = 4_096;
/// The most characters that are kept of what went wrong.
const MOST_SAID: usize = 200;

/// Calls merchants' systems; only at public addresses and encrypted, unless told otherwise.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    allow_private: bool,
}

/// What is sent.
pub(super) struct Letter<'a> {
    pub url: &'a str,
    pub event: String,
    pub timestamp: i64,
    pub signatures: String,
    pub body: String,
}

/// No answer, and why.
pub(super) struct NoAnswer(pub String);

impl Client {
    /// A client that calls only public addresses, or any at all.
    ///
    /// # Errors
    /// When there is no TLS.
    pub fn new(allow_private: bool) -> Result<Self, reqwest::Error> {
        let builder = reqwest::Client::builder()
            .timeout(TIMEOUT)
            // Wherever it led to would be called without a check.
            .redirect(redirect::Policy::none())
            // A proxy would look hosts up for us.
            .no_proxy()
            .referer(false)
            .user_agent("Surtidor-Webhooks/1");
        let builder = if allow_private {
            builder
        } else {
            builder.https_only(true).dns_resolver(Arc::new(PublicOnly))
        };
        Ok(Self {
            http: builder.build()?,
            allow_private,
        })
    }

    /// Whether an address may be called, as far as it can be told before its host is looked up.
    pub(super) fn check(&self, url: &WebhookUrl) -> Result<(), Refusal> {
        if self.allow_private {
            return Ok(());
        }
        if !url.is_encrypted() {
            let problem = FieldProblem::Malformed;
            return Err(Refusal::Invalid(Problems::one("url", problem)));
        }
        let is_private = match url.host() {
            Some(Host::Ipv4(address)) => !is_public(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => !is_public(IpAddr::V6(address)),
            Some(Host::Domain(name)) => {
                let name = name.trim_end_matches('.');
                name == "localhost" || name.ends_with(".localhost")
            }
            None => true,
        };
        if is_private {
            Err(Refusal::PrivateAddress)
        } else {
            Ok(())
        }
    }

    /// Calls once. The answer is its HTTP status.
    pub(super) async fn post(&self, letter: Letter<'_>) -> Result<u16, NoAnswer> {
        let url = WebhookUrl::try_from(letter.url.to_owned())
            .map_err(|problem| NoAnswer(format!("the address {problem}")))?;
        // What was allowed when it was saved may not be any more; and a number is never looked up.
        self.check(&url)
            .map_err(|refusal| NoAnswer(refusal.to_string()))?;
        let answer = self
            .http
            .post(url.as_str())
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", letter.event)
            .header("webhook-timestamp", letter.timestamp)
            .header("webhook-signature", letter.signatures)
            .body(letter.body)
            .send()
            .await;
        let mut answer = answer.map_err(|error| NoAnswer(reason(&error)))?;
        let mut read = 0;
        while read < MOST_READ
            && let Ok(Some(chunk)) = answer.chunk().await
        {
            read += chunk.len();
        }
        Ok(answer.status().as_u16())
    }
}

/// The innermost cause, which is the one that says something.
fn reason(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return format!("no answer within {} seconds", TIMEOUT.as_secs());
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
        if cause.is::<NoPublicAddress>() {
            break;
        }
    }
    cause.to_string().chars().take(MOST_SAID).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(allow_private: bool, url: &str) -> Result<(), Refusal> {
        let url = WebhookUrl::try_from(url.to_owned()).unwrap();
        Client::new(allow_private).unwrap().check(&url)
    }

    #[test]
    fn addresses_that_are_written_out_are_checked_however_they_are_written() {
        for url in [
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://169.254.169.254/latest/meta-data/",
            "https://localhost/",
            "https://LOCALHOST./",
            "https://db.localhost/",
        ] {
            let refusal = checked(false, url).unwrap_err();
            assert!(matches!(refusal, Refusal::PrivateAddress), "{url}");
            assert!(checked(true, url).is_ok(), "{url}");
        }
        assert!(checked(false, "https://hooks.example/").is_ok());
        assert!(checked(false, "https://8.8.8.8/").is_ok());
    }

    #[test]
    fn what_is_not_encrypted_is_allowed_only_where_private_addresses_are() {
        let refusal = checked(false, "http://hooks.example/").unwrap_err();
        assert!(matches!(refusal, Refusal::Invalid(_)));
        assert!(checked(true, "http://hooks.example/").is_ok());
    }
}
