//! What the till says about a code, in the attendant's language, for the page and the island alike.

use domain::ids::RedemptionId;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// How good the news is. The tone decides on colour and icon; never the HTTP status.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TillTone {
    /// Confirm it.
    Good,
    /// It was used before.
    Used,
    /// It is not valid.
    Bad,
    /// It has just been confirmed.
    Done,
}

impl TillTone {
    /// The value of `data-tone`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Used => "used",
            Self::Bad => "bad",
            Self::Done => "done",
        }
    }

    /// The icon in the page's sprite.
    #[must_use]
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Good => "#icon-good",
            Self::Used => "#icon-used",
            Self::Bad => "#icon-bad",
            Self::Done => "#icon-done",
        }
    }
}

/// The result of looking a code up or confirming it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct TillAnswer {
    pub tone: TillTone,
    /// The largest word on the page.
    pub word: String,
    /// The offer, if the code is one of this merchant's.
    pub what: String,
    /// What to do or to tell.
    pub detail: String,
    /// What confirming needs; only with [`TillTone::Good`].
    pub confirm: Option<Confirmable>,
    /// The last confirmations, after one more.
    pub recent: Option<Vec<RecentLine>>,
}

/// A redemption that was validated a moment ago.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Confirmable {
    pub redemption: RedemptionId,
    pub ticket: String,
}

/// A line of the till's list.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct RecentLine {
    pub what: String,
    pub code: String,
    pub when: String,
}

/// An icon of the page's sprite.
pub(crate) fn sprite_icon(href: &'static str) -> impl IntoView {
    view! {
        <svg class="icon" aria-hidden="true">
            <use href=href></use>
        </svg>
    }
}
