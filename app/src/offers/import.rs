//! Offers from a spreadsheet: the file, what it will do, and what it did.

use domain::{
    error::ErrorCode,
    fields::FieldProblem,
    ids::ImportId,
    offers::{Category, DEFAULT_LIFETIME_MINUTES, DEFAULT_MAX_PER_USER},
};
use leptos::prelude::*;
use leptos_meta::Title;
use services::{
    identity::actors::Manager,
    offers::{
        import::{self, Imported, Planned, Review},
        table::{self, Flaw},
    },
};

use super::{
    actions::ImportOffers,
    files::{EXPORT, UPLOAD},
};
use crate::{
    error::AppError,
    site::{
        format,
        forms::Attempt,
        load::page,
        messages,
        request::{actor, param, services, visitor},
    },
    tr,
    ui::{
        BackLink, Badge, Button, ButtonKind, Card, Cell, DataTable, FileField, HiddenInput,
        LinkButton, Notice, PageHeader, Row, Tone,
    },
};

/// Where a file is sent from.
const PATH: &str = "/manage/offers/import";
/// So many rows or flaws are listed; the rest is counted.
const LISTED: usize = 50;

/// The form that sends a file, and what a file holds.
#[component]
pub fn ImportPage() -> impl IntoView {
    let services = services();
    let manager = actor::<Manager>();
    view! {
        <Title text=tr!("import-title") />
        <main id="content" class="page" tabindex="-1">
            <BackLink href="/manage/offers" label=tr!("manage-title") />
            {page(async move {
                manager?;
                // Made here, so that sending the file twice keeps it once.
                let id = services.new_id().to_string();
                Ok(view! {
                    <PageHeader title=tr!("import-title") lead=tr!("import-lead") />
                    {upload_form(id)}
                    {columns()}
                }
                .into_any())
            })}
        </main>
    }
}

fn upload_form(id: String) -> impl IntoView {
    let attempt = Attempt::at(UPLOAD);
    let hint = tr!(
        "import-hint",
        rows = format::number(table::MOST_ROWS.try_into().unwrap_or(i64::MAX)),
        megabytes = i64::from(import::MEGABYTES)
    );
    view! {
        {attempt.notice()}
        <form class="form" method="post" action=UPLOAD enctype="multipart/form-data">
            <HiddenInput name="id" value=id />
            <FileField
                label=tr!("import-file")
                name="file"
                accept=".csv,text/csv"
                error=attempt.problem("file")
                hint
            />
            <div class="form-actions">
                <Button icon=icondata_lu::LuFileSearch>{tr!("import-check")}</Button>
                <LinkButton href=EXPORT kind=ButtonKind::Secondary icon=icondata_lu::LuDownload>
                    {tr!("manage-export")}
                </LinkButton>
            </div>
        </form>
    }
}

/// What each column holds.
fn columns() -> impl IntoView {
    let headings = [tr!("column-column"), tr!("column-holds")];
    let rows = table::columns()
        .into_iter()
        .map(|column| {
            let [name, holds] = headings.clone();
            let required = table::is_required(column).then(
                || view! { " " <Badge tone=Tone::Info text=tr!("import-columns-required") /> },
            );
            view! {
                <Row>
                    <Cell label=name><code>{column}</code> {required}</Cell>
                    <Cell label=holds>{meaning(column)}</Cell>
                </Row>
            }
        })
        .collect_view();
    view! {
        <Card title=tr!("import-columns") icon=icondata_lu::LuColumns3>
            <p class="muted">{tr!("import-columns-text")}</p>
            <DataTable caption=tr!("import-columns") columns=headings.to_vec()>{rows}</DataTable>
        </Card>
    }
}

fn meaning(column: &str) -> String {
    match column {
        "offer_id" => tr!("import-column-offer-id"),
        "version" => tr!("import-column-version"),
        "name" => tr!("import-column-name"),
        "description" => tr!("import-column-description"),
        "terms_and_conditions" => tr!("import-column-terms"),
        "category" => tr!("import-column-category", choices = categories()),
        "points_cost" => tr!("import-column-cost"),
        "stock_quantity" => tr!("import-column-stock"),
        "max_redemptions_per_user" => {
            tr!("import-column-most", n = i64::from(DEFAULT_MAX_PER_USER))
        }
        "lifetime_minutes" => {
            tr!(
                "import-column-lifetime",
                n = i64::from(DEFAULT_LIFETIME_MINUTES)
            )
        }
        "valid_from" => tr!(
            "import-column-from",
            zone = visitor().zone.name().replace('_', " ")
        ),
        _ => tr!("import-column-to"),
    }
}

fn categories() -> String {
    let names: Vec<_> = Category::ALL.iter().map(|each| each.as_str()).collect();
    names.join(", ")
}

/// A file that was uploaded: what is wrong with it, what it will do, or what it did.
#[component]
pub fn ReviewPage() -> impl IntoView {
    let services = services();
    let manager = actor::<Manager>();
    let id = param::<ImportId>("import");
    view! {
        <Title text=tr!("import-review-title") />
        <main id="content" class="page" tabindex="-1">
            <BackLink href=PATH label=tr!("import-title") />
            {page(async move {
                let (manager, id) = (manager?, id?);
                let found = import::review(&services, manager, id).await?;
                let review = match found.ok_or_else(|| AppError::new(ErrorCode::NotFound))? {
                    Review::Imported(imported) => done(imported).into_any(),
                    Review::Flawed(flaws) => flawed(&flaws).into_any(),
                    Review::Ready { rows, before } => {
                        let before = before.map(|at| format::ago(at, services.now()));
                        ready(id, rows, before).into_any()
                    }
                };
                Ok(view! {
                    <PageHeader title=tr!("import-review-title") />
                    {review}
                }
                .into_any())
            })}
        </main>
    }
}

fn done(imported: Imported) -> impl IntoView {
    let told = tr!(
        "import-ready",
        made = i64::from(imported.made),
        changed = i64::from(imported.changed)
    );
    view! {
        <Notice tone=Tone::Success title=tr!("import-done-title")>
            <p>{told}</p>
        </Notice>
        <div class="cluster">
            <LinkButton href="/manage/offers" kind=ButtonKind::Primary>{tr!("manage-title")}</LinkButton>
            <LinkButton href=PATH kind=ButtonKind::Secondary>{tr!("import-another")}</LinkButton>
        </div>
    }
}

fn flawed(flaws: &[Flaw]) -> impl IntoView + use<> {
    let attempt = Attempt::of(ServerAction::<ImportOffers>::new());
    let headings = [tr!("column-where"), tr!("column-column"), tr!("column-fix")];
    let rows = flaws
        .iter()
        .take(LISTED)
        .map(|flaw| {
            let [place, column, fix] = headings.clone();
            let name = flaw
                .column
                .clone()
                .map(|name| view! { <code>{name}</code> });
            let line = i64::try_from(flaw.line).unwrap_or(i64::MAX);
            let (at, what) = (tr!("import-line", n = line), words(flaw));
            view! {
                <Row>
                    <Cell label=place>{at}</Cell>
                    <Cell label=column>{name}</Cell>
                    <Cell label=fix>{what}</Cell>
                </Row>
            }
        })
        .collect_view();
    let title = tr!("import-flawed-title", n = count(flaws.len()));
    view! {
        {attempt.notice()}
        <Notice tone=Tone::Error title=title>
            <p>{tr!("import-flawed-text")}</p>
        </Notice>
        <DataTable caption=tr!("column-fix") columns=headings.to_vec()>{rows}</DataTable>
        {more(flaws.len())}
        <div class="cluster">
            <LinkButton href=PATH kind=ButtonKind::Primary>{tr!("import-another")}</LinkButton>
        </div>
    }
}

/// What is wrong, as it is said of a table rather than of a form.
fn words(flaw: &Flaw) -> String {
    let of_names = flaw.line == 1;
    match &flaw.problem {
        FieldProblem::NotADate => tr!("import-flaw-date"),
        FieldProblem::NotAChoice => tr!("import-column-category", choices = categories()),
        FieldProblem::UnknownField => tr!("import-flaw-column-unknown"),
        FieldProblem::Required if flaw.column.is_none() => tr!("import-flaw-nothing"),
        FieldProblem::Required if of_names => tr!("import-flaw-column-missing"),
        problem => messages::problem(problem),
    }
}

fn ready(id: ImportId, plan: Vec<Planned>, before: Option<String>) -> impl IntoView {
    let action = ServerAction::<ImportOffers>::new();
    let attempt = Attempt::of(action);
    let fresh = plan.iter().filter(|it| it.row.offer.is_none()).count();
    let title = tr!(
        "import-ready",
        made = count(fresh),
        changed = count(plan.len() - fresh)
    );
    let before = before.map(|time| {
        view! { <Notice tone=Tone::Warning>{tr!("import-before", time = time)}</Notice> }
    });
    view! {
        {attempt.notice()}
        <Notice tone=Tone::Info title=title>
            <p>{tr!("import-ready-text")}</p>
        </Notice>
        {before}
        <div class="cluster">
            <ActionForm action>
                <HiddenInput name="id" value=id.to_string() />
                <Button icon=icondata_lu::LuUpload>{tr!("import-now")}</Button>
            </ActionForm>
            <LinkButton href=PATH kind=ButtonKind::Secondary>{tr!("import-another")}</LinkButton>
        </div>
        {plan_table(&plan)}
        {more(plan.len())}
    }
}

fn plan_table(plan: &[Planned]) -> impl IntoView + use<> {
    let headings = [
        tr!("column-offer"),
        tr!("column-effect"),
        tr!("column-cost"),
        tr!("column-line"),
    ];
    let rows = plan
        .iter()
        .take(LISTED)
        .map(|Planned { row, .. }| {
            let [offer, effect, cost, line] = headings.clone();
            let (name, points, at) = (row.draft.name.clone(), row.draft.points_cost, row.line);
            let (tone, word) = match row.offer {
                None => (Tone::Success, tr!("import-row-new")),
                Some(_) => (Tone::Info, tr!("import-row-change")),
            };
            view! {
                <Row>
                    <Cell label=offer>{name}</Cell>
                    <Cell label=effect><Badge tone text=word /></Cell>
                    <Cell label=cost numeric=true>{format::points(points)}</Cell>
                    <Cell label=line numeric=true>{at}</Cell>
                </Row>
            }
        })
        .collect_view();
    view! {
        <DataTable caption=tr!("import-review-title") columns=headings.to_vec() numeric=&[2, 3]>{rows}</DataTable>
    }
}

/// How many are not listed.
fn more(all: usize) -> Option<impl IntoView> {
    let more = all.checked_sub(LISTED).filter(|more| *more > 0)?;
    Some(view! { <p class="muted">{tr!("import-more", n = count(more))}</p> })
}

/// A count as translations take it.
fn count(of: usize) -> i64 {
    i64::try_from(of).unwrap_or(i64::MAX)
}
