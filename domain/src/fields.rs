//! What can be wrong with a field of a form, said once for forms, server functions and API.

use serde::{Deserialize, Serialize};

/// Why a field's value was not taken.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, thiserror::Error)]
#[serde(tag = "problem", rename_all = "snake_case")]
pub enum FieldProblem {
    /// Nothing was given.
    #[error("is required")]
    Required,
    /// Fewer than `min` characters.
    #[error("needs at least {min} characters")]
    TooShort { min: usize },
    /// More than `max` characters.
    #[error("takes at most {max} characters")]
    TooLong { max: usize },
    /// Not a number between the bounds.
    #[error("must be a whole number from {min} to {max}")]
    NotInRange { min: i64, max: i64 },
    /// Not an amount of money.
    #[error("is not an amount of money")]
    NotAnAmount,
    /// Not of the form that belongs here.
    #[error("does not have the right form")]
    Malformed,
    /// Nothing goes by this name here.
    #[error("is not known here")]
    UnknownField,
    /// Not an e-mail address.
    #[error("is not an e-mail address")]
    NotAnEmail,
    /// An address of the web that is not to be reached from everywhere.
    #[error("is not a public address")]
    NotPublic,
    /// A password that attackers try first.
    #[error("is too easy to guess")]
    TooCommon,
    /// The current password is another one.
    #[error("is not the current password")]
    WrongPassword,
    /// Not four to six digits, or digits that anyone would try first.
    #[error("must be four to six digits, not all alike and not in a row")]
    NotAPin,
    /// The PIN is another one.
    #[error("is not the PIN")]
    WrongPin,
    /// Not the app's code of now, nor a recovery code that is good, or used before.
    #[error("is not a good code, or was used before")]
    WrongCode,
    /// Not a date and time.
    #[error("is not a date")]
    NotADate,
    /// Ends before it begins.
    #[error("must be later than the start")]
    EndsBeforeStart,
    /// Not one of the choices.
    #[error("is not one of the choices")]
    NotAChoice,
    /// Nobody has this code or address.
    #[error("is not known")]
    Unknown,
    /// Already in use by another.
    #[error("is already taken")]
    Taken,
    /// No picture of a kind that is taken.
    #[error("is not a JPEG, PNG or WebP picture that can be read")]
    NotAPicture,
    /// More bytes than are taken.
    #[error("is larger than {megabytes} MB")]
    TooHeavy { megabytes: u32 },
    /// More pixels than are taken.
    #[error("has more than {megapixels} megapixels")]
    TooManyPixels { megapixels: u32 },
    /// Not a table as it is read: a line has more fields than the first has names.
    #[error("cannot be read as a table")]
    NotATable,
    /// Not in UTF-8.
    #[error("is not in UTF-8")]
    NotUnicode,
    /// More rows than are taken at a time.
    #[error("has more than {max} rows")]
    TooManyRows { max: usize },
    /// The same thing is named twice.
    #[error("is there twice")]
    Twice,
    /// Somebody has changed the thing since.
    #[error("was changed in the meantime")]
    Outdated,
    /// The merchant has no such offer.
    #[error("is no offer of yours")]
    UnknownOffer,
    /// It is archived.
    #[error("is archived")]
    Archived,
    /// Fewer units than have been redeemed.
    #[error("cannot be less than the {taken} already redeemed")]
    BelowTaken { taken: i64 },
}

/// The problems of a form, by field name.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Problems(pub Vec<(String, FieldProblem)>);

impl Problems {
    /// One problem of one field.
    #[must_use]
    pub fn one(field: &str, problem: FieldProblem) -> Self {
        Self(vec![(field.to_owned(), problem)])
    }

    /// Keeps the value of a good field; notes the problem of a bad one.
    pub fn take<T>(&mut self, field: &str, value: Result<T, FieldProblem>) -> Option<T> {
        value
            .map_err(|problem| self.0.push((field.to_owned(), problem)))
            .ok()
    }

    /// The problem of a field, if it has one.
    #[must_use]
    pub fn of(&self, field: &str) -> Option<&FieldProblem> {
        self.0
            .iter()
            .find(|(name, _)| name == field)
            .map(|(_, problem)| problem)
    }
}

/// A trimmed line of `min` to `max` characters, its inner white space folded.
///
/// # Errors
/// When it is empty, too short or too long.
pub fn line(text: &str, min: usize, max: usize) -> Result<String, FieldProblem> {
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    bounded(folded, min, max)
}

/// Trimmed text of several lines, `min` to `max` characters.
///
/// # Errors
/// When it is empty (unless `min` is 0), too short or too long.
pub fn paragraphs(text: &str, min: usize, max: usize) -> Result<String, FieldProblem> {
    bounded(text.trim().replace("\r\n", "\n"), min, max)
}

/// A whole number between two bounds, both included.
///
/// # Errors
/// When the text is empty, no number, or out of bounds.
pub fn whole_number(text: &str, min: i64, max: i64) -> Result<i64, FieldProblem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(FieldProblem::Required);
    }
    text.parse()
        .ok()
        .filter(|number| (min..=max).contains(number))
        .ok_or(FieldProblem::NotInRange { min, max })
}

fn bounded(text: String, min: usize, max: usize) -> Result<String, FieldProblem> {
    match text.chars().count() {
        0 if min > 0 => Err(FieldProblem::Required),
        n if n < min => Err(FieldProblem::TooShort { min }),
        n if n > max => Err(FieldProblem::TooLong { max }),
        _ => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_trimmed_and_folded() {
        assert_eq!(
            line("  Café   grande \n", 1, 20),
            Ok("Café grande".to_owned())
        );
        assert_eq!(line(" ", 1, 20), Err(FieldProblem::Required));
        assert_eq!(line("abc", 1, 2), Err(FieldProblem::TooLong { max: 2 }));
    }

    #[test]
    fn a_number_out_of_bounds_says_the_bounds() {
        assert_eq!(whole_number("7", 1, 10), Ok(7));
        for text in ["0", "11", "x", "1.5", "99999999999999999999"] {
            assert_eq!(
                whole_number(text, 1, 10),
                Err(FieldProblem::NotInRange { min: 1, max: 10 })
            );
        }
    }

    #[test]
    fn problems_are_found_by_field() {
        let mut problems = Problems::default();
        assert_eq!(problems.take("name", line("", 1, 5)), None);
        assert_eq!(problems.of("name"), Some(&FieldProblem::Required));
        assert_eq!(problems.of("email"), None);
    }
}
