//! What people type as the second step of signing in.

use std::fmt;

use crate::{
    codes::{NotACode, SHORT, compact, symbols},
    fields::FieldProblem,
};

/// Digits of an app's code.
const DIGITS: usize = 6;
const RECOVERY_SYMBOLS: usize = 12;

/// A code that stands in for the app, once: 60 random bits, shown as `ABCD-EFGH-JKLM`.
#[derive(Clone, Eq, PartialEq)]
pub struct RecoveryCode(String);

impl RecoveryCode {
    /// The code that stands for the low 60 bits of `random`.
    #[must_use]
    pub fn from_random(random: u64) -> Self {
        let symbols = symbols(random, RECOVERY_SYMBOLS, SHORT);
        Self(symbols.into_iter().map(char::from).collect())
    }

    /// The secret itself, without hyphens.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The text as people write it down, in three groups.
    #[must_use]
    pub fn grouped(&self) -> String {
        format!("{}-{}-{}", &self.0[..4], &self.0[4..8], &self.0[8..])
    }
}

impl std::str::FromStr for RecoveryCode {
    type Err = NotACode;

    fn from_str(text: &str) -> Result<Self, NotACode> {
        let code = compact(text);
        let valid = code.len() == RECOVERY_SYMBOLS && code.bytes().all(|s| SHORT.contains(&s));
        if valid { Ok(Self(code)) } else { Err(NotACode) }
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

/// One or the other, as it came out of one field.
#[derive(Clone, Eq, PartialEq)]
pub enum TypedCode {
    /// Six digits of the app.
    App(String),
    /// A recovery code.
    Recovery(RecoveryCode),
}

impl TryFrom<&str> for TypedCode {
    type Error = FieldProblem;

    /// Forgives case, spaces and hyphens.
    fn try_from(text: &str) -> Result<Self, FieldProblem> {
        let code = compact(text);
        if code.is_empty() {
            return Err(FieldProblem::Required);
        }
        if code.len() == DIGITS && code.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Self::App(code));
        }
        code.parse()
            .map(Self::Recovery)
            .map_err(|_| FieldProblem::WrongCode)
    }
}

impl fmt::Debug for TypedCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TypedCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_apps_code_is_six_digits_however_they_are_grouped() {
        for text in ["123456", " 123 456 ", "123-456"] {
            let typed = TypedCode::try_from(text);
            assert_eq!(typed, Ok(TypedCode::App("123456".into())), "{text}");
        }
    }

    #[test]
    fn a_recovery_code_is_read_as_it_is_written_down() {
        let code = RecoveryCode::from_random(0x0123_4567_89ab_cdef);
        for text in [
            code.grouped(),
            code.grouped().to_lowercase(),
            code.reveal().to_owned(),
        ] {
            let typed = TypedCode::try_from(text.as_str());
            assert_eq!(typed, Ok(TypedCode::Recovery(code.clone())), "{text}");
        }
    }

    #[test]
    fn anything_else_is_a_wrong_code() {
        for text in ["12345", "1234567", "１２３４５６", "ABCD-EFGH-JKL0", "x"] {
            let typed = TypedCode::try_from(text);
            assert_eq!(typed, Err(FieldProblem::WrongCode), "{text}");
        }
        assert_eq!(TypedCode::try_from(" "), Err(FieldProblem::Required));
    }

    #[test]
    fn no_code_shows_in_debug_output() {
        let code = RecoveryCode::from_random(7);
        let typed = TypedCode::Recovery(code.clone());
        let app = TypedCode::App("123456".into());
        let shown = format!("{code:?} {typed:?} {app:?}");
        assert!(!shown.contains(code.reveal()) && !shown.contains("123456"));
    }
}
