//! Pages of a list: one row more is asked for than is shown, to know whether there is a next page.

use domain::fields::FieldProblem;
use serde::Deserialize;

/// How many rows a caller wants on a page: 1 to 100, 20 unless told.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "i64")]
pub struct Limit(u8);

impl Limit {
    /// The most that a page holds.
    pub const MAX: i64 = 100;

    /// What a statement's `limit` asks for.
    pub(crate) fn asked(self) -> i64 {
        i64::from(self.0) + 1
    }

    /// Cuts what was asked for down to a page. The answer is whether there is another.
    pub(crate) fn cut<T>(self, rows: &mut Vec<T>) -> bool {
        let more = rows.len() > usize::from(self.0);
        rows.truncate(self.0.into());
        more
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(20)
    }
}

impl TryFrom<i64> for Limit {
    type Error = FieldProblem;

    fn try_from(rows: i64) -> Result<Self, FieldProblem> {
        u8::try_from(rows)
            .ok()
            .filter(|rows| (1..=Self::MAX).contains(&i64::from(*rows)))
            .map(Self)
            .ok_or(FieldProblem::NotInRange {
                min: 1,
                max: Self::MAX,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_holds_what_was_wished_within_its_bounds() {
        assert_eq!(Limit::default().asked(), 21);
        for rows in [0, 101, -1, i64::MAX] {
            assert!(Limit::try_from(rows).is_err(), "{rows}");
        }
        let limit = Limit::try_from(2).unwrap();
        let mut rows = vec![1, 2, 3];
        assert!(limit.cut(&mut rows));
        assert_eq!(rows, [1, 2]);
        assert!(!limit.cut(&mut rows));
    }
}
