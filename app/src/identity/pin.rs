//! A person's PIN for their merchant's terminals, on their account's page.

use domain::{error::ErrorCode, fields::Problems, terminals::Pin};
use leptos::prelude::*;
use leptos_axum::redirect;
use services::identity::{
    Account,
    actors::{Actor, Attendant},
    pins,
    sign_in::ChangeRefusal,
};

use crate::{
    error::AppError,
    site::{
        format,
        forms::Attempt,
        request::{services, signed_in},
    },
    tr,
    ui::{Button, Card, Field},
};

/// Gives the person who asks a PIN, in place of an earlier one.
#[server(prefix = "/api", endpoint = "identity/set-pin")]
pub async fn set_pin(current_password: String, pin: String) -> Result<(), AppError> {
    let account = signed_in()?;
    let attendant = Attendant::of(&account).ok_or_else(|| AppError::new(ErrorCode::Forbidden))?;
    let pin = Pin::try_from(pin.as_str())
        .map_err(|problem| AppError::invalid(Problems::one("pin", problem)))?;
    pins::set(&services(), attendant, &current_password, &pin)
        .await
        .map_err(|refusal| match refusal {
            ChangeRefusal::Invalid(problems) => AppError::invalid(problems),
            ChangeRefusal::Locked { until } => {
                AppError::new(ErrorCode::SignInLocked).figure("until", until.timestamp())
            }
            ChangeRefusal::Fault(fault) => fault.into(),
        })?;
    redirect("/account?done=pin");
    Ok(())
}

/// The form to choose a PIN; none for those who have no till.
///
/// # Errors
/// When the database fails.
pub async fn card(account: &Account) -> Result<Option<AnyView>, AppError> {
    let Some(attendant) = Attendant::of(account) else {
        return Ok(None);
    };
    let since = pins::since(&services(), attendant).await?;
    let action = ServerAction::<SetPin>::new();
    let attempt = Attempt::of(action);
    let standing = match since {
        Some(since) => tr!(
            "account-pin-since",
            date = format::date(since, format::zone())
        ),
        None => tr!("account-pin-none"),
    };
    let form = view! {
        <Card title=tr!("account-pin-title")>
            <p>{standing}</p>
            {attempt.notice()}
            <ActionForm action attr:class="form">
                <Field
                    label=tr!("field-current-password")
                    name="current_password"
                    id="field-pin-current-password"
                    kind="password"
                    error=attempt.problem("current_password")
                    autocomplete="current-password"
                    required=true
                />
                <Field
                    label=tr!("field-new-pin")
                    name="pin"
                    kind="password"
                    error=attempt.problem("pin")
                    hint=tr!("field-new-pin-hint")
                    autocomplete="off"
                    inputmode="numeric"
                    maxlength=6u32
                    required=true
                />
                <div class="form-actions">
                    <Button>{tr!("account-set-pin")}</Button>
                </div>
            </ActionForm>
        </Card>
    };
    Ok(Some(form.into_any()))
}
