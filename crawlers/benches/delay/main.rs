//! Delay from posting to capture, in virtual time: the planner beside uniform and proportional polling and the rules of
//! Nutch and StormCrawler, with the same number of requests.
//!
//! `cargo bench -p nightheron-crawlers --bench delay -- --days 10 --seeds 2` (the defaults). Each figure is one JSON line; the
//! crate's README says what they mean.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod closed;
mod engine;
mod nightheron;
mod posts;
mod record;
mod report;
mod rules;
mod run;
mod timed;
mod world;

use std::thread;

use closed::Closed;
use nightheron::{Help, Nightheron};
use record::Record;
use rules::{Adaptive, Kind, Proportional, Uniform};
use run::{Pace, run};
use timed::Timed;
use world::{Size, World};

/// Requests a second of every engine.
const BUDGET: f64 = 2.0;
/// Requests a second that one host can bear: the gap, its jitter and the answer take 12.7 s in the mean, and a tenth is left.
const HOST_CAP: f64 = 0.9 / 12.7;

/// The engines, by the name in the figures.
const ENGINES: [&str; 8] = [
    "nightheron",
    "nightheron+signals",
    "nightheron+known_rates",
    "nightheron+intervals",
    "uniform",
    "proportional",
    "nutch",
    "stormcrawler",
];

fn main() {
    let days = argument("--days").unwrap_or(10.0);
    let seeds = argument("--seeds").unwrap_or(2.0) as u64;
    let size = Size { sources: 1_000, posts_a_day: 60_000.0, days };
    let mut all: Vec<Record> = ENGINES.iter().map(|_| Record::default()).collect();
    let mut errors = report::Errors::default();
    for seed in 1..=seeds {
        let world = World::new(size, seed);
        // A thread an engine: each run depends on nothing but the world and the seed.
        let records: Vec<Record> = thread::scope(|scope| {
            let world = &world;
            let runs: Vec<_> = ENGINES.iter().map(|name| scope.spawn(move || engine(name, world, seed))).collect();
            runs.into_iter().map(|run| run.join().unwrap_or_default()).collect()
        });
        errors.add(&world, &records[0].learnt);
        all.iter_mut().zip(records).for_each(|(sum, record)| sum.add(record));
    }
    let known = all[2].settled;
    for (name, record) in ENGINES.iter().zip(&all) {
        report::engine(name, record);
    }
    report::learning(&errors, all[0].settled, known);
}

/// Runs the engine of this name.
fn engine(name: &str, world: &World, seed: u64) -> Record {
    let even = world.sites.len() as f64 / BUDGET;
    let pace = Pace { slots: BUDGET };
    match name {
        "nightheron" => run(world, Nightheron::new(world, Help::Cold), pace, seed),
        "nightheron+signals" => run(world, Nightheron::new(world, Help::Signals), pace, seed),
        "nightheron+known_rates" => run(world, Nightheron::new(world, Help::KnownRates), pace, seed),
        "nightheron+intervals" => run(world, Timed::new(world, Closed::new(world, BUDGET, HOST_CAP), even), pace, seed),
        "uniform" => run(world, Timed::new(world, Uniform(even), even), pace, seed),
        "proportional" => run(world, Timed::new(world, Proportional::new(world, BUDGET, HOST_CAP), even), pace, seed),
        "nutch" => fitted(world, Kind::Nutch, even, seed),
        _ => fitted(world, Kind::StormCrawler, even, seed),
    }
}

/// An adaptive rule with its dial set so that it sends as many requests as the others. It may send more by day and fewer by
/// night, up to twice the even pace.
fn fitted(world: &World, kind: Kind, even: f64, seed: u64) -> Record {
    let pace = Pace { slots: 2.0 * BUDGET };
    let at = |dial: f64| run(world, Timed::new(world, Adaptive::new(world, kind, even, dial), even), pace, seed);
    let (mut low, mut high) = (0.1_f64.ln(), 10.0_f64.ln());
    let mut best = Record::default();
    for _ in 0..8 {
        let middle = f64::midpoint(low, high);
        let record = at(middle.exp());
        if record.requests as f64 > world.end * BUDGET {
            low = middle
        } else {
            high = middle
        }
        best = record;
    }
    best
}

fn argument(name: &str) -> Option<f64> {
    let mut arguments = std::env::args().skip_while(|argument| argument != name);
    arguments.nth(1)?.parse().ok()
}
