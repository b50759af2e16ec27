//! A signing secret, and the short proofs made with it.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{Services, entropy::Entropy};

/// Bytes of a proof: HMAC-SHA256 cut to 128 bits (RFC 2104 §5 allows half).
const PROOF_BYTES: usize = 16;
/// Bytes of a sealed text's nonce: so many that random ones do not repeat.
const NONCE_BYTES: usize = 24;
/// Keeps what seals apart from what signs.
const SEALING: &[u8] = b"seal";

/// What is kept of a random secret, to know it again by. SHA-256 is enough: nobody guesses 256 random bits, however
/// fast each guess is.
pub(crate) fn digest(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// A secret text in two halves on its way to the one page that shows it: either alone is random and tells nothing, so
/// that neither place that holds one for a moment holds the secret.
#[must_use]
pub fn halves(s: &Services, text: &str) -> [String; 2] {
    let mut pad = vec![0; text.len()];
    s.entropy.fill(&mut pad);
    let other = xor(text.as_bytes(), &pad);
    [pad, other].map(|half| BASE64_URL_SAFE_NO_PAD.encode(half))
}

/// The text of two [`halves`]; none when they do not make one that begins as it should, as they do not belong together.
#[must_use]
pub fn whole(beginning: &str, one: &str, other: &str) -> Option<String> {
    let bytes = |half| BASE64_URL_SAFE_NO_PAD.decode(half).ok();
    let text = String::from_utf8(xor(&bytes(one)?, &bytes(other)?)).ok()?;
    text.starts_with(beginning).then_some(text)
}

fn xor(one: &[u8], other: &[u8]) -> Vec<u8> {
    one.iter().zip(other).map(|(a, b)| a ^ b).collect()
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

    /// A text as it may lie in the database for a while: without the secret it tells nothing, and it can be opened
    /// again for the same `about` alone.
    #[must_use]
    pub(crate) fn seal(&self, entropy: &Entropy, about: &[u8], text: &str) -> String {
        let nonce = entropy.bytes::<NONCE_BYTES>();
        let payload = Payload {
            msg: text.as_bytes(),
            aad: about,
        };
        // It fails beyond 256 GiB alone.
        let sealed = self.cipher().encrypt(&nonce.into(), payload);
        BASE64_URL_SAFE_NO_PAD.encode([&nonce[..], &sealed.unwrap_or_default()].concat())
    }

    /// What was sealed for the same `about`; none if it was not, or was altered.
    pub(crate) fn open(&self, about: &[u8], sealed: &str) -> Option<String> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_BYTES>()?;
        let payload = Payload {
            msg: sealed,
            aad: about,
        };
        let text = self.cipher().decrypt(nonce.into(), payload).ok()?;
        String::from_utf8(text).ok()
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.mac(&[SEALING]).into())
    }

    fn tag(&self, parts: &[&[u8]]) -> [u8; PROOF_BYTES] {
        let mut tag = [0; PROOF_BYTES];
        tag.copy_from_slice(&self.mac(parts)[..PROOF_BYTES]);
        tag
    }

    fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
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
        mac.finalize().into_bytes().into()
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
    fn a_sealed_text_opens_for_what_it_is_about_alone() {
        let sealed = secret().seal(&Entropy::seeded(1), b"a", "told once");
        assert_eq!(secret().open(b"a", &sealed).as_deref(), Some("told once"));
        let altered = format!("{}A", &sealed[..sealed.len() - 1]);
        for (about, text) in [(b"b", &sealed), (b"a", &altered), (b"a", &String::new())] {
            assert_eq!(secret().open(about, text), None);
        }
    }

    #[test]
    fn another_secret_makes_another_proof() {
        let other = Secret::new("another secret of thirty-two bytes!").unwrap();
        assert!(!other.verify(&secret().sign(&[b"x"]), &[b"x"]));
    }
}
