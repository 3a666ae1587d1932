//! Sections `[[source]]`: what is watched.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use super::{HumanDuration, check::Check};

/// One watched source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceSection {
    /// Identity of a shipped definition or of one in `crawl.sites_dir`, or the path of a `.yaml` file.
    pub definition: String,
    /// Whether it is visited; `false` keeps its history.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Longest time between two visits, 1 minute to 30 days; the definition's when not set.
    #[serde(default)]
    pub max_interval: Option<HumanDuration>,
    /// Most pages of a listing read in a visit, 1 to 100,000; the definition's when not set.
    #[serde(default)]
    pub max_pages: Option<u32>,
}

fn yes() -> bool {
    true
}

impl SourceSection {
    /// The definition's file, when it is given by path and not by identity.
    #[must_use]
    pub fn file(&self) -> Option<PathBuf> {
        let is_file = self.definition.ends_with(".yaml") || self.definition.ends_with(".yml");
        is_file.then(|| PathBuf::from(&self.definition))
    }

    pub(super) fn resolve(&mut self, folder: &Path) {
        if let Some(file) = self.file() {
            self.definition = folder.join(file).display().to_string();
        }
    }
}

/// Checks all sources, and that none is given twice.
pub(super) fn check(sources: &[SourceSection], check: &mut Check<'_>) {
    let mut seen = HashSet::new();
    for (index, source) in sources.iter().enumerate() {
        let key = |name: &str| format!("source[{index}].{name}");
        if source.definition.trim().is_empty() {
            check.problem(&key("definition"), "the identity or the path of a definition is expected");
        } else if !seen.insert(&source.definition) {
            check.problem(&key("definition"), "the same definition is given twice; remove one of the two");
        }
        if let Some(interval) = source.max_interval {
            check.duration(&key("max_interval"), interval, Duration::from_secs(60)..=Duration::from_secs(30 * 86_400));
        }
        if let Some(pages) = source.max_pages {
            check.range(&key("max_pages"), pages, 1..=100_000);
        }
    }
}
