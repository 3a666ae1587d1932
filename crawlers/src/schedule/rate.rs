//! The posting rate of a source, learnt from its visits: a discounted mean, a daily wave, and bursts.

use std::f64::consts::TAU;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Seconds after which an observation has lost 63 % of its weight: a week.
const MEMORY: f64 = 7.0 * 86_400.0;
/// Posts that the class's expectation counts for: half of one, so that the first day outweighs it.
const PRIOR_POSTS: f64 = 0.5;
/// Posts by which the daily wave is held back, so that a handful of them makes no wave.
const WAVE_PRIOR: f64 = 20.0;
/// The deepest daily wave that is believed, as a share of the mean.
const WAVE_MOST: f64 = 0.9;
/// Seconds after which a burst has lost 63 % of its excess.
const BURST_MEMORY: f64 = 1_200.0;
/// How firmly the rate is expected to be the mean: the shape of the gamma prior of the burst factor.
const BURST_PRIOR: f64 = 2.0;

/// How many posts a source gets, and when in the day.
///
/// The mean is a gamma posterior with exponentially discounted counts. Onto it comes the first harmonic of the day,
/// and a burst factor: the gamma–Poisson filter of West, Harrison and Migon (1985), whose discounting lets an
/// unusual rate return to the mean within the hour.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    posts: f64,
    seconds: f64,
    /// Posts and seconds, each weighed by the cosine and the sine of their time of day.
    posts_wave: (f64, f64),
    seconds_wave: (f64, f64),
    /// Coefficients of the daily wave.
    wave: (f64, f64),
    burst: (f64, f64),
}

/// A time of day, as a place on the circle.
#[derive(Debug, Clone, Copy)]
pub(super) struct TimeOfDay {
    cos: f64,
    sin: f64,
}

impl TimeOfDay {
    /// The time of day of a moment, in UTC.
    pub(super) fn of(at: Timestamp) -> Self {
        Self::of_seconds(seconds(at))
    }

    /// What a daily wave of these coefficients multiplies the mean by at this time.
    pub(super) fn factor(self, (a, b): (f64, f64)) -> f64 {
        1.0 + a * self.cos + b * self.sin
    }

    fn of_seconds(at: f64) -> Self {
        let (sin, cos) = (at / 86_400.0 * TAU).sin_cos();
        Self { cos, sin }
    }
}

impl Rate {
    /// Nothing seen yet: `posts_a_day` is what to reckon with until then.
    #[must_use]
    pub fn expecting(posts_a_day: f64) -> Self {
        let seconds = PRIOR_POSTS * 86_400.0 / posts_a_day.max(1e-3);
        Self {
            posts: PRIOR_POSTS,
            seconds,
            posts_wave: (0.0, 0.0),
            seconds_wave: (0.0, 0.0),
            wave: (0.0, 0.0),
            burst: (BURST_PRIOR, BURST_PRIOR),
        }
    }

    /// Takes in that `posts` came between two looks; a period of no length is nothing seen. An estimate may be fractional.
    pub fn observe(&mut self, from: Timestamp, to: Timestamp, posts: f64) {
        let (start, end) = (seconds(from), seconds(to));
        let length = end - start;
        if length <= 0.0 {
            return;
        }
        let time = TimeOfDay::of_seconds(f64::midpoint(start, end));
        let expected = self.mean() * time.factor(self.wave) * length;
        // Of a long period only its end says something about a burst now.
        let recent = (BURST_MEMORY / length).min(1.0);
        self.burst = self.burst_after(length);
        self.burst = (self.burst.0 + posts * recent, self.burst.1 + expected * recent);
        let kept = (-length / MEMORY).exp();
        let add = |sum: (f64, f64), amount: f64| (sum.0 * kept + amount * time.cos, sum.1 * kept + amount * time.sin);
        self.posts_wave = add(self.posts_wave, posts);
        self.seconds_wave = add(self.seconds_wave, length);
        self.posts = self.posts * kept + posts;
        self.seconds = self.seconds * kept + length;
        self.wave = self.fitted_wave();
    }

    /// Takes in posts that were found later, of a period that was observed already and ended at that moment.
    pub fn find(&mut self, at: Timestamp, posts: f64) {
        let time = TimeOfDay::of(at);
        self.posts += posts;
        self.posts_wave.0 += posts * time.cos;
        self.posts_wave.1 += posts * time.sin;
        self.burst.0 += posts;
        self.wave = self.fitted_wave();
    }

    /// Posts a second over whole days.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.posts / self.seconds
    }

    /// Posts a second at this time of day (UTC), bursts aside.
    #[must_use]
    pub fn usual(&self, at: Timestamp) -> f64 {
        self.mean() * TimeOfDay::of(at).factor(self.wave)
    }

    /// Coefficients of the daily wave: of the cosine and of the sine of the time of day.
    pub(super) fn wave(&self) -> (f64, f64) {
        self.wave
    }

    /// How many times the usual rate posts came at the last look; 1 without a burst.
    #[must_use]
    pub fn burst(&self) -> f64 {
        self.burst.0 / self.burst.1
    }

    /// By how much `∫ t·rate(t) dt` over the `elapsed` seconds since the last look exceeds that of the usual rate, as
    /// a factor; the exponential decay of the burst is approximated by a quotient of polynomials.
    pub(super) fn burst_gain(burst: f64, elapsed: f64) -> f64 {
        let x = elapsed / BURST_MEMORY;
        1.0 + (burst - 1.0) / (1.0 + x + x * x / 2.0)
    }

    fn burst_after(&self, length: f64) -> (f64, f64) {
        let kept = (-length / BURST_MEMORY).exp();
        let fade = |value: f64| value * kept + BURST_PRIOR * (1.0 - kept);
        (fade(self.burst.0), fade(self.burst.1))
    }

    fn fitted_wave(&self) -> (f64, f64) {
        let mean = self.mean();
        let coefficient = |posts: f64, seconds: f64| 2.0 * (posts - mean * seconds) / (self.posts + WAVE_PRIOR);
        let a = coefficient(self.posts_wave.0, self.seconds_wave.0);
        let b = coefficient(self.posts_wave.1, self.seconds_wave.1);
        let scale = (WAVE_MOST / a.hypot(b)).min(1.0);
        (scale * a, scale * b)
    }
}

/// Seconds since 1970 UTC.
fn seconds(at: Timestamp) -> f64 {
    at.as_millisecond() as f64 / 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: f64) -> Timestamp {
        Timestamp::from_millisecond((hours * 3_600e3) as i64).unwrap()
    }

    /// Looks every quarter of an hour; `posts` are those of a quarter that starts at that hour.
    fn watched(hours: u32, posts: impl Fn(f64) -> f64) -> Rate {
        let mut rate = Rate::expecting(40.0);
        for quarter in 0..4 * hours {
            let from = f64::from(quarter) / 4.0;
            rate.observe(at(from), at(from + 0.25), posts(from));
        }
        rate
    }

    #[test]
    fn a_day_outweighs_the_expectation() {
        assert!((Rate::expecting(40.0).mean() * 86_400.0 - 40.0).abs() < 1e-9);
        let day = watched(24, |_| 2.0);
        assert!((day.mean() * 86_400.0 / 192.0 - 1.0).abs() < 0.02, "{}", day.mean() * 86_400.0);
        let quiet = watched(24, |_| 0.0);
        assert!(quiet.mean() * 86_400.0 < 0.5 && quiet.mean() > 0.0, "{}", quiet.mean() * 86_400.0);
    }

    #[test]
    fn a_new_level_is_learnt_within_weeks() {
        let rate = watched(24 * 28, |hour| if hour < 24.0 * 14.0 { 1.0 } else { 4.0 });
        assert!((3.4..4.0).contains(&(rate.mean() * 900.0)), "{}", rate.mean() * 900.0);
    }

    #[test]
    fn day_and_night_are_told_apart() {
        let rate = watched(72, |hour| if (hour % 24.0 - 12.0).abs() < 4.0 { 3.0 } else { 0.5 });
        let (noon, midnight) = (rate.usual(at(108.0)), rate.usual(at(120.0)));
        assert!(noon > 4.0 * midnight && midnight > 0.0, "{noon} {midnight}");
        let even = watched(72, |_| 1.0);
        assert!((even.usual(at(108.0)) / even.usual(at(120.0)) - 1.0).abs() < 0.05);
    }

    #[test]
    fn a_burst_raises_the_rate_and_passes() {
        let mut rate = watched(48, |_| 1.0);
        assert!((rate.burst() - 1.0).abs() < 0.2, "{}", rate.burst());
        rate.observe(at(48.0), at(48.25), 40.0);
        assert!(rate.burst() > 8.0, "{}", rate.burst());
        assert!(Rate::burst_gain(rate.burst(), 60.0) > 7.0 && Rate::burst_gain(rate.burst(), 86_400.0) < 1.01);
        rate.observe(at(48.25), at(52.0), 15.0);
        assert!((0.8..1.3).contains(&rate.burst()), "{}", rate.burst());
    }

    #[test]
    fn posts_found_later_count_without_more_time() {
        let mut rate = watched(24, |_| 1.0);
        let before = rate.mean();
        rate.find(at(24.0), 96.0);
        assert!((rate.mean() / before - 2.0).abs() < 0.1);
        rate.observe(at(24.0), at(24.0), 50.0);
        assert!((rate.mean() / before - 2.0).abs() < 0.1, "no time, nothing seen");
    }

    #[test]
    fn what_is_remembered_is_the_same() {
        let rate = watched(30, |hour| (hour * 7.0) % 3.0);
        let back: Rate = serde_json::from_str(&serde_json::to_string(&rate).unwrap()).unwrap();
        assert!((back.usual(at(31.0)) / rate.usual(at(31.0)) - 1.0).abs() < 1e-12);
    }
}
