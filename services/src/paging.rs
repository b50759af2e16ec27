//! Pages of a list: one row more is asked for than is shown, to know whether there is a next page.

/// Rows on a page.
pub(crate) const ROWS: usize = 20;
/// What a statement's `limit` asks for.
pub(crate) const ASKED: i64 = 21;

/// Cuts what was asked for down to a page. The answer is whether there is another.
pub(crate) fn cut<T>(rows: &mut Vec<T>) -> bool {
    let more = rows.len() > ROWS;
    rows.truncate(ROWS);
    more
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_row_more_is_asked_for_than_shown() {
        assert_eq!(usize::try_from(ASKED).unwrap(), ROWS + 1);
    }

    #[test]
    fn a_full_page_is_the_last_unless_one_row_more_was_found() {
        let mut rows = vec![(); ROWS];
        assert!(!cut(&mut rows));
        let mut rows = vec![(); ROWS + 1];
        assert!(cut(&mut rows));
        assert_eq!(rows.len(), ROWS);
    }
}
