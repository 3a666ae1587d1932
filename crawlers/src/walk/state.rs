//! The state of a visit.

use std::{
    collections::{BTreeMap, HashMap, HashSet, VecDeque},
    sync::Arc,
};

use url::Url;

use super::{
    PageKind, PageRequest, RawPage, Summary, ThreadContext,
    chain::Chain,
    tally::{Tally, Then, is_withheld},
};
use crate::{
    Outcome,
    definition::{Definition, Kind, Way},
    extract::{PageReading, Post, ReadOutcome, extract},
};

/// A visit ends here whatever the site does: a trap, or a definition that walks in circles.
const MAX_PAGES: u32 = 100_000;
/// Posts read beyond the growth of a reply count, which deleted posts make too small.
const SLACK: u64 = 5;

/// How much of a site a visit reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// What changed since the last visit.
    Poll,
    /// Every board, thread and page.
    Everything,
}

/// What is known of threads from earlier visits: id → signal, as [`Step::thread_done`] gave it.
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
    /// Listings by the canonical address of their first page, threads by their id.
    chains: HashMap<String, Chain>,
    /// The chain that each later page of a listing belongs to, by canonical addresses.
    chain_of: HashMap<String, String>,
    tally: Tally,
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
            chains: HashMap::new(),
            chain_of: HashMap::new(),
            tally: Tally::default(),
            stopped: false,
            definition,
        };
        let way = &walk.definition.walk;
        let starts = [
            way.listing.clone().map(|path| (path, PageKind::Listing)),
            way.boards.as_ref().map(|(path, _)| (path.clone(), PageKind::Boards)),
        ];
        let starts = starts.into_iter().flatten().map(|(path, kind)| (path, kind, None));
        let starts: Vec<_> = starts.chain(alone(way)).collect();
        for (path, kind, thread) in starts {
            if let Ok(url) = walk.base.join(&path) {
                walk.push(PageRequest { url, kind, page: 1, thread }, End::Back);
            }
        }
        walk
    }

    /// The page to ask for now; `None` when the visit is over. Asking twice without [`Walk::read`] or
    /// [`Walk::failed`] in between passes a page over.
    pub fn next_request(&mut self) -> Option<PageRequest> {
        if self.is_over() { None } else { self.queue.pop_front() }
    }

    /// Whether the visit is over: the page just read was its last.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.stopped || self.tally.pages >= self.max_pages || self.queue.is_empty()
    }

    /// Reads the page that came for a request.
    pub fn read(&mut self, request: &PageRequest, raw: &RawPage<'_>) -> Step {
        let mut reading = extract(&self.definition, request, raw);
        if raw.url != &request.url && request.kind != PageKind::Boards {
            // Where a redirect led is no page to be asked for again.
            self.asked.extend(self.canonical(raw.url));
        }
        let key = self.chain_key(request);
        let chain = self.chains.entry(key.clone()).or_default();
        chain.take(&mut reading);
        chain.pending = chain.pending.saturating_sub(1);
        if self.tally.read(request.kind, &reading) == Then::Stop {
            self.stopped = true;
        }
        let whole = matches!(
            reading.outcome,
            ReadOutcome::Failed(Outcome::Partial(_)) | ReadOutcome::Rows | ReadOutcome::Empty
        );
        chain.broken |= !whole;
        let thread_done = match request.kind {
            PageKind::Thread => self.after_thread_page(request, &key, &mut reading),
            PageKind::Posts => self.after_posts_page(request, &key, &mut reading),
            PageKind::Boards | PageKind::Listing => {
                self.after_listing_page(request, &key, &mut reading);
                None
            }
        };
        Step { posts: reading.posts, thread_done, outcome: reading.outcome }
    }

    /// A page that did not come. `outcome` is the network plane's word for it.
    pub fn failed(&mut self, request: &PageRequest, outcome: Outcome) {
        let then = self.tally.failed(request.kind, &outcome);
        let key = self.chain_key(request);
        let chain = self.chains.entry(key).or_default();
        chain.broken = true;
        chain.pending = chain.pending.saturating_sub(1);
        if then == Then::Stop {
            self.stopped = true;
        }
    }

    /// How the visit ended.
    #[must_use]
    pub fn summary(&self) -> Summary {
        self.tally.summary()
    }

    /// Goes on within a thread; gives its id and signal when it was read to its end.
    fn after_thread_page(
        &mut self, request: &PageRequest, key: &str, reading: &mut PageReading,
    ) -> Option<(String, String)> {
        let thread = request.thread.as_ref()?;
        if is_withheld(request.kind, &reading.outcome) {
            // Asked for again when its signal changes, or when everything is read.
            return Some((thread.id.clone(), withheld(&thread.signal())));
        }
        let growth = self.growth(thread);
        let chain = self.chains.get_mut(key)?;
        if request.page == 1 && reading.last.is_some() {
            chain.backwards = growth;
        }
        let links = onward(chain, request, reading);
        // A thread is read to its end before anything else.
        let mut pushed = 0;
        for (url, page) in links {
            let request = PageRequest { url, kind: PageKind::Thread, page, thread: request.thread.clone() };
            pushed += u32::from(self.push(request, End::Front));
        }
        let chain = self.chains.get_mut(key)?;
        chain.pending += pushed;
        (chain.pending == 0 && !chain.broken).then(|| (thread.id.clone(), thread.signal()))
    }

    /// Goes on to the next page of posts; after the last one, gives what the next poll knows them by.
    fn after_posts_page(
        &mut self, request: &PageRequest, key: &str, reading: &mut PageReading,
    ) -> Option<(String, String)> {
        let (id, way) = (&request.thread.as_ref()?.id, self.definition.walk.posts.as_ref()?);
        let (poll, known) = (self.mode == Mode::Poll, self.seen.get(id));
        let backfill = self.definition.schedule.backfill_pages;
        let chain = self.chains.get_mut(key)?;
        let run = chain.newest.take(&reading.posts, known.map(String::as_str));
        let enough = match known {
            _ if !poll => false,
            // A first visit knows nothing yet.
            None => backfill.is_some_and(|most| chain.pages >= most),
            Some(_) => run >= way.seen_in_a_row || chain.pages >= way.max_pages,
        };
        let next = reading.next.take().filter(|_| !enough && !chain.is_exhausted());
        let done = (!chain.broken).then(|| (id.clone(), chain.newest.signal()));
        let thread = request.thread.clone();
        let next =
            next.map(|url| PageRequest { url, kind: PageKind::Posts, page: request.page.saturating_add(1), thread });
        if next.is_some_and(|next| self.push(next, End::Front)) { None } else { done }
    }

    /// How many posts a known thread has grown by, with some to spare; `None` when it is to be read from its start.
    fn growth(&self, thread: &ThreadContext) -> Option<u64> {
        if self.mode == Mode::Everything || self.definition.walk.backwards.is_none() {
            return None;
        }
        let replies = |signal: &str| signal.split('|').next()?.parse::<u64>().ok();
        let before = replies(self.seen.get(&thread.id)?)?;
        replies(&thread.signal())?.checked_sub(before).map(|growth| growth + SLACK)
    }

    /// Goes on from a listing to its threads, its next page and other boards.
    fn after_listing_page(&mut self, request: &PageRequest, key: &str, reading: &mut PageReading) {
        let follow = self.follows(key, reading);
        // What is new matters most; but a listing that is read whole shifts under the reader's feet, so that one is
        // read to its end first, unless the pages are counted.
        let whole = (self.mode == Mode::Everything || self.seen.is_empty()) && self.max_pages == MAX_PAGES;
        let (listings, threads) = if whole { (End::Front, End::Back) } else { (End::Back, End::Front) };
        for url in reading.boards.drain(..) {
            self.push(PageRequest { url, kind: PageKind::Listing, page: 1, thread: None }, End::Back);
        }
        let mut changed: Vec<_> = reading.threads.drain(..).filter(|thread| self.is_changed(&thread.context)).collect();
        if threads == End::Front {
            changed.reverse();
        }
        for thread in changed {
            let (url, kind) = (thread.url, PageKind::Thread);
            self.push(PageRequest { url, kind, page: 1, thread: Some(thread.context) }, threads);
        }
        if let Some(url) = reading.next.take().filter(|_| follow) {
            self.chain_of.extend(self.canonical(&url).map(|address| (address, key.to_owned())));
            let page = request.page.saturating_add(1);
            self.push(PageRequest { url, kind: PageKind::Listing, page, thread: None }, listings);
        }
    }

    /// Whether a visit goes on to the next page of this listing.
    fn follows(&mut self, key: &str, reading: &PageReading) -> bool {
        let changed: Vec<bool> = reading.threads.iter().map(|thread| self.is_changed(&thread.context)).collect();
        let Some(chain) = self.chains.get_mut(key) else { return false };
        for changed in changed {
            chain.unchanged = if changed { 0 } else { chain.unchanged + 1 };
        }
        let way = &self.definition.walk;
        let enough = match self.mode {
            Mode::Everything => false,
            // A first visit knows nothing yet.
            Mode::Poll if self.seen.is_empty() => {
                self.definition.schedule.backfill_pages.is_some_and(|most| chain.pages >= most)
            }
            Mode::Poll => chain.unchanged >= way.seen_in_a_row || chain.pages >= way.max_pages,
        };
        !enough && !chain.is_exhausted()
    }

    fn is_changed(&self, thread: &ThreadContext) -> bool {
        let known = match (self.mode, self.seen.get(&thread.id)) {
            (Mode::Everything, _) | (_, None) => return true,
            (Mode::Poll, Some(known)) => known,
        };
        let signal = thread.signal();
        // A forum whose listing shows no sign of change must be asked; a paste stays as it is.
        let without = !self.definition.has_signal() || signal == "|";
        let silent = without && matches!(self.definition.kind, Kind::Forum | Kind::Market);
        silent || *known != signal && *known != withheld(&signal)
    }

    fn chain_key(&self, request: &PageRequest) -> String {
        match &request.thread {
            Some(thread) => format!("thread {}", thread.id),
            None => {
                let address = self.canonical(&request.url).unwrap_or_default();
                self.chain_of.get(&address).cloned().unwrap_or(address)
            }
        }
    }

    /// Asks for a page unless it was asked for before, or is of another site.
    fn push(&mut self, request: PageRequest, end: End) -> bool {
        let Some(address) = self.canonical(&request.url) else { return false };
        // The same page may be asked for as a listing and as the page of boards.
        let kind = if request.kind == PageKind::Boards { "boards " } else { "" };
        let new = self.asked.insert(format!("{kind}{address}"));
        if new {
            match end {
                End::Front => self.queue.push_front(request),
                End::Back => self.queue.push_back(request),
            }
        }
        new
    }

    /// One address for the same page; `None` for a page of another site.
    fn canonical(&self, url: &Url) -> Option<String> {
        if url.origin() != self.base.origin() {
            return None;
        }
        let drop_query = &self.definition.walk.drop_query;
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
}

/// Where a thread goes on after one of its pages, with the page numbers.
fn onward(chain: &mut Chain, request: &PageRequest, reading: &mut PageReading) -> Vec<(Url, u32)> {
    let (first, found) = (request.page == 1, reading.posts.len() as u64);
    if let Some(wanted) = &mut chain.backwards {
        *wanted = if first { *wanted } else { wanted.saturating_sub(found) };
        let go_on = *wanted > 0 && !chain.is_exhausted();
        let link = if first { reading.last.take() } else { reading.prev.take() };
        return link.filter(|_| go_on).map(|url| (url, 0)).into_iter().collect();
    }
    if chain.is_exhausted() {
        return vec![];
    }
    // A page pushed last is read first.
    let others = reading.others.drain(..).map(|url| (url, request.page + 1));
    others.chain(reading.next.take().map(|url| (url, request.page + 1))).collect()
}

/// Where a visit begins besides boards and listings: pages of posts, and the threads the definition names.
fn alone(way: &Way) -> impl Iterator<Item = (String, PageKind, Option<ThreadContext>)> {
    let named = |prefix: &str, path: &str| ThreadContext { id: format!("{prefix}{path}"), fields: BTreeMap::new() };
    let posts = way.posts.iter().map(move |p| (p.path.clone(), PageKind::Posts, Some(named("posts:", &p.path))));
    posts.chain(way.threads.iter().map(move |path| (path.clone(), PageKind::Thread, Some(named("", path)))))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Front,
    Back,
}

/// The signal of a thread that the site kept from us.
fn withheld(signal: &str) -> String {
    format!("withheld {signal}")
}
