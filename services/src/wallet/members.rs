//! Membership: the code and the rotating QR by which a consumer is known at a till.

use chrono::{DateTime, Utc};
use domain::{
    codes::{MemberCode, MemberPresented},
    ids::UserId,
    redemptions::{accepted_windows, token_window},
};
use uuid::Uuid;

use crate::{Fault, Services, identity::actors::Consumer, secret::Secret, stored};

/// A consumer's own code, for the till and for friends.
///
/// # Errors
/// When the database fails.
pub async fn code(s: &Services, consumer: Consumer) -> Result<MemberCode, Fault> {
    let code = sqlx::query_scalar!(
        "select member_code from users where id = $1",
        Uuid::from(consumer.user())
    )
    .fetch_one(&s.db)
    .await?;
    stored(&code)
}

/// The link that a member's QR holds now: good for this window and the next, as a redemption's.
#[must_use]
pub fn qr_link(s: &Services, base: &str, code: &MemberCode) -> String {
    let token = sign(&s.qr_secret, code, token_window(s.now().timestamp()));
    format!("{base}/m/{code}?t={token}")
}

/// Whether what was presented may be trusted: a scanned token must be fresh. A code that was read aloud has
/// none, and does its owner no harm: it can only bring them points.
pub(super) fn token_is_good(s: &Services, presented: &MemberPresented, now: DateTime<Utc>) -> bool {
    let Some(token) = &presented.token else {
        return true;
    };
    accepted_windows(now.timestamp()).into_iter().any(|window| {
        let parts = parts(&presented.code, window);
        s.qr_secret
            .verify(token, &parts.each_ref().map(AsRef::as_ref))
    })
}

/// The consumer whose code this is.
pub(super) async fn owner(s: &Services, code: &MemberCode) -> Result<Option<UserId>, Fault> {
    let id = sqlx::query_scalar!(
        "select id from users where member_code = $1 and role = 'consumer'",
        code.as_str()
    )
    .fetch_optional(&s.db)
    .await?;
    Ok(id.map(UserId::from))
}

fn sign(secret: &Secret, code: &MemberCode, window: i64) -> String {
    secret.sign(&parts(code, window).each_ref().map(AsRef::as_ref))
}

fn parts(code: &MemberCode, window: i64) -> [Vec<u8>; 3] {
    [
        b"member".to_vec(),
        code.as_str().as_bytes().to_vec(),
        window.to_be_bytes().to_vec(),
    ]
}
