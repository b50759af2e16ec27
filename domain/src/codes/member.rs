//! The code by which a consumer is known at a till.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{NotACode, SHORT, compact, linked};

const SYMBOLS: usize = 10;

/// The code by which a member is known at the till and to friends: ten characters, shown as `ABCDE-FGHJK`.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct MemberCode(String);

impl MemberCode {
    /// The canonical text, as it is stored and linked.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text as people read it, in two groups.
    #[must_use]
    pub fn grouped(&self) -> String {
        let (first, second) = self.0.split_at(SYMBOLS / 2);
        format!("{first}-{second}")
    }
}

impl FromStr for MemberCode {
    type Err = NotACode;

    fn from_str(text: &str) -> Result<Self, NotACode> {
        let code = compact(text);
        let valid = code.len() == SYMBOLS && code.bytes().all(|s| SHORT.contains(&s));
        if valid { Ok(Self(code)) } else { Err(NotACode) }
    }
}

impl TryFrom<String> for MemberCode {
    type Error = NotACode;

    fn try_from(text: String) -> Result<Self, NotACode> {
        text.parse()
    }
}

impl From<MemberCode> for String {
    fn from(code: MemberCode) -> Self {
        code.0
    }
}

impl fmt::Display for MemberCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A member as a till reads them: the code, with the rotating token when it came from a QR.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MemberPresented {
    /// Whose.
    pub code: MemberCode,
    /// From a QR alone; empty when its link was cut.
    pub token: Option<String>,
}

impl FromStr for MemberPresented {
    type Err = NotACode;

    /// Reads the QR's link `…/m/{code}?t={token}` or a typed code.
    fn from_str(text: &str) -> Result<Self, NotACode> {
        match linked(text.trim(), "/m/") {
            Some((code, token)) => Ok(Self {
                code: code.parse()?,
                token: Some(token.to_owned()),
            }),
            None => Ok(Self {
                code: text.parse()?,
                token: None,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_code_is_read_as_it_is_shown() {
        let code: MemberCode = " abcde-fghjk ".parse().unwrap();
        assert_eq!(code.as_str(), "ABCDEFGHJK");
        assert_eq!(code.grouped(), "ABCDE-FGHJK");
        assert_eq!("ABC234".parse::<MemberCode>(), Err(NotACode));
    }

    #[test]
    fn a_scanned_members_link_gives_the_code_and_its_token() {
        let read = |text: &str| text.parse::<MemberPresented>();
        let code: MemberCode = "ABCDEFGHJK".parse().unwrap();
        assert_eq!(
            read("https://rewards.example/m/ABCDEFGHJK?t=abc"),
            Ok(MemberPresented {
                code: code.clone(),
                token: Some("abc".to_owned())
            })
        );
        assert_eq!(
            read("abcde fghjk"),
            Ok(MemberPresented { code, token: None })
        );
    }

    #[test]
    fn a_members_link_that_was_cut_has_a_token_that_is_not_good() {
        let cut: MemberPresented = "https://rewards.example/m/ABCDEFGHJK".parse().unwrap();
        assert_eq!(cut.token.as_deref(), Some(""));
    }
}
