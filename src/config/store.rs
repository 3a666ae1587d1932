//! Section `[store]`: the database.

use std::{fmt, path::Path, path::PathBuf};

use serde::{Deserialize, Serialize};
use url::Url;

use super::{ConfigError, check::Check};
use crate::alerts::secret::{self, Secret};

/// Which database, and how many connections to it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StoreSection {
    /// `sqlite:PATH` or `postgres://user@host/database`; `sqlite:` with `nightheron.db` under `data_dir` when not set.
    pub url: Option<String>,
    /// File with the password of the PostgreSQL user; better than a password in `url`.
    pub password_file: Option<PathBuf>,
    /// Connections kept open, 1 to 100.
    pub connections: u32,
}

impl Default for StoreSection {
    fn default() -> Self {
        Self { url: None, password_file: None, connections: 8 }
    }
}

/// The address may hold a password, so it is not shown.
impl fmt::Debug for StoreSection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreSection")
            .field("url", &self.url.as_ref().map(|_| "…"))
            .field("password_file", &self.password_file)
            .field("connections", &self.connections)
            .finish()
    }
}

impl StoreSection {
    pub(super) fn check(&self, check: &mut Check<'_>) {
        check.range("store.connections", self.connections, 1..=100);
        let sqlite = self.url.as_ref().is_none_or(|url| url.starts_with("sqlite:"));
        if sqlite && self.password_file.is_some() {
            check.problem(
                "store.password_file",
                "SQLite takes no password; remove this key, or set store.url to PostgreSQL",
            );
        }
        let Some(url) = &self.url else { return };
        if sqlite {
            let path = url.trim_start_matches("sqlite:");
            if path.is_empty() || path.starts_with("//") || path.contains(":memory:") {
                check.problem(
                    "store.url",
                    "the path of a file is expected, as in \"sqlite:/var/lib/nightheron/nightheron.db\"",
                );
            }
            return;
        }
        match Url::parse(url) {
            Ok(url) if is_postgres(&url) && url.has_host() => {
                if url.password().is_some() && self.password_file.is_some() {
                    check
                        .problem("store.url", "it holds a password, and store.password_file is set too; keep the file");
                }
            }
            _ => check.problem("store.url", "\"sqlite:PATH\" or \"postgres://user@host/database\" is expected"),
        }
    }

    pub(super) fn resolve(&mut self, folder: &Path, data_dir: &Path) {
        match self.url.as_deref().map(|url| (url, url.strip_prefix("sqlite:"))) {
            None => self.url = Some(format!("sqlite:{}", data_dir.join("nightheron.db").display())),
            Some((_, Some(path))) => self.url = Some(format!("sqlite:{}", folder.join(path).display())),
            Some((_, None)) => {}
        }
        if let Some(file) = &mut self.password_file {
            *file = folder.join(&*file);
        }
    }

    /// The whole address, with the password of `password_file` in it.
    ///
    /// # Errors
    /// The file cannot be read, or `url` takes no password.
    pub fn address(&self) -> Result<Secret, ConfigError> {
        let plain = self.url.clone().unwrap_or_else(|| "sqlite:nightheron.db".to_owned());
        let Some(password) = secret::load("store.password", self.password_file.as_deref(), None)? else {
            return Ok(Secret::new(plain));
        };
        let mut url = Url::parse(&plain).map_err(|_| ConfigError::NoPlaceForPassword)?;
        url.set_password(Some(password.expose())).map_err(|()| ConfigError::NoPlaceForPassword)?;
        Ok(Secret::new(url.into()))
    }
}

fn is_postgres(url: &Url) -> bool {
    ["postgres", "postgresql"].contains(&url.scheme())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_of_the_file_goes_into_the_address_and_is_never_shown() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        std::fs::write(&file, "p@ss/word\n").unwrap();
        let store = StoreSection {
            url: Some("postgres://nightheron@db.example/watch".into()),
            password_file: Some(file),
            ..StoreSection::default()
        };
        assert_eq!(store.address().unwrap().expose(), "postgres://nightheron:p%40ss%2Fword@db.example/watch");
        let inline = StoreSection { url: Some("postgres://a:hunter2@db/watch".into()), ..StoreSection::default() };
        assert!(!format!("{inline:?}").contains("hunter2"));
    }

    #[test]
    fn paths_are_relative_to_the_folder() {
        let mut store = StoreSection::default();
        store.resolve(Path::new("/etc/n"), Path::new("/var/n"));
        assert_eq!(store.url.as_deref(), Some("sqlite:/var/n/nightheron.db"));
        let mut store = StoreSection { url: Some("sqlite:own.db".into()), ..StoreSection::default() };
        store.resolve(Path::new("/etc/n"), Path::new("/var/n"));
        assert_eq!(store.url.as_deref(), Some("sqlite:/etc/n/own.db"));
    }
}
