//! Sections `[[credential]]`: what a definition's login is done with, by the name it gives.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use nightheron_crawlers::session::{Credential, Secret};
use serde::{Deserialize, Serialize};

use super::check::Check;

/// One credential: a user with a password, or the cookies of a login made by a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CredentialSection {
    /// The name that definitions give under `session.credentials`.
    pub name: String,
    /// The user name.
    #[serde(default)]
    pub user: Option<String>,
    /// File with the password.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// Environment variable with the password, instead of a file.
    #[serde(default)]
    pub password_env: Option<String>,
    /// File with cookies, as cookies.txt, a `Cookie` header or a browser extension's JSON; instead of a user.
    #[serde(default)]
    pub cookies_file: Option<PathBuf>,
}

impl CredentialSection {
    /// Reads the secret, anew at each login: a file that was corrected counts at once.
    ///
    /// # Errors
    /// A sentence that names the file or the variable, and nothing of what is in it.
    pub fn read(&self) -> Result<Credential, String> {
        if let Some(file) = &self.cookies_file {
            return Ok(Credential::Cookies(Secret::new(read(file)?)));
        }
        let password = match (&self.password_file, &self.password_env) {
            (Some(file), _) => read(file)?.trim_end_matches(['\r', '\n']).to_owned(),
            (None, Some(variable)) => std::env::var(variable)
                .map_err(|_| format!("the environment variable {variable} is not set, or is not UTF-8"))?,
            (None, None) => return Err("no password is given".to_owned()),
        };
        let user = Secret::new(self.user.clone().unwrap_or_default());
        Ok(Credential::Password { user, password: Secret::new(password) })
    }

    pub(super) fn resolve(&mut self, folder: &Path) {
        for path in [&mut self.password_file, &mut self.cookies_file].into_iter().flatten() {
            *path = folder.join(&*path);
        }
    }
}

fn read(file: &Path) -> Result<String, String> {
    std::fs::read_to_string(file).map_err(|error| format!("the file {} cannot be read: {error}", file.display()))
}

/// Checks that every credential is one thing, and that none is given twice.
pub(super) fn check(credentials: &[CredentialSection], check: &mut Check<'_>) {
    let mut seen = HashSet::new();
    for (index, one) in credentials.iter().enumerate() {
        let key = |name: &str| format!("credential[{index}].{name}");
        if one.name.trim().is_empty() {
            check.problem(&key("name"), "the name that a definition gives is expected");
        } else if !seen.insert(&one.name) {
            check.problem(&key("name"), "two credentials have this name; remove one of the two");
        }
        let passwords = [one.password_file.is_some(), one.password_env.is_some()];
        match (&one.user, &one.cookies_file) {
            (Some(_), None) if passwords == [false, false] => {
                check.problem(&key("user"), "a user needs a password; set password_file or password_env");
            }
            (Some(_), None) if passwords == [true, true] => {
                check.problem(&key("password_env"), "password_file is set too; keep one of the two");
            }
            (Some(_), None) => {}
            (None, Some(_)) if passwords == [false, false] => {}
            _ => check
                .problem(&key("name"), "either user with password_file or password_env, or cookies_file is expected"),
        }
    }
}
