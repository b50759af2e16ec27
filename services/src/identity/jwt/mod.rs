//! Tokens that programs carry: of a person who signed in, and of an integration that showed its key.
//!
//! A token is believed for what it says only together with the database: the session it names still is open
//! and the person's epoch still is its, or the key it names has not been revoked.

mod ed25519;
mod keys;

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{ApiKeyId, MerchantId, UserId};
use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;

pub use self::keys::{BadKey, Jwk, Jwks, Keys, fresh};
use super::{Account, Found, actors::Operator, api_keys};
use crate::{Fault, Services};

/// How long a person's access token is good.
pub const ACCESS_LIFETIME: TimeDelta = TimeDelta::hours(1);
/// How long a merchant's token is good.
pub const MERCHANT_LIFETIME: TimeDelta = TimeDelta::hours(8);

const ISSUER: &str = "surtidor";
/// Keeps the two kinds apart: one is never good where the other is asked for.
const PERSON: &str = "surtidor/person";
const MERCHANT: &str = "surtidor/merchant";

/// Why a token was not believed.
#[derive(Debug, thiserror::Error)]
pub enum TokenRefusal {
    /// It is not one of ours, was altered, or is of another kind.
    #[error("not a token of this kind")]
    Invalid,
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// Its session was ended, or its key revoked.
    #[error("the token's session has ended")]
    Ended,
    /// Not a refusal but a fault.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::from_database!(TokenRefusal);

/// What a token says; times are Unix seconds (RFC 7519 §2).
#[derive(Debug, Deserialize, Serialize)]
struct Claims<T> {
    iss: String,
    aud: String,
    iat: i64,
    exp: i64,
    #[serde(flatten)]
    about: T,
}

#[derive(Debug, Deserialize, Serialize)]
struct Person {
    sub: UserId,
    sid: Uuid,
}

#[derive(Debug, Deserialize, Serialize)]
struct Integration {
    sub: ApiKeyId,
    merchant: MerchantId,
}

/// A merchant's token.
#[derive(Clone, Debug)]
pub struct MerchantToken {
    /// Goes into the header `Authorization: Bearer`.
    pub token: String,
    /// How long it is good.
    pub lifetime: TimeDelta,
}

/// The access token of a person's session.
pub(super) fn issue_access(s: &Services, user: UserId, session: Uuid) -> Result<String, Fault> {
    let about = Person {
        sub: user,
        sid: session,
    };
    issue(s, PERSON, ACCESS_LIFETIME, about)
}

/// The person who signed in for this access token, as they are now.
///
/// # Errors
/// A token that is not good, or not any more, or a fault.
pub async fn authenticate(s: &Services, bearer: &str) -> Result<Account, TokenRefusal> {
    let Person { sub, sid } = read(s, PERSON, bearer)?;
    let found = sqlx::query_as!(
        Found,
        r#"select u.id, u.email, u.name, u.role::text as "role!", u.merchant_id,
               u.email_verified_at is not null as "email_verified!", u.session_epoch,
               exists (select from second_steps x where x.user_id = u.id and x.secret is not null)
                   as "has_second_step!"
           from api_sessions as s join users as u on u.id = s.user_id
           where s.id = $1 and s.closed_at is null and u.id = $2 and u.session_epoch = s.session_epoch"#,
        sid,
        Uuid::from(sub),
    )
    .fetch_optional(&s.db)
    .await?
    .ok_or(TokenRefusal::Ended)?;
    Ok(found.account(s)?)
}

/// A token for an integration that shows its merchant's key.
///
/// # Errors
/// A key that is unknown, revoked or another merchant's, or a fault.
pub async fn sign_in_merchant(
    s: &Services,
    merchant: MerchantId,
    key: &str,
) -> Result<MerchantToken, api_keys::KeyRefusal> {
    let operator = api_keys::authenticate(s, key).await?;
    let own = operator
        .api_key()
        .filter(|_| operator.merchant() == merchant);
    let sub = own.ok_or(api_keys::KeyRefusal::Unknown)?;
    let about = Integration { sub, merchant };
    Ok(MerchantToken {
        token: issue(s, MERCHANT, MERCHANT_LIFETIME, about)?,
        lifetime: MERCHANT_LIFETIME,
    })
}

/// The integration that signed in for this merchant's token.
///
/// # Errors
/// A token that is not good, or not any more, or a fault.
pub async fn authenticate_merchant(s: &Services, bearer: &str) -> Result<Operator, TokenRefusal> {
    let Integration { sub, merchant } = read(s, MERCHANT, bearer)?;
    let operator = api_keys::by_id(s, sub).await?;
    operator
        .filter(|operator| operator.merchant() == merchant)
        .ok_or(TokenRefusal::Ended)
}

fn issue(
    s: &Services,
    audience: &str,
    lifetime: TimeDelta,
    about: impl Serialize,
) -> Result<String, Fault> {
    let now = s.now();
    let claims = Claims {
        iss: ISSUER.to_owned(),
        aud: audience.to_owned(),
        iat: now.timestamp(),
        exp: (now + lifetime).timestamp(),
        about,
    };
    let (id, key) = s.jwt_keys.signing()?;
    let mut header = Header::new(Algorithm::EdDSA);
    header.kid = Some(id.to_owned());
    encode(&header, &claims, key).map_err(|_| Fault::Broken("a token can be signed"))
}

/// What a token says, once its signature, kind and time have been checked.
fn read<T: DeserializeOwned>(
    s: &Services,
    audience: &str,
    bearer: &str,
) -> Result<T, TokenRefusal> {
    let header = decode_header(bearer).map_err(|_| TokenRefusal::Invalid)?;
    let key = header.kid.and_then(|id| s.jwt_keys.believed(&id));
    let key = key.ok_or(TokenRefusal::Invalid)?;
    let claims = decode::<Claims<T>>(bearer, key, &validation(audience));
    let claims = claims.map_err(|_| TokenRefusal::Invalid)?.claims;
    match DateTime::<Utc>::from_timestamp(claims.exp, 0) {
        Some(end) if s.now() < end => Ok(claims.about),
        _ => Err(TokenRefusal::Expired),
    }
}

/// What the library checks: not the time, for which it would look at a clock of its own.
fn validation(audience: &str) -> Validation {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.validate_exp = false;
    validation.required_spec_claims = HashSet::from(["aud", "iss"].map(str::to_owned));
    validation.set_audience(&[audience]);
    validation.set_issuer(&[ISSUER]);
    validation
}
