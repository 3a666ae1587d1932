//! Pages committed a second.

use std::time::Duration;

use nightheron::store::{Intake as _, SqlStore};
use tokio::task::JoinSet;

use crate::database::{Database, Result};
use crate::pages::{self, Watched};

/// Pages a second, committed by `writers` sources at once during `time`.
pub(crate) async fn rate(database: &Database, writers: usize, time: Duration) -> Result<f64> {
    let (store, _fresh) = database.store().await?;
    let watched = pages::prepare(&store, writers).await?;
    let start = crate::clock();
    let mut tasks: JoinSet<Result<u64>> = JoinSet::new();
    for source in 0..writers {
        let store = store.clone();
        tasks.spawn(async move {
            let mut done = 0;
            while start.elapsed() < time {
                commit(&store, source, done, watched).await?;
                done += 1;
            }
            Ok(done)
        });
    }
    let mut pages = 0;
    while let Some(done) = tasks.join_next().await {
        pages += done??;
    }
    let rate = pages as f64 / start.elapsed().as_secs_f64();
    store.close().await;
    Ok(rate)
}

async fn commit(store: &SqlStore, source: usize, n: u64, watched: Watched) -> Result<()> {
    let receipt = store.commit_page(&pages::page(source, n, watched)).await?;
    if receipt.new == 1 { Ok(()) } else { Err("a page without a new post measures nothing".into()) }
}
