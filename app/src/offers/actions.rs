//! What the offer pages' forms do.

use domain::{
    error::ErrorCode,
    fields::{FieldProblem, Problems},
    ids::{IdempotencyKey, ImportId, OfferId},
    offers::{OfferForm, OfferStatus},
    points::Points,
};
use leptos::prelude::*;
use leptos_axum::redirect;
use services::{
    identity::actors::{Consumer, Manager},
    offers::{import, manage, pictures, redeem},
};

use crate::{
    error::AppError,
    site::{
        caller::caller,
        format::{HOME_ZONE, from_input_date_time},
        messages,
        request::{actor, services, visitor},
    },
};

/// Redeems an offer and shows the code.
#[server(prefix = "/api", endpoint = "offers/redeem")]
pub async fn redeem(
    offer: OfferId,
    key: IdempotencyKey,
    cost: Option<i64>,
) -> Result<(), AppError> {
    let consumer = actor::<Consumer>()?;
    let seen_cost = cost.and_then(|cost| Points::try_from(cost).ok());
    let caller = caller()?;
    let told = redeem::ask(&services(), consumer, offer, key, seen_cost).await;
    if let Some(standing) = told.standing {
        caller.tell(standing);
    }
    let redeemed = told.answer.map_err(|refusal| {
        let in_doubt = matches!(refusal, redeem::Refusal::Fault(_));
        let error = AppError::from(refusal);
        // It may have happened all the same: the next try must be the same request.
        if in_doubt {
            error.keeping([("key", &key.to_string())])
        } else {
            error
        }
    })?;
    redirect(&format!("/redemptions/{}", redeemed.redemption));
    Ok(())
}

impl From<redeem::Refusal> for AppError {
    fn from(refusal: redeem::Refusal) -> Self {
        match refusal {
            redeem::Refusal::NotFound => Self::new(ErrorCode::NotFound),
            redeem::Refusal::NotAvailable => Self::new(ErrorCode::OfferNotAvailable),
            redeem::Refusal::PriceChanged { required } => {
                Self::new(ErrorCode::PriceChanged).figure("required", required.get())
            }
            redeem::Refusal::OutOfStock => Self::new(ErrorCode::OutOfStock),
            redeem::Refusal::LimitReached { limit } => {
                Self::new(ErrorCode::MaxRedemptionsReached).figure("limit", limit.into())
            }
            redeem::Refusal::InsufficientBalance {
                required,
                available,
            } => Self::new(ErrorCode::InsufficientBalance)
                .figure("required", required.get())
                .figure("available", available.get()),
            redeem::Refusal::KeyReused => Self::new(ErrorCode::IdempotencyKeyReused),
            redeem::Refusal::TooMany(too_many) => too_many.into(),
            redeem::Refusal::Fault(fault) => fault.into(),
        }
    }
}

/// Stores a manager's offer: a new draft without `id`, else an edit of the version that was opened.
#[server(prefix = "/api", endpoint = "offers/save")]
pub async fn save_offer(
    id: Option<OfferId>,
    version: Option<i32>,
    offer: OfferForm,
    valid_from: String,
    valid_to: String,
    zone: Option<String>,
) -> Result<(), AppError> {
    let services = services();
    let manager = actor::<Manager>()?;
    let (zone_name, version_text) = (
        zone.unwrap_or_default(),
        version
            .map(|version| version.to_string())
            .unwrap_or_default(),
    );
    let keep = |error: AppError| {
        // After a conflict the form is saved on top of the other's edit, which its reader has been told of;
        // after any other failure it still stands on the version that was opened.
        let version = if error.code == ErrorCode::EditConflict {
            ""
        } else {
            &version_text
        };
        error.keeping([
            ("version", version),
            ("zone", &zone_name),
            ("name", &offer.name),
            ("description", &offer.description),
            ("terms", &offer.terms),
            ("category", &offer.category),
            ("points_cost", &offer.points_cost),
            ("stock_quantity", &offer.stock_quantity),
            ("max_per_user", &offer.max_per_user),
            ("lifetime_minutes", &offer.lifetime_minutes),
            ("valid_from", &valid_from),
            ("valid_to", &valid_to),
        ])
    };
    // As the form was drawn: the reader's zone may have become known since.
    let zone = zone_name.parse().unwrap_or(HOME_ZONE);
    let time = |text: &str| from_input_date_time(text, zone).ok_or(FieldProblem::NotADate);
    let draft = offer
        .check(time(&valid_from), time(&valid_to))
        .map_err(|problems| keep(AppError::invalid(problems)))?;
    let saved = match id {
        Some(id) => {
            let version = version.ok_or_else(|| {
                AppError::invalid(Problems::one("version", FieldProblem::Required))
            })?;
            manage::edit(&services, manager, id, version, &draft)
                .await
                .map_err(|refusal| keep(refusal.into()))?;
            id
        }
        None => manage::create(&services, manager, &draft).await?,
    };
    redirect(&format!("/manage/offers/{saved}?saved=1"));
    Ok(())
}

/// Publishes, pauses, resumes or archives an offer.
#[server(prefix = "/api", endpoint = "offers/set-status")]
pub async fn set_offer_status(id: OfferId, status: OfferStatus) -> Result<(), AppError> {
    manage::set_status(&services(), actor::<Manager>()?, id, status).await?;
    redirect(&format!("/manage/offers/{id}?saved=1"));
    Ok(())
}

/// Copies an offer, and opens the copy. `copy` is made by the page, so that two taps make one copy.
#[server(prefix = "/api", endpoint = "offers/copy")]
pub async fn copy_offer(id: OfferId, copy: OfferId) -> Result<(), AppError> {
    let mark = messages::copy_mark(visitor().locale);
    manage::copy(&services(), actor::<Manager>()?, id, copy, &mark).await?;
    redirect(&format!("/manage/offers/{copy}"));
    Ok(())
}

/// Takes an offer's picture away.
#[server(prefix = "/api", endpoint = "offers/remove-picture")]
pub async fn remove_picture(id: OfferId) -> Result<(), AppError> {
    pictures::remove(&services(), actor::<Manager>()?, id).await?;
    redirect(&format!("/manage/offers/{id}?saved=1"));
    Ok(())
}

/// Imports the offers of a file that was uploaded.
#[server(prefix = "/api", endpoint = "offers/import")]
pub async fn import_offers(id: ImportId) -> Result<(), AppError> {
    import::import(&services(), actor::<Manager>()?, id).await?;
    redirect(&format!("/manage/offers/import/{id}"));
    Ok(())
}

impl From<import::Refusal> for AppError {
    fn from(refusal: import::Refusal) -> Self {
        match refusal {
            import::Refusal::Unreadable(problem) => Self::invalid(Problems::one("file", problem)),
            import::Refusal::NotFound => Self::new(ErrorCode::NotFound),
            // The page that comes back says what has changed.
            import::Refusal::Flawed(_) | import::Refusal::Changed => {
                Self::new(ErrorCode::InvalidState)
            }
            import::Refusal::Fault(fault) => fault.into(),
        }
    }
}

impl From<manage::Refusal> for AppError {
    fn from(refusal: manage::Refusal) -> Self {
        match refusal {
            manage::Refusal::NotFound => Self::new(ErrorCode::NotFound),
            manage::Refusal::Invalid(problems) => Self::invalid(problems),
            manage::Refusal::Conflict => Self::new(ErrorCode::EditConflict),
            manage::Refusal::WrongStatus(_) => Self::new(ErrorCode::InvalidState),
            manage::Refusal::Pending { pending } => {
                Self::new(ErrorCode::OfferHasPendingRedemptions).figure("pending", pending)
            }
            manage::Refusal::Fault(fault) => fault.into(),
        }
    }
}
