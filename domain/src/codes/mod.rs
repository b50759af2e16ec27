//! The codes people read, type and scan at the till.

mod member;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

pub use self::member::{MemberCode, MemberPresented};
use crate::ids::RedemptionId;

/// Crockford's base 32: no I, L, O or U. <https://www.crockford.com/base32.html>
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters and digits that are not taken for one another when read aloud or printed small.
pub(crate) const SHORT: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const PREFIX: &str = "LUMS";
const FULL_SYMBOLS: usize = 12;
const SHORT_SYMBOLS: usize = 6;

/// A text that is not the code it was taken for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a valid code")]
pub struct NotACode;

/// A redemption's code, `LUMS-XXXX-XXXX-XXXX`: 60 random bits in Crockford's base 32.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct RedemptionCode(String);

impl RedemptionCode {
    /// The code that stands for the low 60 bits of `random`.
    #[must_use]
    pub fn from_random(random: u64) -> Self {
        let symbols: Vec<u8> = symbols(random, FULL_SYMBOLS, CROCKFORD);
        Self::grouped(&symbols)
    }

    fn grouped(symbols: &[u8]) -> Self {
        let mut code = String::from(PREFIX);
        for group in symbols.chunks(4) {
            code.push('-');
            code.extend(group.iter().map(|&symbol| char::from(symbol)));
        }
        Self(code)
    }

    /// The canonical text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RedemptionCode {
    type Err = NotACode;

    /// Forgives case, spaces, missing or extra hyphens, and the look-alikes that Crockford names
    /// (O for 0; I and L for 1).
    fn from_str(text: &str) -> Result<Self, NotACode> {
        let compact = compact(text);
        let body = compact.strip_prefix(PREFIX).ok_or(NotACode)?;
        let symbols: Vec<u8> = body
            .bytes()
            .map(|symbol| match symbol {
                b'O' => b'0',
                b'I' | b'L' => b'1',
                other => other,
            })
            .collect();
        let valid = symbols.len() == FULL_SYMBOLS && symbols.iter().all(|s| CROCKFORD.contains(s));
        if valid {
            Ok(Self::grouped(&symbols))
        } else {
            Err(NotACode)
        }
    }
}

impl TryFrom<String> for RedemptionCode {
    type Error = NotACode;

    fn try_from(text: String) -> Result<Self, NotACode> {
        text.parse()
    }
}

impl From<RedemptionCode> for String {
    fn from(code: RedemptionCode) -> Self {
        code.0
    }
}

impl fmt::Display for RedemptionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A redemption's six-character code for a camera that fails; unique among one merchant's pending
/// redemptions.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct ShortCode(String);

impl ShortCode {
    /// The code that stands for the low 30 bits of `random`.
    #[must_use]
    pub fn from_random(random: u64) -> Self {
        let symbols = symbols(random, SHORT_SYMBOLS, SHORT);
        Self(symbols.into_iter().map(char::from).collect())
    }

    /// The canonical text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ShortCode {
    type Err = NotACode;

    fn from_str(text: &str) -> Result<Self, NotACode> {
        let code = compact(text);
        let valid = code.len() == SHORT_SYMBOLS && code.bytes().all(|s| SHORT.contains(&s));
        if valid { Ok(Self(code)) } else { Err(NotACode) }
    }
}

impl TryFrom<String> for ShortCode {
    type Error = NotACode;

    fn try_from(text: String) -> Result<Self, NotACode> {
        text.parse()
    }
}

impl From<ShortCode> for String {
    fn from(code: ShortCode) -> Self {
        code.0
    }
}

impl fmt::Display for ShortCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What an attendant can present: anything that names one redemption.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Presented {
    /// The full code, with the rotating token when it came from a QR.
    Code {
        code: RedemptionCode,
        token: Option<String>,
    },
    /// The six characters, read aloud or typed.
    Short(ShortCode),
    /// The identifier itself, as an integration sends it.
    Id(RedemptionId),
}

impl FromStr for Presented {
    type Err = NotACode;

    /// Reads what a scanner or a keyboard gives: the QR's link `…/r/{code}?t={token}`, a full code,
    /// a short code or an identifier.
    fn from_str(text: &str) -> Result<Self, NotACode> {
        let text = text.trim();
        if let Some((code, token)) = linked(text, "/r/") {
            return Ok(Self::Code {
                code: code.parse()?,
                token: Some(token.to_owned()),
            });
        }
        if let Ok(code) = text.parse() {
            return Ok(Self::Code { code, token: None });
        }
        if let Ok(short) = text.parse() {
            return Ok(Self::Short(short));
        }
        text.parse().map(Self::Id).map_err(|_| NotACode)
    }
}

/// The code and the token of a link behind `path`. A link without a token was cut: it counts as one with a
/// token that is not good.
fn linked<'a>(text: &'a str, path: &str) -> Option<(&'a str, &'a str)> {
    let (_, rest) = text.split_once(path)?;
    let (code, query) = rest.split_once('?').unwrap_or((rest, ""));
    let token = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("t="))
        .unwrap_or_default();
    Some((code, token))
}

pub(crate) fn symbols(random: u64, count: usize, alphabet: &[u8; 32]) -> Vec<u8> {
    (0..count)
        .rev()
        .map(|place| {
            let [.., low] = (random >> (5 * place)).to_be_bytes();
            alphabet[usize::from(low & 31)]
        })
        .collect()
}

pub(crate) fn compact(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_full_code_has_the_prefix_and_three_groups_of_four() {
        assert_eq!(
            RedemptionCode::from_random(0).as_str(),
            "LUMS-0000-0000-0000"
        );
        assert_eq!(
            RedemptionCode::from_random((1 << 60) - 1).as_str(),
            "LUMS-ZZZZ-ZZZZ-ZZZZ"
        );
    }

    #[test]
    fn a_full_code_is_read_in_any_case_and_with_look_alikes() {
        let code: RedemptionCode = "lums o1il abcd 0000".parse().unwrap();
        assert_eq!(code.as_str(), "LUMS-0111-ABCD-0000");
    }

    #[test]
    fn a_scanned_link_gives_the_code_and_its_token() {
        let scanned = "https://rewards.example/r/LUMS-0000-0000-0001?t=abc";
        assert_eq!(
            scanned.parse(),
            Ok(Presented::Code {
                code: RedemptionCode::from_random(1),
                token: Some("abc".to_owned())
            })
        );
    }

    #[test]
    fn a_link_whose_token_was_cut_off_is_not_taken_for_a_typed_code() {
        let cut = "https://rewards.example/r/LUMS-0000-0000-0001";
        assert_eq!(
            cut.parse(),
            Ok(Presented::Code {
                code: RedemptionCode::from_random(1),
                token: Some(String::new())
            })
        );
    }

    #[test]
    fn a_typed_short_code_is_read_with_spaces_and_small_letters() {
        let expected = ShortCode("ABC234".to_owned());
        assert_eq!(" abc 234 ".parse(), Ok(Presented::Short(expected)));
    }

    #[test]
    fn an_identifier_is_read_as_one() {
        let id = "019a0000-0000-7000-8000-000000000001";
        assert_eq!(id.parse(), Ok(Presented::Id(id.parse().unwrap())));
    }

    #[test]
    fn other_text_is_refused() {
        for text in [
            "",
            "hello",
            "LUMS-0000",
            "LUMS-UUUU-0000-0000",
            "ABC10I",
            "https://x/r/?t=1",
        ] {
            assert_eq!(text.parse::<Presented>(), Err(NotACode), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_made_code_is_read_back(random: u64) {
            let full = RedemptionCode::from_random(random);
            prop_assert_eq!(full.as_str().parse(), Ok(full.clone()));
            let short = ShortCode::from_random(random);
            prop_assert_eq!(short.as_str().parse(), Ok(short.clone()));
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in ".*") {
            let _ = text.parse::<Presented>();
        }
    }
}
