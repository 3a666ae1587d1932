//! The state of a visit.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::Arc,
};

use sha2::{Digest, Sha256};
use url::Url;

use super::{PageKind, PageRequest, RawPage, ThreadContext};
use crate::{
    Outcome,
    definition::Definition,
    extract::{PageReading, Post, ReadOutcome, extract},
};

/// A visit ends here whatever the site does: a trap, or a definition that walks in circles.
const MAX_PAGES: u32 = 100_000;
/// Unreachable pages in a row after which the rest is not asked for.
const MAX_FAILURES: u32 = 3;

/// How much of a site a visit reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// What changed since the last visit.
    Poll,
    /// Every board, thread and page.
    Everything,
}

/// What is known of threads from earlier visits: id → [`ThreadContext::signal`].
pub type Seen = HashMap<String, String>;

/// What one page brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Posts read from it.
    pub posts: Vec<Post>,
    /// Set when a thread was read to its end: its id and signal. To be stored with the posts and not before, so that
    /// a crash in between has the thread read again.
    pub thread_done: Option<(String, String)>,
    /// How reading the page ended.
    pub outcome: ReadOutcome,
}

/// The end of a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Its outcome; a good one says [`Outcome::OkNew`] when any page brought posts, whether or not they were known.
    pub outcome: Outcome,
    /// Pages read.
    pub pages: u32,
    /// Posts read.
    pub posts: u64,
}

/// A visit under way.
#[derive(Debug)]
pub struct Walk {
    definition: Arc<Definition>,
    base: Url,
    mode: Mode,
    seen: Seen,
    max_pages: u32,
    queue: VecDeque<PageRequest>,
    asked: HashSet<String>,
    bodies: HashSet<[u8; 32]>,
    unchanged_in_a_row: u32,
    tally: Tally,
}

#[derive(Debug, Default)]
struct Tally {
    pages: u32,
    posts: u64,
    good: HashMap<PageKind, u32>,
    bad: HashMap<PageKind, Outcome>,
    partial: Option<String>,
    only_empty: bool,
    unreachable_in_a_row: u32,
    stopped: bool,
}

impl Walk {
    /// Begins a visit at one of the definition's links.
    #[must_use]
    pub fn new(definition: Arc<Definition>, base: &Url, mode: Mode, seen: Seen, max_pages: Option<u32>) -> Self {
        let mut walk = Self {
            base: base.clone(),
            mode,
            seen,
            max_pages: max_pages.unwrap_or(MAX_PAGES).min(MAX_PAGES),
            queue: VecDeque::new(),
            asked: HashSet::new(),
            bodies: HashSet::new(),
            unchanged_in_a_row: 0,
            tally: Tally { only_empty: true, ..Tally::default() },
            definition,
        };
        let way = &walk.definition.walk;
        let starts = [
            way.listing.clone().map(|path| (path, PageKind::Listing)),
            way.boards.as_ref().map(|(path, _)| (path.clone(), PageKind::Boards)),
        ];
        for (path, kind) in starts.into_iter().flatten() {
            if let Ok(url) = walk.base.join(&path) {
                walk.push(PageRequest { url, kind, page: 1, thread: None }, End::Back);
            }
        }
        walk
    }

    /// The page to ask for now; `None` when the visit is over. Asking twice without [`Walk::read`] or
    /// [`Walk::failed`] in between passes a page over.
    pub fn next_request(&mut self) -> Option<PageRequest> {
        if self.tally.stopped || self.tally.pages >= self.max_pages {
            return None;
        }
        self.queue.pop_front()
    }

    /// Whether the visit is over: the page just read was its last.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.tally.stopped || self.tally.pages >= self.max_pages || self.queue.is_empty()
    }

    /// Reads the page that came for a request.
    pub fn read(&mut self, request: &PageRequest, raw: &RawPage<'_>) -> Step {
        self.tally.pages += 1;
        self.tally.unreachable_in_a_row = 0;
        let reading = extract(&self.definition, request, raw);
        // A pager whose links the server ignores answers an earlier page again: nothing there is new, nor is what follows.
        let again = !self.bodies.insert(fingerprint(&reading));
        if again && request.page > 1 {
            let done = (request.kind == PageKind::Thread).then(|| done(request)).flatten();
            return Step { posts: vec![], thread_done: done, outcome: reading.outcome };
        }
        self.count(request.kind, &reading);
        let follow = request.kind == PageKind::Thread || self.follow_threads(&reading);
        let next = reading.next.filter(|_| follow);
        let last = next.is_none();
        if let Some(url) = next {
            let page = request.page + 1;
            let thread = request.thread.clone();
            // A thread is read to its end first; a listing's next page comes after the threads it showed.
            let end = if request.kind == PageKind::Thread { End::Front } else { End::Back };
            self.push(PageRequest { url, kind: request.kind, page, thread }, end);
        }
        for url in reading.boards {
            self.push(PageRequest { url, kind: PageKind::Listing, page: 1, thread: None }, End::Back);
        }
        for thread in reading.threads.into_iter().rev() {
            if self.is_changed(&thread.context) {
                let request =
                    PageRequest { url: thread.url, kind: PageKind::Thread, page: 1, thread: Some(thread.context) };
                self.push(request, End::Front);
            }
        }
        let failed = matches!(reading.outcome, ReadOutcome::Failed(_));
        let thread_done = (request.kind == PageKind::Thread && last && !failed).then(|| done(request)).flatten();
        Step { posts: reading.posts, thread_done, outcome: reading.outcome }
    }

    /// A page that did not come. `reason` is the network plane's word for it.
    pub fn failed(&mut self, request: &PageRequest, outcome: Outcome) {
        self.tally.pages += 1;
        self.tally.bad.entry(request.kind).or_insert(outcome);
        self.tally.unreachable_in_a_row += 1;
        // The entrance, or several pages in a row: the rest would fail as well.
        if self.tally.good.is_empty() && self.queue.is_empty() || self.tally.unreachable_in_a_row >= MAX_FAILURES {
            self.tally.stopped = true;
        }
    }

    /// How the visit ended.
    #[must_use]
    pub fn summary(&self) -> Summary {
        Summary { outcome: self.outcome(), pages: self.tally.pages, posts: self.tally.posts }
    }

    fn outcome(&self) -> Outcome {
        let tally = &self.tally;
        // A kind of page of which none could be read is a failure of its own, not a part of a success.
        let kinds = [PageKind::Boards, PageKind::Listing, PageKind::Thread];
        for kind in kinds {
            if let (Some(outcome), None) = (tally.bad.get(&kind), tally.good.get(&kind)) {
                return outcome.clone();
            }
        }
        if let Some(outcome) = kinds.iter().find_map(|kind| tally.bad.get(kind)) {
            return match outcome {
                Outcome::Partial(_) | Outcome::Blocked(_) => outcome.clone(),
                other => Outcome::Partial(other.to_string()),
            };
        }
        match &tally.partial {
            Some(what) => Outcome::Partial(what.clone()),
            None if tally.posts > 0 => Outcome::OkNew,
            None if tally.only_empty => Outcome::OkEmpty,
            None => Outcome::OkNoNew,
        }
    }

    fn count(&mut self, kind: PageKind, reading: &PageReading) {
        self.tally.posts += reading.posts.len() as u64;
        match &reading.outcome {
            ReadOutcome::Failed(Outcome::Partial(what)) => {
                *self.tally.good.entry(kind).or_default() += 1;
                self.tally.partial.get_or_insert_with(|| what.clone());
            }
            ReadOutcome::Failed(outcome) => {
                self.tally.bad.entry(kind).or_insert_with(|| outcome.clone());
                if matches!(outcome, Outcome::Blocked(_) | Outcome::NotTheSite) {
                    // Going on would be asking a guard the same question again.
                    self.tally.stopped = true;
                }
            }
            ReadOutcome::Gone => {}
            ReadOutcome::Empty | ReadOutcome::Rows => *self.tally.good.entry(kind).or_default() += 1,
        }
        if kind != PageKind::Boards && reading.outcome != ReadOutcome::Empty {
            self.tally.only_empty = false;
        }
    }

    /// Whether a poll goes on to the next page of this listing.
    fn follow_threads(&mut self, reading: &PageReading) -> bool {
        if self.mode == Mode::Everything {
            return true;
        }
        for thread in &reading.threads {
            let changed = self.is_changed(&thread.context);
            self.unchanged_in_a_row = if changed { 0 } else { self.unchanged_in_a_row + 1 };
        }
        let way = &self.definition.walk;
        // A first visit reads everything: nothing is known yet.
        self.seen.is_empty() || self.unchanged_in_a_row < way.seen_in_a_row && self.tally.pages < way.max_pages
    }

    fn is_changed(&self, thread: &ThreadContext) -> bool {
        self.mode == Mode::Everything || self.seen.get(&thread.id) != Some(&thread.signal())
    }

    fn push(&mut self, request: PageRequest, end: End) {
        let Some(address) = canonical(&request.url, &self.base, &self.definition.walk.drop_query) else { return };
        // The same page may be asked for as a listing and as the page of boards.
        let kind = if request.kind == PageKind::Boards { "boards " } else { "" };
        if self.asked.insert(format!("{kind}{address}")) {
            match end {
                End::Front => self.queue.push_front(request),
                End::Back => self.queue.push_back(request),
            }
        }
    }
}

enum End {
    Front,
    Back,
}

fn done(request: &PageRequest) -> Option<(String, String)> {
    request.thread.as_ref().map(|thread| (thread.id.clone(), thread.signal()))
}

/// One address for the same page; `None` for a page of another site.
fn canonical(url: &Url, base: &Url, drop_query: &[String]) -> Option<String> {
    if url.origin() != base.origin() {
        return None;
    }
    let mut url = url.clone();
    url.set_fragment(None);
    let mut kept: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    kept.retain(|(name, _)| !drop_query.contains(name));
    kept.sort();
    url.set_query(None);
    if !kept.is_empty() {
        url.query_pairs_mut().extend_pairs(kept);
    }
    Some(url.to_string())
}

/// What a page shows, without what changes by itself between two answers (tokens, clocks).
fn fingerprint(reading: &PageReading) -> [u8; 32] {
    let mut hash = Sha256::new();
    for post in &reading.posts {
        hash.update(post.post_id.as_bytes());
        hash.update([0]);
    }
    for thread in &reading.threads {
        hash.update(thread.context.id.as_bytes());
        hash.update([1]);
    }
    hash.finalize().into()
}
