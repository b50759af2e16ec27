//! Texts on their way into spreadsheets and back.

/// What makes a spreadsheet take a cell for a formula (OWASP, CSV injection).
const FORMULAS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A text as a cell that no spreadsheet takes for a formula: marked as text where it would be one.
#[must_use]
pub fn guarded(text: &str) -> String {
    if text.starts_with(FORMULAS) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// What [`guarded`] guards, without its mark.
#[must_use]
pub fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if text.starts_with(FORMULAS) => text,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_becomes_text_and_comes_back_as_it_was() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert!(guarded(formula).starts_with('\''));
            assert_eq!(unguarded(&guarded(formula)), formula);
        }
        for text in ["Café", "'tis", "", "1 = 1"] {
            assert_eq!(guarded(text), text);
            assert_eq!(unguarded(text), text);
        }
    }
}
