//! Memory of the service with a thousand sources, each visited and now left alone until its next visit.
//!
//! `cargo bench --bench idle -- 100` sets how many sources there are. Each figure is one JSON line; `benches/README.md`
//! says what they mean.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod forum;
mod service;

use std::{error::Error, time::Duration};

use self::{forum::Forums, service::Service};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Seconds without a request after which the service counts as idle.
const QUIET: u32 = 20;
/// Seconds within which it must have become so.
const PATIENCE: u32 = 1_200;
/// Terms of 500 members: ten of each, and as many as are planned for.
const TERMS: [usize; 2] = [5_000, 200_000];

#[tokio::main]
async fn main() -> Result<()> {
    let sources = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(1_000);
    for terms in TERMS {
        let forums = Forums::open(sources).await?;
        let service = Service::start(&forums.links, terms).await?;
        let requests = until_idle(&forums, &service).await?;
        let case =
            if terms == TERMS[0] { format!("{sources} sources") } else { format!("{sources} sources, {terms} terms") };
        report(&case, service.memory("VmRSS")?, "MB");
        report(&format!("{case}, at most"), service.memory("VmHWM")?, "MB");
        report(&format!("{case}, requests"), requests, "requests");
    }
    Ok(())
}

/// Waits until every forum has been visited and nothing has been asked for since; gives the number of requests.
async fn until_idle(forums: &Forums, service: &Service) -> Result<f64> {
    let (mut before, mut quiet) = (0, 0);
    for _ in 0..PATIENCE {
        tokio::time::sleep(Duration::from_secs(1)).await;
        service.memory("VmRSS")?;
        let (visited, requests) = forums.asked();
        quiet = if requests == before { quiet + 1 } else { 0 };
        before = requests;
        if visited == forums.links.len() && quiet == QUIET {
            return Ok(requests as f64);
        }
    }
    Err(format!("after {PATIENCE} s, {} of {} forums were visited", forums.asked().0, forums.links.len()).into())
}

fn report(case: &str, value: f64, unit: &str) {
    println!(
        "{}",
        serde_json::json!({ "bench": "idle", "case": case, "engine": "nightheron", "value": value, "unit": unit })
    );
}
