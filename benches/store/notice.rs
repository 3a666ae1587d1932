//! From a captured page to the notice in the outbox: the commit, the wake, the routing of the alert.

use std::sync::Arc;
use std::time::Duration;

use nightheron::alerts::{AlertsSettings, router};
use nightheron::clock::SystemClock;
use nightheron::store::{Intake as _, Notices as _, SqlStore};
use rand::{SeedableRng as _, rngs::StdRng};
use tokio::{sync::Notify, task::JoinSet};
use tokio_util::sync::CancellationToken;

use crate::SOURCES;
use crate::database::{Database, Result};
use crate::pages::{self, Watched};

/// Pages measured.
const PAGES: u64 = 1000;
/// In the busy case, each other source commits a page this often.
pub(crate) const LOAD: Duration = Duration::from_millis(20);

/// The wakes between pipeline, router and outbox.
#[derive(Default)]
struct Wakes {
    alerts: Notify,
    outbox: Notify,
    stop: CancellationToken,
}

/// For each page: from just before its commit until its notice is queued. With `load`, the other sources commit pages
/// meanwhile, each at that interval.
pub(crate) async fn times(database: &Database, load: Option<Duration>) -> Result<Vec<Duration>> {
    let (store, _fresh) = database.store().await?;
    let watched = pages::prepare(&store, SOURCES).await?;
    let wakes = Arc::new(Wakes::default());
    let mut tasks: JoinSet<Result<()>> = JoinSet::new();
    tasks.spawn(route(store.clone(), Arc::clone(&wakes)));
    for source in (1..SOURCES).filter(|_| load.is_some()) {
        tasks.spawn(disturb(store.clone(), Arc::clone(&wakes), source, watched, load.unwrap_or_default()));
    }
    let mut times = Vec::new();
    for n in 0..PAGES {
        times.push(one(&store, &wakes, n, watched).await?);
    }
    wakes.stop.cancel();
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    store.close().await;
    Ok(times)
}

/// As the service's task does.
async fn route(store: SqlStore, wakes: Arc<Wakes>) -> Result<()> {
    let desk = AlertsSettings::default().prepare()?;
    let rng = StdRng::seed_from_u64(1);
    router::run(&store, &desk, &SystemClock, "bench", rng, (&wakes.alerts, &wakes.outbox), &wakes.stop).await;
    Ok(())
}

async fn disturb(store: SqlStore, wakes: Arc<Wakes>, source: usize, watched: Watched, every: Duration) -> Result<()> {
    let mut ticks = tokio::time::interval(every);
    for n in 0.. {
        tokio::select! {
            _ = ticks.tick() => commit(&store, &wakes, &pages::page(source, n, watched)).await?,
            () = wakes.stop.cancelled() => break,
        };
    }
    Ok(())
}

/// Commits a page and wakes the router where it raised alerts, as a visit does; gives the alerts.
async fn commit(store: &SqlStore, wakes: &Wakes, page: &nightheron::store::model::PageCommit) -> Result<Vec<String>> {
    let receipt = store.commit_page(page).await?;
    if !receipt.alerts.is_empty() {
        wakes.alerts.notify_one();
    }
    Ok(receipt.alerts)
}

async fn one(store: &SqlStore, wakes: &Wakes, n: u64, watched: Watched) -> Result<Duration> {
    let page = pages::page_with_finding(0, n, watched);
    let start = crate::clock();
    let alerts = commit(store, wakes, &page).await?;
    let [alert] = alerts.as_slice() else { return Err("a page with a finding raises one alert".into()) };
    loop {
        // The router wakes the outbox once a notice is committed; it may be the notice of another page.
        wakes.outbox.notified().await;
        let time = start.elapsed();
        if !store.notices_of(alert).await?.is_empty() {
            return Ok(time);
        }
    }
}
