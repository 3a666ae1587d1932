//! Engines that give each source a time of its next visit: uniform, proportional, and the adaptive rules.

use std::{cmp::Reverse, collections::BinaryHeap};

use nightheron_crawlers::schedule::{HostSlot, Reply, Target};
use rand::rngs::StdRng;

use crate::{
    engine::{Engine, Visit, hosts, moment, second},
    world::World,
};

/// How long after a visit a source is due again.
pub(crate) trait Rule {
    /// Seconds from the request to the next.
    fn wait(&mut self, source: usize, visit: &Visit) -> f64;
    /// Whether a listing is read beyond its first page when everything on it is new.
    fn reads_on(&self) -> bool {
        false
    }
}

/// Visits what has been due longest, as soon as its host is free.
pub(crate) struct Timed<R> {
    rule: R,
    hosts: Vec<HostSlot>,
    of: Vec<usize>,
    /// Sources by the moment they fall due; a number beyond them stands for a host that will be free.
    due: Queue,
    /// Sources that are due, while their host rests.
    waiting: Vec<Queue>,
    /// Of a visit that goes on, when it began and the posts so far.
    reading: Vec<Option<(f64, u32)>>,
}

type Queue = BinaryHeap<Reverse<(u64, usize)>>;

impl<R: Rule> Timed<R> {
    /// Everything is due, spread evenly over the first interval.
    pub(crate) fn new(world: &World, rule: R, first: f64) -> Self {
        let count = world.sites.len();
        let spread = |i: usize| Reverse((milliseconds(first * i as f64 / count as f64), i));
        let of = world.sites.iter().map(|site| site.host).collect();
        let waiting = vec![Queue::new(); world.outages.len()];
        let reading = vec![None; count];
        Self { rule, hosts: hosts(world.outages.len()), of, due: (0..count).map(spread).collect(), waiting, reading }
    }

    /// Looks at a host again when it will be free.
    fn wake(&mut self, host: usize, now: f64) {
        let free = second(self.hosts[host].free_from(moment(now)));
        self.due.push(Reverse((milliseconds(free) + 1, self.of.len() + host)));
    }

    fn end(&mut self, source: usize, at: f64, reply: Reply, rng: &mut StdRng) -> f64 {
        let host = self.of[source];
        self.hosts[host].end(moment(at), reply, None, rng);
        if !self.waiting[host].is_empty() {
            self.wake(host, at);
        }
        second(self.hosts[host].free_from(moment(at)))
    }
}

impl<R: Rule> Engine for Timed<R> {
    fn next(&mut self, now: f64) -> Option<Target> {
        while self.due.peek().is_some_and(|Reverse((due, _))| *due <= milliseconds(now)) {
            let Reverse((due, number)) = self.due.pop()?;
            let host = self.of.get(number).copied().unwrap_or(number.saturating_sub(self.of.len()));
            if number < self.of.len() {
                let first = self.waiting[host].is_empty();
                self.waiting[host].push(Reverse((due, number)));
                if !first {
                    continue;
                }
            }
            if self.hosts[host].begin(moment(now)) {
                let Reverse((_, source)) = self.waiting[host].pop()?;
                let goes_on = self.reading[source].is_some();
                return Some(if goes_on { Target::Further(source) } else { Target::Source(source) });
            }
            self.wake(host, now);
        }
        None
    }

    fn visited(&mut self, source: usize, visit: Visit, rng: &mut StdRng) {
        self.end(source, visit.ended, Reply::Answered, rng);
        let (asked, earlier) = self.reading[source].take().unwrap_or((visit.asked, 0));
        let posts = earlier + visit.posts;
        if visit.more {
            self.reading[source] = Some((asked, posts));
        }
        let wait = if visit.more { 0.0 } else { self.rule.wait(source, &Visit { asked, posts, ..visit }) };
        self.due.push(Reverse((milliseconds(asked + wait), source)));
    }

    fn failed(&mut self, target: Target, now: f64, rng: &mut StdRng) -> f64 {
        let (Target::Source(source) | Target::Further(source)) = target else { return now };
        let free = self.end(source, now, Reply::Failed, rng);
        self.due.push(Reverse((milliseconds(free), source)));
        free
    }

    fn reads_on(&self) -> bool {
        self.rule.reads_on()
    }
}

fn milliseconds(at: f64) -> u64 {
    (at * 1e3) as u64
}
