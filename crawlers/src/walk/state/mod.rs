//! The state of a visit.

mod after;

use std::{
    collections::{BTreeMap, HashMap, HashSet, VecDeque},
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;
use url::Url;

use super::{
    PageKind, PageRequest, RawPage, Summary, ThreadContext,
    address::Addresses,
    boards::Boards,
    chain::Chain,
    gate::{Gate, Passage},
    pager::{Pagers, Situation},
    signal,
    tally::{Tally, Then, is_withheld},
    zone::Zone,
};
use crate::{
    Outcome, PageClass,
    definition::{Definition, Kind, Way},
    extract::{PageReading, Post, ReadOutcome, extract},
    session::LoginEnd,
};

/// A visit ends here whatever the site does: a trap, or a definition that walks in circles.
const MAX_PAGES: u32 = 100_000;
/// Rows of a listing from which on a second page with the same ones is the same page.
const TWIN_ROWS: usize = 5;
/// Posts beyond twice the count of the listing, after which a thread is read no further.
const MANY_POSTS: usize = 500;
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

impl Step {
    fn nothing(reading: PageReading) -> Self {
        Self { posts: vec![], thread_done: None, outcome: reading.outcome }
    }
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
    addresses: Addresses,
    asked: HashSet<String>,
    /// Listings whose first page was read.
    listings: Vec<Url>,
    /// Threads that any listing has shown.
    listed: HashSet<String>,
    /// Whether any listing has shown what a moved thread left behind.
    left_behind: bool,
    /// What pages of listings have shown.
    shown: HashSet<u64>,
    boards: Boards,
    pagers: Pagers,
    /// Listings by the canonical address of their first page, threads by their id.
    chains: HashMap<String, Chain>,
    /// The chain that each later page of a listing belongs to, by its address.
    chain_of: HashMap<String, String>,
    tally: Tally,
    gate: Gate,
    zone: Zone,
    stopped: bool,
}

impl Walk {
    /// Begins a visit at one of the definition's links.
    #[must_use]
    pub fn new(definition: Arc<Definition>, base: &Url, mode: Mode, mut seen: Seen, max_pages: Option<u32>) -> Self {
        let mut walk = Self {
            base: base.clone(),
            mode,
            max_pages: max_pages.unwrap_or(MAX_PAGES).min(MAX_PAGES),
            queue: VecDeque::new(),
            addresses: Addresses::new(base, &definition.walk.drop_query),
            asked: HashSet::new(),
            listings: Vec::new(),
            listed: HashSet::new(),
            left_behind: false,
            shown: HashSet::new(),
            boards: Boards::default(),
            pagers: Pagers::default(),
            chains: HashMap::new(),
            chain_of: HashMap::new(),
            tally: Tally::default(),
            gate: Gate::default(),
            zone: Zone::known(&mut seen),
            seen,
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
                walk.push(PageRequest { url, kind, page: 1, thread, zone: None }, End::Back);
            }
        }
        walk
    }

    /// Has the visit wait at queue pages, up to so long in all. The driver then keeps to [`Walk::not_before`]; without
    /// patience a queue ends the visit.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.gate.set_patience(patience);
        self
    }

    /// The moment before which this site must not be asked again, as the last page told, with a margin: a queue
    /// punishes asking early. It holds beyond the end of the visit.
    #[must_use]
    pub fn not_before(&self) -> Option<Timestamp> {
        self.gate.not_before
    }

    /// Whether the page just read took us for a guest of a site that is read as a member. The driver logs in, with
    /// [`Login`](crate::session::Login), and calls [`Walk::login_ended`]; one that goes on without ends the visit.
    #[must_use]
    pub fn wants_login(&self) -> bool {
        self.gate.awaiting.is_some()
    }

    /// Goes on with the page that wanted a login, or ends the visit with the login's outcome.
    pub fn login_ended(&mut self, end: &LoginEnd) {
        match (end.outcome(), self.gate.awaiting.clone()) {
            (None, _) => {
                if let Some(request) = self.gate.logged_in() {
                    self.queue.push_front(request);
                }
            }
            (Some(outcome), Some(request)) => {
                self.gate.awaiting = None;
                self.close(&request, outcome);
            }
            (Some(_), None) => self.stopped = true,
        }
    }

    fn close(&mut self, request: &PageRequest, outcome: Outcome) {
        self.failed(request, outcome);
        self.stopped = true;
    }

    /// The page to ask for now; `None` when the visit is over. Asking twice without [`Walk::read`] or
    /// [`Walk::failed`] in between passes a page over.
    pub fn next_request(&mut self) -> Option<PageRequest> {
        if let Some(request) = self.gate.awaiting.take() {
            self.close(&request, Outcome::Blocked(PageClass::Login));
        }
        let request = if self.is_over() { None } else { self.queue.pop_front() }?;
        Some(PageRequest { zone: self.zone.name.clone(), ..request })
    }

    /// Whether the visit is over: the page just read was its last.
    #[must_use]
    pub fn is_over(&self) -> bool {
        !self.wants_login() && (self.stopped || self.tally.pages >= self.max_pages || self.queue.is_empty())
    }

    /// Reads the page that came for a request.
    pub fn read(&mut self, request: &PageRequest, raw: &RawPage<'_>) -> Step {
        let mut reading = extract(&self.definition, request, raw);
        let names_it = self.definition.walk.zone.is_some();
        // A board that takes no new members has no form for them.
        let refused = names_it && (400..500).contains(&raw.status);
        let failed = matches!(reading.outcome, ReadOutcome::Failed(Outcome::Unreachable(_))) && !refused;
        if request.kind == PageKind::Times && failed {
            self.times_failed(request);
            return Step::nothing(reading);
        }
        if request.kind == PageKind::Times {
            self.tally.passed();
            let thread_done = self.zone.take(request, &mut reading, raw.received_at, names_it);
            return Step { thread_done, ..Step::nothing(reading) };
        }
        match self.gate.pass(&self.definition, request, raw, &reading) {
            Passage::Through => {}
            Passage::Again => {
                self.queue.push_front(request.clone());
                return Step::nothing(reading);
            }
            Passage::AfterLogin => return Step::nothing(reading),
            Passage::Closed => {
                self.close(request, Outcome::Blocked(PageClass::Login));
                return Step::nothing(reading);
            }
        }
        self.ask_for_times(&reading, raw.received_at);
        if raw.url != &request.url && request.kind != PageKind::Boards {
            // Where a redirect led is no page to be asked for again.
            self.asked.extend(self.addresses.canonical(raw.url));
        }
        let key = self.chain_key(request);
        let rows = reading.threads.len();
        let twin = request.kind == PageKind::Listing && self.is_twin(request, &mut reading);
        let chain = self.chains.entry(key.clone()).or_default();
        chain.is_listing = request.kind == PageKind::Listing;
        chain.begun.get_or_insert(raw.received_at);
        let before = chain.rows();
        chain.take(&mut reading);
        if let Some(situation) = chain.followed.take() {
            self.pagers.note(situation, chain.rows() > before && !twin);
        }
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
            PageKind::Boards | PageKind::Listing | PageKind::Times => {
                self.after_listing_page(request, &key, rows, &mut reading);
                None
            }
        };
        Step { posts: reading.posts, thread_done, outcome: reading.outcome }
    }

    /// A page that did not come. `outcome` is the network plane's word for it.
    pub fn failed(&mut self, request: &PageRequest, outcome: Outcome) {
        if request.kind == PageKind::Times {
            return self.times_failed(request);
        }
        let then = self.tally.failed(request.kind, &outcome);
        let key = self.chain_key(request);
        let chain = self.chains.entry(key).or_default();
        chain.broken = true;
        chain.pending = chain.pending.saturating_sub(1);
        if then == Then::Stop {
            self.stopped = true;
        }
    }

    /// Asks for the pages that tell the zone, before any other.
    fn ask_for_times(&mut self, reading: &PageReading, now: Timestamp) {
        let way = &self.definition.walk;
        let paths = match (&way.zone, &way.times) {
            (Some(path), _) => vec![(path, 1)],
            (None, Some(times)) => vec![(&times.utc.path, 2), (&times.shown.path, 1)],
            (None, None) => return,
        };
        let urls: Option<Vec<_>> =
            paths.into_iter().map(|(path, page)| Some((self.base.join(path).ok()?, page))).collect();
        for (url, page) in urls.filter(|_| self.zone.is_due(reading, now)).unwrap_or_default() {
            self.push(PageRequest { url, kind: PageKind::Times, page, thread: None, zone: None }, End::Front);
        }
    }

    fn times_failed(&mut self, request: &PageRequest) {
        self.tally.passed();
        if self.zone.tries_again() {
            self.queue.push_front(request.clone());
        }
    }

    /// How the visit ended.
    #[must_use]
    pub fn summary(&self) -> Summary {
        self.tally.summary()
    }

    /// Whether an earlier page has shown the very same threads: the same page under another address. Nothing on it is
    /// followed. Few rows may be the same by chance: announcements stand in every board.
    fn is_twin(&mut self, request: &PageRequest, reading: &mut PageReading) -> bool {
        if reading.threads.len() < TWIN_ROWS {
            return false;
        }
        let mut ids: Vec<&str> = reading.threads.iter().map(|thread| thread.context.id.as_str()).collect();
        ids.sort_unstable();
        let mut hash = DefaultHasher::new();
        ids.hash(&mut hash);
        let shown = hash.finish();
        let mut twin = !self.shown.insert(shown);
        if request.page == 1 {
            let (known, learnt) = self.addresses.learn(&request.url, shown);
            twin |= known;
            self.listings.push(request.url.clone());
            if learnt {
                self.forget_twins();
            }
        }
        if twin {
            reading.boards.clear();
            reading.next = None;
        }
        twin
    }

    /// Drops the boards that, by what was just learnt of addresses, were asked for already.
    fn forget_twins(&mut self) {
        let (addresses, asked) = (&self.addresses, &mut self.asked);
        asked.extend(self.listings.iter().filter_map(|url| addresses.canonical(url)));
        self.queue.retain(|request| {
            let board = request.kind == PageKind::Listing && request.page == 1;
            !board || addresses.canonical(&request.url).is_some_and(|address| asked.insert(address))
        });
    }

    fn chain_key(&self, request: &PageRequest) -> String {
        match &request.thread {
            Some(thread) => format!("thread {}", thread.id),
            None => {
                let known = self.chain_of.get(request.url.as_str()).cloned();
                known.or_else(|| self.addresses.canonical(&request.url)).unwrap_or_default()
            }
        }
    }

    /// Asks for a page unless it was asked for before, or is of another site.
    fn push(&mut self, request: PageRequest, end: End) -> bool {
        let Some(address) = self.addresses.canonical(&request.url) else { return false };
        // A thread that stands under two addresses is one.
        if let (PageKind::Thread, 1, Some(thread)) = (request.kind, request.page, &request.thread)
            && !self.asked.insert(format!("thread {}", thread.id))
        {
            return false;
        }
        // The same page may be asked for as a listing and as the page of boards.
        let kind = if request.kind == PageKind::Boards { "boards " } else { "" };
        let new = self.asked.insert(format!("{kind}{address}"));
        if new {
            match end {
                End::Front => self.queue.push_front(request),
                End::Back => self.queue.push_back(request),
            }
            // What this visit cannot ask for any more need not be remembered.
            self.queue.truncate(self.max_pages.saturating_sub(self.tally.pages) as usize);
        }
        new
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
