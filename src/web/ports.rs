//! What the pages ask of the rest of the service beside the store.

use async_trait::async_trait;
use jiff::Timestamp;
use nightheron_index::{SearchError, SearchPage};

/// Full-text search over all posts.
#[async_trait]
pub trait Search: Send + Sync {
    /// One page of a query: the best matches first, or the latest captured when `newest`.
    ///
    /// # Errors
    /// A query that cannot be understood, with its column; a page too deep; an index that cannot be read.
    async fn search(&self, query: &str, newest: bool, limit: usize, offset: usize) -> Result<SearchPage, SearchError>;
}

/// The archive of raw responses.
#[async_trait]
pub trait Evidence: Send + Sync {
    /// The bytes of a capture, exactly as archived.
    ///
    /// # Errors
    /// A sentence for the log: the file is missing, damaged, or does not have the recorded hash.
    async fn raw(&self, capture_id: &str) -> Result<Vec<u8>, String>;
}

/// The sessions that sources are read with.
#[async_trait]
pub trait SourceSessions: Send + Sync {
    /// Gives a source the cookies of a login that a person made, and has it visited; how many were kept, and how many
    /// left out because they are another site's.
    ///
    /// # Errors
    /// A sentence for the person, which repeats nothing of the text.
    async fn supply(&self, source: &str, cookies: String) -> Result<(usize, usize), String>;
}

/// How the parts of the service are.
pub trait Health: Send + Sync {
    /// One entry a component, from memory: it answers also when the database does not.
    fn snapshot(&self) -> Vec<ComponentHealth>;
}

/// The health of one part of the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComponentHealth {
    /// Which part: `tor`, `database`, `mail`, `disk`, `index` or `crawler`; other names are shown as they are.
    pub name: &'static str,
    /// Whether it does its work.
    pub ok: bool,
    /// A few plain words for the reader, such as the last error; may be empty.
    pub detail: String,
    /// Since when it has been so.
    pub since: Option<Timestamp>,
}
