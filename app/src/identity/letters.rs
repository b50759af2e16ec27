//! The letters that carry one-time links.

use services::{identity::links::Token, mail::Letter};

use crate::{
    site::request::{link, site},
    tr,
};

/// Welcomes someone new and asks them to prove their address.
pub(super) fn welcome(to: &str, name: &str, token: &Token) -> Letter {
    Letter {
        to: to.to_owned(),
        subject: tr!("letter-welcome-subject"),
        body: tr!(
            "letter-welcome-body",
            name = name,
            link = url("/verify-email", token)
        ),
    }
}

/// Lets someone choose a new password.
pub(super) fn reset(to: &str, name: &str, token: &Token) -> Letter {
    Letter {
        to: to.to_owned(),
        subject: tr!("letter-reset-subject"),
        body: tr!(
            "letter-reset-body",
            name = name,
            link = url("/reset-password", token)
        ),
    }
}

/// Invites someone to work for a merchant.
pub(crate) fn invitation(to: &str, name: &str, merchant: &str, token: &Token) -> Letter {
    Letter {
        to: to.to_owned(),
        subject: tr!("letter-invitation-subject", merchant = merchant),
        body: tr!(
            "letter-invitation-body",
            name = name,
            merchant = merchant,
            link = url("/reset-password", token)
        ),
    }
}

fn url(path: &str, token: &Token) -> String {
    let path = link(path, [("token", Some(token.as_str().to_owned()))]);
    format!("{}{path}", site().public_url)
}
