//! People: roles, e-mail addresses, names and passwords.

use std::fmt;

use crate::{fields::FieldProblem, named};

named! {
    /// What a person may do. One person has one role.
    pub enum Role {
        /// Earns and redeems points.
        Consumer = "consumer",
        /// Validates and confirms for one merchant.
        Attendant = "attendant",
        /// An attendant who also runs the merchant's offers, stations and staff.
        Manager = "manager",
        /// Runs the programme.
        Admin = "admin",
    }
}

impl Role {
    /// The page a person of this role starts from.
    #[must_use]
    pub const fn home(self) -> &'static str {
        match self {
            Self::Consumer => "/offers",
            Self::Attendant => "/till",
            Self::Manager => "/manage/offers",
            Self::Admin => "/admin/merchants",
        }
    }
}

named! {
    /// What a merchant's own people can be.
    pub enum StaffRole {
        /// See [`Role::Attendant`].
        Attendant = "attendant",
        /// See [`Role::Manager`].
        Manager = "manager",
    }
}

impl From<StaffRole> for Role {
    fn from(role: StaffRole) -> Self {
        match role {
            StaffRole::Attendant => Self::Attendant,
            StaffRole::Manager => Self::Manager,
        }
    }
}

/// An e-mail address in the form it is stored and compared: trimmed and lower-cased.
///
/// The check is the one that HTML's `<input type=email>` makes, less what no mail system delivers;
/// whether the address exists only a mailed link can tell.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Email(String);

impl Email {
    /// RFC 5321 §4.5.3.1.3 gives a path 256 octets with its brackets.
    pub const MAX_LENGTH: usize = 254;

    /// The normalised text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<&str> for Email {
    type Error = FieldProblem;

    fn try_from(text: &str) -> Result<Self, FieldProblem> {
        let text = text.trim().to_lowercase();
        if text.is_empty() {
            return Err(FieldProblem::Required);
        }
        let (local, domain) = text.rsplit_once('@').ok_or(FieldProblem::NotAnEmail)?;
        let local_ok = !local.is_empty()
            && local
                .chars()
                .all(|c| c.is_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c));
        let domain_ok = domain.contains('.')
            && domain.split('.').all(|label| {
                !label.is_empty()
                    && !label.starts_with('-')
                    && !label.ends_with('-')
                    && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            });
        if local_ok && domain_ok && text.len() <= Self::MAX_LENGTH {
            Ok(Self(text))
        } else {
            Err(FieldProblem::NotAnEmail)
        }
    }
}

/// A person's or a business's name as it is shown.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Name(String);

impl Name {
    /// In characters.
    pub const MAX_LENGTH: usize = 120;

    /// The trimmed text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<&str> for Name {
    type Error = FieldProblem;

    fn try_from(text: &str) -> Result<Self, FieldProblem> {
        crate::fields::line(text, 1, Self::MAX_LENGTH).map(Self)
    }
}

/// What a merchant calls one of its API keys.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeyName(String);

impl KeyName {
    /// In characters.
    pub const MAX_LENGTH: usize = 60;

    /// The trimmed text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<&str> for KeyName {
    type Error = FieldProblem;

    fn try_from(text: &str) -> Result<Self, FieldProblem> {
        crate::fields::line(text, 1, Self::MAX_LENGTH).map(Self)
    }
}

/// A password that has the right length. Whether it is too common is for the server to say: the
/// list is too long for a browser.
#[derive(Clone, Eq, PartialEq)]
pub struct Password(String);

impl Password {
    /// In characters. NIST SP 800-63B §5.1.1.2 asks for at least 8.
    pub const MIN_LENGTH: usize = 8;
    /// In characters; keeps hashing cheap, and is twice what NIST asks to allow.
    pub const MAX_LENGTH: usize = 128;

    /// The secret itself.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl TryFrom<&str> for Password {
    type Error = FieldProblem;

    fn try_from(text: &str) -> Result<Self, FieldProblem> {
        match text.chars().count() {
            n if n < Self::MIN_LENGTH => Err(FieldProblem::TooShort {
                min: Self::MIN_LENGTH,
            }),
            n if n > Self::MAX_LENGTH => Err(FieldProblem::TooLong {
                max: Self::MAX_LENGTH,
            }),
            _ => Ok(Self(text.to_owned())),
        }
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// How hard a password is to guess, from 0 (trivial) to 4 (strong), by length and variety alone: a
/// hint while typing. The server's dictionary has the last word.
#[must_use]
pub fn password_strength(password: &str) -> u8 {
    let chars: Vec<char> = password.chars().collect();
    let classes = [
        chars.iter().any(char::is_ascii_lowercase),
        chars.iter().any(char::is_ascii_uppercase),
        chars.iter().any(char::is_ascii_digit),
        chars.iter().any(|c| !c.is_ascii_alphanumeric()),
    ];
    let varied = classes.into_iter().filter(|present| *present).count();
    // A character that repeats or continues its neighbour ("aaa", "123") adds nothing to guess.
    let surprising = 1 + chars
        .windows(2)
        .filter(|pair| (i64::from(u32::from(pair[1])) - i64::from(u32::from(pair[0]))).abs() > 1)
        .count();
    match surprising.min(chars.len()) + 2 * varied.saturating_sub(1) {
        _ if chars.len() < Password::MIN_LENGTH => 0,
        0..8 => 0,
        8..10 => 1,
        10..13 => 2,
        13..16 => 3,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_trimmed_and_lower_cased() {
        assert_eq!(
            Email::try_from("  Ana@Demo.Test ").unwrap().as_str(),
            "ana@demo.test"
        );
    }

    #[test]
    fn what_cannot_be_an_address_is_refused() {
        for text in [
            "ana",
            "ana@",
            "@demo.test",
            "ana@demo",
            "a b@demo.test",
            "ana@-x.test",
            "a@b..c",
        ] {
            assert_eq!(
                Email::try_from(text),
                Err(FieldProblem::NotAnEmail),
                "{text}"
            );
        }
        assert_eq!(Email::try_from("  "), Err(FieldProblem::Required));
    }

    #[test]
    fn a_password_has_at_least_eight_characters() {
        assert_eq!(
            Password::try_from("contra7"),
            Err(FieldProblem::TooShort { min: 8 })
        );
        assert!(Password::try_from("contrañ8").is_ok());
    }

    #[test]
    fn a_password_never_shows_in_debug_output() {
        let shown = format!("{:?}", Password::try_from("surtidor-demo").unwrap());
        assert!(!shown.contains("surtidor"));
    }

    #[test]
    fn runs_and_repeats_are_weak_and_long_mixed_phrases_strong() {
        assert_eq!(password_strength("short"), 0);
        assert_eq!(password_strength("aaaaaaaaaaaa"), 0);
        assert_eq!(password_strength("12345678"), 0);
        assert!(password_strength("Caballo-Correcto-7") >= 3);
    }
}
