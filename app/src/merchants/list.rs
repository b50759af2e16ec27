//! All merchants, and the form for one more.

use leptos::prelude::*;
use leptos_meta::Title;
use services::{
    identity::actors::Admin,
    merchants::{self, Summary},
};

use super::actions::CreateMerchant;
use crate::{
    site::{
        format,
        forms::Attempt,
        load::page,
        request::{actor, services},
    },
    tr,
    ui::{Button, Card, Cell, DataTable, EmptyState, Field, PageHeader, Row},
};

/// The list.
#[component]
pub fn MerchantsPage() -> impl IntoView {
    let services = services();
    let admin = actor::<Admin>();
    view! {
        <Title text=tr!("merchants-title") />
        <main id="content" class="page" tabindex="-1">
            {page(async move {
                let merchants = merchants::list(&services, admin?).await?;
                let list = if merchants.is_empty() {
                    view! {
                        <EmptyState icon=icondata_lu::LuBuilding2 title=tr!("merchants-none-title") text=tr!("merchants-none-text") />
                    }
                    .into_any()
                } else {
                    table(merchants).into_any()
                };
                Ok(view! {
                    <PageHeader title=tr!("merchants-title") lead=tr!("merchants-lead") />
                    <div class="split">
                        {list}
                        {new_merchant()}
                    </div>
                }
                .into_any())
            })}
        </main>
    }
}

fn table(merchants: Vec<Summary>) -> impl IntoView {
    let columns = [
        tr!("column-merchant"),
        tr!("column-staff"),
        tr!("column-stations"),
        tr!("column-offers"),
    ];
    let rows = merchants
        .into_iter()
        .map(|merchant| {
            let [name, staff, stations, offers] = columns.clone();
            view! {
                <Row>
                    <Cell label=name><a href=format!("/admin/merchants/{}", merchant.id)>{merchant.name}</a></Cell>
                    <Cell label=staff numeric=true>{format::number(merchant.staff)}</Cell>
                    <Cell label=stations numeric=true>{format::number(merchant.stations)}</Cell>
                    <Cell label=offers numeric=true>{format::number(merchant.active_offers)}</Cell>
                </Row>
            }
        })
        .collect_view();
    view! {
        <DataTable caption=tr!("merchants-title") columns=columns.to_vec() numeric=&[1, 2, 3]>{rows}</DataTable>
    }
}

fn new_merchant() -> impl IntoView {
    let action = ServerAction::<CreateMerchant>::new();
    let attempt = Attempt::of(action);
    view! {
        <Card title=tr!("merchants-new")>
            {attempt.notice()}
            <ActionForm action attr:class="form">
                <Field
                    label=tr!("merchants-name")
                    name="name"
                    value=attempt.typed("name")
                    error=attempt.problem("name")
                    maxlength=120u32
                    required=true
                />
                <div class="form-actions">
                    <Button>{tr!("merchants-create")}</Button>
                </div>
            </ActionForm>
        </Card>
    }
}
