//! Codes of the second step: how they are made, kept and checked.

use chrono::{DateTime, Utc};
use domain::{
    ids::UserId,
    second_step::{RecoveryCode, TypedCode},
};
use totp_rs::{Algorithm, Builder, Secret as Shared, Totp};
use uuid::Uuid;

use crate::{Fault, Services, identity::actors::Insider};

/// Bytes of a shared secret: as many as the hash gives (RFC 4226 §4, R6).
const SECRET_BYTES: usize = 20;
/// Digits, seconds of a step, and steps that clocks may be apart (RFC 6238 §5.2): what every app knows.
const DIGITS: u8 = 6;
const STEP_SECONDS: u64 = 30;
const SKEW: u16 = 1;
/// How many recovery codes somebody has.
pub(super) const RECOVERY_CODES: usize = 10;
/// Whose codes they are, in the app's list.
const ISSUER: &str = "Surtidor";

/// What a typed code proves, once it is used up: one step of the app's, or one recovery code; or nothing.
#[derive(Debug, Default)]
pub(in crate::identity) struct Evidence {
    /// The sealed secret that the step belongs to.
    pub(in crate::identity) secret: Option<String>,
    pub(in crate::identity) step: Option<i64>,
    pub(in crate::identity) recovery: Option<String>,
}

/// What a code that somebody has typed proves; none if it is wrong. Whether it was used before is seen when it is used.
pub(in crate::identity) async fn evidence(
    s: &Services,
    user: UserId,
    typed: &str,
) -> Result<Option<Evidence>, Fault> {
    let Ok(typed) = TypedCode::try_from(typed) else {
        return Ok(None);
    };
    let code = match typed {
        TypedCode::App(code) => code,
        TypedCode::Recovery(code) => {
            return Ok(Some(Evidence {
                recovery: Some(hash(s, user, &code)),
                ..Evidence::default()
            }));
        }
    };
    let sealed = sqlx::query_scalar!(
        r#"select secret as "secret!" from second_steps where user_id = $1 and secret is not null"#,
        Uuid::from(user),
    )
    .fetch_optional(&s.db)
    .await?;
    let Some(sealed) = sealed else {
        return Ok(None);
    };
    let step = step(s, user, &sealed, &code)?;
    Ok(step.map(|step| Evidence {
        secret: Some(sealed),
        step: Some(step),
        recovery: None,
    }))
}

/// The step of which an app that shares this sealed secret shows this code, if it is about now.
pub(super) fn step(
    s: &Services,
    user: UserId,
    sealed: &str,
    code: &str,
) -> Result<Option<i64>, Fault> {
    let totp = totp(open(s, user, sealed)?, "")?;
    let step = totp.check(code, seconds(s.now()));
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

fn seconds(moment: DateTime<Utc>) -> u64 {
    u64::try_from(moment.timestamp()).unwrap_or(0)
}

/// A new secret, sealed.
pub(super) fn draw(s: &Services, user: UserId) -> String {
    let secret = Shared::new_stack(s.entropy.bytes::<SECRET_BYTES>());
    let about = user_bytes(user);
    s.mfa_secret.seal(&s.entropy, &about, &secret.to_base32())
}

/// A sealed secret for its owner's app: as text to type, and as the address that a QR code holds.
pub(super) fn reveal(
    s: &Services,
    user: UserId,
    email: &str,
    sealed: &str,
) -> Result<(String, String), Fault> {
    let totp = totp(open(s, user, sealed)?, email)?;
    let uri = totp.to_url().map_err(|_| UNFIT)?;
    Ok((totp.secret().to_base32(), uri))
}

const UNFIT: Fault = Fault::Broken("a second step's secret makes codes");

fn open(s: &Services, user: UserId, sealed: &str) -> Result<Shared, Fault> {
    let text = s.mfa_secret.open(&user_bytes(user), sealed);
    let text = text.ok_or(Fault::Broken(
        "MFA_ENCRYPTION_KEY is the one that sealed the second step's secret",
    ))?;
    Shared::try_from_base32(text).map_err(|_| UNFIT)
}

fn totp(secret: Shared, email: &str) -> Result<Totp, Fault> {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(DIGITS)
        .with_step_duration(STEP_SECONDS)
        .with_skew(SKEW)
        .with_secret(secret)
        .with_issuer(Some(ISSUER))
        // A colon is what parts it from the issuer.
        .with_account_name(email.replace(':', " "))
        .build()
        .map_err(|_| UNFIT)
}

/// New recovery codes, and what is kept of them.
pub(super) fn draw_recovery(s: &Services, user: UserId) -> (Vec<RecoveryCode>, Vec<String>) {
    let codes: Vec<_> = (0..RECOVERY_CODES)
        .map(|_| RecoveryCode::from_random(s.entropy.bits()))
        .collect();
    let hashes = codes.iter().map(|code| hash(s, user, code)).collect();
    (codes, hashes)
}

fn hash(s: &Services, user: UserId, code: &RecoveryCode) -> String {
    let parts: [&[u8]; 3] = [
        b"recovery code",
        &user_bytes(user),
        code.reveal().as_bytes(),
    ];
    s.mfa_secret.sign(&parts)
}

fn user_bytes(user: UserId) -> [u8; 16] {
    Uuid::from(user).into_bytes()
}

/// Keeps the two apart that are sealed for the same person.
fn shown_to(user: UserId) -> Vec<u8> {
    [&user_bytes(user)[..], b"shown once"].concat()
}

/// Recovery codes on their way to the page that shows them, as the session may keep them for a moment.
#[must_use]
pub fn put_by(s: &Services, insider: Insider, codes: &[RecoveryCode]) -> String {
    let codes: Vec<_> = codes.iter().map(RecoveryCode::reveal).collect();
    s.mfa_secret
        .seal(&s.entropy, &shown_to(insider.user()), &codes.join(" "))
}

/// What was [`put_by`] for this person; nothing where it was for another.
#[must_use]
pub fn take_up(s: &Services, insider: Insider, sealed: &str) -> Vec<RecoveryCode> {
    let text = s.mfa_secret.open(&shown_to(insider.user()), sealed);
    let text = text.unwrap_or_default();
    text.split(' ')
        .filter_map(|code| code.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the last six of the eight digits.
    #[test]
    fn codes_are_those_of_the_rfc_a_step_before_and_after() {
        let totp = totp(Shared::new_stack(*b"12345678901234567890"), "ana@demo.test").unwrap();
        for (time, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (20_000_000_000, "353130"),
        ] {
            let step = time / 30;
            assert_eq!(totp.check(code, time), Some(step));
            assert_eq!(totp.check(code, time + 30), Some(step));
            assert_eq!(totp.check(code, time - 30), Some(step));
            assert_eq!(totp.check(code, time + 60), None);
        }
    }

    #[test]
    fn an_address_with_a_colon_makes_a_uri_all_the_same() {
        let totp = totp(Shared::new_stack([7; SECRET_BYTES]), "\"a:b\"@demo.test").unwrap();
        assert!(totp.to_url().unwrap().contains("issuer=Surtidor"));
    }
}
