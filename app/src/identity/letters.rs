//! The letters that carry one-time links.

use services::{
    identity::links::{Mailed, Token},
    mail::Letter,
};

use crate::{
    site::{
        i18n::Locale,
        request::{Site, link},
    },
    tr,
};

/// Welcomes someone new and asks them to prove their address.
pub fn welcome(locale: Locale, site: &Site, to: &str, name: &str, token: &Token) -> Letter {
    Letter {
        to: to.to_owned(),
        subject: tr!(in locale, "letter-welcome-subject"),
        body: tr!(
            in locale,
            "letter-welcome-body",
            name = name,
            link = url(site, "/verify-email", token)
        ),
    }
}

/// Lets someone choose a new password: what makes the letter outside the request, in the words of whoever
/// asked.
pub fn reset(
    locale: Locale,
    site: Site,
    to: &str,
) -> impl FnOnce(&Mailed) -> Letter + Send + use<> {
    let to = to.to_owned();
    move |mailed| Letter {
        to,
        subject: tr!(in locale, "letter-reset-subject"),
        body: tr!(
            in locale,
            "letter-reset-body",
            name = mailed.name.as_str(),
            link = url(&site, "/reset-password", &mailed.token)
        ),
    }
}

/// Invites someone to work for a merchant.
pub fn invitation(
    locale: Locale,
    site: &Site,
    to: &str,
    name: &str,
    merchant: &str,
    token: &Token,
) -> Letter {
    Letter {
        to: to.to_owned(),
        subject: tr!(in locale, "letter-invitation-subject", merchant = merchant),
        body: tr!(
            in locale,
            "letter-invitation-body",
            name = name,
            merchant = merchant,
            link = url(site, "/reset-password", token)
        ),
    }
}

fn url(site: &Site, path: &str, token: &Token) -> String {
    let path = link(path, [("token", Some(token.as_str().to_owned()))]);
    format!("{}{path}", site.public_url)
}
