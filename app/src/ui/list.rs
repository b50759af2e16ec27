use leptos::prelude::*;

use super::Icon;

/// A table that turns into stacked, labelled rows where it has little room.
/// Its children are `Row`s of `Cell`s.
#[component]
pub fn DataTable(
    /// Says what the table holds; read out, not shown.
    #[prop(into)]
    caption: String,
    /// The headings, one per cell of a row, none of them empty.
    columns: Vec<String>,
    /// Which columns, counted from 0, hold figures; their cells say `numeric` too.
    #[prop(optional)]
    numeric: &'static [usize],
    children: Children,
) -> impl IntoView {
    let headings = columns
        .into_iter()
        .enumerate()
        .map(|(index, name)| {
            view! {
                <th scope="col" role="columnheader" class:numeric=numeric.contains(&index)>
                    {name}
                </th>
            }
        })
        .collect_view();
    // The roles repeat what the elements say, because browsers forget it once CSS stacks them.
    view! {
        <div class="table">
            <table role="table">
                <caption class="visually-hidden">{caption}</caption>
                <thead role="rowgroup">
                    <tr role="row">{headings}</tr>
                </thead>
                <tbody role="rowgroup">{children()}</tbody>
            </table>
        </div>
    }
}

/// One row of a `DataTable`.
#[component]
pub fn Row(children: Children) -> impl IntoView {
    view! { <tr role="row">{children()}</tr> }
}

/// One cell of a `DataTable`.
#[component]
pub fn Cell(
    /// The column's heading again, shown beside the value when rows are stacked; empty for
    /// a cell of buttons.
    #[prop(into)]
    label: String,
    /// A figure: aligned at the end, digits of equal width.
    #[prop(optional)]
    numeric: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <td role="cell" data-label=label class:numeric=numeric>
            {children()}
        </td>
    }
}

/// Pairs of a name and a value: the details of one thing.
#[component]
pub fn Facts(
    /// Name and value, both already in words.
    items: Vec<(String, String)>,
) -> impl IntoView {
    let items = items
        .into_iter()
        .map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> })
        .collect_view();
    view! { <dl class="facts">{items}</dl> }
}

/// One line of an account's history; put several in `<ul class="movements">`.
#[component]
pub fn Movement(
    #[prop(into)] title: String,
    /// The page about what moved it, where there is one.
    #[prop(optional_no_strip, into)]
    href: Option<String>,
    /// When, and whatever else tells it from its neighbours.
    #[prop(into)]
    detail: String,
    /// Already formatted, with its sign.
    #[prop(into)]
    amount: String,
    /// The account gained.
    incoming: bool,
) -> impl IntoView {
    let icon = if incoming {
        icondata_lu::LuArrowDownLeft
    } else {
        icondata_lu::LuArrowUpRight
    };
    let title = match href {
        Some(href) => view! { <a class="movement-title" href=href>{title}</a> }.into_any(),
        None => view! { <span class="movement-title">{title}</span> }.into_any(),
    };
    view! {
        <li class="movement" data-incoming=incoming.to_string()>
            <Icon icon />
            {title}
            <span class="movement-detail">{detail}</span>
            <b class="movement-amount">{amount}</b>
        </li>
    }
}

/// Links to the pages before and after this one; a missing link leaves its place empty.
#[component]
pub fn Pager(
    /// Names the navigation for screen readers.
    #[prop(into)]
    label: String,
    #[prop(optional_no_strip, into)] previous: Option<String>,
    #[prop(into)] previous_label: String,
    #[prop(optional_no_strip, into)] next: Option<String>,
    #[prop(into)] next_label: String,
) -> impl IntoView {
    (previous.is_some() || next.is_some()).then(|| {
        view! {
            <nav class="pager" aria-label=label>
                {previous
                    .map(|href| {
                        view! {
                            <a class="button" data-kind="secondary" rel="prev" href=href>
                                <Icon icon=icondata_lu::LuChevronLeft />
                                <span>{previous_label}</span>
                            </a>
                        }
                    })}
                {next
                    .map(|href| {
                        view! {
                            <a class="button pager-next" data-kind="secondary" rel="next" href=href>
                                <span>{next_label}</span>
                                <Icon icon=icondata_lu::LuChevronRight />
                            </a>
                        }
                    })}
            </nav>
        }
    })
}
