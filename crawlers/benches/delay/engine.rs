//! What every engine is asked, and what it is told.

use jiff::{SignedDuration, Timestamp};
use nightheron_crawlers::schedule::{HostSlot, Politeness, Target};
use rand::rngs::StdRng;
use std::time::Duration;

/// A page of a source that was read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Visit {
    /// When it was asked for, in seconds from the start.
    pub(crate) asked: f64,
    /// When the answer was there.
    pub(crate) ended: f64,
    /// New posts on it.
    pub(crate) posts: u32,
    /// Whether it was the first page.
    pub(crate) first: bool,
    /// Whether the next page is to be read too.
    pub(crate) more: bool,
}

/// Decides which request is sent when.
pub(crate) trait Engine {
    /// The next request, taken in hand; nothing when none is due or every host rests.
    fn next(&mut self, now: f64) -> Option<Target>;
    /// A source was read.
    fn visited(&mut self, source: usize, visit: Visit, rng: &mut StdRng);
    /// An index page showed how many posts each of its sources has that were not read yet.
    fn revealed(&mut self, _index: usize, _asked: f64, _ended: f64, _posts: &[u32], _rng: &mut StdRng) {}
    /// The host did not answer; until when it is left alone is returned.
    fn failed(&mut self, target: Target, now: f64, rng: &mut StdRng) -> f64;
    /// Whether a listing is read beyond its first page when everything on it is new.
    fn reads_on(&self) -> bool {
        false
    }
    /// Posts a second of a source as learnt so far.
    fn learnt(&self, _source: usize) -> Option<f64> {
        None
    }
}

/// Shortest time between two requests to one host.
pub(crate) const GAP: Duration = Duration::from_secs(8);

/// The same politeness for every engine: a gap of 8 s with up to 30 % of jitter.
pub(crate) fn hosts(count: usize) -> Vec<HostSlot> {
    (0..count).map(|_| HostSlot::new(Politeness { gap: GAP, jitter: 0.3, hours: None })).collect()
}

/// A simulated moment: seconds from 2026-11-01 UTC.
pub(crate) fn moment(at: f64) -> Timestamp {
    const START: i64 = 1_793_491_200;
    let start = Timestamp::from_second(START).unwrap_or_default();
    start + SignedDuration::from_millis((at * 1e3) as i64)
}

/// The simulated second of a moment.
pub(crate) fn second(at: Timestamp) -> f64 {
    (at.as_millisecond() - moment(0.0).as_millisecond()) as f64 / 1e3
}
