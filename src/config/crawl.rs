//! Section `[crawl]`: the workers.

use std::{path::PathBuf, time::Duration};

use serde::{Deserialize, Serialize};

use super::{HumanDuration, check::Check};

/// How many sources are visited at once, and with what definitions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CrawlSection {
    /// Sources visited at the same time, 1 to 256.
    pub workers: usize,
    /// Requests to all sources together in the mean, a minute, 1 to 60,000. Longest intervals are kept whatever it says.
    pub requests_per_minute: u32,
    /// How long a visit may go without a sign of life before another worker takes the source; 10 seconds to 1 day.
    pub lease: HumanDuration,
    /// Folder with definitions that add to the shipped ones or replace them.
    pub sites_dir: Option<PathBuf>,
}

impl Default for CrawlSection {
    fn default() -> Self {
        Self { workers: 8, requests_per_minute: 120, lease: HumanDuration::from_secs(300), sites_dir: None }
    }
}

impl CrawlSection {
    pub(super) fn check(&self, check: &mut Check<'_>) {
        check.range("crawl.workers", self.workers, 1..=256);
        check.range("crawl.requests_per_minute", self.requests_per_minute, 1..=60_000);
        check.duration("crawl.lease", self.lease, Duration::from_secs(10)..=Duration::from_secs(86_400));
    }
}
