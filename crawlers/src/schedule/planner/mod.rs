//! Which page to ask for now: the one whose waiting posts have cost most since it was last looked at.

mod row;
mod score;
#[cfg(test)]
mod tests;
mod watch;

use std::time::Duration;

use jiff::Timestamp;
use rand::Rng;
use row::Row;
use watch::Pause;
pub use watch::Watch;

use super::{
    Class,
    host::{HostSlot, Reply},
    interval::SourceRate,
};

/// A source as the planner sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Source {
    /// Its host, a position among the planner's hosts.
    pub host: usize,
    /// Its class, which says what rate to reckon with at first.
    pub class: Class,
    /// What the delay of one post costs, relative to other sources.
    pub weight: f64,
    /// Shortest time between two visits.
    pub shortest: Duration,
    /// Longest time between two looks.
    pub longest: Duration,
}

/// What to ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The first page of the source at this position.
    Source(usize),
    /// The next page of a visit that goes on there.
    Further(usize),
    /// The index page at this position: one request that shows which of its sources have new posts.
    Index(usize),
}

/// Who was in trouble when a visit failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The host: it did not answer, or said that it is asked too often. All its sources wait.
    Host,
    /// This source alone: blocked, or not to be read.
    Source,
    /// Neither of them: our own network, or Tor as a whole. Nobody is left alone for it.
    Ours,
}

/// A page of a source's listing that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit {
    /// When it was asked for.
    pub asked: Timestamp,
    /// When the answer was there.
    pub ended: Timestamp,
    /// Posts on it that were not known.
    pub posts: u32,
    /// Whether it was the first page, which shows what is newest.
    pub first: bool,
    /// Whether there is another page to be read: all on this one was new, so that older new posts may have been pushed off it.
    pub more: bool,
}

/// The page that shows the counts of several sources on one host.
#[derive(Debug, Clone)]
struct Index {
    host: usize,
    sources: Vec<usize>,
    pause: Pause,
}

/// Sources, hosts and index pages, and what is known of them.
///
/// [`Planner::pick`] is called once for every request that the budget allows. What falls due within its longest
/// interval comes first, the earliest deadline before the others; then the highest [score](Planner::score).
#[derive(Debug, Clone, Default)]
pub struct Planner {
    hosts: Vec<HostSlot>,
    sources: Vec<Source>,
    watches: Vec<Watch>,
    rows: Vec<Row>,
    /// The sources of each host.
    of_host: Vec<Vec<usize>>,
    indexes: Vec<Index>,
}

impl Planner {
    /// Nothing to visit yet on these hosts.
    #[must_use]
    pub fn new(hosts: Vec<HostSlot>) -> Self {
        Self { of_host: vec![Vec::new(); hosts.len()], hosts, ..Self::default() }
    }

    /// Adds a source with what is remembered of it, or [`Watch::new`]; its position is returned.
    pub fn add(&mut self, source: Source, watch: Watch) -> usize {
        self.of_host[source.host].push(self.sources.len());
        self.rows.push(Row::of(&source, &watch));
        self.watches.push(watch);
        self.sources.push(source);
        self.sources.len() - 1
    }

    /// Adds the index page of a host, which shows whether these sources have new posts; its position is returned.
    pub fn add_index(&mut self, host: usize, sources: Vec<usize>) -> usize {
        self.indexes.push(Index { host, sources, pause: Pause::default() });
        self.indexes.len() - 1
    }

    /// Adds a host that was never asked, with the politeness of another; its position is returned.
    pub fn add_host_like(&mut self, other: usize) -> usize {
        self.hosts.push(self.hosts[other].anew());
        self.of_host.push(Vec::new());
        self.hosts.len() - 1
    }

    /// A source is now read from another host: its mirror. A visit that is under way ends at its host first.
    pub fn settle(&mut self, source: usize, host: usize) {
        let before = std::mem::replace(&mut self.sources[source].host, host);
        if before != host {
            self.of_host[before].retain(|&other| other != source);
            self.of_host[host].push(source);
        }
    }

    /// What is known of a source, to be remembered.
    #[must_use]
    pub fn watch(&self, source: usize) -> &Watch {
        &self.watches[source]
    }

    /// The host at a position.
    #[must_use]
    pub fn host(&self, host: usize) -> &HostSlot {
        &self.hosts[host]
    }

    /// What [`intervals`](super::intervals) needs of every source at this time of day, for a driver that gives each source the
    /// time of its next visit instead of asking [`Planner::pick`] for every request.
    #[must_use]
    pub fn rates(&self, now: Timestamp) -> Vec<SourceRate> {
        let rate = |(source, watch): (&Source, &Watch)| SourceRate {
            weight: source.weight,
            posts_per_second: watch.rate.usual(now),
            shortest: source.shortest,
            longest: source.longest,
            host: source.host,
        };
        self.sources.iter().zip(&self.watches).map(rate).collect()
    }

    /// Takes the host of the target; `false` when it must not be asked now.
    #[must_use]
    pub fn begin(&mut self, target: Target, now: Timestamp) -> bool {
        let host = self.host_of(target);
        self.hosts[host].begin(now)
    }

    /// Takes the host of a source for a visit that a person asked for: back-off, gap and hours are passed over, what the host
    /// itself asked for is not; `false` when a request is under way or the host wants to be left alone.
    #[must_use]
    pub fn insist(&mut self, source: usize, now: Timestamp) -> bool {
        let host = self.sources[source].host;
        self.hosts[host].insist(now)
    }

    /// The visit that was begun ended without a judgement: its host is free again after the gap.
    pub fn abandoned(&mut self, source: usize, now: Timestamp, rng: &mut impl Rng) {
        self.hosts[self.sources[source].host].end(now, Reply::Answered, None, rng);
    }

    /// Another process visited a source: this is what it knows of it now.
    pub fn learn(&mut self, source: usize, watch: Watch) {
        self.watches[source] = watch;
        self.renew(source);
    }

    /// The first moment from `now` at which a source may be visited whose host has no request under way; nothing when all have.
    #[must_use]
    pub fn ready_at(&self, now: Timestamp) -> Option<Timestamp> {
        let idle = self.hosts.iter().zip(&self.of_host).filter(|(host, _)| host.state().busy_since.is_none());
        let first = |(host, sources): (&HostSlot, &Vec<usize>)| {
            let ready = sources.iter().map(|&source| self.rows[source].ready_at(now)).min()?;
            Some(host.free_from(ready))
        };
        idle.filter_map(first).min()
    }

    /// A page of a source was read. A visit that goes on keeps its turn before all but those due by deadline.
    pub fn visited(&mut self, source: usize, visit: &Visit, rng: &mut impl Rng) {
        self.watches[source].visited(visit);
        self.renew(source);
        self.hosts[self.sources[source].host].end(visit.ended, Reply::Answered, None, rng);
    }

    /// An index page was read: as of `asked`, each of its sources, in their order, had so many posts more than when it
    /// was last visited.
    pub fn revealed(&mut self, index: usize, asked: Timestamp, ended: Timestamp, posts: &[u32], rng: &mut impl Rng) {
        for (place, &posts) in posts.iter().enumerate() {
            let Some(&source) = self.indexes[index].sources.get(place) else { break };
            self.watches[source].revealed(asked, posts);
            self.renew(source);
        }
        self.indexes[index].pause.good();
        self.hosts[self.indexes[index].host].end(ended, Reply::Answered, None, rng);
    }

    /// A visit failed. `retry_after` is what the host asked for.
    pub fn failed(
        &mut self, target: Target, now: Timestamp, trouble: Trouble, retry_after: Option<Duration>, rng: &mut impl Rng,
    ) {
        let reply = if trouble == Trouble::Host { Reply::Failed } else { Reply::Answered };
        let host = self.host_of(target);
        self.hosts[host].end(now, reply, retry_after, rng);
        match target {
            _ if trouble != Trouble::Source => {}
            Target::Source(source) | Target::Further(source) => {
                self.watches[source].pause.failed(now);
                self.renew(source);
            }
            Target::Index(index) => self.indexes[index].pause.failed(now),
        }
    }

    /// Works out anew what the order needs of a source.
    fn renew(&mut self, source: usize) {
        self.rows[source] = Row::of(&self.sources[source], &self.watches[source]);
    }

    fn host_of(&self, target: Target) -> usize {
        match target {
            Target::Source(source) | Target::Further(source) => self.sources[source].host,
            Target::Index(index) => self.indexes[index].host,
        }
    }
}
