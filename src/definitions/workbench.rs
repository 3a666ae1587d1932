//! What a person does with a definition: try it on captured pages, save it, take an older one back, accept a repair.

use std::sync::Arc;

use jiff::Timestamp;
use nightheron_crawlers::{
    definition::Definition,
    net::Limits,
    repair::{Proposal, Verdict},
    walk::PageKind,
};
use tokio::sync::{Notify, Semaphore};

use super::{
    Book, BookError, Changed, Current, Difference, Row,
    compare::rows,
    repair::{Evidence, NoRepair, Repair},
    shelf::{Shelf, is_read, outcome},
};
use crate::{
    captures::Archive,
    pipeline::{SavedPage, SourceSet},
    store::{
        self, Store, StoreError,
        model::{Capture, Reread, Revision, SourceRow},
    },
};

/// Captured pages to choose from.
const PAGES: i64 = 24;
/// How many of them may be of one address.
const OF_ONE_ADDRESS: i64 = 3;
/// Captures that are looked through for the last good reading of the same page.
const EARLIER: i64 = 120;
/// Longest source text of a page that is shown, in characters.
const SHOWN: usize = 200_000;

/// Definitions, captured pages, and what connects them.
pub struct Workbench {
    /// The texts in use.
    pub book: Arc<Book>,
    /// The store.
    pub store: Arc<dyn Store>,
    /// The captured pages.
    pub archive: Archive,
    /// The sources.
    pub sources: Arc<SourceSet>,
    /// Woken when captures are to be read again.
    pub wake: Arc<Notify>,
    /// Reading pages takes a processor: this bounds how many are read at once.
    pub working: Semaphore,
}

/// A captured page in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its capture.
    pub capture: String,
    /// Its address.
    pub url: String,
    /// When it came.
    pub at: Timestamp,
    /// What kind of page it is; `None` when it cannot be read from the archive.
    pub kind: Option<PageKind>,
    /// The outcome with the definition in use.
    pub outcome: String,
    /// Whether rows could be read, or their absence is proved.
    pub good: bool,
}

/// A captured page, read by a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// The outcome.
    pub outcome: String,
    /// Whether rows could be read, or their absence is proved.
    pub good: bool,
    /// The rows.
    pub rows: Vec<Row>,
    /// Links that lead on: their names and addresses.
    pub links: Vec<(&'static str, String)>,
    /// The page's own source text, cut off when it is very long.
    pub source_text: String,
    /// The last good reading of the same page, and how this one differs; `None` without one.
    pub since_then: Option<(Timestamp, Difference)>,
}

/// Why something was not done at the workbench.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// The book refused.
    #[error(transparent)]
    Book(#[from] BookError),
    /// There is nothing to repair, or no way.
    #[error(transparent)]
    Repair(#[from] NoRepair),
    /// The page cannot be read from the archive.
    #[error("the captured page cannot be read: {0}")]
    Page(String),
    /// The pages have changed since the proposal was looked at.
    #[error("the proposal is another one by now, because more pages were captured; look at it again")]
    Other,
    /// Nothing was found.
    #[error("nothing can be proposed: {0}")]
    Nothing(String),
    /// A site is not followed, or not left, to where it points.
    #[error("nothing was decided about the move: {0}")]
    Move(String),
    /// A proposal with gaps needs a reason.
    #[error("the proposal is not complete: say why it is accepted all the same, or correct the text first")]
    Reason,
}

impl From<StoreError> for WorkError {
    fn from(error: StoreError) -> Self {
        Self::Book(error.into())
    }
}

impl Workbench {
    /// The text of a source.
    ///
    /// # Errors
    /// [`BookError::Unknown`].
    pub fn current(&self, source: &str) -> Result<Current, WorkError> {
        Ok(self.book.current(source).ok_or_else(|| BookError::Unknown(source.to_owned()))?)
    }

    /// The last captured pages of a source, newest first and of one address a few, as the definition in use reads them.
    ///
    /// # Errors
    /// The source is not watched here, or the store does not answer.
    pub async fn pages(&self, source: &str) -> Result<Vec<Listed>, WorkError> {
        let captures = self.store.varied_captures(source, OF_ONE_ADDRESS, PAGES).await?;
        let shelf = self.shelf(source).await?;
        self.work(move || captures.iter().map(|capture| listed(&shelf, capture)).collect()).await
    }

    /// Reads a captured page by a definition that need not be saved.
    ///
    /// # Errors
    /// The page is of another source, or cannot be read from the archive.
    pub async fn try_on(&self, source: &str, definition: Definition, capture: &str) -> Result<Tried, WorkError> {
        let capture = self.store.capture(capture).await?;
        if capture.source != source {
            return Err(StoreError::NotFound { what: "capture", id: capture.capture.id }.into());
        }
        let earlier = self.store.newest_captures(source, Some(capture.capture.fetched_at), EARLIER).await?;
        let shelf = self.shelf(source).await?;
        let tried = self.work(move || tried(&shelf, &definition, &capture, &earlier)).await?;
        tried.map_err(WorkError::Page)
    }

    /// What would repair the definition.
    ///
    /// # Errors
    /// [`WorkError::Repair`], or the source is not watched here.
    pub async fn propose(&self, source: &str) -> Result<(Repair, Timestamp), WorkError> {
        let current = self.current(source)?;
        let evidence = Evidence::of(self.store.as_ref(), &self.row(source).await?).await?;
        let (shelf, library, since) = (self.shelf(source).await?, self.book.library(), evidence.since());
        let made = self.work(move || evidence.propose(&shelf, &library, &current.text, &current.origin)).await??;
        Ok((made, since))
    }

    /// Accepts the proposal whose text was looked at: the definition is changed, and everything captured since the last
    /// good visit is read again. One with gaps needs a reason.
    ///
    /// # Errors
    /// [`WorkError`]: nothing was changed.
    pub async fn accept(
        &self, source: &str, looked_at: &str, by: &str, reason: &str, now: Timestamp,
    ) -> Result<Changed, WorkError> {
        let number = self.current(source)?.number;
        let (Repair { proposal, .. }, since) = self.propose(source).await?;
        if digest(&proposal) != looked_at {
            return Err(WorkError::Other);
        }
        let reason = match (&proposal.verdict, reason.trim()) {
            (Verdict::None(why), _) => return Err(WorkError::Nothing(why.clone())),
            (Verdict::Partial(_), "") => return Err(WorkError::Reason),
            (Verdict::Complete, "") => "repair accepted: every known row of the captured pages is read again",
            (_, reason) => reason,
        };
        let changed = self.book.change_from(Some(number), source, &proposal.text, by, reason, now).await?;
        self.reread(source, since, by, now).await?;
        self.store.visit_now(source, now).await?;
        Ok(changed)
    }

    /// Has everything that was captured since a moment read again.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn reread(&self, source: &str, since: Timestamp, by: &str, now: Timestamp) -> store::Result<i64> {
        let id = self.store.queue_reread(source, since, by, now).await?;
        self.wake.notify_one();
        Ok(id)
    }

    /// The history of a source's definition, newest first, and what was read again.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn history(&self, source: &str) -> store::Result<(Vec<Revision>, Vec<Reread>)> {
        Ok((self.store.definition_history(source).await?, self.store.rereads(source, 5).await?))
    }

    /// A source as the schedule has it.
    ///
    /// # Errors
    /// There is none, or the store does not answer.
    pub async fn row(&self, source: &str) -> store::Result<SourceRow> {
        let row = self.store.sources().await?.into_iter().find(|row| row.source.id == source);
        row.ok_or_else(|| StoreError::NotFound { what: "source", id: source.to_owned() })
    }

    async fn shelf(&self, source: &str) -> Result<Shelf, WorkError> {
        let live = self.sources.get(source).ok_or_else(|| BookError::Unknown(source.to_owned()))?;
        let history = self.store.definition_history(source).await?;
        let limits: Limits = live.session.limits().clone();
        Ok(Shelf::new(self.archive.clone(), limits, &history, &self.book.library(), live.definition()))
    }

    async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, WorkError> {
        let failed = |error: String| WorkError::Repair(NoRepair::Failed(error));
        let _turn = self.working.acquire().await.map_err(|error| failed(error.to_string()))?;
        tokio::task::spawn_blocking(work).await.map_err(|error| failed(error.to_string()))
    }
}

/// Names a proposal, so that what is accepted is what was looked at.
#[must_use]
pub fn digest(proposal: &Proposal) -> String {
    crate::captures::sha256(format!("{:?}\n{}", proposal.verdict, proposal.text).as_bytes())
}

fn listed(shelf: &Shelf, capture: &Capture) -> Listed {
    let page = shelf.page(&capture.capture);
    let read = page.map(|page| (page.request.kind, page.read(shelf.now())));
    let (kind, outcome, good) = match read {
        Ok((kind, reading)) => (Some(kind), outcome(&reading), is_read(&reading)),
        Err(why) => (None, why, false),
    };
    let capture = &capture.capture;
    Listed { capture: capture.id.clone(), url: capture.url.clone(), at: capture.fetched_at, kind, outcome, good }
}

fn tried(shelf: &Shelf, definition: &Definition, capture: &Capture, earlier: &[Capture]) -> Result<Tried, String> {
    let page = shelf.page(&capture.capture)?;
    let reading = page.read(definition);
    let rows = rows(&reading);
    let next = reading.next.iter().map(|url| ("next", url.to_string()));
    let boards = reading.boards.iter().map(|url| ("board", url.to_string()));
    let others = reading.others.iter().map(|url| ("page", url.to_string()));
    let since_then = last_good(shelf, &page, earlier).map(|(at, then)| (at, Difference::between(&then, &rows)));
    Ok(Tried {
        outcome: outcome(&reading),
        good: is_read(&reading),
        links: next.chain(boards).chain(others).collect(),
        source_text: page.text(definition).chars().take(SHOWN).collect(),
        since_then,
        rows,
    })
}

/// What was read when this page could be read last: the same one if it was captured then, or the newest of its kind.
fn last_good(shelf: &Shelf, page: &SavedPage, earlier: &[Capture]) -> Option<(Timestamp, Vec<Row>)> {
    let saved = || earlier.iter().filter_map(|capture| shelf.page(&capture.capture).ok());
    let good = |other: SavedPage| {
        let reading = shelf.then(&other);
        (is_read(&reading)).then(|| (other.received_at, rows(&reading)))
    };
    let same = saved().filter(|other| other.request.url == page.request.url).find_map(good);
    same.or_else(|| saved().filter(|other| other.request.kind == page.request.kind).find_map(good))
}
