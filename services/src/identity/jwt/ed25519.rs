//! Ed25519 for the token library, which leaves signing to others: its own choices bring RSA and elliptic curves
//! that nothing here uses.

use ed25519_dalek::{Signature, SigningKey, VerifyingKey, pkcs8::DecodePrivateKey};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    errors::{Error, ErrorKind},
    signature,
};

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: signer,
    verifier_factory: verifier,
    key_utils: KeyUtils::new_unimplemented(),
};

/// Makes the library sign with this, for the whole process.
pub(super) fn install() {
    // An error says that it was done before.
    let _ = PROVIDER.install_default();
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the library calls it so")]
fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>, Error> {
    match algorithm {
        Algorithm::EdDSA => {
            let key = SigningKey::from_pkcs8_der(key.as_bytes());
            Ok(Box::new(Signer(key.map_err(|_| refused())?)))
        }
        _ => Err(refused()),
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the library calls it so")]
fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>, Error> {
    match algorithm {
        Algorithm::EdDSA => {
            let key = VerifyingKey::try_from(key.try_get_as_bytes()?);
            Ok(Box::new(Verifier(key.map_err(|_| refused())?)))
        }
        _ => Err(refused()),
    }
}

fn refused() -> Error {
    ErrorKind::InvalidEddsaKey.into()
}

struct Signer(SigningKey);

impl signature::Signer<Vec<u8>> for Signer {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        let made: Signature = self.0.try_sign(message)?;
        Ok(made.to_vec())
    }
}

impl JwtSigner for Signer {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

struct Verifier(VerifyingKey);

impl signature::Verifier<Vec<u8>> for Verifier {
    fn verify(&self, message: &[u8], made: &Vec<u8>) -> Result<(), signature::Error> {
        self.0.verify_strict(message, &Signature::from_slice(made)?)
    }
}

impl JwtVerifier for Verifier {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}
