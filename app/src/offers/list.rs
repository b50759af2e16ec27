//! The offers page: search, category, cost, order, paging.

use domain::{ids::MerchantId, offers::Category, points::Points};
use leptos::prelude::*;
use leptos_meta::Title;
use services::{
    identity::actors::Consumer,
    offers::browse::{self, Cursor, Filter, Sort},
    wallet,
};

use super::cards::{category_name, offer_grid};
use crate::{
    site::{
        format,
        load::page,
        request::{actor, link, query, services, site},
    },
    tr,
    ui::{
        Button, ButtonKind, Chip, EmptyState, Field, HiddenInput, LinkButton, Notice, PageHeader,
        Pager, Select, Tone,
    },
};

/// What the address asks for, kept as it was typed for the form and the links.
#[derive(Clone, Default)]
struct Asked {
    text: Option<String>,
    category: Option<Category>,
    merchant: Option<MerchantId>,
    min_cost: Option<String>,
    max_cost: Option<String>,
    sort: Sort,
    after: Option<String>,
}

impl Asked {
    fn from_query() -> Self {
        Self {
            text: query("q"),
            category: query("category").and_then(|name| name.parse().ok()),
            merchant: query("merchant").and_then(|id| id.parse().ok()),
            min_cost: query("min_cost"),
            max_cost: query("max_cost"),
            sort: query("sort")
                .map(|name| Sort::from_name(&name))
                .unwrap_or_default(),
            after: query("after"),
        }
    }

    fn filter(&self) -> Filter {
        let cost = |text: &Option<String>| {
            let cost = text.as_deref()?.parse::<i64>().ok()?;
            Points::try_from(cost).ok()
        };
        Filter {
            text: self.text.clone(),
            category: self.category,
            merchant: self.merchant,
            min_cost: cost(&self.min_cost),
            max_cost: cost(&self.max_cost),
            sort: self.sort,
            after: self.after.as_deref().and_then(Cursor::from_text),
            ..Filter::default()
        }
    }

    fn link(&self) -> String {
        let sort = (self.sort != Sort::default()).then(|| self.sort.as_str().to_owned());
        link(
            "/offers",
            [
                ("q", self.text.clone()),
                (
                    "category",
                    self.category.map(|category| category.to_string()),
                ),
                ("merchant", self.merchant.map(|id| id.to_string())),
                ("min_cost", self.min_cost.clone()),
                ("max_cost", self.max_cost.clone()),
                ("sort", sort),
                ("after", self.after.clone()),
            ],
        )
    }

    fn is_narrowed(&self) -> bool {
        self.text.is_some()
            || self.category.is_some()
            || self.merchant.is_some()
            || self.min_cost.is_some()
            || self.max_cost.is_some()
    }
}

/// All offers that are on.
#[component]
pub fn OffersPage() -> impl IntoView {
    let services = services();
    let consumer = actor::<Consumer>().ok();
    let welcome = query("welcome").map(|_| {
        view! {
            <Notice tone=Tone::Success title=tr!("welcome-title")>{tr!("welcome-text")}</Notice>
        }
    });
    view! {
        <Title text=tr!("offers-title") />
        <main id="content" class="page" tabindex="-1">
            <PageHeader title=tr!("offers-title") lead=tr!("offers-lead") />
            {welcome}
            {page(async move {
                let asked = Asked::from_query();
                let found = browse::list(&services, &asked.filter()).await?;
                let balance = match consumer {
                    Some(consumer) => Some(wallet::balance(&services, consumer).await?.available),
                    None => None,
                };
                let next = found.next.map(|cursor| {
                    Asked { after: Some(cursor.to_text()), ..asked.clone() }.link()
                });
                let first = asked.after.as_ref().map(|_| Asked { after: None, ..asked.clone() }.link());
                let merchant = found.offers.first().map(|offer| offer.merchant_name.clone());
                let results = if found.offers.is_empty() {
                    empty(&asked).into_any()
                } else {
                    offer_grid(found.offers, 2).into_any()
                };
                Ok(view! {
                    {filters(&asked, balance, merchant)}
                    {results}
                    <Pager
                        label=tr!("pager-label")
                        previous=first
                        previous_label=tr!("pager-first")
                        next
                        next_label=tr!("pager-next")
                    />
                }
                .into_any())
            })}
        </main>
    }
}

fn filters(
    asked: &Asked,
    balance: Option<Points>,
    merchant: Option<String>,
) -> impl IntoView + use<> {
    let chip = |category: Option<Category>, label: String| {
        let here = Asked {
            category,
            after: None,
            ..asked.clone()
        };
        view! { <Chip href=here.link() label current=asked.category == category /> }
    };
    let all = chip(None, tr!("category-all"));
    let chips = Category::ALL
        .iter()
        .map(|each| chip(Some(*each), category_name(*each)))
        .collect_view();
    let affordable = balance.map(|balance| {
        let max_cost = Some(balance.to_string());
        let current = asked.max_cost == max_cost;
        let here = Asked {
            max_cost: if current { None } else { max_cost },
            after: None,
            ..asked.clone()
        };
        let label = tr!(
            "offers-affordable",
            balance = format::points(balance),
            unit = site().points_name
        );
        view! { <Chip href=here.link() label current /> }
    });
    // One merchant's offers have their merchant's name; the chip takes the narrowing away.
    let merchant = merchant
        .filter(|_| asked.merchant.is_some())
        .map(|merchant| {
            let everyone = Asked {
                merchant: None,
                after: None,
                ..asked.clone()
            };
            let label = tr!("offers-of-merchant", merchant = merchant);
            view! { <Chip href=everyone.link() label current=true /> }
        });
    let sorts = vec![
        (Sort::Newest.as_str().to_owned(), tr!("sort-newest")),
        (
            Sort::CostAscending.as_str().to_owned(),
            tr!("sort-cost-ascending"),
        ),
        (
            Sort::CostDescending.as_str().to_owned(),
            tr!("sort-cost-descending"),
        ),
    ];
    let category = asked.category.map(|category| {
        view! { <HiddenInput name="category" value=category.as_str() /> }
    });
    let of_merchant = asked.merchant.map(|merchant| {
        view! { <HiddenInput name="merchant" value=merchant.to_string() /> }
    });
    view! {
        <form class="filters" method="get" action="/offers" role="search">
            {category}
            {of_merchant}
            <Field label=tr!("offers-search") name="q" kind="search" value=asked.text.clone().unwrap_or_default() />
            <Field
                label=tr!("offers-min-cost")
                name="min_cost"
                kind="number"
                inputmode="numeric"
                min="1"
                value=asked.min_cost.clone().unwrap_or_default()
            />
            <Field
                label=tr!("offers-max-cost")
                name="max_cost"
                kind="number"
                inputmode="numeric"
                min="1"
                value=asked.max_cost.clone().unwrap_or_default()
            />
            <Select label=tr!("offers-sort") name="sort" options=sorts selected=asked.sort.as_str() />
            <Button kind=ButtonKind::Secondary icon=icondata_lu::LuSearch>{tr!("offers-apply")}</Button>
        </form>
        <nav class="chips" aria-label=tr!("offers-categories")>
            {all}
            {chips}
            {affordable}
            {merchant}
        </nav>
    }
}

fn empty(asked: &Asked) -> impl IntoView + use<> {
    let narrowed = asked.is_narrowed();
    let (title, text) = if narrowed {
        (
            tr!("offers-none-found-title"),
            tr!("offers-none-found-text"),
        )
    } else {
        (tr!("offers-none-title"), tr!("offers-none-text"))
    };
    view! {
        <EmptyState
            icon=icondata_lu::LuGift
            title
            text
            action=move || {
                narrowed.then(|| view! {
                    <LinkButton href="/offers" kind=ButtonKind::Secondary>{tr!("offers-show-all")}</LinkButton>
                })
            }
        />
    }
}
