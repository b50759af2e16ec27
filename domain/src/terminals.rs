//! Shared devices at a till, and what people type there in place of their password.

use std::fmt;

use crate::fields::{FieldProblem, line};

/// What a shared device is called, so that people know which one is meant.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TerminalName(String);

impl TerminalName {
    /// In characters.
    pub const MAX_LENGTH: usize = 40;

    /// The trimmed text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<&str> for TerminalName {
    type Error = FieldProblem;

    fn try_from(text: &str) -> Result<Self, FieldProblem> {
        line(text, 1, Self::MAX_LENGTH).map(Self)
    }
}

/// Four to six digits that are not the first anyone would try. They are worth something at a merchant's own
/// terminal alone.
#[derive(Clone, Eq, PartialEq)]
pub struct Pin(String);

impl Pin {
    /// The fewest digits.
    pub const MIN_LENGTH: usize = 4;
    /// The most digits.
    pub const MAX_LENGTH: usize = 6;

    /// The secret itself.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl TryFrom<&str> for Pin {
    type Error = FieldProblem;

    fn try_from(text: &str) -> Result<Self, FieldProblem> {
        let text = text.trim();
        if text.is_empty() {
            return Err(FieldProblem::Required);
        }
        let length = (Self::MIN_LENGTH..=Self::MAX_LENGTH).contains(&text.len());
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        if length && digits && !is_run(text.as_bytes()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(FieldProblem::NotAPin)
        }
    }
}

/// Whether every digit is as far from the one before: `1111`, `1234`, `8642`.
fn is_run(digits: &[u8]) -> bool {
    let mut steps = digits
        .windows(2)
        .map(|pair| i16::from(pair[1]) - i16::from(pair[0]));
    let first = steps.next();
    steps.all(|step| Some(step) == first)
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_four_to_six_digits() {
        for text in ["2580", " 19283 ", "900417"] {
            assert!(Pin::try_from(text).is_ok(), "{text}");
        }
        for text in ["258", "9004171", "25a0", "２５８０", "-258"] {
            assert_eq!(Pin::try_from(text), Err(FieldProblem::NotAPin), "{text}");
        }
        assert_eq!(Pin::try_from(" "), Err(FieldProblem::Required));
    }

    #[test]
    fn a_pin_that_anyone_would_try_first_is_refused() {
        for text in ["0000", "1234", "987654", "2468"] {
            assert_eq!(Pin::try_from(text), Err(FieldProblem::NotAPin), "{text}");
        }
    }

    #[test]
    fn a_pin_never_shows_in_debug_output() {
        let shown = format!("{:?}", Pin::try_from("2580").unwrap());
        assert!(!shown.contains("2580"));
    }

    #[test]
    fn a_terminals_name_is_one_short_line() {
        let name = TerminalName::try_from("  Bomba   3 ").unwrap();
        assert_eq!(name.as_str(), "Bomba 3");
        assert!(TerminalName::try_from("x".repeat(41).as_str()).is_err());
    }
}
