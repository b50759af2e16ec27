//! Secrets and signatures as <https://www.standardwebhooks.com> has them.

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::{Fault, entropy::Entropy};

/// Tells a webhook's secret from others.
pub const PREFIX: &str = "whsec_";
/// Of 24 to 64 that the convention allows: as many as the hash gives.
const BYTES: usize = 32;

/// A new secret.
pub(super) fn fresh(entropy: &Entropy) -> String {
    format!(
        "{PREFIX}{}",
        BASE64_STANDARD.encode(entropy.bytes::<BYTES>())
    )
}

/// Its last four characters that say something: the last of all only fills up.
pub(super) fn hint(secret: &str) -> String {
    let text = secret.trim_end_matches('=');
    text[text.len().saturating_sub(4)..].to_owned()
}

/// What stands in `webhook-signature`: one signature for each secret.
pub(super) fn signatures(
    secrets: &[&str],
    event: &str,
    timestamp: i64,
    body: &str,
) -> Result<String, Fault> {
    let signed = format!("{event}.{timestamp}.{body}");
    let each: Result<Vec<_>, _> = secrets.iter().map(|it| signature(it, &signed)).collect();
    Ok(each?.join(" "))
}

fn signature(secret: &str, signed: &str) -> Result<String, Fault> {
    const BROKEN: Fault = Fault::Broken("a webhook's secret is whsec_ and base64");
    let key = secret.strip_prefix(PREFIX).ok_or(BROKEN)?;
    let key = BASE64_STANDARD.decode(key).map_err(|_| BROKEN)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| BROKEN)?;
    mac.update(signed.as_bytes());
    let tag = BASE64_STANDARD.encode(mac.finalize().into_bytes());
    Ok(format!("v1,{tag}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the convention's own libraries.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    #[test]
    fn signatures_are_those_of_the_conventions_own_example() {
        let event = "msg_p5jXN8AQM9LWM0D4loKWxJek";
        let signed = signatures(&[SECRET], event, 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(
            signed.unwrap(),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }

    #[test]
    fn every_secret_signs() {
        let other = fresh(&Entropy::seeded(1));
        let both = signatures(&[SECRET, &other], "e", 1, "{}").unwrap();
        let one = signatures(&[SECRET], "e", 1, "{}").unwrap();
        let two = signatures(&[&other], "e", 1, "{}").unwrap();
        assert_eq!(both, format!("{one} {two}"));
    }

    #[test]
    fn a_hint_is_four_characters_that_say_something() {
        assert_eq!(hint("whsec_abcdefg="), "defg");
    }
}
