//! When a source is visited next: the interval of its class, and the back-off ladder after failures.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rand::{Rng, RngExt};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Outcome;

/// How soon a new post of a source matters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Busy forums and paste sites.
    Fast,
    /// Everything else.
    #[default]
    Normal,
    /// Leak blogs with a few posts a week.
    Slow,
}

impl Class {
    /// The written form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Normal => "normal",
            Self::Slow => "slow",
        }
    }

    /// Longest time between two visits unless the definition says otherwise.
    #[must_use]
    pub fn interval(self) -> Duration {
        Duration::from_secs(
            60 * match self {
                Self::Fast => 5,
                Self::Normal => 15,
                Self::Slow => 60,
            },
        )
    }
}

/// Minutes to wait on each rung after failures: 0, 1, 5, 15, 30 min, 1, 3, 6, 12, 24 h.
const LADDER: [u64; 10] = [0, 1, 5, 15, 30, 60, 180, 360, 720, 1440];

/// The rung after a visit: a success steps down one, a failure up one.
#[must_use]
pub fn next_rung(rung: usize, outcome: &Outcome) -> usize {
    if outcome.is_good() { rung.saturating_sub(1) } else { (rung + 1).min(LADDER.len() - 1) }
}

/// When to visit next: after the interval or, on a higher rung, the rung's wait if that is longer; less a tenth at
/// most, by chance, so that sources do not fall into step with one another.
pub fn next_visit(now: Timestamp, interval: Duration, rung: usize, rng: &mut impl Rng) -> Timestamp {
    let wait = interval.max(Duration::from_secs(60 * LADDER[rung.min(LADDER.len() - 1)]));
    let wait = wait.mul_f64(1.0 - rng.random_range(0.0..0.1));
    let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::from_hours(24));
    now.saturating_add(wait).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use rand::{SeedableRng, rngs::StdRng};

    use super::*;

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
}
