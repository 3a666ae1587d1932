//! The terms of all members in two layers: all of them as of some time, and in front of it what changed since.
//!
//! Building the matcher of 200,000 terms takes seconds. What changed is a small matcher of its own, which is in force
//! within milliseconds; a term that it knows is no longer asked for behind it.

mod layer;
mod live;

use std::{collections::HashMap, sync::Arc};

use nightheron_watchlists::Hit;

use crate::store::{Result, Store, model::TermRow};

use layer::Layer;
pub use layer::Owner;
pub use live::WatchLists;

/// The terms in force.
#[derive(Debug, Clone)]
pub struct WatchList {
    /// Generation of the terms it shows.
    pub generation: i64,
    /// Generation from which on changes are in `recent`.
    settled: i64,
    base: Arc<Layer>,
    recent: Option<Arc<Layer>>,
}

impl WatchList {
    /// Builds the list from all terms of the store.
    ///
    /// # Errors
    /// When the store does not answer, or a matcher cannot be built.
    pub async fn load(store: &dyn Store) -> Result<Self> {
        let generation = store.terms_generation().await?;
        Self::of(store.terms(None).await?, generation, store).await
    }

    /// A list of these terms alone.
    ///
    /// # Errors
    /// As [`WatchList::load`].
    pub async fn of(terms: Vec<TermRow>, generation: i64, store: &dyn Store) -> Result<Self> {
        let base = Layer::build(terms, &numbers(store).await?).await?;
        Ok(Self { generation, settled: generation, base: Arc::new(base), recent: None })
    }

    /// The same list with what changed since it was built.
    ///
    /// # Errors
    /// As [`WatchList::load`].
    pub async fn refreshed(&self, store: &dyn Store) -> Result<Self> {
        let generation = store.terms_generation().await?;
        let changed = store.terms_since(self.settled).await?;
        if changed.is_empty() {
            return Ok(Self { generation, recent: None, ..self.clone() });
        }
        let recent = Layer::build(changed, &numbers(store).await?).await?;
        Ok(Self { generation, recent: Some(Arc::new(recent)), ..self.clone() })
    }

    /// Terms that are watched for.
    #[must_use]
    pub fn len(&self) -> usize {
        let recent = self.recent.as_ref().map_or(0, |recent| recent.matcher.len());
        let hidden = |recent: &Arc<Layer>| {
            recent.owners.keys().filter(|id| self.base.owners.get(id).is_some_and(Option::is_some)).count()
        };
        self.base.matcher.len() + recent - self.recent.as_ref().map_or(0, hidden)
    }

    /// Whether nothing is watched for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Terms, watched or not, that changed since the base was built.
    #[must_use]
    pub fn unsettled(&self) -> usize {
        self.recent.as_ref().map_or(0, |recent| recent.owners.len())
    }

    /// Every place of every term in a text, with whose it is.
    #[must_use]
    pub fn find<'a, 't>(&'a self, text: &'t str) -> Vec<(Hit<'t>, &'a Owner)> {
        let recent = self.recent.as_deref();
        let mut hits = owned(&self.base, text, |id| recent.is_none_or(|recent| !recent.owners.contains_key(&id)));
        if let Some(recent) = recent {
            hits.extend(owned(recent, text, |_| true));
            hits.sort_by_key(|(hit, _)| (hit.start, hit.end, hit.term));
        }
        hits
    }
}

fn owned<'a, 't>(layer: &'a Layer, text: &'t str, judges: impl Fn(i64) -> bool) -> Vec<(Hit<'t>, &'a Owner)> {
    let hits = layer.matcher.find(text).into_iter().filter(|hit| judges(hit.term));
    hits.filter_map(|hit| layer.owners.get(&hit.term)?.as_ref().map(|owner| (hit, owner))).collect()
}

async fn numbers(store: &dyn Store) -> Result<HashMap<i64, String>> {
    Ok(store.members().await?.into_iter().map(|member| (member.id, member.business_number)).collect())
}
