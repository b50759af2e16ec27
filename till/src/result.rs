//! What the till says, and what the attendant can do about it.

use domain::ids::AccrualId;
use leptos::{ev::SubmitEvent, html::Input, prelude::*};

use crate::{
    answer::{Confirmable, Sale, TillAnswer, Typed, sprite_icon},
    island::{ACCRUE, CONFIRM, REVERSE, TillTexts},
    state::State,
};

/// The result, or that the till is ready.
pub(crate) fn result(state: State, texts: TillTexts) -> impl IntoView {
    let shown = move || match state.answer.get() {
        None => view! {
            <p class="till-word">{texts.idle.clone()}</p>
            <p class="till-detail">{texts.idle_detail.clone()}</p>
        }
        .into_any(),
        Some(answer) => answer_view(state, answer, &texts).into_any(),
    };
    view! {
        <section
            class="till-result"
            aria-live="assertive"
            data-tone=move || state.answer.with(|answer| answer.as_ref().map(|answer| answer.tone.as_str()))
            data-returning=move || state.returning.get().map(|_| "true")
        >
            {shown}
        </section>
    }
}

fn answer_view(state: State, answer: TillAnswer, texts: &TillTexts) -> impl IntoView + use<> {
    let confirm = answer
        .confirmable()
        .cloned()
        .map(|confirm| confirm_form(state, confirm, texts));
    let sale = answer.sale.map(|sale| sale_form(state, sale, texts));
    let next = match answer.reverse {
        Some(_) => texts.keep.clone(),
        None => texts.next.clone(),
    };
    let reverse = answer
        .reverse
        .map(|accrual| reverse_form(state, accrual, texts));
    view! {
        <div class="till-says">
            <div class="till-icon">{sprite_icon(answer.tone.icon())}</div>
            <p class="till-word">{answer.word}</p>
            <p class="till-what">{answer.what}</p>
            <p class="till-detail">{answer.detail}</p>
        </div>
        <div class="till-actions">
            {confirm} {sale} {reverse}
            <a class="button button-wide" data-kind="secondary" href="/till" on:click=move |event| {
                event.prevent_default();
                state.next();
            }>
                <span>{next}</span>
            </a>
        </div>
    }
}

fn submit(state: State, label: String) -> impl IntoView {
    view! {
        <button class="button button-wide" data-kind="primary" aria-busy=move || state.busy.get().to_string()>
            <span>{label}</span>
        </button>
    }
}

fn confirm_form(state: State, confirm: Confirmable, texts: &TillTexts) -> impl IntoView + use<> {
    let kept = confirm.clone();
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        state.confirm(kept.clone());
    };
    view! {
        <form method="post" action=CONFIRM on:submit=send>
            <input type="hidden" name="redemption" value=confirm.redemption.to_string() />
            <input type="hidden" name="ticket" value=confirm.ticket />
            {submit(state, texts.confirm.clone())}
        </form>
    }
}

fn reverse_form(state: State, accrual: AccrualId, texts: &TillTexts) -> impl IntoView + use<> {
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        state.reverse(accrual);
    };
    view! {
        <form method="post" action=REVERSE on:submit=send>
            <input type="hidden" name="accrual" value=accrual.to_string() />
            {submit(state, texts.reverse_confirm.clone())}
        </form>
    }
}

fn sale_form(state: State, sale: Sale, texts: &TillTexts) -> impl IntoView + use<> {
    let (amount, receipt) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    let member = sale.member.clone();
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = |field: NodeRef<Input>| {
            let field = field.get_untracked();
            Typed::from(field.map(|field| field.value()).unwrap_or_default())
        };
        state.credit(Sale {
            member: member.clone(),
            amount: typed(amount),
            receipt: typed(receipt),
        });
    };
    // The next thing to type.
    amount.on_load(|field| {
        let _ = field.focus();
    });
    let hint = texts.amount_hint.clone();
    view! {
        <form class="till-sale" method="post" action=ACCRUE on:submit=send>
            <input type="hidden" name="member" value=sale.member />
            {field("amount", texts.amount.clone(), Some(hint), "decimal", 12, sale.amount, amount)}
            {field("receipt", texts.receipt.clone(), None, "text", 40, sale.receipt, receipt)}
            {submit(state, texts.credit.clone())}
        </form>
    }
}

fn field(
    name: &'static str,
    label: String,
    hint: Option<String>,
    inputmode: &'static str,
    maxlength: u32,
    typed: Typed,
    node: NodeRef<Input>,
) -> impl IntoView {
    let id = format!("till-{name}");
    let about = format!("{id}-about");
    let invalid = typed.problem.is_some();
    let text = typed.problem.or(hint);
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                id=id
                name=name
                class="control"
                inputmode=inputmode
                autocomplete="off"
                autocapitalize="characters"
                spellcheck="false"
                maxlength=maxlength
                required
                value=typed.text
                aria-invalid=invalid.then_some("true")
                aria-describedby=text.is_some().then(|| about.clone())
                node_ref=node
            />
            {text.map(|text| {
                let class = if invalid { "field-error" } else { "field-hint" };
                view! { <p class=class id=about>{text}</p> }
            })}
        </div>
    }
}
