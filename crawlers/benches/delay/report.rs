//! The figures, as JSON lines.

use crate::{
    record::{CLASSES, Record, mean_and_p95},
    world::{DAY, World},
};

/// How far the rates learnt in the first day are from the true ones.
#[derive(Debug, Default)]
pub(crate) struct Errors {
    off_from_true: f64,
    off_from_seen: f64,
    learnt: f64,
    true_rates: f64,
    seen: f64,
}

impl Errors {
    /// Adds a world and what was learnt of it.
    pub(crate) fn add(&mut self, world: &World, learnt: &[f64]) {
        for (site, &learnt) in world.sites.iter().zip(learnt) {
            let seen = site.posts.partition_point(|&at| at < DAY) as f64 / DAY;
            self.off_from_true += (learnt - site.rate).abs();
            self.off_from_seen += (learnt - seen).abs();
            self.learnt += learnt;
            self.true_rates += site.rate;
            self.seen += seen;
        }
    }
}

/// Delays, losses and requests of one engine.
pub(crate) fn engine(name: &str, record: &Record) {
    for (place, class) in CLASSES.iter().enumerate() {
        delays(class.as_str(), name, record.delays[place].clone());
        line("delay", &format!("{}/lost", class.as_str()), name, record.lost[place] as f64, "posts");
        line("delay", &format!("{}/max_interval", class.as_str()), name, record.late[place] as f64, "late looks");
        line("delay", &format!("{}/looks", class.as_str()), name, record.looks[place] as f64, "looks");
    }
    delays("all", name, record.delays.concat());
    line("delay", "all/lost", name, record.lost.iter().sum::<u64>() as f64, "posts");
    line("delay", "all/max_interval", name, record.late.iter().sum::<u64>() as f64, "late looks");
    line("delay", "weighted/mean", name, record.weighted_mean(), "s");
    line("budget", "all", name, record.requests as f64, "requests");
}

/// What is learnt in a day, and what it is worth.
pub(crate) fn learning(errors: &Errors, cold: (f64, u64), known: (f64, u64)) {
    let percent = |off: f64, of: f64| if of > 0.0 { 100.0 * off / of } else { 0.0 };
    line("rates", "error", "nightheron", percent(errors.off_from_seen, errors.seen), "%");
    line("rates", "error_of_true", "nightheron", percent(errors.off_from_true, errors.true_rates), "%");
    line(
        "rates",
        "error_of_sum",
        "nightheron",
        percent((errors.learnt - errors.true_rates).abs(), errors.true_rates),
        "%",
    );
    let mean = |(sum, count): (f64, u64)| sum / count.max(1) as f64;
    line("rates", "delay_over_known", "nightheron", percent(mean(cold) - mean(known), mean(known)), "%");
}

fn delays(class: &str, engine: &str, delays: Vec<f32>) {
    let (mean, p95) = mean_and_p95(delays);
    line("delay", &format!("{class}/mean"), engine, mean, "s");
    line("delay", &format!("{class}/p95"), engine, p95, "s");
}

fn line(bench: &str, case: &str, engine: &str, value: f64, unit: &str) {
    let value = (value * 100.0).round() / 100.0;
    println!("{}", serde_json::json!({ "bench": bench, "case": case, "engine": engine, "value": value, "unit": unit }));
}
