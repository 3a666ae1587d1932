//! Posts of one source: a Poisson process with day and night, and bursts.

use std::f64::consts::TAU;

use rand::{RngExt, rngs::StdRng};
use rand_distr::{Distribution, Exp, LogNormal};

use crate::world::DAY;

/// Share of the posts that come in bursts.
const IN_BURSTS: f64 = 0.15;
/// Mean length of a burst, in seconds: its posts come at times exponentially distributed after its start.
const BURST: f64 = 600.0;

/// The times of all posts up to the end, in order.
pub(crate) fn of(rate: f64, wave: (f64, f64), end: f64, rng: &mut StdRng) -> Vec<f64> {
    let mut posts = thinned(rate * (1.0 - IN_BURSTS), wave, end, rng);
    let (Ok(size), Ok(spread)) = (LogNormal::new(10.0_f64.ln(), 1.0), Exp::new(1.0 / BURST)) else { return posts };
    let mean_size = 10.0 * 0.5_f64.exp();
    for start in thinned(rate * IN_BURSTS / mean_size, wave, end, rng) {
        let count = size.sample(rng).round().max(1.0) as usize;
        posts.extend((0..count).map(|_| start + spread.sample(rng)));
    }
    posts.retain(|&at| at < end);
    posts.sort_by(f64::total_cmp);
    posts
}

/// How much more than in the mean is posted at a time of day. The second harmonic is one that no estimator here knows.
pub(crate) fn factor((depth, crest): (f64, f64), at: f64) -> f64 {
    let phase = (at - crest) / DAY * TAU;
    (1.0 + depth * phase.cos() + 0.25 * depth * (2.0 * phase).cos()).max(0.0)
}

/// A Poisson process with a daily wave, by thinning.
fn thinned(rate: f64, wave: (f64, f64), end: f64, rng: &mut StdRng) -> Vec<f64> {
    let highest = 1.0 + 1.25 * wave.0;
    let Ok(gap) = Exp::new(rate * highest) else { return Vec::new() };
    let mut posts = Vec::new();
    let mut at = gap.sample(rng);
    while at < end {
        if rng.random_range(0.0..highest) < factor(wave, at) {
            posts.push(at);
        }
        at += gap.sample(rng);
    }
    posts
}
