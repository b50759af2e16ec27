//! Lists page by page.

use serde::Serialize;
use utoipa::ToSchema;

/// One page of a list. The next begins at `cursor={next_cursor}`, with the same filters.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Page<T> {
    /// At most `limit` of them.
    pub(crate) items: Vec<T>,
    /// Where the next page begins; null on the last. What it holds is nobody's business but ours.
    pub(crate) next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// The page of what was found.
    pub(crate) fn of<F>(
        found: impl IntoIterator<Item = F>,
        next: Option<impl ToString>,
        item: impl FnMut(F) -> T,
    ) -> Self {
        Self {
            items: found.into_iter().map(item).collect(),
            next_cursor: next.map(|next| next.to_string()),
        }
    }
}
