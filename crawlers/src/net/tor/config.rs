//! Where Tor's configuration comes from, and what can be wrong with it.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use arti_client::TorClientConfig;
use arti_client::config::{ConfigBuildError, TorClientConfigBuilder};

/// The configuration of the arti client.
#[derive(Debug)]
pub enum TorConfig {
    /// The public Tor network with arti's defaults, keeping its files in these directories, which must be readable by this user alone.
    Directories {
        /// Guards and other state that should survive a restart.
        state: PathBuf,
        /// The network's directory, which can be fetched again.
        cache: PathBuf,
    },
    /// A TOML file with arti's own sections (`[storage]`, `[tor_network]`, …), for bridges, private networks and the like.
    File(PathBuf),
    /// Built by the caller.
    Built(Box<TorClientConfig>),
}

/// How the Tor plane is started.
#[derive(Debug)]
pub struct TorOptions {
    /// Which network, and where its files are.
    pub config: TorConfig,
    /// After this time without success, bootstrapping is reported as failing, though it goes on. Default 90 s.
    pub bootstrap_timeout: Duration,
    /// Longest wait for one connection to an onion service. Default 60 s. arti gives up by itself only after minutes.
    pub connect_timeout: Duration,
}

impl TorOptions {
    /// The given configuration with the default times.
    pub fn new(config: TorConfig) -> Self {
        Self { config, bootstrap_timeout: Duration::from_secs(90), connect_timeout: Duration::from_secs(60) }
    }
}

/// The Tor plane cannot start. A network that does not answer is no such error: the plane starts and keeps trying.
#[derive(Debug, thiserror::Error)]
pub enum TorStartError {
    /// The configuration file cannot be read.
    #[error("cannot read Tor's configuration {}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The configuration file is not valid TOML, or a value is of the wrong type; the source has line and column.
    #[error("error in Tor's configuration {}: {source}", .path.display())]
    Parse {
        /// The file.
        path: PathBuf,
        /// Line, column and what was expected.
        source: Box<toml::de::Error>,
    },
    /// A key arti does not know.
    #[error("unknown key {key} in Tor's configuration {}; remove it or correct its spelling", .path.display())]
    UnknownKey {
        /// The file.
        path: PathBuf,
        /// The key with its sections.
        key: String,
    },
    /// The values do not fit together.
    #[error("Tor's configuration {origin} is not usable: {source}")]
    Build {
        /// The file, or a description of the defaults.
        origin: String,
        /// What arti said.
        source: ConfigBuildError,
    },
    /// arti cannot use its directories or start its tasks.
    #[error(
        "the Tor client cannot start; its state and cache directories must exist or be creatable, and be readable by this user alone: {message}"
    )]
    Client {
        /// arti's words, causes included.
        message: String,
        /// What arti said.
        source: Box<arti_client::Error>,
    },
    /// No port on the loopback interface.
    #[error("cannot open the Tor plane's listener on 127.0.0.1")]
    Listen(#[source] io::Error),
}

impl TorConfig {
    /// Reads and checks the configuration; nothing is started.
    ///
    /// # Errors
    /// [`TorStartError`], for a file that cannot be read, is not valid, or does not build.
    pub fn load(self) -> Result<TorClientConfig, TorStartError> {
        match self {
            Self::Built(config) => Ok(*config),
            Self::Directories { state, cache } => {
                let builder = TorClientConfigBuilder::from_directories(&state, &cache);
                builder.build().map_err(|source| TorStartError::Build {
                    origin: format!("with its state in {}", state.display()),
                    source,
                })
            }
            Self::File(path) => {
                let text = std::fs::read_to_string(&path)
                    .map_err(|source| TorStartError::Read { path: path.clone(), source })?;
                parse(&text, &path)
            }
        }
    }
}

fn parse(text: &str, path: &Path) -> Result<TorClientConfig, TorStartError> {
    let invalid = |source| TorStartError::Parse { path: path.to_owned(), source: Box::new(source) };
    let document = toml::Deserializer::parse(text).map_err(invalid)?;
    let mut unknown = None;
    let builder: TorClientConfigBuilder = serde_ignored::deserialize(document, |key| {
        unknown.get_or_insert_with(|| key.to_string());
    })
    .map_err(invalid)?;
    if let Some(key) = unknown {
        return Err(TorStartError::UnknownKey { path: path.to_owned(), key });
    }
    builder.build().map_err(|source| TorStartError::Build { origin: path.display().to_string(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error_of(text: &str) -> String {
        match parse(text, Path::new("arti.toml")) {
            Ok(_) => panic!("accepted: {text}"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_file_in_artis_format_is_read() {
        let text = "[storage]\nstate_dir = \"/var/lib/x\"\ncache_dir = \"/var/cache/x\"\n\
                    [circuit_timing]\nhs_dir_requery_interval = \"5 seconds\"\n";
        assert!(parse(text, Path::new("arti.toml")).is_ok());
    }

    #[test]
    fn errors_name_the_file_and_the_place() {
        let error = error_of("[storage]\nstate_dir = 7\n");
        assert!(error.contains("arti.toml"), "{error}");
        assert!(error.contains("line 2, column"), "{error}");
        let error = error_of("[storage\n");
        assert!(error.contains("line 1, column"), "{error}");
        let error = error_of("[storage]\nstate_dri = \"/var/lib/x\"\n");
        assert!(error.contains("unknown key storage.state_dri in"), "{error}");
        let missing = TorConfig::File(PathBuf::from("no-such-directory/arti.toml"));
        let error = missing.load().unwrap_err();
        assert!(error.to_string().contains("no-such-directory/arti.toml"));
    }
}
