//! Passwords: argon2id off the async threads, a few at a time, and the refusal of common ones.

use std::sync::{Arc, Mutex, PoisonError};

use argon2::{
    Algorithm, Argon2, Block, Params, PasswordHash, Version,
    password_hash::{self, Output, ParamsString, Salt, SaltString},
};
use domain::{account::Password, fields::FieldProblem, terminals::Pin};
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
#[derive(Clone)]
pub(crate) struct Hasher {
    queue: Arc<Semaphore>,
    permits: Arc<Semaphore>,
    /// The memory of those who are not hashing: at most one for each permit, made when first needed. Asked
    /// for anew each time, it would stay with the allocator's arenas, one for each thread that ever hashed.
    spare: Arc<Mutex<Vec<Vec<Block>>>>,
}

impl Hasher {
    pub(crate) fn new() -> Self {
        Self {
            queue: Arc::new(Semaphore::new(AT_ONCE + WAITING)),
            permits: Arc::new(Semaphore::new(AT_ONCE)),
            spare: Arc::default(),
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
        self.hash_text(entropy, password.reveal()).await
    }

    /// The PHC string to store for a PIN.
    ///
    /// # Errors
    /// [`Fault::Busy`] when too many are waiting.
    pub(crate) async fn hash_pin(&self, entropy: &Entropy, pin: &Pin) -> Result<String, Fault> {
        self.hash_text(entropy, pin.reveal()).await
    }

    async fn hash_text(&self, entropy: &Entropy, text: &str) -> Result<String, Fault> {
        let salt = entropy.bytes::<16>();
        let text = text.to_owned();
        self.run(move |memory| phc(&text, &salt, memory))
            .await?
            .map_err(|_| Fault::Broken("argon2 hashes any password"))
    }

    /// Whether `password` is the one that was hashed. Without a hash it takes as long and says no, so that
    /// the time does not tell who has an account.
    ///
    /// # Errors
    /// [`Fault::Busy`] when too many are waiting.
    pub(crate) async fn verify(&self, hash: Option<&str>, password: &str) -> Result<bool, Fault> {
        let hash = hash.map(ToOwned::to_owned);
        let password = password.to_owned();
        self.run(move |memory| {
            if let Some(hash) = hash {
                matches(&hash, &password, memory).unwrap_or(false)
            } else {
                let _ = phc(&password, &[0; 16], memory);
                false
            }
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut [Block]) -> T + Send + 'static,
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
        let spare = self.spare.clone();
        // The permits move into the task: a caller that goes away does not free a core that is still busy.
        tokio::task::spawn_blocking(move || {
            let lock = || spare.lock().unwrap_or_else(PoisonError::into_inner);
            let kept = lock().pop();
            let mut memory =
                kept.unwrap_or_else(|| vec![Block::new(); argon2().params().block_count()]);
            let result = work(&mut memory);
            lock().push(memory);
            drop((permit, place));
            result
        })
        .await
        .map_err(|_| Fault::Broken("hashing does not panic"))
    }
}

/// The PHC string of a password under the current parameters.
fn phc(password: &str, salt: &[u8], memory: &mut [Block]) -> password_hash::Result<String> {
    let argon2 = argon2();
    let text = SaltString::encode_b64(salt)?;
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(argon2.params())?,
        salt: Some(text.as_salt()),
        hash: Some(digest(
            &argon2,
            password,
            salt,
            Params::DEFAULT_OUTPUT_LEN,
            memory,
        )?),
    };
    Ok(hash.to_string())
}

/// Whether a password is the one of a PHC string, under the parameters that stand in it.
fn matches(phc: &str, password: &str, memory: &mut [Block]) -> password_hash::Result<bool> {
    let hash = PasswordHash::new(phc)?;
    let (Some(salt), Some(expected)) = (hash.salt, hash.hash) else {
        return Ok(false);
    };
    let version = hash.version.map(Version::try_from).transpose()?;
    let argon2 = Argon2::new(
        Algorithm::try_from(hash.algorithm)?,
        version.unwrap_or_default(),
        Params::try_from(&hash)?,
    );
    let mut bytes = [0; Salt::MAX_LENGTH];
    let salt = salt.decode_b64(&mut bytes)?;
    // Outputs are compared in constant time.
    Ok(digest(&argon2, password, salt, expected.len(), memory)? == expected)
}

/// What argon2 makes of a password: in `memory`, or in its own where a stored hash asks for more than that.
fn digest(
    argon2: &Argon2<'_>,
    password: &str,
    salt: &[u8],
    length: usize,
    memory: &mut [Block],
) -> password_hash::Result<Output> {
    Output::init_with(length, |out| {
        if argon2.params().block_count() <= memory.len() {
            argon2.hash_password_into_with_memory(password.as_bytes(), salt, out, memory)?;
        } else {
            argon2.hash_password_into(password.as_bytes(), salt, out)?;
        }
        Ok(())
    })
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

#[cfg(test)]
mod tests {
    use argon2::{PasswordHasher, PasswordVerifier};
    use futures::future::join_all;

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

    #[tokio::test]
    async fn however_many_are_hashed_no_more_memory_is_kept_than_works_at_once() {
        let (hasher, entropy) = (Hasher::new(), Entropy::seeded(1));
        let secret = password("surtidor-demo");
        for _ in 0..2 {
            join_all((0..3 * AT_ONCE).map(|_| hasher.hash(&entropy, &secret))).await;
            join_all((0..3 * AT_ONCE).map(|_| hasher.verify(None, "x"))).await;
            let sizes: Vec<_> = hasher.spare.lock().unwrap().iter().map(Vec::len).collect();
            assert!((1..=AT_ONCE).contains(&sizes.len()), "{sizes:?}");
            assert!(sizes.iter().all(|size| *size == 19 * 1024), "{sizes:?}");
        }
    }

    #[tokio::test]
    async fn used_memory_gives_the_hashes_that_fresh_memory_gives() {
        let (hasher, entropy) = (Hasher::new(), Entropy::seeded(1));
        for text in ["surtidor-demo", "lluvia sobre surtidor", "surtidor-demo"] {
            let made = hasher.hash(&entropy, &password(text)).await.unwrap();
            let parsed = PasswordHash::new(&made).unwrap();
            assert!(argon2().verify_password(text.as_bytes(), &parsed).is_ok());
            let general = argon2()
                .hash_password(text.as_bytes(), parsed.salt.unwrap())
                .unwrap();
            assert_eq!(made, general.to_string());
        }
        assert_eq!(hasher.spare.lock().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn a_hash_is_verified_under_its_own_parameters_be_they_smaller_or_larger() {
        let hasher = Hasher::new();
        let salt = SaltString::encode_b64(&[7; 16]).unwrap();
        for (memory, passes, lanes) in [(64, 1, 2), (19_456, 3, 1), (19_464, 1, 1), (20_480, 1, 4)]
        {
            let params = Params::new(memory, passes, lanes, Some(24)).unwrap();
            let other = Argon2::new(Algorithm::Argon2i, Version::V0x10, params);
            let hash = other.hash_password(b"of old", &salt).unwrap().to_string();
            assert!(
                hasher.verify(Some(&hash), "of old").await.unwrap(),
                "{hash}"
            );
            assert!(
                !hasher.verify(Some(&hash), "of new").await.unwrap(),
                "{hash}"
            );
        }
        assert!(!hasher.verify(Some("no hash"), "of old").await.unwrap());
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
