//! What the merchant pages' forms do.

use domain::{
    account::{Email, KeyName, Name, StaffRole},
    error::ErrorCode,
    fields::{FieldProblem, Problems},
    ids::{ApiKeyId, MerchantId, StationId, UserId},
};
use leptos::prelude::*;
use leptos_axum::redirect;
use services::{
    identity::{
        actors::{Admin, Manager},
        api_keys,
    },
    merchants::{self, Refusal},
};

use super::keys;
use crate::{
    error::AppError,
    identity::{letters, once},
    site::request::{actor, link, services, site, visitor},
};

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotFound => Self::new(ErrorCode::NotFound),
            Refusal::Taken => Self::new(ErrorCode::ValidationError),
            Refusal::Fault(fault) => fault.into(),
        }
    }
}

fn taken_means(field: &'static str) -> impl Fn(Refusal) -> AppError {
    move |refusal| match refusal {
        Refusal::Taken => AppError::invalid(Problems::one(field, FieldProblem::Taken)),
        other => other.into(),
    }
}

/// Makes a merchant.
#[server(prefix = "/api", endpoint = "merchants/create")]
pub async fn create_merchant(name: String) -> Result<(), AppError> {
    let admin = actor::<Admin>()?;
    let checked = Name::try_from(name.as_str()).map_err(|problem| {
        AppError::invalid(Problems::one("name", problem)).keeping([("name", &name)])
    })?;
    let merchant = merchants::create(&services(), admin, &checked)
        .await
        .map_err(|refusal| taken_means("name")(refusal).keeping([("name", &name)]))?;
    redirect(&format!("/admin/merchants/{merchant}"));
    Ok(())
}

/// Invites a person to work for a merchant.
#[server(prefix = "/api", endpoint = "merchants/add-member")]
pub async fn add_member(
    merchant: MerchantId,
    name: String,
    email: String,
    role: StaffRole,
) -> Result<(), AppError> {
    let services = services();
    let admin = actor::<Admin>()?;
    let keep = |error: AppError| {
        error.keeping([("name", &name), ("email", &email), ("role", role.as_str())])
    };
    let mut problems = Problems::default();
    let address = problems.take("email", Email::try_from(email.as_str()));
    let person = problems.take("name", Name::try_from(name.as_str()));
    let (Some(address), Some(person)) = (address, person) else {
        return Err(keep(AppError::invalid(problems)));
    };
    let business = merchants::name(&services, merchant)
        .await?
        .ok_or_else(|| AppError::new(ErrorCode::NotFound))?;
    let token = merchants::add_member(&services, admin, merchant, &address, &person, role)
        .await
        .map_err(|refusal| keep(taken_means("email")(refusal)))?;
    let (to, name) = (address.as_str(), person.as_str());
    let letter = letters::invitation(visitor().locale, &site(), to, name, &business, &token);
    services.mailer.send(letter).await;
    redirect(&format!("/admin/merchants/{merchant}?done=invited"));
    Ok(())
}

/// Takes a person off a merchant.
#[server(prefix = "/api", endpoint = "merchants/remove-member")]
pub async fn remove_member(merchant: MerchantId, user: UserId) -> Result<(), AppError> {
    merchants::remove_member(&services(), actor::<Admin>()?, merchant, user).await?;
    redirect(&format!("/admin/merchants/{merchant}?done=removed"));
    Ok(())
}

/// Gives a station to a merchant, or takes it away again.
#[server(prefix = "/api", endpoint = "merchants/assign-station")]
pub async fn assign_station(
    merchant: MerchantId,
    station: StationId,
    assigned: bool,
) -> Result<(), AppError> {
    let (services, admin) = (services(), actor::<Admin>()?);
    if assigned {
        merchants::assign_station(&services, admin, merchant, station).await?;
    } else {
        merchants::release_station(&services, admin, merchant, station).await?;
    }
    redirect(&format!("/admin/merchants/{merchant}?done=station"));
    Ok(())
}

/// Makes an API key; the page that this leads to shows it, once.
#[server(prefix = "/api", endpoint = "merchants/create-key")]
pub async fn create_api_key(name: String) -> Result<(), AppError> {
    let services = services();
    let manager = actor::<Manager>()?;
    let checked = KeyName::try_from(name.as_str()).map_err(|problem| {
        AppError::invalid(Problems::one("name", problem)).keeping([("name", &name)])
    })?;
    let showing = once::Showing::ready(keys::NEW_KEY).await?;
    let new = api_keys::create(&services, manager, &checked).await?;
    let told = showing.keep(&services, &new.key).await?;
    redirect(&link(keys::PATH, [("made", Some(told))]));
    Ok(())
}

/// Ends an API key.
#[server(prefix = "/api", endpoint = "merchants/revoke-key")]
pub async fn revoke_api_key(key: ApiKeyId) -> Result<(), AppError> {
    if !api_keys::revoke(&services(), actor::<Manager>()?, key).await? {
        return Err(AppError::new(ErrorCode::NotFound));
    }
    redirect(&link(keys::PATH, [("done", Some("revoked".to_owned()))]));
    Ok(())
}
