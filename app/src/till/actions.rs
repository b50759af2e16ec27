//! What the till asks the server.

use domain::ids::RedemptionId;
use leptos::prelude::*;
use till::answer::{TillAnswer, TillTone};

use crate::{error::AppError, site::request::wants_html};

/// Looks a scanned or typed code up. A code that is not valid is an answer, not an error.
#[server(prefix = "/api", endpoint = "till/validate")]
pub async fn validate_code(code: String) -> Result<TillAnswer, AppError> {
    super::page::validate(&code).await
}

/// Confirms what was validated. A plain form is sent on to a page that says so.
#[server(prefix = "/api", endpoint = "till/confirm")]
pub async fn confirm_code(
    redemption: RedemptionId,
    ticket: String,
) -> Result<TillAnswer, AppError> {
    let answer = super::page::confirm(redemption, &ticket).await?;
    if wants_html() {
        let to = match answer.tone {
            TillTone::Done => format!("/till?done={redemption}"),
            _ => format!("/till?code={redemption}"),
        };
        leptos_axum::redirect(&to);
    }
    Ok(answer)
}
