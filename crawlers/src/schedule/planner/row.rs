//! What the order of the planner needs of one source, worked out once after each visit.

use jiff::Timestamp;

use super::{Source, Watch};
use crate::schedule::rate::{Rate, TimeOfDay};

/// A source is due by deadline when this share of its longest interval is left…
const SLACK: f64 = 0.1;
/// … or so many gaps of its host: others of the host may be due at the same time, or be read beyond their first page.
const SLACK_GAPS: f64 = 6.0;

/// A moment as the rows have it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Now {
    pub(super) at: f64,
    time: TimeOfDay,
}

impl Now {
    pub(super) fn new(now: Timestamp) -> Self {
        Self { at: seconds(now), time: TimeOfDay::of(now) }
    }
}

/// Moments are seconds since 1970 UTC.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) host: usize,
    /// Not to be visited before.
    pub(super) ready: f64,
    /// Last look, or since when it is watched.
    looked: f64,
    new: bool,
    reading: bool,
    longest: f64,
    pub(super) slack: f64,
    pub(super) weight: f64,
    rate: f64,
    wave: (f64, f64),
    burst: f64,
    waiting: f64,
}

impl Row {
    pub(super) fn of(source: &Source, watch: &Watch, gap: f64) -> Self {
        let longest = source.longest.as_secs_f64();
        let visited = watch.visited.filter(|_| watch.reading.is_none());
        let rested = visited.map_or(f64::MIN, |at| seconds(at) + source.shortest.as_secs_f64());
        Self {
            host: source.host,
            ready: watch.pause.until().map_or(rested, |until| rested.max(seconds(until))),
            looked: seconds(watch.looked.unwrap_or(watch.since)),
            new: watch.looked.is_none(),
            reading: watch.reading.is_some(),
            longest,
            slack: (longest * SLACK).max(SLACK_GAPS * gap).min(longest / 2.0),
            weight: source.weight,
            rate: watch.rate.mean(),
            wave: watch.rate.wave(),
            burst: watch.rate.burst(),
            waiting: watch.waiting_since,
        }
    }

    /// Seconds until the longest interval is over. It counts from the end of the host's last back-off, so that after an outage
    /// the sources of a host do not all come before those that must be seen often.
    pub(super) fn time_left(&self, back_at: f64, now: &Now) -> f64 {
        self.looked.max(back_at) + self.longest - now.at
    }

    /// A visit that goes on comes first, then sources never visited, those with the shortest deadlines before the others.
    pub(super) fn score(&self, now: &Now) -> f64 {
        if self.reading {
            return f64::MAX;
        }
        if self.new {
            return f64::MAX / (1.0 + self.longest);
        }
        let elapsed = now.at - self.looked;
        self.weight * (self.expected(elapsed, now) * elapsed / 2.0 + self.waiting)
    }

    /// What an index page would show: the score of posts not known yet, and by how much a look at the index lowers the number
    /// of visits.
    pub(super) fn unknown(&self, now: &Now) -> (f64, f64) {
        if self.new {
            return (0.0, 0.0);
        }
        let elapsed = now.at - self.looked;
        let expected = self.expected(elapsed, now);
        let square = expected * expected / 2.0;
        (self.weight * expected * elapsed / 2.0, square / (1.0 + expected + square))
    }

    /// Posts to be expected since the last look.
    fn expected(&self, elapsed: f64, now: &Now) -> f64 {
        self.rate * now.time.factor(self.wave) * elapsed * Rate::burst_gain(self.burst, elapsed)
    }
}

fn seconds(at: Timestamp) -> f64 {
    at.as_millisecond() as f64 / 1e3
}
