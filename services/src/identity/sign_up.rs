//! Signing up as a consumer.

use domain::{
    account::{Email, Name, Password, Role},
    codes::MemberCode,
    fields::{FieldProblem, Problems},
    ids::UserId,
    locale::Locale,
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
    /// The language of their letters.
    pub locale: Locale,
    /// The member code of who brought them along, if anybody did.
    pub referral: Option<MemberCode>,
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

crate::from_database!(Refusal);

/// Makes a consumer account with its ledger accounts, and notes who brought them along.
///
/// # Errors
/// A common password, an address that is taken, a referral code that nobody has, or a fault.
pub async fn sign_up(s: &Services, form: &SignUp) -> Result<SignedUp, Refusal> {
    passwords::refuse_common(&form.password, &[form.email.as_str(), form.name.as_str()])
        .map_err(|problem| Refusal::Invalid(Problems::one("password", problem)))?;
    let hash = s.hasher.hash(&s.entropy, &form.password).await?;
    let new = NewUser {
        email: &form.email,
        name: &form.name,
        password_hash: Some(&hash),
        role: Role::Consumer,
        locale: form.locale,
        referral: form.referral.as_ref(),
    };
    let user = match insert_user(s, &new).await? {
        Inserted::New(user) => user,
        Inserted::Taken => {
            return Err(Refusal::Invalid(Problems::one(
                "email",
                FieldProblem::Taken,
            )));
        }
        Inserted::UnknownReferrer => {
            return Err(Refusal::Invalid(Problems::one(
                "referral_code",
                FieldProblem::Unknown,
            )));
        }
    };
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
        locale: Locale::default(),
        referral: None,
    };
    match insert_user(s, &user).await? {
        Inserted::New(user) => Ok(Invitation::Sent(
            links::issue_first(s, user, links::Purpose::Invitation).await?,
        )),
        Inserted::Taken | Inserted::UnknownReferrer => Ok(Invitation::Taken),
    }
}

struct NewUser<'a> {
    email: &'a Email,
    name: &'a Name,
    password_hash: Option<&'a str>,
    role: Role,
    locale: Locale,
    referral: Option<&'a MemberCode>,
}

enum Inserted {
    New(UserId),
    Taken,
    UnknownReferrer,
}

/// Puts a person in together with who brought them along, or neither.
async fn insert_user(s: &Services, user: &NewUser<'_>) -> Result<Inserted, Fault> {
    let row = sqlx::query!(
        r#"with referrer as (
               select id from users where member_code = $8 and role = 'consumer'
           ),
           inserted as (
               insert into users (id, email, name, password_hash, role, locale, created_at)
               select $1, $2, $3, $4, $5::text::role, $6, $7
               where $8::text is null or exists (select from referrer)
               on conflict (email) do nothing returning id
           ),
           referral as (
               insert into referrals (referred_id, referrer_id, created_at)
               select inserted.id, referrer.id, $7 from inserted, referrer
           ),
           noted as (
               select audit($7, null, null, null, 'admin.invite', id, '{}') from inserted where $5 = 'admin'
           )
           select (select id from inserted) as id, (select count(*) from noted) as noted,
               $8::text is null or exists (select from referrer) as "referrer_known!""#,
        s.new_id(),
        user.email.as_str(),
        user.name.as_str(),
        user.password_hash,
        user.role.as_str(),
        user.locale.as_str(),
        s.now(),
        user.referral.map(MemberCode::as_str),
    )
    .fetch_one(&s.db)
    .await?;
    Ok(match row.id {
        Some(id) => Inserted::New(id.into()),
        None if row.referrer_known => Inserted::Taken,
        None => Inserted::UnknownReferrer,
    })
}
