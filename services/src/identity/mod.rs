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
}

/// The account of a session that was opened in `epoch`; none when the person has ended all their
/// sessions since, or is gone.
///
/// # Errors
/// When the database fails.
pub async fn account(s: &Services, user: UserId, epoch: i32) -> Result<Option<Account>, Fault> {
    let row = sqlx::query!(
        r#"select id, email, name, role::text as "role!", merchant_id,
               email_verified_at is not null as "email_verified!", session_epoch
           from users where id = $1 and session_epoch = $2"#,
        Uuid::from(user),
        epoch,
    )
    .fetch_optional(&s.db)
    .await?;
    row.map(|row| {
        Ok(Account {
            id: row.id.into(),
            email: row.email,
            name: row.name,
            role: stored(&row.role)?,
            merchant: row.merchant_id.map(MerchantId::from),
            email_verified: row.email_verified,
            session_epoch: row.session_epoch,
            till_only: false,
        })
    })
    .transpose()
}

/// Ends all sessions of a person, on every device.
///
/// # Errors
/// When the database fails.
pub async fn end_all_sessions(s: &Services, user: UserId) -> Result<(), Fault> {
    sqlx::query!(
        "update users set session_epoch = session_epoch + 1 where id = $1",
        Uuid::from(user)
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
