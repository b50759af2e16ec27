//! Signing up as a consumer.

use domain::{
    account::{Email, Name, Password, Role},
    fields::{FieldProblem, Problems},
    ids::UserId,
};

use super::{links, passwords};
use crate::{Fault, Services};

/// A sign-up form whose fields are within their bounds.
#[derive(Debug)]
pub struct SignUp {
    /// The address to sign in with.
    pub email: Email,
    /// The name to be shown by.
    pub name: Name,
    /// The chosen password.
    pub password: Password,
}

/// Someone new, and the link that proves their address.
#[derive(Debug)]
pub struct SignedUp {
    /// The new person.
    pub user: UserId,
    /// The epoch to open their first session in.
    pub session_epoch: i32,
    /// Goes into the welcome letter.
    pub verification: links::Token,
}

/// Why nobody was signed up.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Fields that need another value.
    #[error("fields need another value")]
    Invalid(Problems),
    /// Not a refusal but a fault.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<sqlx::Error> for Refusal {
    fn from(error: sqlx::Error) -> Self {
        Self::Fault(error.into())
    }
}

/// Makes a consumer account with its ledger accounts.
///
/// # Errors
/// A common password, an address that is taken, or a fault.
pub async fn sign_up(s: &Services, form: &SignUp) -> Result<SignedUp, Refusal> {
    passwords::refuse_common(&form.password, &[form.email.as_str(), form.name.as_str()])
        .map_err(|problem| Refusal::Invalid(Problems::one("password", problem)))?;
    let hash = s.hasher.hash(&s.entropy, &form.password).await?;
    let user = insert_user(
        s,
        &NewUser {
            email: &form.email,
            name: &form.name,
            password_hash: Some(&hash),
            role: Role::Consumer,
        },
    )
    .await?
    .ok_or_else(|| Refusal::Invalid(Problems::one("email", FieldProblem::Taken)))?;
    let verification = links::issue_first(s, user, links::Purpose::VerifyEmail).await?;
    Ok(SignedUp {
        user,
        session_epoch: 0,
        verification,
    })
}

/// What became of an invitation.
#[derive(Debug)]
pub enum Invitation {
    /// The link that lets the new person choose a password, good for a week.
    Sent(links::Token),
    /// The address belongs to another.
    Taken,
}

/// Makes an admin, for whoever holds the machine: the first one has nobody to be invited by.
///
/// # Errors
/// When the database fails.
pub async fn invite_admin(s: &Services, email: &Email, name: &Name) -> Result<Invitation, Fault> {
    let user = NewUser {
        email,
        name,
        password_hash: None,
        role: Role::Admin,
    };
    match insert_user(s, &user).await? {
        Some(user) => Ok(Invitation::Sent(
            links::issue_first(s, user, links::Purpose::Invitation).await?,
        )),
        None => Ok(Invitation::Taken),
    }
}

struct NewUser<'a> {
    email: &'a Email,
    name: &'a Name,
    password_hash: Option<&'a str>,
    role: Role,
}

/// The new person, or none when the address is taken.
async fn insert_user(s: &Services, user: &NewUser<'_>) -> Result<Option<UserId>, Fault> {
    let id = sqlx::query_scalar!(
        "insert into users (id, email, name, password_hash, role, created_at)
         values ($1, $2, $3, $4, $5::text::role, $6) on conflict (email) do nothing returning id",
        s.new_id(),
        user.email.as_str(),
        user.name.as_str(),
        user.password_hash,
        user.role.as_str(),
        s.now(),
    )
    .fetch_optional(&s.db)
    .await?;
    Ok(id.map(UserId::from))
}
