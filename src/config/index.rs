//! Section `[index]`: the search index.

use nightheron_index::MIN_MEMORY_BUDGET_BYTES;
use serde::{Deserialize, Serialize};

use super::{HumanSize, check::Check};

/// What the search index may use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IndexSection {
    /// Memory for posts that are not yet written out, 16MiB to 3GiB.
    pub memory: HumanSize,
}

impl Default for IndexSection {
    fn default() -> Self {
        Self { memory: HumanSize::from_mib(64) }
    }
}

/// The least that is offered, in bytes: the index's own least, rounded up.
const LEAST: usize = 16 << 20;
const _: () = assert!(LEAST >= MIN_MEMORY_BUDGET_BYTES);

impl IndexSection {
    pub(super) fn check(&self, check: &mut Check<'_>) {
        check.size("index.memory", self.memory, LEAST..=3 << 30);
    }
}
