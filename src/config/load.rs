//! Reading a configuration file.

use std::{fs::File, io::Read as _, path::Path};

use super::{
    Config, ConfigError, Problem, check::Check, credential, document, document::Document, folder, outgoing, source,
};

/// What is read from the working directory when no file is named.
pub const DEFAULT_FILE: &str = "nightheron.toml";

/// Largest file, in bytes.
const MAX_BYTES: u64 = 1 << 20;

impl Config {
    /// Reads a file; without one, `nightheron.toml` of the working directory if it is there, else the defaults.
    /// Relative paths in the file count from its folder. No secret is read.
    ///
    /// # Errors
    /// The file cannot be read, or something in it is wrong.
    pub fn load(path: Option<&Path>) -> Result<Self, ConfigError> {
        let path = match path {
            Some(path) => path,
            None if Path::new(DEFAULT_FILE).exists() => Path::new(DEFAULT_FILE),
            None => return Self::parse("", "defaults", Path::new("")),
        };
        let origin = path.display().to_string();
        let bytes = read(path).map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
        let text = std::str::from_utf8(&bytes).map_err(|error| {
            let valid = String::from_utf8_lossy(bytes.get(..error.valid_up_to()).unwrap_or_default());
            let place = document::place(&valid, &(valid.len()..valid.len()));
            let message = "a byte here is not UTF-8; save the file as UTF-8".to_owned();
            wrong(&origin, vec![Problem { key: String::new(), place: Some(place), message }])
        })?;
        Self::parse(text, &origin, path.parent().unwrap_or(Path::new("")))
    }

    /// Reads the text of a file; `origin` names it in errors, relative paths count from `folder`.
    ///
    /// # Errors
    /// All that is wrong in it.
    pub fn parse(text: &str, origin: &str, folder: &Path) -> Result<Self, ConfigError> {
        let mut config = Self::checked(text).map_err(|problems| wrong(origin, problems))?;
        config.resolve(folder);
        Ok(config)
    }

    pub(super) fn checked(text: &str) -> Result<Self, Vec<Problem>> {
        let document = Document::parse(text)?;
        let config = document.config()?;
        let mut check = Check::new(&document);
        if config.data_dir.as_os_str().is_empty() {
            check.problem("data_dir", "the path of a folder is expected");
        }
        config.web.check(&mut check);
        config.store.check(&mut check);
        config.net.check(&mut check);
        config.tor.check(&mut check);
        config.crawl.check(&mut check);
        source::check(&config.sources, &mut check);
        folder::check(&config.folders, &config.sources, &mut check);
        credential::check(&config.credentials, &mut check);
        config.index.check(&mut check);
        outgoing::check(&config.alerts, &config.mail, &mut check);
        config.log.check(&mut check);
        let problems = check.problems();
        if problems.is_empty() { Ok(config) } else { Err(problems) }
    }
}

fn wrong(origin: &str, problems: Vec<Problem>) -> ConfigError {
    ConfigError::Wrong { origin: origin.to_owned(), problems }
}

fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    #[expect(clippy::disallowed_methods, reason = "bounded by `take`")]
    File::open(path)?.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(std::io::Error::other("it is larger than 1 MiB"));
    }
    Ok(bytes)
}
