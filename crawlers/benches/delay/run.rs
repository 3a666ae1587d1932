//! One engine in one world, second by second of virtual time.

use nightheron_crawlers::schedule::Target;
use rand::{SeedableRng, rngs::StdRng};
use rand_distr::{Distribution, Exp};

use crate::{
    engine::{Engine, Visit},
    record::Record,
    world::{DAY, PAGE, World, is_down},
};

/// Seconds until a host that is down is given up.
const TIMEOUT: f64 = 30.0;

/// Requests, and how they are handed out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// Slots a second; each is one request or goes by unused.
    pub(crate) slots: f64,
}

/// A visit that goes on: its next page, the number of the source's posts at its start, and how many of them were new.
type Reading = (usize, usize, usize);

/// The run of one engine.
struct Run<'a, E> {
    world: &'a World,
    engine: E,
    record: Record,
    /// Posts of each source that were read or have scrolled off.
    read: Vec<usize>,
    /// Visits that go on; one that was interrupted by a deadline has another above it.
    reading: Vec<Vec<Reading>>,
    /// When each source was last looked at, and when its host was last left alone after a failure.
    looked: Vec<Option<f64>>,
    excused: Vec<f64>,
    rng: StdRng,
}

/// Lets the engine watch the world to its end.
pub(crate) fn run<E: Engine>(world: &World, engine: E, pace: Pace, seed: u64) -> Record {
    let count = world.sites.len();
    let mut run = Run {
        world,
        engine,
        record: Record::default(),
        read: vec![0; count],
        reading: vec![Vec::new(); count],
        looked: vec![None; count],
        excused: vec![0.0; world.outages.len()],
        rng: StdRng::seed_from_u64(seed),
    };
    for slot in 0..(world.end * pace.slots) as u64 {
        let now = slot as f64 / pace.slots;
        if run.record.learnt.is_empty() && now >= DAY {
            run.record.learnt = (0..count).filter_map(|source| run.engine.learnt(source)).collect();
        }
        if let Some(target) = run.engine.next(now) {
            run.record.requests += 1;
            run.request(target, now);
        }
    }
    run.record
}

impl<E: Engine> Run<'_, E> {
    /// Sends a request.
    fn request(&mut self, target: Target, now: f64) {
        let host = match target {
            Target::Source(source) | Target::Further(source) => self.world.sites[source].host,
            Target::Index(index) => self.world.forums[index].0,
        };
        if is_down(&self.world.outages[host], now) {
            let until = self.engine.failed(target, now + TIMEOUT, &mut self.rng);
            self.excused[host] = until;
            return;
        }
        match target {
            Target::Source(source) => {
                let waiting = self.waiting(source, now);
                self.read[source] += waiting;
                self.look(source, now);
                self.page(source, (0, self.read[source], waiting), now);
            }
            Target::Further(source) => {
                if let Some(reading) = self.reading[source].pop() {
                    self.page(source, reading, now);
                }
            }
            Target::Index(index) => {
                let boards = &self.world.forums[index].1;
                let waiting: Vec<u32> = boards.iter().map(|&board| self.waiting(board, now) as u32).collect();
                boards.iter().for_each(|&board| self.look(board, now));
                let ended = now + self.latency();
                self.engine.revealed(index, now, ended, &waiting, &mut self.rng);
            }
        }
    }

    /// Reads a page of a listing.
    fn page(&mut self, source: usize, (page, seen, waiting): Reading, now: f64) {
        let ended = now + self.latency();
        let (newest, oldest) = (seen - (page * PAGE).min(waiting), seen - ((page + 1) * PAGE).min(waiting));
        let site = &self.world.sites[source];
        for &posted in &site.posts[oldest..newest] {
            self.record.captured(site.class, posted, ended - posted);
        }
        // A page of nothing but new posts may have pushed others off.
        let full = waiting >= (page + 1) * PAGE;
        if full && self.engine.reads_on() {
            self.reading[source].push((page + 1, seen, waiting));
        } else {
            for &posted in &site.posts[seen - waiting..oldest] {
                self.record.lost(site.class, posted, ended - posted);
            }
        }
        let (posts, first, more) = ((newest - oldest) as u32, page == 0, !self.reading[source].is_empty());
        self.engine.visited(source, Visit { asked: now, ended, posts, first, more }, &mut self.rng);
    }

    /// Posts of a source that were not read yet.
    fn waiting(&self, source: usize, now: f64) -> usize {
        let unread = &self.world.sites[source].posts[self.read[source]..];
        unread.iter().take_while(|&&posted| posted <= now).count()
    }

    /// Holds the time since the last look against the longest interval; outages and their back-off are excused.
    fn look(&mut self, source: usize, now: f64) {
        let site = &self.world.sites[source];
        let since = self.looked[source].unwrap_or(0.0).max(self.excused[site.host]);
        self.record.looked(site.class, now - since > site.class.interval().as_secs_f64());
        self.looked[source] = Some(now);
    }

    fn latency(&mut self) -> f64 {
        2.0 + Exp::new(1.0 / 1.5).map_or(0.0, |more| more.sample(&mut self.rng))
    }
}
