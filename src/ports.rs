//! What the pages need of the rest of the service, behind the traits they name.

use std::sync::Arc;

use async_trait::async_trait;
use nightheron_crawlers::session::{Secret, import_cookies};
use nightheron_index::{Index, SearchError, SearchOrder, SearchPage, SearchRequest};

use crate::{
    pipeline::{Pipeline, SourceSet, mirrors, standing},
    web::ports::{ComponentHealth, Evidence, Health, Search, SourceSessions},
};

/// The index, the archive and the health board, as the pages see them.
pub struct Ports {
    /// The search index.
    pub index: Index,
    /// The watched sources.
    pub sources: Arc<SourceSet>,
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

#[async_trait]
impl SourceSessions for Ports {
    async fn supply(&self, source: &str, cookies: String) -> Result<(usize, usize), String> {
        let live = self.sources.get(source).ok_or("the source is not watched by this process")?;
        let (session, pipeline) = (live.session.as_ref(), &self.pipeline);
        let definition = live.definition();
        let rows = pipeline.store.sources().await.map_err(|error| error.to_string())?;
        let row = rows.iter().find(|row| row.source.id == source).ok_or("the source was never stored")?;
        // A login holds on the mirror that is in use.
        let link = mirrors(row).choose(&definition.links).cloned().ok_or("the source has no link")?;
        let imported = import_cookies(session.jar(), &Secret::new(cookies), &link, session.limits());
        let imported = imported.map_err(|error| error.to_string())?;
        pipeline.sessions.keep(source, session).map_err(|error| format!("the cookies cannot be kept: {error}"))?;
        let helped = serde_json::to_string(&standing(row).helped()).unwrap_or_default();
        pipeline.store.set_standing(source, &helped).await.map_err(|error| error.to_string())?;
        pipeline.store.visit_now(source, pipeline.clock.now()).await.map_err(|error| error.to_string())?;
        Ok((imported.kept, imported.left_out))
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
