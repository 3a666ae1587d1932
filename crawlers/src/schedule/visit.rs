//! When one source is visited next: after its interval, or after the wait of its rung on the back-off ladder.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rand::{Rng, RngExt};

use super::ladder;
use crate::{Outcome, definition::Definition};

/// The rung after a visit: a success steps down one, a failure up one.
#[must_use]
pub fn next_rung(rung: usize, outcome: &Outcome) -> usize {
    ladder::step(rung, outcome.is_good())
}

/// When to visit next: after the interval or, on a higher rung, the rung's wait if that is longer; less a tenth at
/// most, by chance, so that sources do not fall into step with one another.
pub fn next_visit(now: Timestamp, interval: Duration, rung: usize, rng: &mut impl Rng) -> Timestamp {
    let wait = interval.max(ladder::wait_of(rung));
    let wait = wait.mul_f64(1.0 - rng.random_range(0.0..0.1));
    let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::from_hours(24));
    now.saturating_add(wait).unwrap_or(now)
}

/// When to visit a source next by its definition: as [`next_visit`], within its longest interval and its active hours.
pub fn next_visit_of(
    definition: &Definition, now: Timestamp, interval: Option<Duration>, rung: usize, rng: &mut impl Rng,
) -> Timestamp {
    let longest = definition.schedule.max_interval;
    let next = next_visit(now, interval.map_or(longest, |interval| interval.min(longest)), rung, rng);
    let hours = definition.network.active_hours;
    hours.map_or(next, |hours| hours.not_before(next, &definition.timezone))
}

#[cfg(test)]
mod tests {
    use rand::{SeedableRng, rngs::StdRng};

    use super::*;
    use crate::schedule::Class;

    #[test]
    fn failures_climb_and_successes_step_down_one_rung() {
        let failed = Outcome::Unreachable("timeout".into());
        let mut rung = 0;
        for expected in [1, 2, 3, 4, 5, 6, 7, 8, 9, 9] {
            rung = next_rung(rung, &failed);
            assert_eq!(rung, expected);
        }
        assert_eq!(next_rung(rung, &Outcome::OkNoNew), 8);
        assert_eq!(next_rung(0, &Outcome::OkNew), 0);
    }

    #[test]
    fn the_wait_is_the_interval_or_the_rung_and_never_longer() {
        let now = Timestamp::UNIX_EPOCH;
        let mut rng = StdRng::seed_from_u64(1);
        for (rung, minutes) in [(0, 5), (2, 5), (3, 15), (9, 1440), (99, 1440)] {
            for _ in 0..50 {
                let wait = next_visit(now, Class::Fast.interval(), rung, &mut rng).duration_since(now).as_secs();
                assert!(wait <= minutes * 60 && wait >= minutes * 54, "rung {rung}: {wait} s");
            }
        }
    }

    #[test]
    fn a_definition_bounds_the_interval_and_the_hours() {
        let text = "schema: 1\nid: a\nname: A\nextends: spirit\ntimezone: Asia/Taipei\nschedule: { max_interval: 30m }\n\
                    network: { active_hours: \"07:00-23:00\" }";
        let definition = crate::definition::Library::shipped().parse(text, "a.yaml").unwrap();
        let mut rng = StdRng::seed_from_u64(1);
        let day: Timestamp = "2026-11-21T04:00:00Z".parse().unwrap();
        let mut wait = |now: Timestamp, interval, rung| {
            next_visit_of(&definition, now, interval, rung, &mut rng).duration_since(now).as_secs()
        };
        assert!(wait(day, None, 0) <= 1_800);
        assert!(wait(day, Some(Duration::from_secs(7_200)), 0) <= 1_800, "the longest interval binds");
        assert!(wait(day, Some(Duration::from_secs(60)), 0) <= 60);
        assert!(wait(day, None, 5) > 3_200, "a failing source may wait longer");
        let night: Timestamp = "2026-11-21T14:50:00Z".parse().unwrap();
        assert_eq!(wait(night, None, 0), 8 * 3_600 + 600, "22:50 in Taipei: at 07:00");
    }
}
