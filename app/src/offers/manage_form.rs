//! The form that creates and edits an offer.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::{
    ids::OfferId,
    offers::{Category, DEFAULT_LIFETIME_MINUTES, DEFAULT_MAX_PER_USER, OfferForm},
};
use leptos::prelude::*;
use services::offers::manage::Editable;

use super::{actions::SaveOffer, cards::category_name};
use crate::{
    site::{
        format::{input_date_time, zone},
        forms::Attempt,
        request::site,
    },
    tr,
    ui::{Button, Field, HiddenInput, Select, TextArea},
};

/// What the form shows before anything is typed.
pub(super) struct Opened {
    id: Option<(OfferId, i32)>,
    offer: OfferForm,
    valid_from: DateTime<Utc>,
    valid_to: DateTime<Utc>,
}

impl Opened {
    /// A new offer, with the usual figures filled in.
    pub(super) fn blank(now: DateTime<Utc>) -> Self {
        Self {
            id: None,
            offer: OfferForm {
                category: Category::Food.to_string(),
                max_per_user: DEFAULT_MAX_PER_USER.to_string(),
                lifetime_minutes: DEFAULT_LIFETIME_MINUTES.to_string(),
                ..OfferForm::default()
            },
            valid_from: now,
            valid_to: now + TimeDelta::days(90),
        }
    }

    /// An offer that is there already.
    pub(super) fn existing(id: OfferId, offer: &Editable) -> Self {
        let draft = &offer.draft;
        Self {
            id: Some((id, offer.version)),
            offer: OfferForm {
                name: draft.name.clone(),
                description: draft.description.clone(),
                terms: draft.terms.clone(),
                category: draft.category.to_string(),
                points_cost: draft.points_cost.to_string(),
                stock_quantity: draft
                    .stock_quantity
                    .map(|units| units.to_string())
                    .unwrap_or_default(),
                max_per_user: draft.max_per_user.to_string(),
                lifetime_minutes: draft.lifetime_minutes.to_string(),
            },
            valid_from: draft.valid_from,
            valid_to: draft.valid_to,
        }
    }
}

/// The form, with what the last try typed and what was wrong with it.
pub(super) fn offer_form(opened: Opened) -> impl IntoView {
    let action = ServerAction::<SaveOffer>::new();
    let attempt = Attempt::of(action);
    let Opened {
        id,
        offer,
        valid_from,
        valid_to,
    } = opened;
    let identity = id.map(|(id, version)| {
        let opened = attempt.typed_or("version", "");
        let version = if opened.is_empty() {
            version.to_string()
        } else {
            opened
        };
        view! {
            <HiddenInput name="id" value=id.to_string() />
            <HiddenInput name="version" value=version />
        }
    });
    let zone: Tz = attempt.typed_or("zone", "").parse().unwrap_or(zone());
    let notice = attempt.notice();
    let texts = texts(&attempt, &offer);
    let figures = figures(&attempt, &offer);
    let window = view! {
        <div class="form-row">
            {moment(&attempt, tr!("offer-valid-from"), "valid_from", valid_from, zone)}
            {moment(&attempt, tr!("offer-valid-to"), "valid_to", valid_to, zone)}
        </div>
    };
    view! {
        {notice}
        <ActionForm action attr:class="form">
            {identity}
            <HiddenInput name="zone" value=zone.name() />
            {texts}
            {figures}
            {window}
            <div class="form-actions">
                <Button>{tr!("manage-save")}</Button>
            </div>
        </ActionForm>
    }
}

fn texts(attempt: &Attempt, offer: &OfferForm) -> impl IntoView + use<> {
    let categories = Category::ALL
        .iter()
        .map(|each| (each.to_string(), category_name(*each)))
        .collect::<Vec<_>>();
    view! {
        <Field
            label=tr!("offer-name")
            name="offer[name]"
            value=attempt.typed_or("name", &offer.name)
            error=attempt.problem("name")
            minlength=3u32
            maxlength=80u32
            required=true
        />
        <TextArea
            label=tr!("offer-description")
            name="offer[description]"
            value=attempt.typed_or("description", &offer.description)
            error=attempt.problem("description")
            maxlength=1000u32
            rows=4u32
            required=true
        />
        <TextArea
            label=tr!("offer-terms")
            name="offer[terms]"
            value=attempt.typed_or("terms", &offer.terms)
            error=attempt.problem("terms")
            maxlength=4000u32
            rows=4u32
        />
        <Select
            label=tr!("offer-category")
            name="offer[category]"
            options=categories
            selected=attempt.typed_or("category", &offer.category)
            error=attempt.problem("category")
        />
    }
}

fn figures(attempt: &Attempt, offer: &OfferForm) -> impl IntoView + use<> {
    view! {
        <div class="form-row">
            {whole(
                attempt,
                tr!("offer-cost", unit = site().points_name),
                ("points_cost", "offer[points_cost]"),
                &offer.points_cost,
            )}
            <Field
                label=tr!("offer-stock-quantity")
                name="offer[stock_quantity]"
                kind="number"
                inputmode="numeric"
                min="1"
                value=attempt.typed_or("stock_quantity", &offer.stock_quantity)
                error=attempt.problem("stock_quantity")
                hint=tr!("offer-stock-hint")
            />
        </div>
        <div class="form-row">
            {whole(
                attempt,
                tr!("offer-limit"),
                ("max_per_user", "offer[max_per_user]"),
                &offer.max_per_user,
            )}
            {whole(
                attempt,
                tr!("offer-lifetime-minutes"),
                ("lifetime_minutes", "offer[lifetime_minutes]"),
                &offer.lifetime_minutes,
            )}
        </div>
    }
}

/// A required whole number, by the names of the field and of its input.
fn whole(
    attempt: &Attempt,
    label: String,
    (field, name): (&str, &'static str),
    value: &str,
) -> impl IntoView + use<> {
    view! {
        <Field
            label
            name
            kind="number"
            inputmode="numeric"
            min="1"
            value=attempt.typed_or(field, value)
            error=attempt.problem(field)
            required=true
        />
    }
}

fn moment(
    attempt: &Attempt,
    label: String,
    name: &'static str,
    time: DateTime<Utc>,
    zone: Tz,
) -> impl IntoView + use<> {
    view! {
        <Field
            label
            name
            kind="datetime-local"
            value=attempt.typed_or(name, &input_date_time(time, zone))
            error=attempt.problem(name)
            hint=tr!("offer-zone-hint", zone = zone.name().replace('_', " "))
            required=true
        />
    }
}
