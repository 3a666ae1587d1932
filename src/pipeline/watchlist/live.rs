//! The list in force: followed in the store, built aside, and swapped in while everybody goes on.

use std::{pin::Pin, sync::Arc, time::Duration};

use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

use super::WatchList;
use crate::store::{Result, Store};

/// How often the store is asked whether a term changed: a term saved is live within a second.
const POLL: Duration = Duration::from_millis(500);
/// Changes that are not worth building everything anew for.
const FEW: usize = 500;
/// Looks at the store without a change before everything is built anew: an import may come in many parts.
const QUIET: u32 = 60;

/// A rebuild beside everything else.
type UnderWay<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// The current list, for readers that never wait.
#[derive(Debug, Clone)]
pub struct WatchLists(Arc<watch::Sender<Arc<WatchList>>>);

impl WatchLists {
    /// Begins with a list.
    #[must_use]
    pub fn new(list: WatchList) -> Self {
        Self(Arc::new(watch::Sender::new(Arc::new(list))))
    }

    /// The list in force.
    #[must_use]
    pub fn current(&self) -> Arc<WatchList> {
        self.0.borrow().clone()
    }

    /// Told of each list that comes into force.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<Arc<WatchList>> {
        self.0.subscribe()
    }

    /// Follows the store until stopped: at a wake, or after half a second. What was saved in one transaction, and what
    /// was saved while a list was being built, is one rebuild.
    pub async fn follow(&self, store: &dyn Store, wake: &Notify, stop: &CancellationToken) {
        let mut quiet = 0;
        let mut settling: Option<UnderWay<'_>> = None;
        while !stop.is_cancelled() {
            match self.refresh(store).await {
                Ok(changed) => quiet = if changed { 0 } else { quiet + 1 },
                Err(error) => {
                    tracing::warn!(error = %error, "changes of watch terms cannot be read now; the old ones stay in force");
                }
            }
            if settling.is_none() && quiet >= QUIET && self.current().unsettled() > FEW {
                settling = Some(Box::pin(self.settle(store)));
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = wake.notified() => {}
                () = tokio::time::sleep(POLL) => {}
                () = end(settling.as_mut()) => settling = None,
            }
        }
    }

    /// Puts what changed in force; says whether anything did.
    ///
    /// # Errors
    /// When the store does not answer; the old list stays in force.
    pub async fn refresh(&self, store: &dyn Store) -> Result<bool> {
        let current = self.current();
        let changed = store.terms_generation().await? != current.generation;
        if changed {
            self.put(current.refreshed(store).await?);
        }
        Ok(changed)
    }

    /// Builds everything anew, so that a text is searched once again and not twice. It takes seconds, in which changes
    /// come into force as ever.
    async fn settle(&self, store: &dyn Store) {
        let settled = async { WatchList::load(store).await?.refreshed(store).await };
        match settled.await {
            // Something changed just now, and is in force already: the next time.
            Ok(list) if list.generation < self.current().generation => {}
            Ok(list) => self.put(list),
            Err(error) => {
                tracing::warn!(error = %error, "watch terms cannot be put together now; they stay in force in two parts");
            }
        }
    }

    fn put(&self, list: WatchList) {
        tracing::info!(terms = list.len(), terms.generation = list.generation, "watch terms are in force");
        self.0.send_replace(Arc::new(list));
    }
}

/// The end of what is under way, if anything is.
async fn end(under_way: Option<&mut UnderWay<'_>>) {
    match under_way {
        Some(rebuild) => rebuild.await,
        None => std::future::pending().await,
    }
}
