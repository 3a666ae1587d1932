//! What a page that was read leads to: further pages of its chain, threads, and the mark of one read to its end.

use super::*;

impl Walk {
    /// Goes on within a thread; gives its id and signal when it was read to its end.
    pub(super) fn after_thread_page(
        &mut self, request: &PageRequest, key: &str, reading: &mut PageReading,
    ) -> Option<(String, String)> {
        let thread = request.thread.as_ref()?;
        if is_withheld(request.kind, &reading.outcome) {
            // Asked for again when its signal changes, or when everything is read.
            return Some((thread.id.clone(), signal::withheld(thread)));
        }
        let growth = self.growth(thread);
        let replies = thread.fields.get("replies").and_then(|replies| replies.parse::<usize>().ok());
        let chain = self.chains.get_mut(key)?;
        if request.page == 1 && reading.last.is_some() {
            chain.backwards = growth;
        }
        let whole = replies.is_some_and(|replies| chain.rows() > replies);
        let situation = if whole { Situation::WholeThread } else { Situation::Thread };
        if request.page > 0 && !self.pagers.believes(situation) {
            reading.next = None;
        }
        // Counts of replies may be too small, but not by that much: posts are being generated.
        if replies.is_some_and(|replies| chain.rows() > replies.saturating_mul(2).saturating_add(MANY_POSTS)) {
            (reading.next, reading.prev) = (None, None);
            reading.others.clear();
        }
        let links = onward(chain, request, reading);
        if request.page > 0 && chain.backwards.is_none() && reading.others.is_empty() && links.len() == 1 {
            chain.followed = Some(situation);
        }
        // A thread is read to its end before anything else.
        let mut pushed = 0;
        for (url, page) in links {
            let request = PageRequest { url, kind: PageKind::Thread, page, thread: request.thread.clone(), zone: None };
            pushed += u32::from(self.push(request, End::Front));
        }
        let chain = self.chains.get_mut(key)?;
        chain.pending += pushed;
        let begun = chain.begun?;
        (chain.pending == 0 && !chain.broken).then(|| (thread.id.clone(), signal::read(thread, begun)))
    }

    /// Goes on to the next page of posts; after the last one, gives what the next poll knows them by.
    pub(super) fn after_posts_page(
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
        let next = next.map(|url| PageRequest {
            url,
            kind: PageKind::Posts,
            page: request.page.saturating_add(1),
            thread,
            zone: None,
        });
        if next.is_some_and(|next| self.push(next, End::Front)) { None } else { done }
    }

    /// How many posts a known thread has grown by, with some to spare; `None` when it is to be read from its start.
    pub(super) fn growth(&self, thread: &ThreadContext) -> Option<u64> {
        if self.mode == Mode::Everything || self.definition.walk.backwards.is_none() {
            return None;
        }
        let before = signal::replies(self.seen.get(&thread.id)?)?;
        signal::replies(&thread.signal())?.checked_sub(before).map(|growth| growth + SLACK)
    }

    /// Goes on from a listing to its threads, its next page and other boards.
    pub(super) fn after_listing_page(
        &mut self, request: &PageRequest, key: &str, rows: usize, reading: &mut PageReading,
    ) {
        let situation = self.pagers.listing(rows);
        let follow = self.follows(key, reading) && self.pagers.believes(situation);
        let fresh = reading.threads.iter().filter(|thread| self.listed.insert(thread.context.id.clone())).count();
        let address = self.addresses.canonical(&request.url).unwrap_or_default();
        if request.kind == PageKind::Listing && request.page == 1 {
            self.boards.note(&address, fresh > 0);
            if self.boards.is_maze() {
                let (boards, addresses) = (&self.boards, &self.addresses);
                let below = |url: &Url| addresses.canonical(url).is_some_and(|address| boards.is_below(&address));
                self.queue
                    .retain(|request| request.kind != PageKind::Listing || request.page > 1 || !below(&request.url));
            }
        }
        // What is new matters most; but a listing that is read whole shifts under the reader's feet, so that one is
        // read to its end first, unless the pages are counted.
        let whole = (self.mode == Mode::Everything || self.seen.is_empty()) && self.max_pages == MAX_PAGES;
        let (listings, threads) = if whole { (End::Front, End::Back) } else { (End::Back, End::Front) };
        for url in reading.boards.drain(..) {
            let Some(to) = self.addresses.canonical(&url) else { continue };
            if self.asked.contains(&to) || !self.boards.follow(&address, to) {
                continue;
            }
            self.push(PageRequest { url, kind: PageKind::Listing, page: 1, thread: None, zone: None }, End::Back);
        }
        let mut changed: Vec<_> = reading.threads.drain(..).filter(|thread| self.is_changed(&thread.context)).collect();
        if threads == End::Front {
            changed.reverse();
        }
        for thread in changed {
            if self.takes_the_place(&thread.context) {
                continue;
            }
            let (url, kind) = (thread.url, PageKind::Thread);
            self.push(PageRequest { url, kind, page: 1, thread: Some(thread.context), zone: None }, threads);
        }
        if let Some(url) = reading.next.take().filter(|_| follow) {
            self.chain_of.insert(url.to_string(), key.to_owned());
            let page = request.page.saturating_add(1);
            if self.push(PageRequest { url, kind: PageKind::Listing, page, thread: None, zone: None }, listings)
                && let Some(chain) = self.chains.get_mut(key)
            {
                chain.followed = Some(situation);
            }
        }
    }

    /// Whether a thread waits to be read because of a row that it left behind. It does so with its own row from now on.
    fn takes_the_place(&mut self, thread: &ThreadContext) -> bool {
        self.left_behind |= signal::is_left_behind(thread);
        if !self.left_behind {
            return false;
        }
        let mut waiting = self.queue.iter_mut().filter_map(|request| request.thread.as_mut());
        let stale = waiting.find(|waiting| waiting.id == thread.id && signal::is_left_behind(waiting));
        stale.map(|stale| *stale = thread.clone()).is_some()
    }

    /// Whether a visit goes on to the next page of this listing.
    pub(super) fn follows(&mut self, key: &str, reading: &PageReading) -> bool {
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

    pub(super) fn is_changed(&self, thread: &ThreadContext) -> bool {
        let known = match (self.mode, self.seen.get(&thread.id)) {
            (Mode::Everything, _) | (_, None) => return true,
            (Mode::Poll, Some(_)) if signal::is_left_behind(thread) => return false,
            (Mode::Poll, Some(known)) => known,
        };
        // A forum whose listing shows no sign of change must be asked; a paste stays as it is.
        let without = !self.definition.has_signal() || thread.signal() == "|";
        let silent = without && matches!(self.definition.kind, Kind::Forum | Kind::Market);
        silent || !signal::is_same(known, thread)
    }
}
