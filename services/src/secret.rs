//! A signing secret, and the short proofs made with it.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::entropy::Entropy;

/// Bytes of a proof: HMAC-SHA256 cut to 128 bits (RFC 2104 §5 allows half).
const PROOF_BYTES: usize = 16;

/// What is kept of a random secret, to know it again by. SHA-256 is enough: nobody guesses 256 random bits, however
/// fast each guess is.
pub(crate) fn digest(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// A key for HMAC-SHA256. It never shows itself.
pub struct Secret(Vec<u8>);

/// A secret that is too short to protect anything.
#[derive(Debug, thiserror::Error)]
#[error("a signing secret needs at least {min} characters, this one has {0}", min = Secret::MIN_LENGTH)]
pub struct WeakSecret(usize);

impl Secret {
    /// In bytes: as many as the hash gives.
    pub const MIN_LENGTH: usize = 32;

    /// Takes a secret as configured.
    ///
    /// # Errors
    /// When it is shorter than [`Secret::MIN_LENGTH`].
    pub fn new(text: &str) -> Result<Self, WeakSecret> {
        let text = text.trim();
        if text.len() < Self::MIN_LENGTH {
            return Err(WeakSecret(text.len()));
        }
        Ok(Self(text.as_bytes().to_vec()))
    }

    /// A secret that lasts as long as the process.
    #[must_use]
    pub fn random(entropy: &Entropy) -> Self {
        Self(entropy.bytes::<{ Self::MIN_LENGTH }>().to_vec())
    }

    /// The proof that whoever made it knew the secret and meant these `parts`.
    #[must_use]
    pub fn sign(&self, parts: &[&[u8]]) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.tag(parts))
    }

    /// Whether `proof` is what [`Secret::sign`] gives for these parts, told in constant time.
    #[must_use]
    pub fn verify(&self, proof: &str, parts: &[&[u8]]) -> bool {
        BASE64_URL_SAFE_NO_PAD
            .decode(proof)
            .is_ok_and(|given| bool::from(given.ct_eq(&self.tag(parts))))
    }

    fn tag(&self, parts: &[&[u8]]) -> [u8; PROOF_BYTES] {
        #[expect(
            clippy::expect_used,
            reason = "HMAC takes a key of any length (RFC 2104 §2)"
        )]
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("any key length");
        for part in parts {
            // The length in front keeps ("ab", "c") and ("a", "bc") apart.
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        let mut tag = [0; PROOF_BYTES];
        tag.copy_from_slice(&mac.finalize().into_bytes()[..PROOF_BYTES]);
        tag
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> Secret {
        Secret::new("0123456789abcdef0123456789abcdef").unwrap()
    }

    #[test]
    fn a_short_secret_is_refused() {
        assert!(Secret::new("too short").is_err());
    }

    #[test]
    fn a_proof_holds_for_its_own_parts_only() {
        let proof = secret().sign(&[b"ab", b"c"]);
        assert!(secret().verify(&proof, &[b"ab", b"c"]));
        assert!(!secret().verify(&proof, &[b"a", b"bc"]));
        assert!(!secret().verify("", &[b"ab", b"c"]));
        assert!(!secret().verify(&proof[1..], &[b"ab", b"c"]));
    }

    #[test]
    fn another_secret_makes_another_proof() {
        let other = Secret::new("another secret of thirty-two bytes!").unwrap();
        assert!(!other.verify(&secret().sign(&[b"x"]), &[b"x"]));
    }
}
