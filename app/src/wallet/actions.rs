//! What the adjustments' forms do.

use domain::{
    account::Email,
    error::ErrorCode,
    fields::{FieldProblem, Problems},
    ids::AdjustmentId,
};
use leptos::prelude::*;
use leptos_axum::redirect;
use services::{
    identity::actors::Admin,
    wallet::adjustments::{self, Adjustment, Refusal},
};

use crate::{
    error::AppError,
    site::request::{actor, services},
};

/// Asks for an adjustment of the points of whoever has this address. The page made `id`: sent twice, the form
/// asks once.
#[server(prefix = "/api", endpoint = "adjustments/request")]
pub async fn request_adjustment(
    id: AdjustmentId,
    email: String,
    amount: String,
    reason: String,
    lot: String,
) -> Result<(), AppError> {
    let services = services();
    let admin = actor::<Admin>()?;
    let keep = |error: AppError| {
        error.keeping([
            ("email", &email),
            ("amount", &amount),
            ("reason", &reason),
            ("lot", &lot),
        ])
    };
    let adjustment = Adjustment::read(&amount, &reason, &lot);
    let address = Email::try_from(email.as_str());
    let (Ok(adjustment), Ok(address)) = (&adjustment, &address) else {
        let mut problems = adjustment.err().unwrap_or_default();
        problems.take("email", address);
        return Err(keep(AppError::invalid(problems)));
    };
    let unknown = || AppError::invalid(Problems::one("email", FieldProblem::Unknown));
    let consumer = adjustments::consumer(&services, admin, address)
        .await
        .map_err(|fault| keep(fault.into()))?
        .ok_or_else(|| keep(unknown()))?;
    let status = adjustments::request(&services, admin, id, consumer, adjustment)
        .await
        .map_err(|refusal| {
            keep(match refusal {
                Refusal::NotFound => unknown(),
                refusal => refused(refusal),
            })
        })?;
    redirect(&format!("/admin/adjustments?done={status}"));
    Ok(())
}

/// Approves or rejects an adjustment.
#[server(prefix = "/api", endpoint = "adjustments/decide")]
pub async fn decide_adjustment(id: AdjustmentId, approve: bool) -> Result<(), AppError> {
    let status = adjustments::decide(&services(), actor::<Admin>()?, id, approve)
        .await
        .map_err(refused)?;
    redirect(&format!("/admin/adjustments?done={status}"));
    Ok(())
}

fn refused(refusal: Refusal) -> AppError {
    AppError::new(match refusal {
        Refusal::NotFound => ErrorCode::NotFound,
        Refusal::Insufficient => ErrorCode::InsufficientBalance,
        Refusal::KeyReused => ErrorCode::IdempotencyKeyReused,
        Refusal::Own => ErrorCode::SecondAdminRequired,
        Refusal::Decided => ErrorCode::InvalidState,
        Refusal::Fault(fault) => return fault.into(),
    })
}
