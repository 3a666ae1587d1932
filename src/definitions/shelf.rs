//! Captured pages of a source, with what was read from them when they came and what a definition reads from them now.

use std::{collections::HashMap, sync::Arc};

use jiff::Timestamp;
use nightheron_crawlers::{
    definition::{Definition, Library},
    extract::{PageReading, ReadOutcome},
    net::Limits,
};

use crate::{
    captures::Archive,
    pipeline::SavedPage,
    store::model::{NewCapture, Revision},
};

/// Texts of the history that captures are read with again.
const TEXTS: usize = 30;

/// Captures of one source, and the definitions that it was read with.
pub struct Shelf {
    archive: Archive,
    limits: Limits,
    /// By the moment from which each was in use, newest first.
    used: Vec<(Timestamp, Arc<Definition>)>,
    now: Arc<Definition>,
}

impl Shelf {
    /// The newest texts of the history that can still be read; `now` is the one in use.
    #[must_use]
    pub fn new(
        archive: Archive, limits: Limits, history: &[Revision], library: &Library, now: Arc<Definition>,
    ) -> Self {
        let mut read: HashMap<&str, Option<Arc<Definition>>> = HashMap::new();
        let used = history.iter().take(TEXTS).filter_map(|revision| {
            let definition = read.entry(&revision.text).or_insert_with(|| {
                let origin = format!("{} {}", revision.source, revision.number);
                library.parse(&revision.text, &origin).ok().map(Arc::new)
            });
            Some((revision.at, definition.clone()?))
        });
        Self { used: used.collect(), archive, limits, now }
    }

    /// A captured page. Blocking.
    ///
    /// # Errors
    /// A sentence: it is gone, changed, or no page.
    pub fn page(&self, capture: &NewCapture) -> Result<SavedPage, String> {
        let record = self.archive.read(capture).map_err(|error| error.to_string())?;
        SavedPage::of(&record, &self.limits)
    }

    /// The definition that was in use at a moment: the oldest that is known when none was yet.
    #[must_use]
    pub fn used_at(&self, moment: Timestamp) -> Arc<Definition> {
        let used = self.used.iter().find(|(from, _)| *from <= moment).or(self.used.last());
        Arc::clone(used.map_or(&self.now, |(_, definition)| definition))
    }

    /// What was read from a page when it came.
    #[must_use]
    pub fn then(&self, page: &SavedPage) -> PageReading {
        page.read(&self.used_at(page.received_at))
    }

    /// The definition in use.
    #[must_use]
    pub fn now(&self) -> &Definition {
        &self.now
    }
}

/// Whether a page could be read: it held rows, or proved that it is empty or gone.
#[must_use]
pub(super) fn is_read(reading: &PageReading) -> bool {
    !matches!(reading.outcome, ReadOutcome::Failed(_))
}

/// The outcome of a page, as visits write theirs.
#[must_use]
pub(super) fn outcome(reading: &PageReading) -> String {
    match &reading.outcome {
        ReadOutcome::Rows => "ok".to_owned(),
        ReadOutcome::Empty => "ok_empty".to_owned(),
        ReadOutcome::Gone => "blocked(not_found)".to_owned(),
        ReadOutcome::Failed(outcome) => outcome.to_string(),
    }
}
