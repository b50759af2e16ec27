//! What the till holds while it is open, and what happens to it.

use std::time::Duration;

use domain::ids::AccrualId;
use leptos::{ev, html::Input, prelude::*, task::spawn_local};

use crate::{
    answer::{Confirmable, RecentLine, Sale, TillAnswer, TillTone},
    ask::{Unanswered, ask},
    feedback,
    island::{ACCRUE, CONFIRM, REVERSE, TillTexts, VALIDATE},
};

/// After a success the till goes back to scanning by itself.
const BACK_TO_SCANNING: Duration = Duration::from_secs(3);

/// What the till holds while it is open.
#[derive(Clone, Copy)]
pub(crate) struct State {
    /// What it says; none while it waits for a code.
    pub(crate) answer: RwSignal<Option<TillAnswer>>,
    /// The last ten.
    pub(crate) recent: RwSignal<Vec<RecentLine>>,
    /// Whether it waits for the server.
    pub(crate) busy: RwSignal<bool>,
    /// Whether the device has a connection, as far as the browser knows.
    pub(crate) online: RwSignal<bool>,
    /// Whether results are heard.
    pub(crate) sound: RwSignal<bool>,
    /// The success after which the till will go back to scanning by itself, by its number.
    pub(crate) returning: RwSignal<Option<u32>>,
    /// How many successes there were.
    successes: StoredValue<u32>,
    /// The field for a code. What stands in it is nobody else's: it may have been typed before the island woke.
    pub(crate) field: NodeRef<Input>,
    /// What it can say by itself.
    pub(crate) texts: StoredValue<TillTexts>,
}

impl State {
    pub(crate) fn new(
        texts: TillTexts,
        answer: Option<TillAnswer>,
        recent: Vec<RecentLine>,
    ) -> Self {
        Self {
            answer: RwSignal::new(answer),
            recent: RwSignal::new(recent),
            busy: RwSignal::new(false),
            online: RwSignal::new(true),
            sound: RwSignal::new(true),
            returning: RwSignal::new(None),
            successes: StoredValue::new(0),
            field: NodeRef::new(),
            texts: StoredValue::new(texts),
        }
    }

    /// Listens to what happens to the device, from when the island wakes for as long as the page is open.
    pub(crate) fn listen(self) {
        self.sound.set(feedback::sound_is_on());
        self.online.set(window().navigator().on_line());
        window_event_listener(ev::online, move |_| self.online.set(true));
        window_event_listener(ev::offline, move |_| self.online.set(false));
        window_event_listener(ev::pointerdown, move |_| self.touched());
        window_event_listener(ev::keydown, move |_| self.touched());
    }

    /// Someone is there: what they look at stays.
    fn touched(self) {
        feedback::wake();
        if self.returning.get_untracked().is_some() {
            self.returning.set(None);
        }
    }

    pub(crate) fn toggle_sound(self) {
        let on = !self.sound.get_untracked();
        self.sound.set(on);
        feedback::keep_sound(on);
    }

    pub(crate) fn validate(self, code: String) {
        if code.trim().is_empty() {
            return;
        }
        self.send(VALIDATE, vec![("code", code)], nothing());
    }

    pub(crate) fn confirm(self, confirm: Confirmable) {
        let fields = vec![
            ("redemption", confirm.redemption.to_string()),
            ("ticket", confirm.ticket),
        ];
        self.send(CONFIRM, fields, self.shown());
    }

    pub(crate) fn credit(self, sale: Sale) {
        let fields = vec![
            ("member", sale.member.clone()),
            ("amount", sale.amount.text.clone()),
            ("receipt", sale.receipt.text.clone()),
        ];
        let sale = Some(sale);
        let unasked = TillAnswer {
            sale,
            ..self.shown()
        };
        self.send(ACCRUE, fields, unasked);
    }

    /// Asks whether the attendant means it.
    pub(crate) fn ask_to_reverse(self, accrual: AccrualId, what: String) {
        let question = self.texts.with_value(|texts| TillAnswer {
            reverse: Some(accrual),
            ..TillAnswer::new(
                TillTone::Ask,
                texts.reverse_question.clone(),
                what,
                texts.reverse_detail.clone(),
            )
        });
        self.answer.set(Some(question));
        show_from_the_top();
    }

    pub(crate) fn reverse(self, accrual: AccrualId) {
        let fields = vec![("accrual", accrual.to_string())];
        self.send(REVERSE, fields, self.shown());
    }

    /// Back to scanning.
    pub(crate) fn next(self) {
        self.touched();
        self.clear();
        self.answer.set(None);
    }

    /// Asks the server. Without an answer the till shows that over what it was asked to do, so that it can be
    /// asked again: whoever asks twice is told that it was done before.
    fn send(self, address: &'static str, fields: Vec<(&'static str, String)>, unasked: TillAnswer) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            let answer = match ask(address, &fields).await {
                Ok(answer) => answer,
                Err(Unanswered::Limited(seconds)) => self.limited(seconds, unasked),
                Err(Unanswered::Lost) => self.lost(unasked),
            };
            self.show(answer);
        });
    }

    fn show(self, answer: TillAnswer) {
        self.busy.set(false);
        if let Some(recent) = answer.recent.clone() {
            self.recent.set(recent);
        }
        feedback::tell(answer.tone, self.sound.get_untracked());
        if answer.tone == TillTone::Done {
            self.clear();
            self.return_soon();
        }
        if answer.sale.is_none() {
            show_from_the_top();
        }
        self.answer.set(Some(answer));
    }

    /// Goes back to scanning after a while, unless someone touches the device or the next success comes.
    fn return_soon(self) {
        self.successes.update_value(|count| *count += 1);
        let this = Some(self.successes.get_value());
        self.returning.set(this);
        let back = move || {
            if self.returning.get_untracked() == this {
                self.returning.set(None);
                self.answer.set(None);
            }
        };
        set_timeout(back, BACK_TO_SCANNING);
    }

    fn clear(self) {
        if let Some(field) = self.field.get_untracked() {
            field.set_value("");
        }
    }

    fn shown(self) -> TillAnswer {
        self.answer.get_untracked().unwrap_or_else(nothing)
    }

    fn lost(self, unasked: TillAnswer) -> TillAnswer {
        self.texts.with_value(|texts| TillAnswer {
            tone: TillTone::Lost,
            word: texts.offline.clone(),
            detail: texts.offline_detail.clone(),
            ..unasked
        })
    }

    fn limited(self, seconds: u32, unasked: TillAnswer) -> TillAnswer {
        self.texts.with_value(|texts| TillAnswer {
            tone: TillTone::Limited,
            word: texts.limited.clone(),
            detail: texts.limited_detail.replace("{}", &seconds.to_string()),
            ..unasked
        })
    }
}

fn nothing() -> TillAnswer {
    let none = String::new;
    TillAnswer::new(TillTone::Lost, none(), none(), none())
}

/// A result is read whole, wherever on the page the attendant was.
fn show_from_the_top() {
    window().scroll_to_with_x_and_y(0.0, 0.0);
}
