//! What the order of the planner needs of one source, worked out once after each visit.

use jiff::{SignedDuration, Timestamp};

use super::{Source, Watch};
use crate::schedule::rate::{Rate, TimeOfDay};

/// Slack before a deadline: so many turns of the host, or this share of the longest interval, and at most half of it.
const SLACK: (f64, f64) = (4.0, 0.05);

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
    /// Not to be visited before.
    pub(super) ready: f64,
    /// Last look, or since when it is watched.
    looked: f64,
    new: bool,
    pub(super) reading: bool,
    longest: f64,
    pub(super) weight: f64,
    rate: f64,
    wave: (f64, f64),
    burst: f64,
    waiting: f64,
}

impl Row {
    pub(super) fn of(source: &Source, watch: &Watch) -> Self {
        let longest = source.longest.as_secs_f64();
        let visited = watch.visited.filter(|_| watch.reading.is_none());
        let rested = visited.map_or(f64::MIN, |at| seconds(at) + source.shortest.as_secs_f64());
        Self {
            ready: watch.pause.until().map_or(rested, |until| rested.max(seconds(until))),
            looked: seconds(watch.looked.unwrap_or(watch.since)),
            new: watch.looked.is_none(),
            reading: watch.reading.is_some(),
            longest,
            weight: source.weight,
            rate: watch.rate.mean(),
            wave: watch.rate.wave(),
            burst: watch.rate.burst(),
            waiting: watch.waiting_since,
        }
    }

    /// The first moment from `now` at which it may be visited.
    pub(super) fn ready_at(&self, now: Timestamp) -> Timestamp {
        let wait = (self.ready - seconds(now)).max(0.0);
        let wait = SignedDuration::try_from_secs_f64(wait).unwrap_or(SignedDuration::ZERO);
        now.saturating_add(wait).unwrap_or(now)
    }

    /// Seconds until the longest interval is over. It counts from the end of the host's last back-off, so that after an outage
    /// the sources of a host do not all come before those that must be seen often.
    fn time_left(&self, back_at: f64, now: &Now) -> f64 {
        self.looked.max(back_at) + self.longest - now.at
    }

    /// Seconds until the last good moment for a visit within the longest interval.
    pub(super) fn deadline(&self, back_at: f64, turn: f64, now: &Now) -> f64 {
        let slack = (SLACK.0 * turn).max(SLACK.1 * self.longest).min(self.longest / 2.0);
        self.time_left(back_at, now) - slack
    }

    /// Sources never visited come before all others, those with the shortest deadlines first.
    pub(super) fn score(&self, now: &Now) -> f64 {
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
