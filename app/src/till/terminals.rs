//! A manager's terminals: the shared devices that people sign in on with a PIN.

use leptos::prelude::*;
use leptos_meta::Title;
use services::{
    identity::{
        actors::Manager,
        terminals::{self, Listed, Terminal},
    },
    stations::{self, Station},
};

use super::{
    actions::{CreateTerminal, RetireTerminal},
    device,
};
use crate::{
    identity::actions::SignOut,
    site::{
        format,
        forms::Attempt,
        load::page,
        request::{actor, query, services},
    },
    tr,
    ui::{
        BackLink, Badge, Button, ButtonKind, Card, Cell, DataTable, Field, HiddenInput, Notice,
        PageHeader, Row, Select, Tone,
    },
};

/// The list, and the form that makes this device one of them.
#[component]
pub fn TerminalsPage() -> impl IntoView {
    let services = services();
    let manager = actor::<Manager>();
    let done = done_notice();
    view! {
        <Title text=tr!("terminals-title") />
        <main id="content" class="page" tabindex="-1">
            <BackLink href="/till" label=tr!("till-title") />
            {page(async move {
                let manager = manager?;
                let here = device::here()
                    .await?
                    .filter(|terminal| terminal.merchant() == manager.merchant());
                let all = terminals::list(&services, manager).await?;
                let stations = stations::of_merchant(services.db(), manager.merchant()).await?;
                Ok(view! {
                    <PageHeader title=tr!("terminals-title") lead=tr!("terminals-lead") />
                    {done}
                    <div class="split">
                        {list(all, here.as_ref())}
                        {this_device(here.as_ref(), stations)}
                    </div>
                }
                .into_any())
            })}
        </main>
    }
}

fn done_notice() -> Option<impl IntoView> {
    let text = match query("done")?.as_str() {
        "created" => tr!("terminals-created"),
        _ => tr!("terminals-retired"),
    };
    Some(view! { <Notice tone=Tone::Success title=text /> })
}

fn list(all: Vec<Listed>, here: Option<&Terminal>) -> impl IntoView + use<> {
    if all.is_empty() {
        return view! { <p class="muted">{tr!("terminals-none")}</p> }.into_any();
    }
    let columns = [
        tr!("column-name"),
        tr!("column-station"),
        tr!("column-since"),
        tr!("column-actions"),
    ];
    let rows = all
        .into_iter()
        .map(|terminal| {
            let [name, station, since, _] = columns.clone();
            let this = here
                .is_some_and(|here| here.id() == terminal.id)
                .then(|| view! { <Badge tone=Tone::Info text=tr!("terminals-this") /> });
            let about = tr!("terminals-retire-named", name = terminal.name.as_str());
            view! {
                <Row>
                    <Cell label=name>{terminal.name} " " {this}</Cell>
                    <Cell label=station>{terminal.station.unwrap_or_else(|| "—".into())}</Cell>
                    <Cell label=since>{format::date(terminal.created_at, format::zone())}</Cell>
                    <Cell label="">
                        <ActionForm action={ServerAction::<RetireTerminal>::new()}>
                            <HiddenInput name="terminal" value=terminal.id.to_string() />
                            <Button kind=ButtonKind::Quiet attr:aria-label=about>{tr!("terminals-retire")}</Button>
                        </ActionForm>
                    </Cell>
                </Row>
            }
        })
        .collect_view();
    view! { <DataTable caption=tr!("terminals-title") columns=columns.to_vec()>{rows}</DataTable> }
        .into_any()
}

fn this_device(here: Option<&Terminal>, stations: Vec<Station>) -> impl IntoView + use<> {
    match here {
        Some(here) => {
            let text = tr!("terminals-this-is", name = here.name());
            view! {
                <Card title=tr!("terminals-this")>
                    <p>{text}</p>
                    <p>{tr!("terminals-hand-over")}</p>
                    <ActionForm action={ServerAction::<SignOut>::new()}>
                        <Button kind=ButtonKind::Secondary>{tr!("sign-out")}</Button>
                    </ActionForm>
                </Card>
            }
            .into_any()
        }
        None => name_form(stations).into_any(),
    }
}

fn name_form(stations: Vec<Station>) -> impl IntoView {
    let action = ServerAction::<CreateTerminal>::new();
    let attempt = Attempt::of(action);
    let stations = std::iter::once((String::new(), tr!("terminals-no-station")))
        .chain(
            stations
                .into_iter()
                .map(|station| (station.id.to_string(), station.name)),
        )
        .collect();
    view! {
        <Card title=tr!("terminals-new")>
            <p>{tr!("terminals-new-text")}</p>
            {attempt.notice()}
            <ActionForm action attr:class="form">
                <Field
                    label=tr!("terminals-name")
                    name="name"
                    value=attempt.typed("name")
                    error=attempt.problem("name")
                    hint=tr!("terminals-name-hint")
                    maxlength=40u32
                    required=true
                />
                <Select
                    label=tr!("column-station")
                    name="station"
                    options=stations
                    selected=attempt.typed("station")
                    error=attempt.problem("station")
                />
                <div class="form-actions">
                    <Button>{tr!("terminals-create")}</Button>
                </div>
            </ActionForm>
        </Card>
    }
}
