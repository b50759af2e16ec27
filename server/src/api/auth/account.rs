//! Signing up, and what a person says of themselves.

use app::identity::letters;
use axum::{Json, extract::State, http::HeaderMap};
use domain::{
    account::{Email, Name, Password, Role},
    codes::MemberCode,
    fields::{FieldProblem, Problems},
    locale::Locale,
};
use serde::{Deserialize, Serialize};
use services::{
    Services,
    identity::{Account, profile as profiles, sign_up},
};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    api::{
        actor::As,
        extract::Order,
        idempotency::Reply,
        problem::{self, Answer, Problem},
        schema,
    },
    router::AppState,
};

/// Someone new.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "email": "ana@demo.test", "password": "lluvia sobre surtidor", "name": "Ana"
}))]
pub(crate) struct Register {
    /// The address to sign in with.
    #[schema(max_length = 254)]
    email: String,
    /// 8 to 128 characters that are not easy to guess.
    #[schema(min_length = 8, max_length = 128)]
    password: String,
    /// The name to be shown by.
    #[schema(min_length = 1, max_length = 120)]
    name: String,
    /// The member code of who brought them along.
    #[schema(nullable = false, required = false)]
    referral_code: Option<String>,
}

/// A person as they see themselves.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Profile {
    user_id: Uuid,
    #[schema(example = "ana@demo.test")]
    email: String,
    #[schema(example = "Ana")]
    name: String,
    #[schema(schema_with = schema::roles)]
    role: Role,
    /// Whom they work for, if they are staff.
    merchant_id: Option<Uuid>,
    /// Whether they have followed the link in their welcome letter.
    email_verified: bool,
    /// The language of their letters.
    #[schema(schema_with = schema::locales)]
    locale: Locale,
}

impl Profile {
    fn of(account: Account, said: profiles::Profile) -> Self {
        Self {
            user_id: account.id.into(),
            email: account.email,
            name: said.name,
            role: account.role,
            merchant_id: account.merchant.map(Into::into),
            email_verified: account.email_verified,
            locale: said.locale,
        }
    }
}

/// A form whose fields are within their bounds.
fn check(register: &Register, locale: Locale) -> Result<sign_up::SignUp, Problems> {
    let mut problems = Problems::default();
    let email = problems.take("email", Email::try_from(register.email.as_str()));
    let name = problems.take("name", Name::try_from(register.name.as_str()));
    let password = problems.take("password", Password::try_from(register.password.as_str()));
    let code = register
        .referral_code
        .as_deref()
        .map(str::parse::<MemberCode>);
    let code = code.transpose().map_err(|_| FieldProblem::Malformed);
    let referral = problems.take("referral_code", code);
    match (email, name, password, referral) {
        (Some(email), Some(name), Some(password), Some(referral)) => Ok(sign_up::SignUp {
            email,
            name,
            password,
            locale,
            referral,
        }),
        _ => Err(problems),
    }
}

impl From<sign_up::Refusal> for Problem {
    fn from(refusal: sign_up::Refusal) -> Self {
        match refusal {
            sign_up::Refusal::Invalid(problems) => problems.into(),
            sign_up::Refusal::Fault(fault) => fault.into(),
        }
    }
}

/// Sign up
///
/// Makes a consumer's account and mails them a link that proves their address. Sign in next. An address that has an
/// account, a password that is easy to guess and a referral code that nobody has are refused with `VALIDATION_ERROR`.
#[utoipa::path(
    post, path = "/register", tag = "auth", operation_id = "register",
    request_body = Register,
    responses((status = 201, description = "Signed up.", body = Profile)),
)]
pub(crate) async fn register(
    State(state): State<AppState>,
    headers: HeaderMap,
    order: Order<Register>,
) -> Answer<Reply> {
    let (site, locale) = (state.site, problem::locale(&headers));
    let form = check(&order.body, locale)?;
    // Nobody yet: their requests go by their address.
    let owner = owner(&form.email);
    let make = async move |s: Services, _, _| {
        let new = sign_up::sign_up(&s, &form).await?;
        let (email, name) = (form.email.as_str(), form.name.as_str());
        let letter = letters::welcome(locale, &site, email, name, &new.verification);
        s.mailer.send(letter).await;
        Reply::created(Profile {
            user_id: new.user.into(),
            email: email.to_owned(),
            name: name.to_owned(),
            role: Role::Consumer,
            merchant_id: None,
            email_verified: false,
            locale,
        })
    };
    order.once(&state.services, owner, make).await
}

/// A version 8 UUID (RFC 9562 §5.8) of an address.
fn owner(email: &Email) -> Uuid {
    let hash = Sha256::digest(email.as_str().as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// See your profile
#[utoipa::path(
    get, path = "/profile", tag = "auth", operation_id = "get_profile",
    responses((status = 200, description = "Your profile.", body = Profile)),
    security(("bearer" = []))
)]
pub(crate) async fn profile(
    State(s): State<Services>,
    As(account): As<Account>,
) -> Answer<Json<Profile>> {
    let said = profiles::get(&s, account.id).await?;
    Ok(Json(Profile::of(account, said)))
}

/// What to change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "Ana María", "locale": "es" }))]
pub(crate) struct ProfileChange {
    /// The name to be shown by.
    #[schema(
        nullable = false,
        required = false,
        min_length = 1,
        max_length = 120,
        pattern = r"\S"
    )]
    name: Option<String>,
    /// The language of letters.
    #[schema(schema_with = schema::locales, required = false)]
    locale: Option<Locale>,
}

/// Change your profile
///
/// What is left out stays as it is.
#[utoipa::path(
    patch, path = "/profile", tag = "auth", operation_id = "change_profile",
    request_body = ProfileChange,
    responses((status = 200, description = "Your profile as it is now.", body = Profile)),
    security(("bearer" = []))
)]
pub(crate) async fn change_profile(
    State(s): State<Services>,
    As(account): As<Account>,
    order: Order<ProfileChange>,
) -> Answer<Reply> {
    let name = order.body.name.as_deref().map(Name::try_from);
    let name = name
        .transpose()
        .map_err(|problem| Problem::field("name", problem))?;
    let owner = account.id.into();
    let change = async move |s: Services, _, change: ProfileChange| {
        let said = profiles::change(&s, account.id, name.as_ref(), change.locale).await?;
        Reply::ok(Profile::of(account, said))
    };
    order.once(&s, owner, change).await
}
