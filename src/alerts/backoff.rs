//! How long to wait before trying again: doubling, capped, with jitter so that failures do not return together.

use jiff::SignedDuration;
use rand::{Rng, RngExt as _};

/// A ladder of waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// Wait after the first failure, in milliseconds.
    pub base_ms: u64,
    /// Longest wait before jitter, in milliseconds.
    pub cap_ms: u64,
}

/// Of notices: 1, 2, 4 … minutes, at most 6 hours; eleven waits are about 20 hours.
pub const NOTICES: Backoff = Backoff { base_ms: 60_000, cap_ms: 6 * 3_600_000 };
/// Of jobs: 5, 10, 20 … seconds, at most 10 minutes; they wait for our own database only.
pub const JOBS: Backoff = Backoff { base_ms: 5_000, cap_ms: 600_000 };

impl Backoff {
    /// The wait after the failure of try number `attempt` (from 1), before jitter, in milliseconds.
    #[must_use]
    pub fn nominal_ms(&self, attempt: u32) -> u64 {
        let doublings = attempt.saturating_sub(1).min(40);
        self.base_ms.saturating_mul(1 << doublings).min(self.cap_ms)
    }

    /// The wait with jitter: between 80 % and 120 % of the nominal one.
    pub fn wait(&self, attempt: u32, rng: &mut (impl Rng + ?Sized)) -> SignedDuration {
        let nominal = self.nominal_ms(attempt);
        let jittered = rng.random_range(nominal * 4 / 5..=nominal * 6 / 5);
        SignedDuration::from_millis(i64::try_from(jittered).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::{SeedableRng as _, rngs::StdRng};

    use super::*;

    #[test]
    fn twelve_tries_span_about_a_day() {
        let minutes: u64 = (1..12).map(|attempt| NOTICES.nominal_ms(attempt) / 60_000).sum();
        assert!((18 * 60..=24 * 60).contains(&minutes), "{minutes}");
    }

    proptest! {
        #[test]
        fn waits_stay_in_bounds(attempt in 0_u32..=u32::MAX, seed: u64) {
            let mut rng = StdRng::seed_from_u64(seed);
            let wait = u64::try_from(NOTICES.wait(attempt, &mut rng).as_millis()).unwrap();
            let nominal = NOTICES.nominal_ms(attempt);
            prop_assert!((NOTICES.base_ms..=NOTICES.cap_ms).contains(&nominal));
            prop_assert!((nominal * 4 / 5..=nominal * 6 / 5).contains(&wait));
        }
    }
}
