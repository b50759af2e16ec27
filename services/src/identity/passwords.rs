//! Passwords: argon2id off the async threads, a few at a time, and the refusal of common ones.

use std::sync::{Arc, LazyLock};

use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version,
    password_hash::SaltString,
};
use domain::{account::Password, fields::FieldProblem};
use tokio::sync::Semaphore;

use crate::{Fault, entropy::Entropy};

/// 19 MiB, 2 passes, 1 lane: OWASP's second choice for argon2id (Password Storage Cheat Sheet).
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// At most this many are hashed at once: each takes a core and 19 MiB for some 30 ms, and more would make
/// every other request wait.
const AT_ONCE: usize = 2;
/// At most this many wait for their turn, a second or so; the rest is told to come back.
const WAITING: usize = 32;
/// Guesses an attacker needs on average below which a password is refused: what zxcvbn calls score 2.
const FEWEST_GUESSES: u64 = 1_000_000;

/// Hashes and verifies passwords with bounded concurrency.
#[derive(Clone, Debug)]
pub(crate) struct Hasher {
    queue: Arc<Semaphore>,
    permits: Arc<Semaphore>,
}

impl Hasher {
    pub(crate) fn new() -> Self {
        Self {
            queue: Arc::new(Semaphore::new(AT_ONCE + WAITING)),
            permits: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// The PHC string to store for a password.
    ///
    /// # Errors
    /// [`Fault::Busy`] when too many are waiting.
    pub(crate) async fn hash(
        &self,
        entropy: &Entropy,
        password: &Password,
    ) -> Result<String, Fault> {
        let salt = SaltString::encode_b64(&entropy.bytes::<16>())
            .map_err(|_| Fault::Broken("16 bytes make a salt"))?;
        let password = password.reveal().to_owned();
        self.run(move || {
            argon2()
                .hash_password(password.as_bytes(), &salt)
                .map(|hash| hash.to_string())
        })
        .await?
        .map_err(|_| Fault::Broken("argon2 hashes any password"))
    }

    /// Whether `password` is the one that was hashed. Without a hash it takes as long and says no, so that
    /// the time does not tell who has an account.
    ///
    /// # Errors
    /// [`Fault::Busy`] when too many are waiting.
    pub(crate) async fn verify(&self, hash: Option<&str>, password: &str) -> Result<bool, Fault> {
        let known = hash.is_some();
        let hash = hash.map(ToOwned::to_owned);
        let password = password.to_owned();
        let matches = self
            .run(move || {
                PasswordHash::new(hash.as_deref().unwrap_or(&NOBODY))
                    .is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok())
            })
            .await?;
        Ok(known && matches)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let place = self
            .queue
            .clone()
            .try_acquire_owned()
            .map_err(|_| Fault::Busy)?;
        let permit = self
            .permits
            .clone()
            .acquire_owned()
            .await
            .map_err(|_| Fault::Busy)?;
        // The permits move into the task: a caller that goes away does not free a core that is still busy.
        tokio::task::spawn_blocking(move || {
            let result = work();
            drop((permit, place));
            result
        })
        .await
        .map_err(|_| Fault::Broken("hashing does not panic"))
    }
}

/// Refuses a password that attackers try first, alone or made from what they know of the person.
pub(crate) fn refuse_common(password: &Password, known: &[&str]) -> Result<(), FieldProblem> {
    let guesses = zxcvbn::zxcvbn(password.reveal(), known).guesses();
    if guesses < FEWEST_GUESSES {
        Err(FieldProblem::TooCommon)
    } else {
        Ok(())
    }
}

fn argon2() -> Argon2<'static> {
    #[expect(
        clippy::expect_used,
        reason = "the parameters are constants within argon2's bounds"
    )]
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("valid parameters");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// A hash that belongs to nobody, made once with the current parameters.
static NOBODY: LazyLock<String> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "constants within argon2's bounds")]
    let salt = SaltString::encode_b64(&[0; 16]).expect("16 bytes make a salt");
    #[expect(clippy::expect_used, reason = "constants within argon2's bounds")]
    let hash = argon2()
        .hash_password(b"nobody", &salt)
        .expect("argon2 hashes any password");
    hash.to_string()
});

#[cfg(test)]
mod tests {
    use super::*;

    fn password(text: &str) -> Password {
        Password::try_from(text).unwrap()
    }

    #[tokio::test]
    async fn a_password_is_verified_against_its_own_hash_only() {
        let (hasher, entropy) = (Hasher::new(), Entropy::seeded(1));
        let hash = hasher
            .hash(&entropy, &password("surtidor-demo"))
            .await
            .unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(hasher.verify(Some(&hash), "surtidor-demo").await.unwrap());
        assert!(!hasher.verify(Some(&hash), "surtidor-dem0").await.unwrap());
        assert!(!hasher.verify(None, "nobody").await.unwrap());
    }

    #[tokio::test]
    async fn beyond_the_queue_the_answer_is_busy_at_once() {
        let hasher = Hasher::new();
        let taken = hasher
            .queue
            .clone()
            .acquire_many_owned(u32::try_from(AT_ONCE + WAITING).unwrap())
            .await;
        assert!(matches!(hasher.verify(None, "x").await, Err(Fault::Busy)));
        drop(taken);
        assert!(hasher.verify(None, "x").await.is_ok());
    }

    #[test]
    fn common_passwords_and_ones_made_of_the_name_are_refused() {
        for text in ["password", "12345678", "contrasena1", "anagarcia"] {
            let refused = refuse_common(&password(text), &["Ana", "Garcia"]);
            assert_eq!(refused, Err(FieldProblem::TooCommon), "{text}");
        }
        assert_eq!(
            refuse_common(&password("surtidor de lluvia"), &["Ana"]),
            Ok(())
        );
    }
}
