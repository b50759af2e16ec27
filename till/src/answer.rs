//! What the till says about a code or a sale, in the attendant's language, for the page and the island alike.

use domain::ids::{AccrualId, RedemptionId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// How good the news is. The tone decides on colour, icon and sound; never the HTTP status.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TillTone {
    /// Confirm it.
    Good,
    /// Something is to be typed or decided.
    Ask,
    /// All is well and was done before: a retry, or something taken back.
    Calm,
    /// It was used before.
    Used,
    /// It is not valid.
    Bad,
    /// Nobody answered: whether it was done is not known.
    Lost,
    /// A limit was hit: nothing was looked at or done.
    Limited,
    /// It has just been done.
    Done,
}

impl TillTone {
    /// The value of `data-tone`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Ask => "ask",
            Self::Calm => "calm",
            Self::Used => "used",
            Self::Bad => "bad",
            Self::Lost => "lost",
            Self::Limited => "limited",
            Self::Done => "done",
        }
    }

    /// The icon in the page's sprite.
    #[must_use]
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Good => "#icon-good",
            Self::Ask => "#icon-ask",
            Self::Calm => "#icon-calm",
            Self::Used => "#icon-used",
            Self::Bad => "#icon-bad",
            Self::Lost => "#icon-lost",
            Self::Limited => "#icon-limited",
            Self::Done => "#icon-done",
        }
    }

    /// Whether the attendant should go on, or stop; none where there is nothing to hurry for.
    #[must_use]
    pub const fn is_good_news(self) -> Option<bool> {
        match self {
            Self::Good | Self::Ask | Self::Done => Some(true),
            Self::Used | Self::Bad | Self::Lost | Self::Limited => Some(false),
            Self::Calm => None,
        }
    }
}

/// The result of looking a code up, confirming it, or crediting or reversing a sale.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct TillAnswer {
    pub tone: TillTone,
    /// The largest word on the page.
    pub word: String,
    /// The offer or the member, if the code is one.
    pub what: String,
    /// What to do or to tell.
    pub detail: String,
    /// What confirming needs; see [`TillAnswer::confirmable`].
    pub confirm: Option<Confirmable>,
    /// The sale of a member who was recognised.
    pub sale: Option<Sale>,
    /// The accrual that is to be reversed, if the attendant means it.
    pub reverse: Option<AccrualId>,
    /// The last ten, after one more.
    pub recent: Option<Vec<RecentLine>>,
}

impl TillAnswer {
    /// An answer that leaves nothing to do.
    #[must_use]
    pub fn new(tone: TillTone, word: String, what: String, detail: String) -> Self {
        Self {
            tone,
            word,
            what,
            detail,
            confirm: None,
            sale: None,
            reverse: None,
            recent: None,
        }
    }

    /// What confirming needs, where the answer says that the code is good, or where a confirmation got none or came too soon.
    #[must_use]
    pub fn confirmable(&self) -> Option<&Confirmable> {
        let may = matches!(
            self.tone,
            TillTone::Good | TillTone::Lost | TillTone::Limited
        );
        self.confirm.as_ref().filter(|_| may)
    }
}

/// A redemption that was validated a moment ago.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Confirmable {
    pub redemption: RedemptionId,
    pub ticket: String,
}

/// A sale as far as it is typed.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Sale {
    /// The member's code.
    pub member: String,
    pub amount: Typed,
    pub receipt: Typed,
}

/// What stands in a field, and what is wrong with it.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Typed {
    pub text: String,
    pub problem: Option<String>,
}

impl From<String> for Typed {
    fn from(text: String) -> Self {
        Self {
            text,
            problem: None,
        }
    }
}

/// What a line of the till's list tells of.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RecentKind {
    /// A redemption that was confirmed.
    Redemption,
    /// A sale that brought points.
    Sale,
    /// A sale whose points were taken back.
    Reversed,
}

impl RecentKind {
    /// The icon in the page's sprite.
    #[must_use]
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Redemption => "#icon-done",
            Self::Sale => "#icon-sale",
            Self::Reversed => "#icon-reverse",
        }
    }
}

/// A line of the till's list.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct RecentLine {
    pub kind: RecentKind,
    pub what: String,
    /// The short code or the receipt.
    pub code: String,
    pub when: String,
    /// The sale that can be reversed from here.
    pub reverse: Option<AccrualId>,
}

/// An icon of the page's sprite.
pub(crate) fn sprite_icon(href: &'static str) -> impl IntoView {
    view! {
        <svg class="icon" aria-hidden="true">
            <use href=href></use>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn only_a_good_code_or_one_whose_confirmation_was_lost_or_held_back_can_be_confirmed() {
        for tone in [
            TillTone::Good,
            TillTone::Ask,
            TillTone::Calm,
            TillTone::Used,
            TillTone::Bad,
            TillTone::Lost,
            TillTone::Limited,
            TillTone::Done,
        ] {
            let mut answer = TillAnswer::new(tone, String::new(), String::new(), String::new());
            answer.confirm = Some(Confirmable {
                redemption: Uuid::nil().into(),
                ticket: "ticket".into(),
            });
            let may = matches!(tone, TillTone::Good | TillTone::Lost | TillTone::Limited);
            assert_eq!(answer.confirmable().is_some(), may, "{tone:?}");
        }
    }
}
