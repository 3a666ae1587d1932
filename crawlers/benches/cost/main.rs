//! What a page costs: the crawl of a phpBB forum on loopback, in CPU time a page, beside Scrapy on the same pages.
//!
//! `cargo bench -p nightheron-crawlers --bench cost -- 300` sets the number of threads. Scrapy is installed from PyPI into
//! a virtual environment of its own; `NIGHTHERON_BENCH_PYTHON` names a Python that has it already. Both read the same
//! fields of the same posts one after the other, in a process each, and what they read is compared.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a benchmark prints its figures")]

mod crawl;
mod forum;
mod scrapy;

use std::{error::Error, process::Command};

use serde::Deserialize;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// What a crawl prints at its end.
#[derive(Debug, Deserialize)]
struct Report {
    /// CPU time of the process from its first request to its last page, in ms.
    cpu_ms: f64,
    /// Pages read.
    pages: u64,
    /// Posts read.
    posts: u64,
    /// Checksum of all fields of all posts, whatever their order.
    digest: u64,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(place) = arguments.iter().position(|argument| argument == "--crawl") {
        return crawl::run(arguments.get(place + 1).ok_or("--crawl URL")?);
    }
    let threads = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(300);
    let link = forum::serve(threads)?;
    let ours = best_of_three(|| {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["--crawl", &link]);
        Ok(command)
    })?;
    show("nightheron", &ours);
    let scrapy = match scrapy::Scrapy::prepare() {
        Ok(scrapy) => scrapy,
        Err(reason) => {
            eprintln!("scrapy was skipped: {reason}");
            return Ok(());
        }
    };
    let theirs = best_of_three(|| Ok(scrapy.command(&link)))?;
    show("scrapy", &theirs);
    if (ours.pages, ours.posts, ours.digest) != (theirs.pages, theirs.posts, theirs.digest) {
        return Err(format!("they did not read the same: {ours:?}, {theirs:?}").into());
    }
    Ok(())
}

/// The cheapest of three runs: what else the machine does only ever adds.
fn best_of_three(command: impl Fn() -> Result<Command>) -> Result<Report> {
    let mut best: Option<Report> = None;
    for _ in 0..3 {
        let output = command()?.output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
        }
        let text = String::from_utf8(output.stdout)?;
        let report: Report = serde_json::from_str(text.lines().last().unwrap_or_default())?;
        if best.as_ref().is_none_or(|best| report.cpu_ms < best.cpu_ms) {
            best = Some(report);
        }
    }
    best.ok_or_else(|| "no run".into())
}

fn show(engine: &str, report: &Report) {
    let value = (report.cpu_ms / report.pages as f64 * 1e3).round() / 1e3;
    let case = format!("{} pages, {} posts", report.pages, report.posts);
    let line =
        serde_json::json!({ "bench": "page_cpu", "case": case, "engine": engine, "value": value, "unit": "ms/page" });
    println!("{line}");
}
