//! Secrets of the outbox: read from a file or the environment, never shown.

use std::path::{Path, PathBuf};

/// Longest secret accepted, in bytes.
const MAX_BYTES: u64 = 4096;

/// A password or signing key. Its `Debug` form shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret.
    #[must_use]
    pub fn new(secret: String) -> Self {
        Self(secret)
    }

    /// The secret itself: for the protocol that needs it, and nothing else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Why a secret could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// Both places are given.
    #[error("{key}_file and {key}_env are both set: keep one")]
    Both {
        /// The key without its suffix.
        key: &'static str,
    },
    /// The file cannot be read.
    #[error("{key}_file: cannot read {path}: {source}", path = path.display())]
    File {
        /// The key without its suffix.
        key: &'static str,
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The environment lacks it.
    #[error("{key}_env: the environment variable {variable} is not set, or is not UTF-8")]
    Environment {
        /// The key without its suffix.
        key: &'static str,
        /// The variable.
        variable: String,
    },
    /// There is nothing in it.
    #[error("{key}: the secret is empty, or longer than 4096 bytes")]
    Length {
        /// The key without its suffix.
        key: &'static str,
    },
}

/// Reads the secret that `<key>_file` or `<key>_env` names; `None` when neither is set. A file's last line end is
/// not part of it.
///
/// # Errors
/// Both are set, or the named place holds no secret.
pub fn load(key: &'static str, file: Option<&Path>, variable: Option<&str>) -> Result<Option<Secret>, SecretError> {
    let text = match (file, variable) {
        (None, None) => return Ok(None),
        (Some(_), Some(_)) => return Err(SecretError::Both { key }),
        (Some(path), None) => read(path).map_err(|source| SecretError::File { key, path: path.to_owned(), source })?,
        (None, Some(variable)) => {
            std::env::var(variable).map_err(|_| SecretError::Environment { key, variable: variable.to_owned() })?
        }
    };
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() || text.len() as u64 > MAX_BYTES {
        return Err(SecretError::Length { key });
    }
    Ok(Some(Secret(text.to_owned())))
}

fn read(path: &Path) -> std::io::Result<String> {
    use std::io::Read as _;
    let mut text = String::new();
    std::fs::File::open(path)?.take(MAX_BYTES + 2).read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_gives_its_first_line_and_debug_shows_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        std::fs::write(&path, "hunter2\n").unwrap();
        let secret = load("password", Some(&path), None).unwrap().unwrap();
        assert_eq!(secret.expose(), "hunter2");
        assert!(!format!("{secret:?}").contains("hunter2"));
    }

    #[test]
    fn errors_say_where_to_look() {
        let missing = load("password", Some(Path::new("/nonexistent/password")), None).unwrap_err();
        assert!(missing.to_string().starts_with("password_file: cannot read /nonexistent/password"), "{missing}");
        assert!(matches!(load("password", Some(Path::new("a")), Some("B")), Err(SecretError::Both { .. })));
        assert!(matches!(load("password", None, Some("NIGHTHERON_TEST_UNSET")), Err(SecretError::Environment { .. })));
        assert!(load("password", None, None).unwrap().is_none());
    }
}
