//! One merchant: its people and its stations.

use domain::{
    account::{Role, StaffRole},
    error::ErrorCode,
    ids::MerchantId,
};
use leptos::prelude::*;
use leptos_meta::Title;
use services::{
    identity::actors::Admin,
    merchants::{self, Member},
    stations::{self, Station},
};

use super::actions::{AddMember, AssignStation, RemoveMember};
use crate::{
    error::AppError,
    identity::account::role_name,
    site::{
        forms::Attempt,
        load::page,
        request::{actor, param, path, query, services},
    },
    tr,
    ui::{
        BackLink, Badge, Button, ButtonKind, Card, Cell, DataTable, Field, HiddenInput, Notice,
        PageHeader, Row, Select, Tone,
    },
};

/// Stations offered by one search.
const FOUND: u32 = 10;

/// Staff, stations, and the forms to change them.
#[component]
pub fn MerchantPage() -> impl IntoView {
    let services = services();
    let admin = actor::<Admin>();
    let id = param::<MerchantId>("id");
    let search = query("q");
    view! {
        <main id="content" class="page" tabindex="-1">
            <BackLink href="/admin/merchants" label=tr!("merchants-title") />
            {page(async move {
                let (admin, id) = (admin?, id?);
                let name = merchants::name(&services, id)
                    .await?
                    .ok_or_else(|| AppError::new(ErrorCode::NotFound))?;
                let staff = merchants::staff(&services, admin, id).await?;
                let own = stations::of_merchant(services.db(), id).await?;
                let found = match &search {
                    Some(text) => stations::search(services.db(), text, FOUND).await?,
                    None => Vec::new(),
                };
                Ok(view! {
                    <Title text=name.clone() />
                    <PageHeader title=name />
                    {done_notice()}
                    <div class="split">
                        {staff_section(id, staff)}
                        {invite(id)}
                    </div>
                    <div class="split">
                        {stations_section(id, own)}
                        {station_search(id, search, found)}
                    </div>
                }
                .into_any())
            })}
        </main>
    }
}

fn done_notice() -> Option<impl IntoView> {
    let text = match query("done")?.as_str() {
        "invited" => tr!("merchant-invited"),
        "removed" => tr!("merchant-removed"),
        _ => tr!("merchant-station-changed"),
    };
    Some(view! { <Notice tone=Tone::Success title=text /> })
}

fn staff_section(merchant: MerchantId, staff: Vec<Member>) -> impl IntoView {
    let columns = [
        tr!("column-name"),
        tr!("column-email"),
        tr!("column-role"),
        tr!("column-actions"),
    ];
    let rows = staff
        .into_iter()
        .map(|member| {
            let [name, email, role, _] = columns.clone();
            let invited = (!member.has_signed_up)
                .then(|| view! { <Badge tone=Tone::Info text=tr!("merchant-invitation-open") /> });
            let remove = tr!("merchant-remove-named", name = member.name.clone());
            view! {
                <Row>
                    <Cell label=name>{member.name} " " {invited}</Cell>
                    <Cell label=email>{member.email}</Cell>
                    <Cell label=role>{role_name(member.role)}</Cell>
                    <Cell label="">
                        <ActionForm action={ServerAction::<RemoveMember>::new()}>
                            <HiddenInput name="merchant" value=merchant.to_string() />
                            <HiddenInput name="user" value=member.id.to_string() />
                            <Button kind=ButtonKind::Quiet attr:aria-label=remove>{tr!("merchant-remove")}</Button>
                        </ActionForm>
                    </Cell>
                </Row>
            }
        })
        .collect_view();
    view! {
        <section class="stack">
            <h2>{tr!("merchant-staff")}</h2>
            <DataTable caption=tr!("merchant-staff") columns=columns.to_vec()>{rows}</DataTable>
        </section>
    }
}

fn invite(merchant: MerchantId) -> impl IntoView {
    let action = ServerAction::<AddMember>::new();
    let attempt = Attempt::of(action);
    let roles = StaffRole::ALL
        .iter()
        .map(|role| (role.to_string(), role_name(Role::from(*role))))
        .collect::<Vec<_>>();
    view! {
        <Card title=tr!("merchant-invite")>
            {attempt.notice()}
            <ActionForm action attr:class="form">
                <HiddenInput name="merchant" value=merchant.to_string() />
                <Field
                    label=tr!("field-name")
                    name="name"
                    value=attempt.typed("name")
                    error=attempt.problem("name")
                    maxlength=120u32
                    required=true
                />
                <Field
                    label=tr!("field-email")
                    name="email"
                    kind="email"
                    value=attempt.typed("email")
                    error=attempt.problem("email")
                    required=true
                />
                <Select
                    label=tr!("column-role")
                    name="role"
                    options=roles
                    selected=attempt.typed_or("role", StaffRole::Attendant.as_str())
                />
                <div class="form-actions">
                    <Button>{tr!("merchant-send-invitation")}</Button>
                </div>
            </ActionForm>
        </Card>
    }
}

fn stations_section(merchant: MerchantId, own: Vec<Station>) -> impl IntoView {
    let list = if own.is_empty() {
        view! { <p class="muted">{tr!("merchant-no-stations")}</p> }.into_any()
    } else {
        stations_table(merchant, own, false).into_any()
    };
    view! {
        <section class="stack">
            <h2>{tr!("merchant-stations")}</h2>
            {list}
        </section>
    }
}

fn station_search(
    merchant: MerchantId,
    search: Option<String>,
    found: Vec<Station>,
) -> impl IntoView {
    let results = match &search {
        None => ().into_any(),
        Some(_) if found.is_empty() => {
            view! { <p role="status">{tr!("merchant-no-station-found")}</p> }.into_any()
        }
        Some(_) => stations_table(merchant, found, true).into_any(),
    };
    view! {
        <Card title=tr!("merchant-add-station")>
            <form class="form" method="get" action=path() role="search">
                <Field
                    label=tr!("merchant-station-search")
                    name="q"
                    kind="search"
                    value=search.unwrap_or_default()
                    hint=tr!("merchant-station-search-hint")
                    required=true
                />
                <div class="form-actions">
                    <Button kind=ButtonKind::Secondary>{tr!("stations-search")}</Button>
                </div>
            </form>
            {results}
        </Card>
    }
}

/// Stations to add to the merchant, or to take from it.
fn stations_table(merchant: MerchantId, stations: Vec<Station>, add: bool) -> impl IntoView {
    let columns = [
        tr!("column-station"),
        tr!("column-code"),
        tr!("column-actions"),
    ];
    let rows = stations
        .into_iter()
        .map(|station| {
            let [name, code, _] = columns.clone();
            let (label, about) = if add {
                (tr!("merchant-add"), tr!("merchant-add-named", name = station.name.clone()))
            } else {
                (tr!("merchant-remove"), tr!("merchant-remove-named", name = station.name.clone()))
            };
            let own = station.merchant_id == Some(merchant);
            let taken = (add && !own && station.merchant_id.is_some())
                .then(|| view! { <Badge tone=Tone::Warning text=tr!("merchant-station-taken") /> });
            view! {
                <Row>
                    <Cell label=name><a href=format!("/stations/{}", station.id)>{station.name}</a> " " {taken}</Cell>
                    <Cell label=code>{station.permit.unwrap_or(station.code)}</Cell>
                    <Cell label="">
                        <ActionForm action={ServerAction::<AssignStation>::new()}>
                            <HiddenInput name="merchant" value=merchant.to_string() />
                            <HiddenInput name="station" value=station.id.to_string() />
                            <HiddenInput name="assigned" value=add.to_string() />
                            <Button kind=ButtonKind::Quiet disabled=add && own attr:aria-label=about>{label}</Button>
                        </ActionForm>
                    </Cell>
                </Row>
            }
        })
        .collect_view();
    view! { <DataTable caption=tr!("merchant-stations") columns=columns.to_vec()>{rows}</DataTable> }
}
