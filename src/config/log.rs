//! Section `[log]`: what is said on standard error.

use serde::{Deserialize, Serialize};
use tracing_subscriber::EnvFilter;

use super::check::Check;

/// Form and detail of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogSection {
    /// `text` for people, `json` for a collector.
    pub format: LogFormat,
    /// What is logged: a level, or `target=level` pairs, as in `info,nightheron::alerts=debug`. The parser of pages warns
    /// of much that is wrong in them, which would fill the log from outside.
    pub filter: String,
}

/// Form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Default for LogSection {
    fn default() -> Self {
        Self { format: LogFormat::Text, filter: "info,html5ever=error".to_owned() }
    }
}

impl LogSection {
    pub(super) fn check(&self, check: &mut Check<'_>) {
        if let Err(error) = EnvFilter::try_new(&self.filter) {
            let message =
                format!("{error}; a level or target=level pairs are expected, as in \"info,nightheron=debug\"");
            check.problem("log.filter", &message);
        }
    }
}
