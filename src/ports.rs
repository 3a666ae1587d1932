//! What the pages need of the rest of the service, behind the traits they name.

use std::sync::Arc;

use async_trait::async_trait;
use nightheron_index::{Index, SearchError, SearchOrder, SearchPage, SearchRequest};

use crate::{
    pipeline::Pipeline,
    web::ports::{ComponentHealth, Evidence, Health, Search},
};

/// The index, the archive and the health board, as the pages see them.
pub struct Ports {
    /// The search index.
    pub index: Index,
    /// The pipeline with its archive and health board.
    pub pipeline: Arc<Pipeline>,
}

#[async_trait]
impl Search for Ports {
    async fn search(&self, query: &str, newest: bool, limit: usize, offset: usize) -> Result<SearchPage, SearchError> {
        let order = if newest { SearchOrder::Newest } else { SearchOrder::Relevance };
        let (index, query) = (self.index.clone(), query.to_owned());
        // Searching reads files: not on a thread that serves others.
        let searched =
            tokio::task::spawn_blocking(move || index.search(&SearchRequest { query: &query, limit, offset, order }));
        searched.await.unwrap_or_else(|_| Ok(SearchPage { total: 0, hits: Vec::new() }))
    }
}

#[async_trait]
impl Evidence for Ports {
    async fn raw(&self, capture: &str) -> Result<Vec<u8>, String> {
        let capture = self.pipeline.store.capture(capture).await.map_err(|e| e.to_string())?;
        let archive = self.pipeline.archive.clone();
        let read = tokio::task::spawn_blocking(move || archive.read(&capture.capture)).await;
        read.map_err(|e| e.to_string())?.map(|record| record.block).map_err(|e| e.to_string())
    }
}

impl Health for Ports {
    fn snapshot(&self) -> Vec<ComponentHealth> {
        let part = |c: crate::pipeline::Component| ComponentHealth {
            name: c.name,
            ok: c.ok,
            detail: c.detail,
            since: Some(c.since),
        };
        self.pipeline.health.snapshot().into_iter().map(part).collect()
    }
}
