//! The request budget of a process: a bucket that fills at an even rate, and that a visit empties by what it took.

use jiff::{SignedDuration, Timestamp};

/// Seconds of budget that may be saved up.
const SAVED: f64 = 5.0;

/// Requests that may be made now.
#[derive(Debug)]
pub(super) struct Bucket {
    per_second: f64,
    level: f64,
    filled: Timestamp,
}

impl Bucket {
    /// A full bucket.
    pub(super) fn new(per_second: f64, now: Timestamp) -> Self {
        Self { per_second, level: per_second * SAVED, filled: now }
    }

    /// A visit took so many requests. It may take more than there were: the next one waits for them.
    pub(super) fn spend(&mut self, requests: f64) {
        self.level -= requests;
    }

    /// When the next visit may begin: `now`, if there is anything left.
    pub(super) fn ready_at(&mut self, now: Timestamp) -> Timestamp {
        let passed = now.duration_since(self.filled).as_secs_f64().max(0.0);
        self.level = (self.level + passed * self.per_second).min(self.per_second * SAVED);
        self.filled = now;
        if self.level > 0.0 {
            return now;
        }
        let wait = SignedDuration::try_from_secs_f64(1e-3 - self.level / self.per_second);
        wait.ok().and_then(|wait| now.checked_add(wait).ok()).unwrap_or(Timestamp::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(milliseconds).unwrap()
    }

    #[test]
    fn what_a_long_visit_took_is_waited_for() {
        let mut bucket = Bucket::new(2.0, at(0));
        assert_eq!(bucket.ready_at(at(0)), at(0));
        bucket.spend(30.0);
        assert_eq!(bucket.ready_at(at(0)), at(10_001));
        assert_eq!(bucket.ready_at(at(9_000)), at(10_001));
        assert_eq!(bucket.ready_at(at(10_001)), at(10_001));
    }

    #[test]
    fn an_idle_hour_is_no_storm() {
        let mut bucket = Bucket::new(2.0, at(0));
        let hour = at(3_600_000);
        assert_eq!(bucket.ready_at(hour), hour);
        bucket.spend(10.0);
        assert!(bucket.ready_at(hour) > hour, "five seconds' worth and no more");
    }
}
