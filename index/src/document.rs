//! What the caller hands over for indexing: one post in its newest revision.

use serde::{Deserialize, Serialize};

/// One revision of a post, as it is made searchable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Sequence number of this revision in the store; handed back with each hit.
    pub seq: u64,
    /// Stable key of the post: adding a document replaces the one with the same key.
    /// At most [`MAX_POST_KEY_BYTES`](crate::MAX_POST_KEY_BYTES) bytes.
    pub post: String,
    /// Identifier of the source the post was captured from; matched whole by `source:`.
    pub source: String,
    /// Address of the post as captured.
    pub url: String,
    /// Title of the post or of its thread, as captured.
    pub title: String,
    /// Name of the author, if the source shows one.
    pub author: Option<String>,
    /// Text of the post, as captured.
    pub body: String,
    /// When the post says it was published, in milliseconds since 1970-01-01 UTC.
    pub posted_at_ms: Option<i64>,
    /// When this revision was captured, in milliseconds since 1970-01-01 UTC.
    pub captured_at_ms: i64,
    /// Identifiers of the members this post concerns; each matched whole by `member:`.
    pub members: Vec<String>,
}
