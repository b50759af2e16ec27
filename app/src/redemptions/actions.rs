//! What the redemption pages' forms do.

use domain::{error::ErrorCode, ids::RedemptionId, redemptions::RedemptionStatus};
use leptos::prelude::*;
use leptos_axum::redirect;
use services::{identity::actors::Consumer, offers::cancel};

use crate::{
    error::AppError,
    site::request::{actor, services},
};

/// Takes a pending redemption back and shows it.
#[server(prefix = "/api", endpoint = "offers/cancel")]
pub async fn cancel_redemption(id: RedemptionId) -> Result<(), AppError> {
    let done = cancel::cancel(&services(), actor::<Consumer>()?, id, None, None).await;
    match done {
        // Twice cancelled is cancelled.
        Ok(_) | Err(cancel::Refusal::Final(RedemptionStatus::Cancelled)) => {}
        Err(cancel::Refusal::Final(RedemptionStatus::Confirmed)) => {
            return Err(AppError::new(ErrorCode::InvalidState));
        }
        Err(cancel::Refusal::Final(_)) => return Err(AppError::new(ErrorCode::CodeExpired)),
        Err(cancel::Refusal::NotFound) => return Err(AppError::new(ErrorCode::NotFound)),
        Err(cancel::Refusal::Fault(fault)) => return Err(fault.into()),
    }
    redirect(&format!("/redemptions/{id}"));
    Ok(())
}
