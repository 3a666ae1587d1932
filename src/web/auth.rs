//! Passwords, and the brake on guessing them.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use jiff::{SignedDuration, Timestamp};
use rand::CryptoRng;

/// Fewest characters of a password.
pub const MIN_PASSWORD_CHARS: usize = 12;
/// Most bytes of a password: more is no password, but work for the hash.
pub const MAX_PASSWORD_BYTES: usize = 1024;
/// Failures within [`WINDOW`] after which a name is refused.
const MAX_FAILURES: usize = 5;
const WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// Most names remembered; far more than there are users.
const MAX_NAMES: usize = 10_000;

/// Why a password cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too easily guessed.
    #[error("the password has {chars} characters, at least {MIN_PASSWORD_CHARS} are needed")]
    TooShort {
        /// Its length in characters.
        chars: usize,
    },
    /// Longer than any password.
    #[error("the password has {bytes} bytes, at most {MAX_PASSWORD_BYTES} are taken")]
    TooLong {
        /// Its length in bytes.
        bytes: usize,
    },
    /// The hash function refused.
    #[error("hashing the password failed: {0}")]
    Hash(String),
}

/// The Argon2id hash of a password in PHC form (RFC 9106; 19 MiB, 2 passes, as OWASP recommends), for `Users::add_user`.
///
/// # Errors
/// A password that is too short or too long.
pub fn hash_password(password: &str, rng: &mut impl CryptoRng) -> Result<String, PasswordError> {
    let chars = password.chars().count();
    if chars < MIN_PASSWORD_CHARS {
        return Err(PasswordError::TooShort { chars });
    }
    if password.len() > MAX_PASSWORD_BYTES {
        return Err(PasswordError::TooLong { bytes: password.len() });
    }
    let mut salt = [0_u8; 16];
    rng.fill_bytes(&mut salt);
    hash(password, &salt)
}

fn hash(password: &str, salt: &[u8]) -> Result<String, PasswordError> {
    let hashed: PasswordHash = Argon2::default()
        .hash_password_with_salt(password.as_bytes(), salt)
        .map_err(|error| PasswordError::Hash(error.to_string()))?;
    Ok(hashed.to_string())
}

/// Verified for names that do not exist, so that they take as long as those that do.
static NOBODY: LazyLock<String> =
    LazyLock::new(|| hash("a password that nobody has", b"nobody's salt 16").unwrap_or_default());

/// Whether `password` is the one of `hash`; with `None` the same work is done and the answer is no.
pub(crate) fn verify(password: &str, hash: Option<&str>) -> bool {
    let known = hash.is_some();
    let parsed = PasswordHash::new(hash.unwrap_or(&NOBODY));
    let right = parsed.is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
    known && right
}

/// Failed logins by name, in memory.
#[derive(Debug, Default)]
pub(crate) struct Attempts(Mutex<HashMap<String, Vec<Timestamp>>>);

impl Attempts {
    /// Whether a name may not try now: its last [`MAX_FAILURES`] failures lie within [`WINDOW`].
    pub(crate) fn refused(&self, name: &str, now: Timestamp) -> bool {
        let names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        names.get(name).is_some_and(|failures| recent(failures, now) >= MAX_FAILURES)
    }

    /// Counts a failure before the password is looked at, so that parallel tries are counted as well.
    pub(crate) fn begin(&self, name: &str, now: Timestamp) {
        let mut names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if names.len() >= MAX_NAMES {
            names.retain(|_, failures| recent(failures, now) > 0);
        }
        if names.len() < MAX_NAMES || names.contains_key(name) {
            let failures = names.entry(name.to_owned()).or_default();
            failures.retain(|at| now.duration_since(*at) < WINDOW);
            failures.push(now);
        }
    }

    /// Forgets the failures of a name that signed in.
    pub(crate) fn succeeded(&self, name: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }
}

fn recent(failures: &[Timestamp], now: Timestamp) -> usize {
    failures.iter().filter(|at| now.duration_since(**at) < WINDOW).count()
}
