//! The keys that tokens are signed and checked with.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ed25519_dalek::{
    SigningKey, VerifyingKey,
    pkcs8::{
        DecodePrivateKey, DecodePublicKey, EncodePrivateKey, KeypairBytes,
        spki::der::pem::LineEnding,
    },
};
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde::Serialize;

use super::ed25519;
use crate::{Fault, entropy::Entropy, secret};

/// What separates the keys of a text that holds several.
const BEGIN: &str = "-----BEGIN ";

/// A text that is no Ed25519 key.
#[derive(Debug, thiserror::Error)]
#[error(
    "not an Ed25519 key in PEM (`surtidor keys new` prints one, `openssl genpkey -algorithm ed25519` too)"
)]
pub struct BadKey;

/// The key that signs, and those that still are believed.
pub struct Keys {
    signing: EncodingKey,
    /// The signing key's public half first.
    believed: Vec<Believed>,
}

/// A key that tokens are checked with.
struct Believed {
    id: String,
    public: String,
    key: DecodingKey,
}

/// A public key as RFC 8037 §2 writes it.
#[derive(Clone, Debug, Serialize)]
pub struct Jwk {
    kty: &'static str,
    crv: &'static str,
    x: String,
    kid: String,
    #[serde(rename = "use")]
    usage: &'static str,
    alg: &'static str,
}

/// Public keys as RFC 7517 §5 publishes them.
#[derive(Clone, Debug, Serialize)]
pub struct Jwks {
    /// The signing key's first.
    pub keys: Vec<Jwk>,
}

impl Keys {
    /// Reads the key to sign with (PKCS#8 in PEM), and those of before it, private or public, one after the
    /// other. Line breaks may be written as `\n`.
    ///
    /// # Errors
    /// When one of them is no Ed25519 key.
    pub fn new(signing: &str, previous: &str) -> Result<Self, BadKey> {
        let signing = SigningKey::from_pkcs8_pem(lines(signing).trim()).map_err(|_| BadKey)?;
        let previous = lines(previous);
        let (before, rest) = previous.split_once(BEGIN).unwrap_or((&previous, ""));
        if !before.trim().is_empty() {
            return Err(BadKey);
        }
        let previous = rest
            .split(BEGIN)
            .filter(|pem| !pem.is_empty())
            .map(|pem| public(format!("{BEGIN}{pem}").trim()))
            .collect::<Result<_, _>>()?;
        Self::of(&signing, previous)
    }

    /// Keys that last as long as the process.
    ///
    /// # Errors
    /// Never, as far as its libraries keep their word.
    pub fn random(entropy: &Entropy) -> Result<Self, BadKey> {
        Self::of(&SigningKey::from_bytes(&entropy.bytes()), Vec::new())
    }

    fn of(signing: &SigningKey, previous: Vec<VerifyingKey>) -> Result<Self, BadKey> {
        ed25519::install();
        let der = private(signing).to_pkcs8_der().map_err(|_| BadKey)?;
        let mut believed = vec![Believed::of(signing.verifying_key())];
        believed.extend(previous.into_iter().map(Believed::of));
        Ok(Self {
            signing: EncodingKey::from_ed_der(der.as_bytes()),
            believed,
        })
    }

    /// The key that signs, and its name.
    pub(super) fn signing(&self) -> Result<(&str, &EncodingKey), Fault> {
        let first = self.believed.first();
        let first = first.ok_or(Fault::Broken("the signing key is believed"))?;
        Ok((&first.id, &self.signing))
    }

    /// The key of a name.
    pub(super) fn believed(&self, id: &str) -> Option<&DecodingKey> {
        let found = self.believed.iter().find(|it| it.id == id)?;
        Some(&found.key)
    }

    /// What others check our tokens with.
    #[must_use]
    pub fn published(&self) -> Jwks {
        let keys = self.believed.iter().map(|it| Jwk {
            kty: "OKP",
            crv: "Ed25519",
            x: it.public.clone(),
            kid: it.id.clone(),
            usage: "sig",
            alg: "EdDSA",
        });
        Jwks {
            keys: keys.collect(),
        }
    }
}

impl Believed {
    fn of(key: VerifyingKey) -> Self {
        let public = BASE64_URL_SAFE_NO_PAD.encode(key.as_bytes());
        Self {
            id: thumbprint(&public),
            key: DecodingKey::from_ed_der(key.as_bytes()),
            public,
        }
    }
}

/// A new private key, in PEM.
///
/// # Errors
/// Never, as far as its libraries keep their word.
pub fn fresh(entropy: &Entropy) -> Result<String, BadKey> {
    let pem = private(&SigningKey::from_bytes(&entropy.bytes())).to_pkcs8_pem(LineEnding::LF);
    Ok(pem.map_err(|_| BadKey)?.to_string())
}

/// Without its public half beside it: not every program reads PKCS#8 with both.
fn private(key: &SigningKey) -> KeypairBytes {
    KeypairBytes {
        secret_key: key.to_bytes(),
        public_key: None,
    }
}

/// The public half of a private key, or a public key as it is.
fn public(pem: &str) -> Result<VerifyingKey, BadKey> {
    match SigningKey::from_pkcs8_pem(pem) {
        Ok(private) => Ok(private.verifying_key()),
        Err(_) => VerifyingKey::from_public_key_pem(pem).map_err(|_| BadKey),
    }
}

/// Not every way to set a variable lets it have several lines.
fn lines(text: &str) -> String {
    text.replace("\\n", "\n")
}

/// The name of a key: RFC 7638 §3, with the members that RFC 8037 §2 requires.
fn thumbprint(public: &str) -> String {
    let members = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{public}"}}"#);
    BASE64_URL_SAFE_NO_PAD.encode(secret::digest(&members))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_named_by_its_thumbprint() {
        // RFC 8037, appendix A.3.
        assert_eq!(
            thumbprint("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"),
            "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
        );
    }

    #[test]
    fn a_fresh_key_is_read_back_on_several_lines_or_on_one() {
        let pem = fresh(&Entropy::seeded(1)).unwrap();
        assert!(pem.starts_with("-----BEGIN PRIVATE KEY-----\n"), "{pem}");
        let read = |text: &str| Keys::new(text, "").unwrap().published().keys[0].kid.clone();
        assert_eq!(read(&pem), read(&pem.replace('\n', "\\n")));
    }

    #[test]
    fn keys_of_before_are_private_or_public_and_any_number() {
        let [now, old, older] = [1, 2, 3].map(|seed| fresh(&Entropy::seeded(seed)).unwrap());
        let public = {
            use ed25519_dalek::pkcs8::EncodePublicKey;
            let key = SigningKey::from_pkcs8_pem(older.trim())
                .unwrap()
                .verifying_key();
            key.to_public_key_pem(LineEnding::LF).unwrap()
        };
        let keys = Keys::new(&now, &format!("\n{old}\n{public}"))
            .unwrap()
            .published();
        let alone = |pem: &str| Keys::new(pem, "").unwrap().published().keys[0].kid.clone();
        let names: Vec<_> = keys.keys.iter().map(|key| key.kid.clone()).collect();
        assert_eq!(names, [alone(&now), alone(&old), alone(&older)]);
    }

    #[test]
    fn what_is_no_key_is_refused_wherever_it_stands() {
        let good = fresh(&Entropy::seeded(1)).unwrap();
        let cut = good.replace("MC", "");
        assert!(Keys::new("secret", "").is_err());
        assert!(Keys::new(&cut, "").is_err());
        assert!(Keys::new(&good, "secret").is_err());
        assert!(Keys::new(&good, &format!("{good}{cut}")).is_err());
    }
}
