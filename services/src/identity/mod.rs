//! Identity: who people are, how they prove it, and what that lets them do.

pub mod actors;
pub mod api_keys;
pub mod api_sessions;
pub mod jwt;
pub mod links;
pub mod passwords;
pub mod people;
pub mod pins;
pub mod profile;
pub mod second_step;
pub mod sessions;
pub mod sign_in;
pub mod sign_up;
pub mod terminals;

use domain::{
    account::Role,
    ids::{MerchantId, UserId},
    locale::Locale,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Fault, Services, stored};

/// A person, as every request of a session sees them.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[non_exhaustive]
pub struct Account {
    /// The person.
    pub id: UserId,
    /// The address they sign in with.
    pub email: String,
    /// The name they are shown by.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The merchant they work for; attendants and managers have one, others none.
    pub merchant: Option<MerchantId>,
    /// Whether they have followed the link in their welcome letter.
    pub email_verified: bool,
    /// The epoch of the sessions that are still good.
    pub session_epoch: i32,
    /// Whether they signed in with a PIN at a shared terminal: they are an attendant there, whatever else they
    /// are, and their own account is closed to them.
    pub till_only: bool,
    /// How they stand with the second step of signing in.
    pub second_step: SecondStep,
}

/// How someone stands with the second step of signing in.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum SecondStep {
    /// They have none, and need none.
    Off,
    /// They sign in with one.
    On,
    /// They have none, and can do nothing else before they have enrolled.
    Due,
}

/// A row of `users` with what [`Account`] tells of it.
struct Found {
    id: Uuid,
    email: String,
    name: String,
    role: String,
    merchant_id: Option<Uuid>,
    email_verified: bool,
    session_epoch: i32,
    has_second_step: bool,
}

impl Found {
    fn account(self, s: &Services) -> Result<Account, Fault> {
        let role = stored(&self.role)?;
        Ok(Account {
            id: self.id.into(),
            email: self.email,
            name: self.name,
            role,
            merchant: self.merchant_id.map(MerchantId::from),
            email_verified: self.email_verified,
            session_epoch: self.session_epoch,
            till_only: false,
            second_step: match self.has_second_step {
                true => SecondStep::On,
                false if role == Role::Admin && s.admins_need_second_step => SecondStep::Due,
                false => SecondStep::Off,
            },
        })
    }
}

/// The account of a session that was opened in `epoch`; none when the person has ended all their
/// sessions since, or is gone.
///
/// # Errors
/// When the database fails.
pub async fn account(s: &Services, user: UserId, epoch: i32) -> Result<Option<Account>, Fault> {
    let found = sqlx::query_as!(
        Found,
        r#"select id, email, name, role::text as "role!", merchant_id,
               email_verified_at is not null as "email_verified!", session_epoch,
               exists (select from second_steps x where x.user_id = users.id and x.secret is not null)
                   as "has_second_step!"
           from users where id = $1 and session_epoch = $2"#,
        Uuid::from(user),
        epoch,
    )
    .fetch_optional(&s.db)
    .await?;
    found.map(|found| found.account(s)).transpose()
}

/// Ends all sessions of a person, on every device.
///
/// # Errors
/// When the database fails.
pub async fn end_all_sessions(s: &Services, user: UserId) -> Result<(), Fault> {
    sqlx::query!(
        "with ended as (
             update users set session_epoch = session_epoch + 1 where id = $1 returning id, merchant_id
         )
         select audit($2, id, null, merchant_id, 'session.end_all', id, '{}') from ended",
        Uuid::from(user),
        s.now(),
    )
    .execute(&s.db)
    .await?;
    Ok(())
}

/// Remembers the language of a person's letters.
///
/// # Errors
/// When the database fails.
pub async fn set_locale(s: &Services, user: UserId, locale: Locale) -> Result<(), Fault> {
    sqlx::query!(
        "update users set locale = $2 where id = $1 and locale <> $2",
        Uuid::from(user),
        locale.as_str(),
    )
    .execute(&s.db)
    .await?;
    Ok(())
}
