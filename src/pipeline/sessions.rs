//! What sources are read with as members: credentials by name, and jars that outlive the process.

use std::{
    collections::HashMap,
    fs::OpenOptions,
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use nightheron_crawlers::{
    net::Fetch,
    session::{Credential, Credentials, Secret, restore_cookies, save_cookies},
};

use crate::config::CredentialSection;

/// Credentials of the configuration, and a private folder for cookies.
#[derive(Debug)]
pub struct Sessions {
    folder: PathBuf,
    credentials: HashMap<String, CredentialSection>,
}

impl Sessions {
    /// Keeps cookies in `folder`, which only the service's user may read.
    #[must_use]
    pub fn new(folder: PathBuf, credentials: &[CredentialSection]) -> Self {
        let credentials = credentials.iter().map(|one| (one.name.clone(), one.clone())).collect();
        Self { folder, credentials }
    }

    /// Gives a session the cookies that were kept of its source. What cannot be read leaves us a guest, which the site's
    /// first page tells.
    pub fn restore(&self, source: &str, session: &dyn Fetch) {
        let Ok(saved) = std::fs::read_to_string(self.file(source)) else { return };
        if let Err(error) = restore_cookies(session.jar(), &Secret::new(saved), session.limits()) {
            tracing::warn!(source.id = source, error = %error, "kept cookies cannot be used; the source is read as a guest");
        }
    }

    /// Keeps the cookies of a source: whole or not at all, whatever happens meanwhile.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn keep(&self, source: &str, session: &dyn Fetch) -> std::io::Result<()> {
        std::fs::create_dir_all(&self.folder)?;
        let (file, new) = (self.file(source), self.file(&format!("{source}.new")));
        let mut out = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
        out.write_all(save_cookies(session.jar()).expose().as_bytes())?;
        out.sync_all()?;
        std::fs::rename(new, file)
    }

    /// Identities of sources are lower-case letters, digits and dashes, so they are safe as names.
    fn file(&self, source: &str) -> PathBuf {
        Path::new(&self.folder).join(format!("{source}.cookies"))
    }
}

impl Credentials for Sessions {
    fn get(&self, name: &str) -> Option<Credential> {
        let read = self.credentials.get(name)?.read();
        read.inspect_err(|reason| tracing::warn!(credential = name, reason, "a credential cannot be read")).ok()
    }
}
