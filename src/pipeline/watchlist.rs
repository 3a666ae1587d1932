//! The terms of all members as one matcher, rebuilt aside and swapped in when any term changed.

use std::{collections::HashMap, sync::Arc};

use nightheron_watchlists::Matcher;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

use crate::store::{Result, Store, model::TermState};

/// How often the store is asked whether a term changed: a term saved is live within a second.
const POLL: std::time::Duration = std::time::Duration::from_millis(500);

/// Whose a term is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// The member.
    pub member: i64,
    /// Its business number.
    pub business_number: String,
    /// The term's kind.
    pub kind: String,
}

/// A matcher with the owners of its terms.
#[derive(Debug)]
pub struct WatchList {
    /// Generation of the terms it was built from.
    pub generation: i64,
    /// Finds them.
    pub matcher: Matcher,
    /// Owner by term.
    pub owners: HashMap<i64, Owner>,
}

impl WatchList {
    /// Builds the list from the store. A term that this version cannot read is told in the log and passed over, so
    /// that it does not blind the others.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn load(store: &dyn Store) -> Result<Self> {
        let generation = store.terms_generation().await?;
        let numbers: HashMap<i64, String> =
            store.members().await?.into_iter().map(|member| (member.id, member.business_number)).collect();
        let (mut terms, mut owners) = (Vec::new(), HashMap::new());
        for row in store.terms(None).await? {
            if row.term.state != TermState::Active {
                continue;
            }
            match crate::members::watched(&row.term) {
                Ok(term) => terms.push((row.id, term)),
                Err(reason) => {
                    tracing::error!(term.id = row.id, reason, "a stored term cannot be watched for");
                    continue;
                }
            }
            let business_number = numbers.get(&row.member).cloned().unwrap_or_default();
            owners.insert(row.id, Owner { member: row.member, business_number, kind: row.term.kind });
        }
        let built = tokio::task::spawn_blocking(move || Matcher::new(terms)).await;
        let matcher = match built {
            Ok(Ok(matcher)) => matcher,
            Ok(Err(error)) => return Err(unbuildable(&error.to_string())),
            Err(error) => return Err(unbuildable(&error.to_string())),
        };
        Ok(Self { generation, matcher, owners })
    }
}

fn unbuildable(reason: &str) -> crate::store::StoreError {
    crate::store::StoreError::Conflict { what: "matcher", id: "of all terms".into(), reason: reason.to_owned() }
}

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

    /// Follows the store until stopped: at a wake, or after half a second. A burst of changes is one rebuild.
    pub async fn follow(&self, store: &dyn Store, wake: &Notify, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            if let Err(error) = self.refresh(store).await {
                tracing::warn!(error = %error, "changes of watch terms cannot be read now; the old ones stay in force");
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = wake.notified() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }

    /// Rebuilds the list if a term changed.
    ///
    /// # Errors
    /// When the store does not answer; the old list stays in force.
    pub async fn refresh(&self, store: &dyn Store) -> Result<()> {
        if store.terms_generation().await? != self.current().generation {
            let list = WatchList::load(store).await?;
            tracing::info!(terms = list.matcher.len(), terms.generation = list.generation, "watch terms are in force");
            self.0.send_replace(Arc::new(list));
        }
        Ok(())
    }
}
