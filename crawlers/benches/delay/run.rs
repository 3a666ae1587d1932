//! One engine in one world, second by second of virtual time.

use nightheron_crawlers::schedule::Target;
use rand::{SeedableRng, rngs::StdRng};
use rand_distr::{Distribution, Exp};

use crate::{
    engine::{Engine, GAP, Visit},
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

/// The run of one engine.
struct Run<'a, E> {
    world: &'a World,
    engine: E,
    record: Record,
    /// Posts of each source that were read or have scrolled off.
    read: Vec<usize>,
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
        looked: vec![None; count],
        excused: vec![0.0; world.outages.len()],
        rng: StdRng::seed_from_u64(seed),
    };
    let mut debt = 0;
    for slot in 0..(world.end * pace.slots) as u64 {
        let now = slot as f64 / pace.slots;
        if run.record.learnt.is_empty() && now >= DAY {
            run.record.learnt = (0..count).filter_map(|source| run.engine.learnt(source)).collect();
        }
        if debt > 0 {
            debt -= 1;
        } else if let Some(target) = run.engine.next(now) {
            let requests = run.request(target, now);
            run.record.requests += requests;
            debt = requests - 1;
        }
    }
    run.record
}

impl<E: Engine> Run<'_, E> {
    /// Sends a request and what follows from it; returns how many requests it took.
    fn request(&mut self, target: Target, now: f64) -> u64 {
        let host = match target {
            Target::Source(source) => self.world.sites[source].host,
            Target::Index(index) => self.world.forums[index].0,
        };
        if is_down(&self.world.outages[host], now) {
            let until = self.engine.failed(target, now + TIMEOUT, &mut self.rng);
            self.excused[host] = until;
            return 1;
        }
        match target {
            Target::Source(source) => self.visit(source, now),
            Target::Index(index) => {
                let boards = &self.world.forums[index].1;
                let waiting: Vec<u32> = boards.iter().map(|&board| self.waiting(board, now) as u32).collect();
                boards.iter().for_each(|&board| self.look(board, now));
                let ended = now + self.latency();
                self.engine.revealed(index, now, ended, &waiting, &mut self.rng);
                1
            }
        }
    }

    /// Reads a listing: its first page, and on while everything on a page is new if the engine does so.
    fn visit(&mut self, source: usize, now: f64) -> u64 {
        let waiting = self.waiting(source, now);
        let pages = if self.engine.reads_on() { waiting / PAGE + 1 } else { 1 };
        let (class, seen) = (self.world.sites[source].class, self.read[source] + waiting);
        let mut at = now;
        for page in 0..pages {
            if page > 0 {
                at += GAP.as_secs_f64() * 1.15;
            }
            at += self.latency();
            let newest = seen - (page * PAGE).min(waiting);
            let oldest = seen - ((page + 1) * PAGE).min(waiting);
            for &posted in &self.world.sites[source].posts[oldest..newest] {
                self.record.captured(class, posted, at - posted);
            }
        }
        self.record.lost(class, waiting.saturating_sub(pages * PAGE));
        self.read[source] = seen;
        self.look(source, now);
        let posts = waiting.min(pages * PAGE) as u32;
        self.engine.visited(source, Visit { asked: now, ended: at, posts }, &mut self.rng);
        pages as u64
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
