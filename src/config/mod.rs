//! Configuration: a TOML file in sections; plain values first, checked whole before anything is started.

mod sections;
mod units;

use std::{
    fmt,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::alerts::{AlertsSettings, MailSettings};
pub use sections::{
    CrawlSection, IndexSection, LogFormat, LogSection, NetSection, SourceSection, StoreSection, TorSection, WebSection,
};
pub use units::{Bytes, Span};

/// The whole configuration. Every key has a default; `nightheron check` shows what is wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Folder for the database, captures, the index and Tor's state.
    pub data_dir: PathBuf,
    /// The pages.
    pub web: WebSection,
    /// The database.
    pub store: StoreSection,
    /// Both network planes.
    pub net: NetSection,
    /// Tor inside the process.
    pub tor: TorSection,
    /// The workers.
    pub crawl: CrawlSection,
    /// The search index.
    pub index: IndexSection,
    /// What is alerted, and who reviews.
    pub alerts: AlertsSettings,
    /// How mail leaves.
    pub mail: MailSettings,
    /// The log.
    pub log: LogSection,
    /// The watched sources, `[[source]]`.
    #[serde(rename = "source")]
    pub sources: Vec<SourceSection>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data_dir: "nightheron-data".into(),
            web: WebSection::default(),
            store: StoreSection::default(),
            net: NetSection::default(),
            tor: TorSection::default(),
            crawl: CrawlSection::default(),
            index: IndexSection::default(),
            alerts: AlertsSettings::default(),
            mail: MailSettings::default(),
            log: LogSection::default(),
            sources: Vec::new(),
        }
    }
}

/// A configuration that was refused.
#[derive(Debug)]
pub struct ConfigError(String);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ConfigError {}

/// The file that is read when none is named.
const DEFAULT_FILE: &str = "nightheron.toml";

impl Config {
    /// Reads a file; without one, `nightheron.toml` here if it exists, else the defaults. Paths in it are relative to it.
    ///
    /// # Errors
    /// The file cannot be read, or a key in it is wrong: file, line, column and what was expected.
    pub fn load(path: Option<&Path>) -> Result<Self, ConfigError> {
        let named = match path {
            Some(path) => path,
            None if Path::new(DEFAULT_FILE).exists() => Path::new(DEFAULT_FILE),
            None => return Ok(Self::default()),
        };
        let text = std::fs::read_to_string(named)
            .map_err(|e| ConfigError(format!("the configuration {} cannot be read: {e}", named.display())))?;
        let origin = named.display().to_string();
        let mut config = Self::read(&text, &origin)?;
        config.resolve(named.parent().unwrap_or(Path::new("")));
        config.checked(&origin)
    }

    /// Reads a configuration from its text; `origin` names it in errors.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn parse(text: &str, origin: &str) -> Result<Self, ConfigError> {
        Self::read(text, origin)?.checked(origin)
    }

    fn read(text: &str, origin: &str) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|error| {
            let (line, column) = error.span().map_or((1, 1), |span| place(text, span.start));
            let shown = text.lines().nth(line - 1).unwrap_or_default().trim_end();
            ConfigError(format!("{origin}:{line}:{column}: {}\n    {shown}", error.message()))
        })
    }

    fn checked(self, origin: &str) -> Result<Self, ConfigError> {
        let problems = self.problems();
        if problems.is_empty() {
            return Ok(self);
        }
        Err(ConfigError(problems.into_iter().map(|p| format!("{origin}: {p}")).collect::<Vec<_>>().join("\n")))
    }

    /// What is wrong beyond the form of the file.
    fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if let Err(error) = self.alerts.prepare() {
            problems.push(error.to_string());
        }
        if let Err(error) = crate::alerts::senders::mail_sender(&self.mail, &self.alerts.organisation) {
            problems.push(error.to_string());
        }
        let url = self.store_url();
        if !["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
            problems.push("store.url: expected `sqlite:PATH` or `postgres://…`".to_owned());
        }
        if self.crawl.workers == 0 {
            problems.push("crawl.workers: expected at least 1".to_owned());
        }
        problems
    }

    /// Makes relative paths relative to the folder of the file they stand in.
    fn resolve(&mut self, folder: &Path) {
        let mut paths = vec![&mut self.data_dir];
        paths.extend(self.tor.arti_config.as_mut());
        paths.extend(self.crawl.sites_dir.as_mut());
        paths.extend(self.mail.folder.as_mut());
        paths.extend(self.mail.ca_file.as_mut());
        paths.extend(self.mail.password_file.as_mut());
        paths.extend(self.alerts.reviewer_webhook_secret_file.as_mut());
        for path in paths {
            *path = folder.join(&*path);
        }
        for source in &mut self.sources {
            if source.is_file() {
                source.definition = folder.join(&source.definition).display().to_string();
            }
        }
    }

    /// Address of the database.
    #[must_use]
    pub fn store_url(&self) -> String {
        let default = || format!("sqlite:{}", self.data_dir.join("nightheron.db").display());
        self.store.url.clone().unwrap_or_else(default)
    }
}

/// Line and column, both from 1, of a byte offset.
fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..text.floor_char_boundary(offset)];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mistake_names_its_place_and_what_was_expected() {
        let cases = [
            ("[web]\nlistn = \"127.0.0.1:1\"", "a.toml:2:1: unknown field `listn`, expected one of `listen`"),
            ("data_dir = 5", "a.toml:1:12: invalid type: integer `5`"),
            (
                "[net]\ntimeout = \"soon\"",
                "a.toml:2:11: `soon` is not a duration; write a number with ms, s, m, h or d",
            ),
            ("[net]\nmax_body = \"4MB\"", "a.toml:2:12: `4MB` is not a size"),
            ("[net]\nallow_private = [\"127.0.0.0/64\"]", "a.toml:2:17: `127.0.0.0/64` is not a network"),
            ("[web]\nlisten = \"here\"", "a.toml:2:10: invalid socket address"),
            ("[crawl]\nworkers = 0", "a.toml: crawl.workers: expected at least 1"),
            ("[store]\nurl = \"mysql://x\"", "a.toml: store.url: expected `sqlite:PATH` or `postgres://…`"),
            ("[[source]]\nurl = \"http://x\"", "a.toml:2:1: unknown field `url`, expected one of `definition`"),
            ("x", "a.toml:1:2: "),
        ];
        for (text, expected) in cases {
            let error = Config::parse(text, "a.toml").expect_err(text).to_string();
            assert!(error.starts_with(expected), "{text}:\n{error}");
        }
    }

    #[test]
    fn an_empty_file_is_the_default() {
        assert_eq!(Config::parse("", "a.toml").unwrap(), Config::default());
    }

    #[test]
    fn the_reference_names_every_key_with_its_default() {
        let text = include_str!("reference.toml");
        let uncommented: String = text
            .lines()
            .filter_map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).or(Some(line)))
            .filter(|line| !line.starts_with('#'))
            .collect::<Vec<_>>()
            .join("\n");
        let whole: toml::Table = toml::from_str(&uncommented).expect("the reference parses with every key uncommented");
        let defaults = toml::Table::try_from(Config::default()).expect("the defaults as TOML");
        for (name, value) in &defaults {
            let Some(section) = value.as_table() else { continue };
            for (key, default) in section {
                assert_eq!(whole.get(name).and_then(|s| s.get(key)), Some(default), "{name}.{key}");
            }
        }
        Config::parse(text, "reference.toml").expect("the reference as it stands");
    }

    #[test]
    fn paths_are_relative_to_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("n.toml");
        std::fs::write(
            &file,
            "data_dir = \"d\"\n[[source]]\ndefinition = \"s.yaml\"\n[[source]]\ndefinition = \"spirit\"",
        )
        .unwrap();
        let config = Config::load(Some(&file)).unwrap();
        assert_eq!(config.data_dir, folder.path().join("d"));
        assert_eq!(config.sources[0].definition, folder.path().join("s.yaml").display().to_string());
        assert_eq!(config.sources[1].definition, "spirit");
    }
}
