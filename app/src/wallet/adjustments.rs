//! Adjustments, as admins ask for and decide them.

use domain::{earning::LotKind, ids::AdjustmentId};
use leptos::prelude::*;
use leptos_meta::Title;
use services::{
    identity::actors::Admin,
    paging::Limit,
    wallet::adjustments::{self, AdjustmentStatus, Listed},
};

use super::{
    actions::{DecideAdjustment, RequestAdjustment},
    words::lot_name,
};
use crate::{
    site::{
        format,
        forms::Attempt,
        load::page,
        request::{actor, link, query, services},
    },
    tr,
    ui::{
        Badge, Button, ButtonKind, Card, Cell, Chip, DataTable, EmptyState, Field, HiddenInput,
        Notice, PageHeader, Pager, Row, Select, TextArea, Tone,
    },
};

/// The list, newest first, and the form for one more.
#[component]
pub fn AdjustmentsPage() -> impl IntoView {
    let services = services();
    let admin = actor::<Admin>();
    let status = query("status").and_then(|name| name.parse::<AdjustmentStatus>().ok());
    let after = query("after");
    view! {
        <Title text=tr!("adjustments-title") />
        <main id="content" class="page" tabindex="-1">
            {page(async move {
                let cursor = after.as_deref().and_then(|after| after.parse().ok());
                let (listed, next) = adjustments::list(&services, admin?, status, cursor, Limit::default()).await?;
                let list = if listed.is_empty() {
                    empty(status.is_some()).into_any()
                } else {
                    table(listed).into_any()
                };
                Ok(view! {
                    <PageHeader title=tr!("adjustments-title") lead=tr!("adjustments-lead") />
                    {done_notice()}
                    {Attempt::of(ServerAction::<DecideAdjustment>::new()).notice()}
                    <div class="split">
                        <div class="stack">
                            {chips(status)}
                            {list}
                            <Pager
                                label=tr!("pager-label")
                                previous=after.map(|_| address(status, None))
                                previous_label=tr!("pager-first")
                                next=next.map(|id| address(status, Some(id.to_string())))
                                next_label=tr!("pager-next")
                            />
                        </div>
                        {form(services.new_id().into(), &format::points(services.rules().approval_above))}
                    </div>
                }
                .into_any())
            })}
        </main>
    }
}

fn address(status: Option<AdjustmentStatus>, after: Option<String>) -> String {
    link(
        "/admin/adjustments",
        [
            ("status", status.map(|status| status.to_string())),
            ("after", after),
        ],
    )
}

fn done_notice() -> Option<impl IntoView> {
    let (tone, text) = match query("done")?.parse().ok()? {
        AdjustmentStatus::Waiting => (Tone::Info, tr!("adjustments-done-waiting")),
        AdjustmentStatus::Applied => (Tone::Success, tr!("adjustments-done-applied")),
        AdjustmentStatus::Rejected => (Tone::Success, tr!("adjustments-done-rejected")),
    };
    Some(view! { <Notice tone title=text /> })
}

fn chips(current: Option<AdjustmentStatus>) -> impl IntoView {
    let chip = |status: Option<AdjustmentStatus>, label: String| {
        view! { <Chip href=address(status, None) label current=current == status /> }
    };
    let each = AdjustmentStatus::ALL
        .iter()
        .map(|status| chip(Some(*status), status_name(*status)))
        .collect_view();
    view! {
        <nav class="chips" aria-label=tr!("column-status")>
            {chip(None, tr!("adjustments-all"))}
            {each}
        </nav>
    }
}

fn table(listed: Vec<Listed>) -> impl IntoView {
    let columns = [
        tr!("column-customer"),
        tr!("column-points"),
        tr!("column-status"),
        tr!("column-actions"),
    ];
    let rows = listed
        .into_iter()
        .map(|listed| row(columns.clone(), listed))
        .collect_view();
    view! {
        <DataTable caption=tr!("adjustments-title") columns=columns.to_vec() numeric=&[1]>{rows}</DataTable>
    }
}

fn row(columns: [String; 4], listed: Listed) -> impl IntoView {
    let [customer, points, status, _] = columns;
    let adjustment = listed.adjustment;
    let when = format::date_time(listed.requested_at, format::zone());
    let asked = format!("{} · {when}", listed.requested_by);
    let decided = listed
        .decided_by
        .map(|name| view! { <br /> <span class="small muted">{name}</span> });
    let actions = (listed.status == AdjustmentStatus::Waiting)
        .then(|| decision(listed.id, &listed.email, listed.may_approve));
    view! {
        <Row>
            <Cell label=customer>
                {listed.email} <br /> <span class="small">{adjustment.reason}</span> <br />
                <span class="small muted">{asked}</span>
            </Cell>
            <Cell label=points numeric=true>
                <span>
                    <b>{signed(adjustment.amount)}</b> <br />
                    <span class="small muted">{lot_name(adjustment.lot)}</span>
                </span>
            </Cell>
            <Cell label=status>
                <Badge tone=tone(listed.status) text=status_name(listed.status) /> {decided}
            </Cell>
            <Cell label="">{actions}</Cell>
        </Row>
    }
}

/// What a viewer may do about a waiting adjustment: who asked for it can only take it back.
fn decision(id: AdjustmentId, email: &str, may_approve: bool) -> impl IntoView + use<> {
    let (no, no_about) = if may_approve {
        (
            tr!("adjustments-reject"),
            tr!("adjustments-reject-named", email = email),
        )
    } else {
        (
            tr!("adjustments-withdraw"),
            tr!("adjustments-withdraw-named", email = email),
        )
    };
    let yes = may_approve.then(|| {
        let about = tr!("adjustments-approve-named", email = email);
        view! {
            <ActionForm action={ServerAction::<DecideAdjustment>::new()}>
                <HiddenInput name="id" value=id.to_string() />
                <HiddenInput name="approve" value="true" />
                <Button kind=ButtonKind::Secondary attr:aria-label=about>{tr!("adjustments-approve")}</Button>
            </ActionForm>
        }
    });
    view! {
        <div class="cluster">
            {yes}
            <ActionForm action={ServerAction::<DecideAdjustment>::new()}>
                <HiddenInput name="id" value=id.to_string() />
                <HiddenInput name="approve" value="false" />
                <Button kind=ButtonKind::Quiet attr:aria-label=no_about>{no}</Button>
            </ActionForm>
        </div>
    }
}

/// Points with their direction.
fn signed(amount: i64) -> String {
    let plus = if amount > 0 { "+" } else { "" };
    format!("{plus}{}", format::number(amount))
}

fn form(id: AdjustmentId, approval_above: &str) -> impl IntoView + use<> {
    let action = ServerAction::<RequestAdjustment>::new();
    let attempt = Attempt::of(action);
    let approval = tr!("adjustments-approval", amount = approval_above);
    let lots = LotKind::ALL
        .iter()
        .map(|lot| (lot.to_string(), lot_name(*lot)))
        .collect::<Vec<_>>();
    view! {
        <Card title=tr!("adjustments-new")>
            {attempt.notice()}
            <p class="small muted">{approval}</p>
            <ActionForm action attr:class="form">
                <HiddenInput name="id" value=id.to_string() />
                <Field
                    label=tr!("adjustments-email")
                    name="email"
                    kind="email"
                    value=attempt.typed("email")
                    error=attempt.problem("email")
                    autocomplete="off"
                    required=true
                />
                <Field
                    label=tr!("adjustments-amount")
                    name="amount"
                    kind="number"
                    step="1"
                    value=attempt.typed("amount")
                    error=attempt.problem("amount")
                    hint=tr!("adjustments-amount-hint")
                    required=true
                />
                <TextArea
                    label=tr!("adjustments-reason")
                    name="reason"
                    value=attempt.typed("reason")
                    error=attempt.problem("reason")
                    hint=tr!("adjustments-reason-hint")
                    maxlength=500u32
                    rows=3u32
                    required=true
                />
                <Select
                    label=tr!("adjustments-lot")
                    name="lot"
                    options=lots
                    selected=attempt.typed_or("lot", LotKind::Standard.as_str())
                    error=attempt.problem("lot")
                />
                <div class="form-actions">
                    <Button>{tr!("adjustments-ask")}</Button>
                </div>
            </ActionForm>
        </Card>
    }
}

fn empty(narrowed: bool) -> impl IntoView {
    let (title, text) = if narrowed {
        (
            tr!("adjustments-none-found-title"),
            tr!("adjustments-none-found-text"),
        )
    } else {
        (tr!("adjustments-none-title"), tr!("adjustments-none-text"))
    };
    view! { <EmptyState icon=icondata_lu::LuScale title text /> }
}

fn status_name(status: AdjustmentStatus) -> String {
    match status {
        AdjustmentStatus::Waiting => tr!("adjustment-waiting"),
        AdjustmentStatus::Applied => tr!("adjustment-applied"),
        AdjustmentStatus::Rejected => tr!("adjustment-rejected"),
    }
}

fn tone(status: AdjustmentStatus) -> Tone {
    match status {
        AdjustmentStatus::Waiting => Tone::Warning,
        AdjustmentStatus::Applied => Tone::Success,
        AdjustmentStatus::Rejected => Tone::Error,
    }
}
