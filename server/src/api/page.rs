//! Lists page by page.

use serde::{Deserialize, Serialize};
use services::paging::Limit;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which page of a list is wanted.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Window {
    /// How many on a page.
    #[param(value_type = i64, required = false, minimum = 1, maximum = 100, default = 20)]
    #[serde(default)]
    pub(crate) limit: Limit,
    /// `next_cursor` of the page before.
    #[param(required = false, nullable = false)]
    pub(crate) cursor: Option<Uuid>,
}

impl Window {
    /// The names of its parameters.
    pub(crate) const NAMES: [&str; 2] = ["limit", "cursor"];
}

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
