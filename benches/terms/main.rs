//! Watch terms under change: from saving a term until it is in force, in front of very many others.
//!
//! `cargo bench --bench terms -- 200000` sets how many there are (1,000 and 200,000 by default). Each figure is one JSON
//! line; `benches/README.md` says what they mean.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::{
    error::Error,
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use nightheron::{
    pipeline::{WatchList, WatchLists},
    store::{
        Members, SqlStore, Terms,
        model::{MemberState, NewMember, NewTerm, TermState},
    },
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Terms saved one after the other.
const SAVED: usize = 60;
/// Terms saved at once.
const BURST: usize = 10_000;

#[tokio::main]
async fn main() -> Result<()> {
    let asked = std::env::args().find_map(|argument| argument.parse().ok());
    for count in asked.map_or(vec![1_000, 200_000], |count| vec![count]) {
        run(count).await?;
    }
    Ok(())
}

async fn run(count: usize) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let store = SqlStore::open(&format!("sqlite:{}", folder.path().join("terms.db").display()), 4).await?;
    let member = member();
    store.import_members(&[member], now()).await?;
    let owner = store.members().await?[0].id;
    let all: Vec<_> = (0..count).map(|n| (owner, term(&format!("company-{n:x}.example")))).collect();
    store.add_terms(&all, now()).await?;
    let lists = WatchLists::new(WatchList::load(&store).await?);
    let (wake, stop) = (Arc::new(Notify::new()), CancellationToken::new());
    let follower = {
        let (lists, store, wake, stop) = (lists.clone(), store.clone(), Arc::clone(&wake), stop.clone());
        tokio::spawn(async move { lists.follow(&store, &wake, &stop).await })
    };
    for (case, woken) in [("page", true), ("command", false)] {
        let mut times = Vec::new();
        for n in 0..SAVED {
            let saved = [(owner, term(&format!("{case}-{n}.example")))];
            times.push(live(&store, &lists, woken.then_some(&wake), &saved).await?);
        }
        times.sort();
        report(&format!("{count}/{case}/p50"), times[times.len() / 2]);
        report(&format!("{count}/{case}/max"), times[times.len() - 1]);
    }
    let burst: Vec<_> = (0..BURST).map(|n| (owner, term(&format!("burst-{n}.example")))).collect();
    report(&format!("{count}/burst of {BURST}"), live(&store, &lists, Some(&wake), &burst).await?);
    stop.cancel();
    follower.await?;
    Ok(())
}

/// From the commit of the terms until texts are searched for them.
async fn live(
    store: &SqlStore, lists: &WatchLists, wake: Option<&Arc<Notify>>, terms: &[(i64, NewTerm)],
) -> Result<Duration> {
    let mut changes = lists.changes();
    store.add_terms(terms, now()).await?;
    let saved = clock();
    let generation = store.terms_generation().await?;
    if let Some(wake) = wake {
        wake.notify_one();
    }
    changes.wait_for(|list| list.generation >= generation).await?;
    Ok(saved.elapsed())
}

fn member() -> NewMember {
    NewMember {
        business_number: "12345675".into(),
        name: "a company".into(),
        state: MemberState::Approved,
        language: "en".into(),
        fixed_ips: Vec::new(),
        contacts: Vec::new(),
        terms: Vec::new(),
    }
}

fn term(text: &str) -> NewTerm {
    NewTerm {
        kind: "domain".into(),
        text: text.into(),
        context: None,
        state: TermState::Active,
        author: "benchmark".into(),
        reason: "measured".into(),
        review_at: None,
    }
}

fn now() -> Timestamp {
    Timestamp::UNIX_EPOCH
}

fn report(case: &str, took: Duration) {
    let value = (took.as_secs_f64() * 1e5).round() / 100.0;
    let line = serde_json::json!({ "bench": "term_in_force", "case": case, "engine": "nightheron", "value": value, "unit": "ms" });
    println!("{line}");
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn clock() -> Instant {
    Instant::now()
}
