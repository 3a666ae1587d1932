//! Values that are never shown: what is logged, printed or told in an error says that there is one, and no more.

use std::fmt;

/// A secret text. It has no `Display`, no serialized form, and a `Debug` that hides even its length.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes the text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one place that needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// What a source's operator has: a user name with a password, or the cookies of a login made by a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// To be filled into a login form.
    Password {
        /// The user name. Secret as well: it names the watch's account to the site.
        user: Secret,
        /// The password.
        password: Secret,
    },
    /// Cookies, in any form that [`import_cookies`](super::import_cookies) reads.
    Cookies(Secret),
}

/// Where credentials are looked up by the name that a definition gives; the configuration and the environment, say.
pub trait Credentials: Send + Sync {
    /// The credential of this name, if there is one.
    fn get(&self, name: &str) -> Option<Credential>;
}

impl<F: Fn(&str) -> Option<Credential> + Send + Sync> Credentials for F {
    fn get(&self, name: &str) -> Option<Credential> {
        self(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_credential_is_shown() {
        let secret = |text: &str| Secret::new(text);
        let credential = Credential::Password { user: secret("heron"), password: secret("hunter2") };
        assert_eq!(format!("{credential:?}"), "Password { user: [secret], password: [secret] }");
        assert_eq!(format!("{:?}", Credential::Cookies(secret("sid=1"))), "Cookies([secret])");
        let lookup = move |name: &str| (name == "forum-a").then(|| credential.clone());
        assert!(Credentials::get(&lookup, "forum-a").is_some() && Credentials::get(&lookup, "forum-b").is_none());
    }
}
