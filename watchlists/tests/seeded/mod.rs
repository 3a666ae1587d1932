//! Property tests with the same cases in every run.

use proptest::test_runner::{Config, RngSeed};

/// At least `cases` cases from a fixed seed. `PROPTEST_CASES` asks for more, `PROPTEST_RNG_SEED` for
/// others.
pub(crate) fn config(cases: u32) -> Config {
    let asked = Config::default();
    let rng_seed = match asked.rng_seed {
        RngSeed::Random => RngSeed::Fixed(0x6e69_6768_7468_6572),
        fixed => fixed,
    };
    Config { cases: asked.cases.max(cases), rng_seed, failure_persistence: None, ..asked }
}
