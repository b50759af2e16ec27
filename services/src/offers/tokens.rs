//! The proofs around a redemption: the rotating token in its QR, and the till's ticket to confirm.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    codes::RedemptionCode,
    ids::RedemptionId,
    redemptions::{TOKEN_WINDOW_SECONDS, accepted_windows, token_window},
};
use uuid::Uuid;

use crate::{Services, secret::Secret};

/// How long an attendant may look at a validated redemption before confirming it.
const TICKET_LIFETIME: TimeDelta = TimeDelta::minutes(2);

/// The token that a redemption's QR shows at `now`.
#[must_use]
pub(crate) fn qr_token(secret: &Secret, redemption: RedemptionId, now: DateTime<Utc>) -> String {
    sign_window(secret, redemption, token_window(now.timestamp()))
}

/// Whether a scanned token is a redemption's own and fresh: of this window or the one before.
#[must_use]
pub(crate) fn qr_token_is_good(
    secret: &Secret,
    redemption: RedemptionId,
    token: &str,
    now: DateTime<Utc>,
) -> bool {
    accepted_windows(now.timestamp()).into_iter().any(|window| {
        secret.verify(
            token,
            &qr_parts(redemption, window).each_ref().map(AsRef::as_ref),
        )
    })
}

/// The moment at which the token shown at `now` gives way to the next.
#[must_use]
pub fn next_rotation(now: DateTime<Utc>) -> DateTime<Utc> {
    let next = (token_window(now.timestamp()) + 1) * TOKEN_WINDOW_SECONDS;
    DateTime::from_timestamp(next, 0).unwrap_or(now)
}

/// The link that a QR holds.
#[must_use]
pub fn landing_url(base: &str, code: &RedemptionCode, token: &str) -> String {
    format!("{base}/r/{code}?t={token}")
}

/// The link that a redemption's QR holds now.
#[must_use]
pub fn landing_url_now(
    s: &Services,
    base: &str,
    redemption: RedemptionId,
    code: &RedemptionCode,
) -> String {
    landing_url(base, code, &qr_token(&s.qr_secret, redemption, s.now()))
}

/// The proof that an actor at a till has validated a redemption a moment ago. Confirming demands it, so no way
/// leads around the checks that validating makes.
#[must_use]
pub(crate) fn ticket(
    secret: &Secret,
    redemption: RedemptionId,
    actor: Uuid,
    now: DateTime<Utc>,
) -> String {
    let until = (now + TICKET_LIFETIME).timestamp();
    let parts = ticket_parts(redemption, actor, until);
    format!(
        "{until}.{}",
        secret.sign(&parts.each_ref().map(AsRef::as_ref))
    )
}

/// Whether a ticket was made for this redemption and actor and is still good.
#[must_use]
pub(crate) fn ticket_is_good(
    secret: &Secret,
    redemption: RedemptionId,
    actor: Uuid,
    ticket: &str,
    now: DateTime<Utc>,
) -> bool {
    let Some((until, proof)) = ticket.split_once('.') else {
        return false;
    };
    let Ok(until) = until.parse::<i64>() else {
        return false;
    };
    let parts = ticket_parts(redemption, actor, until);
    secret.verify(proof, &parts.each_ref().map(AsRef::as_ref)) && now.timestamp() < until
}

/// Whether an actor may confirm: by a ticket of their own, or by what the redemption's QR shows now.
#[must_use]
pub(crate) fn proof_is_good(
    secret: &Secret,
    redemption: RedemptionId,
    actor: Uuid,
    proof: &str,
    now: DateTime<Utc>,
) -> bool {
    ticket_is_good(secret, redemption, actor, proof, now)
        || qr_token_is_good(secret, redemption, proof, now)
}

fn sign_window(secret: &Secret, redemption: RedemptionId, window: i64) -> String {
    secret.sign(&qr_parts(redemption, window).each_ref().map(AsRef::as_ref))
}

fn qr_parts(redemption: RedemptionId, window: i64) -> [Vec<u8>; 3] {
    [
        b"qr".to_vec(),
        Uuid::from(redemption).as_bytes().to_vec(),
        window.to_be_bytes().to_vec(),
    ]
}

fn ticket_parts(redemption: RedemptionId, actor: Uuid, until: i64) -> [Vec<u8>; 4] {
    [
        b"ticket".to_vec(),
        Uuid::from(redemption).as_bytes().to_vec(),
        actor.as_bytes().to_vec(),
        until.to_be_bytes().to_vec(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> Secret {
        Secret::new("0123456789abcdef0123456789abcdef").unwrap()
    }

    fn redemption(n: u128) -> RedemptionId {
        Uuid::from_u128(n).into()
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn a_screenshot_of_a_qr_goes_stale_within_a_minute() {
        let token = qr_token(&secret(), redemption(1), at(1_000));
        let good = |seconds| qr_token_is_good(&secret(), redemption(1), &token, at(seconds));
        assert!(good(1_000) && good(1_025));
        assert!(!good(1_060) && !good(900));
    }

    #[test]
    fn a_token_is_bound_to_its_redemption_and_cannot_be_altered() {
        let token = qr_token(&secret(), redemption(1), at(0));
        assert!(!qr_token_is_good(&secret(), redemption(2), &token, at(0)));
        let mut altered = token.clone().into_bytes();
        altered[0] ^= 1;
        let altered = String::from_utf8(altered).unwrap();
        assert!(!qr_token_is_good(&secret(), redemption(1), &altered, at(0)));
    }

    #[test]
    fn a_ticket_serves_its_own_attendant_for_two_minutes() {
        let [ana, bea] = [11, 12].map(Uuid::from_u128);
        let made = ticket(&secret(), redemption(1), ana, at(0));
        let good = |user, r, seconds| ticket_is_good(&secret(), r, user, &made, at(seconds));
        assert!(good(ana, redemption(1), 119));
        assert!(!good(ana, redemption(1), 120));
        assert!(!good(bea, redemption(1), 1));
        assert!(!good(ana, redemption(2), 1));
    }

    #[test]
    fn the_next_rotation_is_at_most_one_window_away() {
        assert_eq!(next_rotation(at(0)), at(30));
        assert_eq!(next_rotation(at(29)), at(30));
        assert_eq!(next_rotation(at(30)), at(60));
    }
}
