//! One-time links: proving an address, choosing a new password.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    account::{Email, Password},
    fields::Problems,
    ids::UserId,
};
use uuid::Uuid;

use super::passwords;
use crate::{Fault, Services, mail::Letter, secret::digest};

/// What a link is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Purpose {
    /// Proves that an address is the person's own. Good for two days.
    VerifyEmail,
    /// Lets a person choose a password. Good for an hour.
    ResetPassword,
    /// Lets a person who was invited choose their first password. Good for a week, like a reset otherwise.
    Invitation,
}

/// Letters of one kind that a person is sent within an hour: they are asked for by anyone who types an
/// address.
const LETTERS_AN_HOUR: i32 = 3;

impl Purpose {
    /// The name of the `one_time_token_kind`.
    fn kind(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify_email",
            Self::ResetPassword | Self::Invitation => "reset_password",
        }
    }

    fn lifetime(self) -> TimeDelta {
        match self {
            Self::VerifyEmail => TimeDelta::hours(48),
            Self::ResetPassword => TimeDelta::hours(1),
            Self::Invitation => TimeDelta::days(7),
        }
    }

    /// The limit of [`LETTERS_AN_HOUR`]; none for what only an admin asks for.
    fn at_most(self) -> Option<i32> {
        (self != Self::Invitation).then_some(LETTERS_AN_HOUR)
    }
}

/// The secret part of a link. It is stored as a hash alone.
#[derive(Clone, Debug)]
pub struct Token(String);

impl Token {
    /// The text that goes into the link.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A link to be mailed.
#[derive(Debug)]
pub struct Mailed {
    /// The reader.
    pub name: String,
    /// Goes into the link.
    pub token: Token,
}

/// Why a link did nothing.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// It is unknown, used, replaced or too old.
    #[error("the link is not good any more")]
    Spent,
    /// Fields that need another value; the link stays good.
    #[error("fields need another value")]
    Invalid(Problems),
    /// Not a refusal but a fault.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::from_database!(Refusal);

/// What became of a wish for a link.
#[derive(Debug)]
pub enum Issued {
    /// The link, to be mailed.
    New(Token),
    /// The person has been sent enough of its kind.
    Enough {
        /// When they may be sent another.
        next: DateTime<Utc>,
    },
}

/// A new link for a person. It replaces the earlier ones of its kind.
pub(crate) async fn issue(s: &Services, user: UserId, purpose: Purpose) -> Result<Issued, Fault> {
    let token = Token(BASE64_URL_SAFE_NO_PAD.encode(s.entropy.bytes::<32>()));
    let now = s.now();
    let next = sqlx::query_scalar!(
        "select issue_link($1, $2, $3::text::one_time_token_kind, $4, $5, $6)",
        digest(token.as_str()),
        Uuid::from(user),
        purpose.kind(),
        now,
        now + purpose.lifetime(),
        purpose.at_most(),
    )
    .fetch_one(&s.db)
    .await?;
    Ok(match next {
        None => Issued::New(token),
        Some(next) => Issued::Enough { next },
    })
}

/// The link for a person whose limit cannot be reached: someone new, or invited.
pub(crate) async fn issue_first(
    s: &Services,
    user: UserId,
    purpose: Purpose,
) -> Result<Token, Fault> {
    match issue(s, user, purpose).await? {
        Issued::New(token) => Ok(token),
        Issued::Enough { .. } => Err(Fault::Broken("a first link is within every limit")),
    }
}

/// A link to choose a new password, if the address belongs to someone who has not been sent enough of
/// them. Callers say the same thing either way.
///
/// # Errors
/// When the database fails.
pub async fn request_reset(s: &Services, email: &Email) -> Result<Option<Mailed>, Fault> {
    let person = sqlx::query!(
        "select id, name from users where email = $1",
        email.as_str()
    )
    .fetch_optional(&s.db)
    .await?;
    let Some(person) = person else {
        return Ok(None);
    };
    Ok(
        match issue(s, person.id.into(), Purpose::ResetPassword).await? {
            Issued::New(token) => Some(Mailed {
                name: person.name,
                token,
            }),
            Issued::Enough { .. } => None,
        },
    )
}

/// Mails what `letter` makes of [`request_reset`]'s link, in a task of its own: the caller answers at once,
/// so that the time does not tell who has an account. What goes wrong is logged: the person can ask again.
pub fn mail_reset(
    s: &Services,
    email: Email,
    letter: impl FnOnce(&Mailed) -> Letter + Send + 'static,
) {
    let s = s.clone();
    tokio::spawn(async move {
        match request_reset(&s, &email).await {
            Ok(Some(mailed)) => s.mailer.send(letter(&mailed)).await,
            Ok(None) => {}
            Err(error) => tracing::error!(%error, "could not make a link to reset a password"),
        }
    });
}

/// A fresh link to prove one's own address.
///
/// # Errors
/// When the database fails.
pub async fn request_verification(s: &Services, user: UserId) -> Result<Issued, Fault> {
    issue(s, user, Purpose::VerifyEmail).await
}

/// Marks the address of the link's person as proved. Following the link twice is no error.
///
/// # Errors
/// A link that is unknown, replaced or too old, or a fault.
pub async fn verify_email(s: &Services, token: &str) -> Result<(), Refusal> {
    let verified = sqlx::query_scalar!(
        "with used as (
             update one_time_tokens set used_at = $2
             where token_hash = $1 and kind = 'verify_email' and used_at is null and expires_at > $2
             returning user_id
         )
         update users set email_verified_at = coalesce(email_verified_at, $2)
         where id in (select user_id from used) returning id",
        digest(token),
        s.now(),
    )
    .fetch_optional(&s.db)
    .await?;
    if verified.is_some() {
        return Ok(());
    }
    let done_before = sqlx::query_scalar!(
        r#"select true as "done!" from one_time_tokens t join users u on u.id = t.user_id
           where t.token_hash = $1 and t.kind = 'verify_email' and t.expires_at > $2
               and u.email_verified_at is not null"#,
        digest(token),
        s.now(),
    )
    .fetch_optional(&s.db)
    .await?;
    done_before.map(|_| ()).ok_or(Refusal::Spent)
}

/// Whether a reset link would work now: looked at before the form is shown.
///
/// # Errors
/// When the database fails.
pub async fn reset_is_open(s: &Services, token: &str) -> Result<bool, Fault> {
    Ok(person_of_reset(s, token).await?.is_some())
}

/// Sets the password of the link's person, proves their address, and ends all their sessions.
///
/// # Errors
/// A spent link, a common password, or a fault.
pub async fn reset_password(s: &Services, token: &str, new: &Password) -> Result<(), Refusal> {
    let (email, name) = person_of_reset(s, token).await?.ok_or(Refusal::Spent)?;
    passwords::refuse_common(new, &[&email, &name])
        .map_err(|problem| Refusal::Invalid(Problems::one("password", problem)))?;
    let password_hash = s.hasher.hash(&s.entropy, new).await?;
    sqlx::query_scalar!(
        "with used as (
             update one_time_tokens set used_at = $2
             where token_hash = $1 and kind = 'reset_password' and used_at is null and expires_at > $2
             returning user_id
         ),
         unlocked as (
             delete from sign_in_attempts
             where email in (select email from users where id in (select user_id from used))
         ),
         reset as (
             update users set password_hash = $3, session_epoch = session_epoch + 1,
                 email_verified_at = coalesce(email_verified_at, $2)
             where id in (select user_id from used) returning id, merchant_id
         )
         select reset.id from reset, audit($2, reset.id, null, reset.merchant_id, 'password.reset', reset.id, '{}')",
        digest(token),
        s.now(),
        password_hash,
    )
    .fetch_optional(&s.db)
    .await?
    .map(|_| ())
    .ok_or(Refusal::Spent)
}

/// Deletes tokens that could not be used any more in any case. The answer is how many.
///
/// # Errors
/// When the database fails.
pub async fn purge(s: &Services) -> Result<u64, Fault> {
    let done = sqlx::query!(
        "delete from one_time_tokens where expires_at <= $1",
        s.now()
    )
    .execute(&s.db)
    .await?;
    Ok(done.rows_affected())
}

async fn person_of_reset(s: &Services, token: &str) -> Result<Option<(String, String)>, Fault> {
    let person = sqlx::query!(
        "select u.email, u.name from one_time_tokens t join users u on u.id = t.user_id
         where t.token_hash = $1 and t.kind = 'reset_password' and t.used_at is null and t.expires_at > $2",
        digest(token),
        s.now(),
    )
    .fetch_optional(&s.db)
    .await?;
    Ok(person.map(|person| (person.email, person.name)))
}
