//! The store under the pipeline's load: pages committed a second, and the time from a page to its queued notice.
//!
//! `cargo bench --bench store -- 5` sets the seconds each case of `commit` runs (5 by default). Each figure is one JSON line;
//! `benches/README.md` says what they mean. PostgreSQL is the cluster at `NIGHTHERON_TEST_POSTGRES` (`postgres://…`, without
//! a database), or else a private one in a temporary folder.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a benchmark prints its figures")]

mod bare;
mod cluster;
mod commit;
mod database;
mod notice;
mod pages;

use std::time::{Duration, Instant};

use database::{Database, Result};

/// Sources that are visited at once in the busy cases.
const SOURCES: usize = 8;

#[tokio::main]
async fn main() -> Result<()> {
    let seconds = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(5);
    let seconds = Duration::from_secs(seconds);
    run("sqlite", &Database::sqlite(), seconds).await?;
    match Database::postgres().await {
        Ok(database) => run("postgres", &database, seconds).await,
        Err(reason) => {
            eprintln!("postgres was skipped: {reason}");
            Ok(())
        }
    }
}

async fn run(name: &str, database: &Database, seconds: Duration) -> Result<()> {
    for writers in [1, SOURCES] {
        let case = format!("{name}/{writers}");
        report("commit", &case, "nightheron", commit::rate(database, writers, seconds).await?, "tx/s");
        report("commit", &case, "bare", bare::rate(database, writers, seconds).await?, "tx/s");
    }
    for (load, case) in [(None, name.to_owned()), (Some(notice::LOAD), format!("{name}/busy"))] {
        let mut times = notice::times(database, load).await?;
        times.sort();
        for (percent, label) in [(50, "p50"), (99, "p99")] {
            let value = times[times.len() * percent / 100].as_secs_f64() * 1e3;
            report("captured_to_queued", &format!("{case}/{label}"), "nightheron", value, "ms");
        }
    }
    Ok(())
}

fn report(bench: &str, case: &str, engine: &str, value: f64, unit: &str) {
    let value = (value * 100.0).round() / 100.0;
    let line = serde_json::json!({ "bench": bench, "case": case, "engine": engine, "value": value, "unit": unit });
    println!("{line}");
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn clock() -> Instant {
    Instant::now()
}
