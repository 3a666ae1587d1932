//! The back-off ladder: how long a host or a source is left alone after failures.

use std::time::Duration;

/// Minutes to wait on each rung after failures: 0, 1, 5, 15, 30 min, 1, 3, 6, 12, 24 h.
const LADDER: [u64; 10] = [0, 1, 5, 15, 30, 60, 180, 360, 720, 1440];

/// The rung after a visit: a success steps down one, a failure up one.
#[must_use]
pub fn step(rung: usize, good: bool) -> usize {
    if good { rung.saturating_sub(1) } else { (rung + 1).min(LADDER.len() - 1) }
}

/// How long to wait on a rung; the last one above the ladder's end.
#[must_use]
pub fn wait_of(rung: usize) -> Duration {
    Duration::from_secs(60 * LADDER[rung.min(LADDER.len() - 1)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ladder_ends_at_a_day() {
        let minutes: Vec<u64> = (0..11).map(|rung| wait_of(rung).as_secs() / 60).collect();
        assert_eq!(minutes, [0, 1, 5, 15, 30, 60, 180, 360, 720, 1440, 1440]);
        assert_eq!((step(9, false), step(3, true), step(0, true)), (9, 2, 0));
    }
}
