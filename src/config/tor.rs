//! Section `[tor]`: the Tor client inside the program.

use std::{path::PathBuf, time::Duration};

use serde::{Deserialize, Serialize};

use super::{HumanDuration, check::Check};

/// Whether and how onion services are reached; keys and caches are kept under `data_dir`, in `tor`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TorSection {
    /// Whether Tor is started; without it, onion sources wait.
    pub enabled: bool,
    /// File with further settings for arti (bridges, a private network), in arti's own format.
    pub arti_config: Option<PathBuf>,
    /// Longest time for one try to reach the Tor network; 1 second to 1 hour.
    pub bootstrap_timeout: HumanDuration,
}

impl Default for TorSection {
    fn default() -> Self {
        Self { enabled: true, arti_config: None, bootstrap_timeout: HumanDuration::from_secs(90) }
    }
}

impl TorSection {
    pub(super) fn check(&self, check: &mut Check<'_>) {
        let range = Duration::from_secs(1)..=Duration::from_secs(3600);
        check.duration("tor.bootstrap_timeout", self.bootstrap_timeout, range);
    }
}
