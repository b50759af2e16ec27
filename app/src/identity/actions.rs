//! What the identity pages' forms do.

use domain::{
    account::{Email, Name, Password},
    codes::MemberCode,
    error::ErrorCode,
    fields::{FieldProblem, Problems},
};
use http::{HeaderValue, header::SET_COOKIE};
use leptos::prelude::*;
use leptos_axum::{ResponseOptions, redirect};
use services::{
    Services,
    identity::{Account, SecondStep, links, sign_in, sign_up},
    limits,
};
use tower_sessions::Session;

use super::{letters, second_step, session};
use crate::{
    error::AppError,
    site::{
        caller::caller,
        i18n::{Locale, locale},
        request::{is_local_path, link, services, signed_in, site, visitor},
    },
};

/// Signs in and goes on to where the person was going, or to their first page.
#[server(prefix = "/api", endpoint = "identity/sign-in")]
pub async fn sign_in(
    email: String,
    password: String,
    next: Option<String>,
) -> Result<(), AppError> {
    let services = services();
    let wrong = |code| AppError::new(code).keeping([("email", &email)]);
    let caller = caller()?;
    caller
        .counted(limits::sign_in(&services, caller.address()))
        .map_err(|error| error.keeping([("email", &email)]))?;
    // A malformed address has no account: say the same as for a wrong one.
    let address =
        Email::try_from(email.as_str()).map_err(|_| wrong(ErrorCode::InvalidCredentials))?;
    let session = session::current().await?;
    let next = next.filter(|next| is_local_path(next));
    match sign_in::sign_in(&services, &address, &password).await {
        Ok(account) => arrive(&services, &session, &account, next).await,
        Err(sign_in::Refusal::CodeRequired(proved)) => {
            session::await_code(&session, &proved).await?;
            redirect(&link("/sign-in/code", [("next", next)]));
            Ok(())
        }
        Err(sign_in::Refusal::Locked { until }) => {
            Err(wrong(ErrorCode::SignInLocked).figure("until", until.timestamp()))
        }
        Err(sign_in::Refusal::Wrong | sign_in::Refusal::TooLate) => {
            Err(wrong(ErrorCode::InvalidCredentials))
        }
        Err(sign_in::Refusal::Fault(fault)) => {
            Err(AppError::from(fault).keeping([("email", &email)]))
        }
    }
}

/// Begins the session of someone who has proved who they are, and leads them where they were going, to their first
/// page, or to what they have to do before that.
pub(super) async fn arrive(
    services: &Services,
    session: &Session,
    account: &Account,
    next: Option<String>,
) -> Result<(), AppError> {
    session::begin(services, session, account.id, account.session_epoch).await?;
    let first = match account.second_step {
        SecondStep::Due => Some(second_step::PATH.to_owned()),
        SecondStep::Off | SecondStep::On => next,
    };
    redirect(first.as_deref().unwrap_or(account.role.home()));
    Ok(())
}

/// Signs up as a consumer and signs in.
#[server(prefix = "/api", endpoint = "identity/sign-up")]
pub async fn sign_up(
    name: String,
    email: String,
    password: String,
    referral_code: Option<String>,
) -> Result<(), AppError> {
    let services = services();
    let code = referral_code.unwrap_or_default();
    let keep = |error: AppError| {
        error.keeping([("name", &name), ("email", &email), ("referral_code", &code)])
    };
    let mut problems = Problems::default();
    let address = problems.take("email", Email::try_from(email.as_str()));
    let person = problems.take("name", Name::try_from(name.as_str()));
    let secret = problems.take("password", Password::try_from(password.as_str()));
    let referral = problems.take("referral_code", read_referral(&code));
    let (Some(address), Some(person), Some(secret), Some(referral)) =
        (address, person, secret, referral)
    else {
        return Err(keep(AppError::invalid(problems)));
    };
    let form = sign_up::SignUp {
        email: address,
        name: person,
        password: secret,
        locale: visitor().locale,
        referral,
    };
    let new = sign_up::sign_up(&services, &form)
        .await
        .map_err(|refusal| {
            keep(match refusal {
                sign_up::Refusal::Invalid(problems) => AppError::invalid(problems),
                sign_up::Refusal::Fault(fault) => fault.into(),
            })
        })?;
    let letter = letters::welcome(
        locale(),
        &site(),
        form.email.as_str(),
        form.name.as_str(),
        &new.verification,
    );
    services.mailer.send(letter).await;
    session::begin(
        &services,
        &session::current().await?,
        new.user,
        new.session_epoch,
    )
    .await?;
    redirect("/offers?welcome=1");
    Ok(())
}

/// The code of who brought somebody along; it can be left out.
fn read_referral(code: &str) -> Result<Option<MemberCode>, FieldProblem> {
    if code.trim().is_empty() {
        return Ok(None);
    }
    code.parse().map(Some).map_err(|_| FieldProblem::Unknown)
}

/// Signs out of this session.
#[server(prefix = "/api", endpoint = "identity/sign-out")]
pub async fn sign_out() -> Result<(), AppError> {
    session::end(&session::current().await?).await?;
    // On a shared terminal the next person is waiting.
    let at_terminal = visitor().account.is_some_and(|account| account.till_only);
    redirect(if at_terminal { "/till/people" } else { "/" });
    Ok(())
}

/// Signs out of every session, this one among them.
#[server(prefix = "/api", endpoint = "identity/sign-out-everywhere")]
pub async fn sign_out_everywhere() -> Result<(), AppError> {
    let account = signed_in()?;
    services::identity::end_all_sessions(&services(), account.id).await?;
    session::end(&session::current().await?).await?;
    redirect("/sign-in?signed_out=everywhere");
    Ok(())
}

/// Changes the password; every other session ends.
#[server(prefix = "/api", endpoint = "identity/change-password")]
pub async fn change_password(
    current_password: String,
    new_password: String,
) -> Result<(), AppError> {
    let services = services();
    let account = signed_in()?;
    let new = Password::try_from(new_password.as_str())
        .map_err(|problem| AppError::invalid(Problems::one("new_password", problem)))?;
    let epoch = sign_in::change_password(&services, account.id, &current_password, &new)
        .await
        .map_err(|refusal| match refusal {
            sign_in::ChangeRefusal::Invalid(problems) => AppError::invalid(problems),
            sign_in::ChangeRefusal::Locked { until } => {
                AppError::new(ErrorCode::SignInLocked).figure("until", until.timestamp())
            }
            sign_in::ChangeRefusal::Fault(fault) => fault.into(),
        })?;
    session::begin(&services, &session::current().await?, account.id, epoch).await?;
    redirect("/account?done=password");
    Ok(())
}

/// Mails the welcome letter's link again, or says when that can be asked for.
#[server(prefix = "/api", endpoint = "identity/request-verification")]
pub async fn request_verification() -> Result<(), AppError> {
    let services = services();
    let account = signed_in()?;
    match links::request_verification(&services, account.id).await? {
        links::Issued::New(token) => {
            let letter = letters::welcome(locale(), &site(), &account.email, &account.name, &token);
            services.mailer.send(letter).await;
            redirect("/account?done=verification");
        }
        links::Issued::Enough { next } => {
            let minutes = (next - services.now()).num_minutes() + 1;
            redirect(&format!(
                "/account?done=verification-sent&minutes={minutes}"
            ));
        }
    }
    Ok(())
}

/// Mails a link to choose a new password, and says the same whether the address is known or not.
#[server(prefix = "/api", endpoint = "identity/forgot-password")]
pub async fn forgot_password(email: String) -> Result<(), AppError> {
    let services = services();
    let address = Email::try_from(email.as_str()).map_err(|problem| {
        AppError::invalid(Problems::one("email", problem)).keeping([("email", &email)])
    })?;
    let letter = letters::reset(locale(), site(), address.as_str());
    links::mail_reset(&services, address, letter);
    redirect("/forgot-password?sent=1");
    Ok(())
}

/// Sets a new password by a mailed link.
#[server(prefix = "/api", endpoint = "identity/reset-password")]
pub async fn reset_password(token: String, password: String) -> Result<(), AppError> {
    let new = Password::try_from(password.as_str())
        .map_err(|problem| AppError::invalid(Problems::one("password", problem)))?;
    links::reset_password(&services(), &token, &new)
        .await
        .map_err(|refusal| match refusal {
            links::Refusal::Spent => AppError::new(ErrorCode::InvalidLink),
            links::Refusal::Invalid(problems) => AppError::invalid(problems),
            links::Refusal::Fault(fault) => fault.into(),
        })?;
    redirect("/sign-in?done=password");
    Ok(())
}

/// Remembers the reader's language, for pages and for letters, and goes back to the page.
#[server(prefix = "/api", endpoint = "identity/set-locale")]
pub async fn set_locale(locale: String, next: String) -> Result<(), AppError> {
    let locale = Locale::from_tag(&locale)
        .ok_or_else(|| AppError::invalid(Problems::one("locale", FieldProblem::NotAChoice)))?;
    let cookie = format!(
        "locale={}; Path=/; Max-Age=31536000; SameSite=Lax{}",
        locale.as_str(),
        if site().is_secure() { "; Secure" } else { "" }
    );
    if let (Some(response), Ok(cookie)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(&cookie),
    ) {
        response.append_header(SET_COOKIE, cookie);
    }
    if let Some(account) = visitor().account {
        services::identity::set_locale(&services(), account.id, locale).await?;
    }
    redirect(if is_local_path(&next) { &next } else { "/" });
    Ok(())
}

/// The path to sign in from, coming back afterwards.
#[must_use]
pub fn sign_in_and_return(to: &str) -> String {
    link("/sign-in", [("next", Some(to.to_owned()))])
}
