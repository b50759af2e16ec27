//! Who calls, as the typed actor that a use case demands.
//!
//! The API knows bearer tokens and API keys alone: a browser's session opens nothing here, so no page of another
//! site can act through it.

use axum::{
    extract::{FromRef, FromRequestParts, OriginalUri},
    http::{HeaderMap, header, request::Parts},
};
use domain::error::ErrorCode;
use services::{
    Services, audit,
    identity::{
        Account, SecondStep,
        actors::{Actor, Admin, Attendant, Consumer, Insider, Manager, Operator, Steward},
        api_keys::{self, KeyRefusal},
        jwt::{self, TokenRefusal},
    },
};
use uuid::Uuid;

use super::problem::Problem;

/// The header of a merchant's key.
pub(crate) const API_KEY: &str = "x-api-key";

/// The caller, who must be one who may do this.
#[derive(Clone, Copy)]
pub(crate) struct As<A>(pub(crate) A);

/// The caller, if it is one who brings something to this.
#[derive(Clone, Copy)]
pub(crate) struct Maybe<A>(pub(crate) Option<A>);

/// An actor that a request's headers can prove.
pub(crate) trait Caller: Sized + Send {
    /// The actor, or why it is none: `UNAUTHORIZED` without a good proof, `FORBIDDEN` for someone else,
    /// `MFA_ENROLMENT_REQUIRED` for an admin who has to enrol before anything else.
    fn prove(
        s: &Services,
        headers: &HeaderMap,
    ) -> impl Future<Output = Result<Self, Problem>> + Send;
}

impl Caller for Account {
    async fn prove(s: &Services, headers: &HeaderMap) -> Result<Self, Problem> {
        let account = jwt::authenticate(s, bearer(headers)?).await?;
        if account.second_step == SecondStep::Due {
            return Err(ErrorCode::MfaEnrolmentRequired.into());
        }
        Ok(account)
    }
}

impl Caller for Insider {
    /// Also whoever has to enrol before anything else: by this they do.
    async fn prove(s: &Services, headers: &HeaderMap) -> Result<Self, Problem> {
        let account = jwt::authenticate(s, bearer(headers)?).await?;
        Self::of(&account).ok_or_else(|| ErrorCode::Forbidden.into())
    }
}

impl Caller for Consumer {
    async fn prove(s: &Services, headers: &HeaderMap) -> Result<Self, Problem> {
        person(s, headers).await
    }
}

impl Caller for Admin {
    async fn prove(s: &Services, headers: &HeaderMap) -> Result<Self, Problem> {
        person(s, headers).await
    }
}

impl Caller for Manager {
    async fn prove(s: &Services, headers: &HeaderMap) -> Result<Self, Problem> {
        person(s, headers).await
    }
}

impl Caller for Operator {
    async fn prove(s: &Services, headers: &HeaderMap) -> Result<Self, Problem> {
        match integration(s, headers).await? {
            Some(operator) => Ok(operator),
            None => person::<Attendant>(s, headers).await.map(Into::into),
        }
    }
}

impl Caller for Steward {
    async fn prove(s: &Services, headers: &HeaderMap) -> Result<Self, Problem> {
        match integration(s, headers).await? {
            Some(operator) => Self::of(operator).ok_or_else(|| ErrorCode::Forbidden.into()),
            None => person::<Manager>(s, headers).await.map(Into::into),
        }
    }
}

async fn person<A: Actor>(s: &Services, headers: &HeaderMap) -> Result<A, Problem> {
    let account = Account::prove(s, headers).await?;
    A::of(&account).ok_or_else(|| ErrorCode::Forbidden.into())
}

/// The integration that a key or a merchant's token proves; none where neither was sent.
async fn integration(s: &Services, headers: &HeaderMap) -> Result<Option<Operator>, Problem> {
    if let Some(key) = headers.get(API_KEY) {
        let key = key.to_str().map_err(|_| ErrorCode::Unauthorized)?;
        return Ok(Some(api_keys::authenticate(s, key).await?));
    }
    match jwt::authenticate_merchant(s, bearer(headers)?).await {
        Ok(operator) => Ok(Some(operator)),
        // A person's token is of another kind.
        Err(TokenRefusal::Invalid) => Ok(None),
        Err(refusal) => Err(refusal.into()),
    }
}

/// The token of `Authorization: Bearer` (RFC 6750 §2.1).
fn bearer(headers: &HeaderMap) -> Result<&str, ErrorCode> {
    let text = headers
        .get(header::AUTHORIZATION)
        .and_then(|text| text.to_str().ok());
    let (scheme, token) = text
        .and_then(|text| text.split_once(' '))
        .ok_or(ErrorCode::Unauthorized)?;
    if scheme.eq_ignore_ascii_case("bearer") {
        Ok(token.trim())
    } else {
        Err(ErrorCode::Unauthorized)
    }
}

impl From<TokenRefusal> for Problem {
    fn from(refusal: TokenRefusal) -> Self {
        match refusal {
            TokenRefusal::Fault(fault) => fault.into(),
            _ => ErrorCode::Unauthorized.into(),
        }
    }
}

impl From<KeyRefusal> for Problem {
    fn from(refusal: KeyRefusal) -> Self {
        match refusal {
            KeyRefusal::Fault(fault) => fault.into(),
            KeyRefusal::Unknown => ErrorCode::Unauthorized.into(),
        }
    }
}

impl<A: Caller, S: Send + Sync> FromRequestParts<S> for As<A>
where
    Services: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let s = Services::from_ref(state);
        let proved = A::prove(&s, &parts.headers).await;
        if proved.as_ref().is_err_and(|it| it.is(ErrorCode::Forbidden)) {
            write_down(&s, parts).await?;
        }
        proved.map(Self)
    }
}

/// Notes that a role did not allow what was asked for.
async fn write_down(s: &Services, parts: &Parts) -> Result<(), Problem> {
    // An integration has no role that could be the wrong one.
    let Ok(account) = Account::prove(s, &parts.headers).await else {
        return Ok(());
    };
    // The router has taken off what it nests this below.
    let asked = parts.extensions.get::<OriginalUri>();
    let path = asked.map_or(parts.uri.path(), |uri| uri.path());
    Ok(audit::refused(s, &account, parts.method.as_str(), path).await?)
}

impl<A: Caller, S: Send + Sync> FromRequestParts<S> for Maybe<A>
where
    Services: FromRef<S>,
{
    type Rejection = Problem;

    /// Nobody, or somebody else, is none; a proof that is not good is refused.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        if !parts.headers.contains_key(header::AUTHORIZATION) {
            return Ok(Self(None));
        }
        let s = Services::from_ref(state);
        match A::prove(&s, &parts.headers).await {
            Ok(actor) => Ok(Self(Some(actor))),
            Err(problem)
                if problem.is(ErrorCode::Forbidden)
                    || problem.is(ErrorCode::MfaEnrolmentRequired) =>
            {
                Ok(Self(None))
            }
            Err(problem) => Err(problem),
        }
    }
}

/// What an actor's named requests belong to.
pub(crate) trait Named {
    /// The person or the key.
    fn owner(&self) -> Uuid;
}

impl Named for Admin {
    fn owner(&self) -> Uuid {
        self.user().into()
    }
}

impl Named for Insider {
    fn owner(&self) -> Uuid {
        self.user().into()
    }
}

impl Named for Manager {
    fn owner(&self) -> Uuid {
        self.user().into()
    }
}

impl Named for Operator {
    fn owner(&self) -> Uuid {
        self.id()
    }
}

impl Named for Steward {
    fn owner(&self) -> Uuid {
        self.id()
    }
}
