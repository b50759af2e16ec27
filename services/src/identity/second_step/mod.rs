//! The second step of signing in: codes of an app (RFC 6238), and recovery codes for whoever has lost it. What it rests
//! on stands in docs/adr/0010.

mod codes;

use chrono::{DateTime, Utc};
use domain::{
    account::Email,
    fields::{FieldProblem, Problems},
    ids::UserId,
    second_step::{RecoveryCode, TypedCode},
};
use uuid::Uuid;

pub(super) use self::codes::{Evidence, evidence};
pub use self::codes::{put_by, take_up};
use super::{
    actors::Insider,
    sign_in::{ChangeRefusal, Try, What, check_current, wrong_password},
};
use crate::{Fault, Services};

/// How someone stands.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The second step in force.
    pub active: Option<Active>,
    /// A secret that waits for its first code.
    pub waiting: Option<Enrolment>,
    /// Whether they may not be without one.
    pub required: bool,
}

/// A second step in force.
#[derive(Clone, Debug)]
pub struct Active {
    /// Since when.
    pub since: DateTime<Utc>,
    /// How many recovery codes have not been used.
    pub recovery_codes_left: i64,
}

/// A secret on its way into its owner's app.
#[derive(Clone, Debug)]
pub struct Enrolment {
    /// In base 32 (RFC 4648), to be typed.
    pub secret: String,
    /// The `otpauth` address that a QR code holds.
    pub uri: String,
}

/// A second step that was put in force.
#[derive(Debug)]
pub struct Activated {
    /// To be shown once.
    pub recovery_codes: Vec<RecoveryCode>,
    /// The epoch to open the next session in: those before have ended.
    pub session_epoch: i32,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Fields that need another value.
    #[error("fields need another value")]
    Invalid(Problems),
    /// Too many wrong guesses.
    #[error("locked until {until}")]
    Locked {
        /// When the next try is allowed.
        until: DateTime<Utc>,
    },
    /// There is no second step in force, or no secret that waits.
    #[error("there is none")]
    Missing,
    /// Whoever runs the programme may not be without one.
    #[error("a second step is needed here")]
    Needed,
    /// Not a refusal but a fault.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::from_database!(Refusal);

impl From<ChangeRefusal> for Refusal {
    fn from(refusal: ChangeRefusal) -> Self {
        match refusal {
            ChangeRefusal::Invalid(problems) => Self::Invalid(problems),
            ChangeRefusal::Locked { until } => Self::Locked { until },
            ChangeRefusal::Fault(fault) => Self::Fault(fault),
        }
    }
}

fn wrong_code() -> Refusal {
    Refusal::Invalid(Problems::one("otp", FieldProblem::WrongCode))
}

/// How someone stands with their second step.
///
/// # Errors
/// When the database fails.
pub async fn standing(s: &Services, insider: Insider) -> Result<Standing, Fault> {
    let row = sqlx::query!(
        r#"select u.email, x.activated_at as "activated_at?", x.pending as "pending?",
               (select count(*) from recovery_codes c where c.user_id = u.id and c.used_at is null) as "left!"
           from users u left join second_steps x on x.user_id = u.id where u.id = $1"#,
        Uuid::from(insider.user()),
    )
    .fetch_one(&s.db)
    .await?;
    // One that was sealed under another key can only be begun anew.
    let waiting = row
        .pending
        .and_then(|sealed| enrolment(s, insider.user(), &row.email, &sealed).ok());
    Ok(Standing {
        active: row.activated_at.map(|since| Active {
            since,
            recovery_codes_left: row.left,
        }),
        waiting,
        required: is_required(s, insider),
    })
}

fn is_required(s: &Services, insider: Insider) -> bool {
    insider.is_admin() && s.admins_need_second_step
}

fn enrolment(s: &Services, user: UserId, email: &str, sealed: &str) -> Result<Enrolment, Fault> {
    let (secret, uri) = codes::reveal(s, user, email, sealed)?;
    Ok(Enrolment { secret, uri })
}

/// Draws a secret that waits for its first code, in place of an earlier one that does. Whoever has a second step in force
/// gives a code of that one, too; until the new one's first code it stays in force.
///
/// # Errors
/// A wrong password or code, or a fault.
pub async fn begin(
    s: &Services,
    insider: Insider,
    password: &str,
    otp: Option<&str>,
) -> Result<Enrolment, Refusal> {
    let user = insider.user();
    let person = Person::of(s, user).await?;
    let sealed = codes::draw(s, user);
    if person.has_second_step {
        let begin = async |evidence: &Evidence| put_down(s, user, &sealed, evidence).await;
        person
            .prove(s, password, otp.unwrap_or_default(), begin)
            .await?;
    } else {
        check_current(s, &person.email, person.hash.as_deref(), password).await?;
        if !put_down(s, user, &sealed, &Evidence::default()).await? {
            // One was put in force meanwhile, or the person left.
            return Err(Refusal::Missing);
        }
    }
    Ok(enrolment(s, user, &person.email, &sealed)?)
}

async fn put_down(
    s: &Services,
    user: UserId,
    sealed: &str,
    evidence: &Evidence,
) -> Result<bool, Fault> {
    Ok(sqlx::query_scalar!(
        r#"select begin_second_step($1, $2, $3, $4, $5, $6) as "done!""#,
        Uuid::from(user),
        sealed,
        evidence.secret,
        evidence.step,
        evidence.recovery,
        s.now(),
    )
    .fetch_one(&s.db)
    .await?)
}

/// Puts the waiting secret in force, for its first code. All sessions end: they were opened without it.
///
/// # Errors
/// A wrong code, nothing that waits, or a fault.
pub async fn activate(s: &Services, insider: Insider, otp: &str) -> Result<Activated, Refusal> {
    let user = insider.user();
    let pending = sqlx::query_scalar!(
        "select pending from second_steps where user_id = $1",
        Uuid::from(user)
    )
    .fetch_optional(&s.db)
    .await?
    .flatten()
    .ok_or(Refusal::Missing)?;
    let Ok(TypedCode::App(code)) = TypedCode::try_from(otp) else {
        return Err(wrong_code());
    };
    // Whoever is here has been shown the secret: there is nothing to guess.
    let step = codes::step(s, user, &pending, &code)?.ok_or_else(wrong_code)?;
    let (recovery_codes, hashes) = codes::draw_recovery(s, user);
    let session_epoch = sqlx::query_scalar!(
        "select activate_second_step($1, $2, $3, $4, $5)",
        Uuid::from(user),
        pending,
        step,
        &hashes,
        s.now(),
    )
    .fetch_one(&s.db)
    .await?
    .ok_or(Refusal::Missing)?;
    Ok(Activated {
        recovery_codes,
        session_epoch,
    })
}

/// Other recovery codes, to be shown once; those before are worth nothing any more.
///
/// # Errors
/// A wrong password or code, no second step, or a fault.
pub async fn renew_recovery_codes(
    s: &Services,
    insider: Insider,
    password: &str,
    otp: &str,
) -> Result<Vec<RecoveryCode>, Refusal> {
    let user = insider.user();
    let (recovery_codes, hashes) = codes::draw_recovery(s, user);
    let renew = async |evidence: &Evidence| {
        Ok(sqlx::query_scalar!(
            r#"select renew_recovery_codes($1, $2, $3, $4, $5, $6) as "done!""#,
            Uuid::from(user),
            &hashes,
            evidence.secret,
            evidence.step,
            evidence.recovery,
            s.now(),
        )
        .fetch_one(&s.db)
        .await?)
    };
    let person = Person::of(s, user).await?;
    person.prove(s, password, otp, renew).await?;
    Ok(recovery_codes)
}

/// Switches the second step off.
///
/// # Errors
/// A wrong password or code, no second step, someone who may not be without one, or a fault.
pub async fn disable(
    s: &Services,
    insider: Insider,
    password: &str,
    otp: &str,
) -> Result<(), Refusal> {
    if is_required(s, insider) {
        return Err(Refusal::Needed);
    }
    let user = insider.user();
    let disable = async |evidence: &Evidence| {
        Ok(sqlx::query_scalar!(
            r#"select disable_second_step($1, $2, $3, $4, $5) as "done!""#,
            Uuid::from(user),
            evidence.secret,
            evidence.step,
            evidence.recovery,
            s.now(),
        )
        .fetch_one(&s.db)
        .await?)
    };
    let person = Person::of(s, user).await?;
    person.prove(s, password, otp, disable).await
}

/// What became of a wish to take a lost second step away.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reset {
    /// It is gone, and so are the person's sessions.
    Done,
    /// Nobody has this address.
    Unknown,
    /// The person had none.
    None,
}

/// Takes a lost second step away, for whoever holds the machine. Recovery codes go with it.
///
/// # Errors
/// When the database fails.
pub async fn reset(s: &Services, email: &Email) -> Result<Reset, Fault> {
    let answer = sqlx::query!(
        r#"with gone as (
               delete from second_steps x using users u where u.id = x.user_id and u.email = $1 returning x.user_id
           ),
           ended as (
               update users set session_epoch = session_epoch + 1 where id in (select user_id from gone)
               returning id, merchant_id
           ),
           noted as (
               select audit($2, null, null, merchant_id, 'second_step.reset', id, '{}') from ended
           )
           select exists (select from users where email = $1) as "known!", count(*) as "done!" from noted"#,
        email.as_str(),
        s.now(),
    )
    .fetch_one(&s.db)
    .await?;
    Ok(match (answer.known, answer.done) {
        (false, _) => Reset::Unknown,
        (true, 0) => Reset::None,
        (true, _) => Reset::Done,
    })
}

/// Someone who is about to prove who they are once more.
struct Person {
    id: UserId,
    email: String,
    hash: Option<String>,
    has_second_step: bool,
}

impl Person {
    async fn of(s: &Services, user: UserId) -> Result<Self, Fault> {
        let row = sqlx::query!(
            r#"select email, password_hash, has_second_step(id) as "has_second_step!" from users where id = $1"#,
            Uuid::from(user)
        )
        .fetch_one(&s.db)
        .await?;
        Ok(Self {
            id: user,
            email: row.email,
            hash: row.password_hash,
            has_second_step: row.has_second_step,
        })
    }

    /// Does something for a password and a code, which are one try together. `act` uses the code up, or says that it
    /// was used.
    async fn prove(
        &self,
        s: &Services,
        password: &str,
        otp: &str,
        act: impl AsyncFnOnce(&Evidence) -> Result<bool, Fault>,
    ) -> Result<(), Refusal> {
        if !self.has_second_step {
            return Err(Refusal::Missing);
        }
        let guess = Try::begin(s, &self.email)
            .await
            .map_err(ChangeRefusal::from)?;
        let guess = guess.password(self.hash.as_deref(), password).await?;
        let guess = guess.ok_or_else(|| Refusal::Invalid(wrong_password()))?;
        let (guess, evidence) = guess.code(self.id, otp).await?.ok_or_else(wrong_code)?;
        if act(&evidence).await? {
            return Ok(guess.forget().await?);
        }
        guess.failed(What::Code).await?;
        Err(wrong_code())
    }
}
