//! The configuration: one TOML file, one module a section, everything that is wrong named at once with its place.

mod check;
mod crawl;
mod credential;
mod document;
mod error;
mod folder;
mod human;
mod index;
mod load;
mod log;
mod net;
mod outgoing;
mod source;
mod store;
mod tor;
mod web;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::alerts::{AlertsSettings, MailSettings};

pub use crawl::CrawlSection;
pub use credential::CredentialSection;
pub use error::{ConfigError, Place, Problem};
pub use folder::FolderSection;
pub use human::{HumanDuration, HumanSize};
pub use index::IndexSection;
pub use load::DEFAULT_FILE;
pub use log::{LogFormat, LogSection};
pub use net::NetSection;
pub use source::SourceSection;
pub use store::StoreSection;
pub use tor::TorSection;
pub use web::WebSection;

/// A configuration file with every key, its meaning and its default: for people to start from.
pub const REFERENCE: &str = include_str!("reference.toml");

/// Everything that can be set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Folder of captures, index, Tor's state and the SQLite database.
    pub data_dir: PathBuf,
    /// The reviewers' pages.
    pub web: WebSection,
    /// The database.
    pub store: StoreSection,
    /// Bounds of every request.
    pub net: NetSection,
    /// The Tor client.
    pub tor: TorSection,
    /// The workers.
    pub crawl: CrawlSection,
    /// What is watched.
    #[serde(rename = "source")]
    pub sources: Vec<SourceSection>,
    /// Folders that an operator drops files into.
    #[serde(rename = "folder")]
    pub folders: Vec<FolderSection>,
    /// What sources are read with as members.
    #[serde(rename = "credential")]
    pub credentials: Vec<CredentialSection>,
    /// The search index.
    pub index: IndexSection,
    /// Who is told of what.
    pub alerts: AlertsSettings,
    /// How mail leaves.
    pub mail: MailSettings,
    /// The log.
    pub log: LogSection,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("nightheron-data"),
            web: WebSection::default(),
            store: StoreSection::default(),
            net: NetSection::default(),
            tor: TorSection::default(),
            crawl: CrawlSection::default(),
            sources: Vec::new(),
            folders: Vec::new(),
            credentials: Vec::new(),
            index: IndexSection::default(),
            alerts: AlertsSettings::default(),
            mail: MailSettings::default(),
            log: LogSection::default(),
        }
    }
}

impl Config {
    /// Folder of the WARC files.
    #[must_use]
    pub fn captures_dir(&self) -> PathBuf {
        self.data_dir.join("captures")
    }

    /// Folder of the search index.
    #[must_use]
    pub fn index_dir(&self) -> PathBuf {
        self.data_dir.join("index")
    }

    /// Folder of the sources' cookies.
    #[must_use]
    pub fn sessions_dir(&self) -> PathBuf {
        self.data_dir.join("sessions")
    }

    /// Folder of Tor's keys and guards.
    #[must_use]
    pub fn tor_state_dir(&self) -> PathBuf {
        self.data_dir.join("tor").join("state")
    }

    /// Folder of Tor's directory documents.
    #[must_use]
    pub fn tor_cache_dir(&self) -> PathBuf {
        self.data_dir.join("tor").join("cache")
    }

    fn resolve(&mut self, folder: &Path) {
        self.data_dir = folder.join(&self.data_dir);
        self.store.resolve(folder, &self.data_dir);
        self.sources.iter_mut().for_each(|source| source.resolve(folder));
        self.folders.iter_mut().for_each(|dropped| dropped.resolve(folder));
        self.credentials.iter_mut().for_each(|credential| credential.resolve(folder));
        let paths = [
            &mut self.tor.arti_config,
            &mut self.crawl.sites_dir,
            &mut self.alerts.reviewer_webhook_secret_file,
            &mut self.mail.password_file,
            &mut self.mail.ca_file,
            &mut self.mail.folder,
        ];
        for path in paths.into_iter().flatten() {
            *path = folder.join(&*path);
        }
    }
}
