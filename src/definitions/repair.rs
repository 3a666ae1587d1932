//! The repair of a definition that a change of its site broke: what is known of the site, and the pages that cannot be
//! read any more, from which the crawlers propose another text.

use std::collections::{BTreeSet, HashSet};

use jiff::Timestamp;
use nightheron_crawlers::{
    definition::Library,
    extract::ReadOutcome,
    repair::{self, Known, Page, Proposal, RepairError},
    walk::PageKind,
};

use super::shelf::{Shelf, is_read};
use crate::{
    pipeline::SavedPage,
    store::{
        self, Store,
        model::{Capture, PostRow, SourceRow},
    },
};

/// Captures that are looked through for pages that cannot be read, newest first.
const LOOKED_AT: i64 = 60;
/// Pages of one kind that a proposal rests on.
const PAGES: usize = 6;
/// Captures from before the break that are read for what is known.
const BEFORE: i64 = 40;
/// Known rows of one kind.
const KNOWN: usize = 150;

/// What a proposal is made from, gathered from the store.
pub struct Evidence {
    since: Option<Timestamp>,
    broken: Vec<Capture>,
    before: Vec<Capture>,
    posts: Vec<PostRow>,
}

/// A proposal, with what it was made from.
pub struct Repair {
    /// What is proposed.
    pub proposal: Proposal,
    /// Pages that could not be read with the text in use.
    pub pages: usize,
    /// Rows that were known.
    pub known: usize,
}

/// Why nothing is proposed.
#[derive(Debug, thiserror::Error)]
pub enum NoRepair {
    /// Every page that was captured since can be read.
    #[error("nothing is broken: of the {0} pages captured since the last good visit, every one can be read")]
    Sound(usize),
    /// The definition is of a kind that is not repaired.
    #[error(transparent)]
    Kind(#[from] RepairError),
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// The work could not be done.
    #[error("the repair was given up: {0}")]
    Failed(String),
}

impl Evidence {
    /// Gathers what there is of a source.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn of(store: &dyn Store, row: &SourceRow) -> store::Result<Self> {
        let (id, since) = (&row.source.id, row.last_ok_at);
        let mut broken = store.newest_captures(id, None, LOOKED_AT).await?;
        broken.retain(|capture| since.is_none_or(|since| capture.capture.fetched_at > since));
        let before = match since.and_then(|since| since.checked_add(jiff::SignedDuration::from_millis(1)).ok()) {
            Some(until) => store.newest_captures(id, Some(until), BEFORE).await?,
            None => vec![],
        };
        let posts = store.newest_posts(id, 4 * KNOWN as i64).await?;
        Ok(Self { since, broken, before, posts })
    }

    /// From when on everything is to be read again once the definition is repaired.
    #[must_use]
    pub fn since(&self) -> Timestamp {
        self.since.unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Proposes a text that reads the pages again. Blocking, for seconds.
    ///
    /// # Errors
    /// [`NoRepair`].
    pub fn propose(&self, shelf: &Shelf, library: &Library, text: &str, origin: &str) -> Result<Repair, NoRepair> {
        let pages = self.unread(shelf);
        if pages.is_empty() {
            return Err(NoRepair::Sound(self.broken.len()));
        }
        let known = self.known(shelf, &pages);
        let given: Vec<_> = pages.iter().map(|page| Page { request: &page.request, raw: page.raw() }).collect();
        let proposal = repair::propose(library, text, origin, &given, &known)?;
        Ok(Repair { proposal, pages: pages.len(), known: known.len() })
    }

    /// Pages that cannot be read now, the newest of each address.
    fn unread(&self, shelf: &Shelf) -> Vec<SavedPage> {
        let (mut seen, mut kept) = (HashSet::new(), Vec::<SavedPage>::new());
        for capture in &self.broken {
            if !seen.insert(capture.capture.url.as_str()) {
                continue;
            }
            let Ok(page) = shelf.page(&capture.capture) else { continue };
            let alike = kept.iter().filter(|other| other.request.kind == page.request.kind).count();
            if alike < PAGES && matches!(page.read(shelf.now()).outcome, ReadOutcome::Failed(_)) {
                kept.push(page);
            }
        }
        kept
    }

    /// Rows of the last good captures as they were read then, and posts of the store: of the threads in hand first.
    fn known(&self, shelf: &Shelf, pages: &[SavedPage]) -> Vec<Known> {
        let mut known = Vec::new();
        let mut seen = BTreeSet::new();
        let mut add = |row: Known, known: &mut Vec<Known>| {
            let kind = row.kind;
            let address = row.get("url").or(row.get("thread_url")).unwrap_or_default().to_owned();
            let alike = known.iter().filter(|other: &&Known| other.kind == kind).count();
            if alike < KNOWN && seen.insert((kind == PageKind::Thread, row.id().to_owned(), address)) {
                known.push(row);
            }
        };
        for capture in &self.before {
            let Ok(page) = shelf.page(&capture.capture) else { continue };
            let reading = shelf.then(&page);
            if is_read(&reading) {
                Known::of(&reading).into_iter().for_each(|row| add(row, &mut known));
            }
        }
        let threads: HashSet<&str> =
            pages.iter().filter_map(|page| page.request.thread.as_ref()).map(|thread| thread.id.as_str()).collect();
        let in_hand = |post: &&PostRow| post.thread_id.as_deref().is_some_and(|id| threads.contains(id));
        let (near, far): (Vec<&PostRow>, Vec<_>) = self.posts.iter().partition(in_hand);
        near.into_iter().chain(far).for_each(|post| add(stored(post), &mut known));
        known
    }
}

/// A stored post as the crawlers know rows.
fn stored(post: &PostRow) -> Known {
    let mut fields = [("post_id", &post.post_id), ("title", &post.title), ("body", &post.body), ("url", &post.url)]
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .to_vec();
    fields.extend(post.author.clone().map(|author| ("author".to_owned(), author)));
    fields.extend(post.posted_at.map(|time| ("posted_at".to_owned(), time.to_string())));
    let fields = fields.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    Known { kind: PageKind::Thread, fields }
}
