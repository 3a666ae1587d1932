//! The texts of definitions over time, and captures read again with a changed one.

use jiff::Timestamp;

/// A text that a source was read with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// The source.
    pub source: String,
    /// Counts from 1 for each source.
    pub number: i64,
    /// When it was taken into use.
    pub at: Timestamp,
    /// Who changed it; `file` when it was found changed at a start.
    pub by: String,
    /// Why.
    pub reason: String,
    /// The definition, as YAML.
    pub text: String,
}

/// Captures of a source since a moment, being read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reread {
    /// Its number here.
    pub id: i64,
    /// The source.
    pub source: String,
    /// Captures from this moment on.
    pub since: Timestamp,
    /// When a person wanted it.
    pub queued_at: Timestamp,
    /// Who.
    pub queued_by: String,
    /// When all were read; `None` while there are more.
    pub finished_at: Option<Timestamp>,
    /// File of the last capture that was read; empty before the first.
    pub file: String,
    /// Its byte offset there.
    pub offset: u64,
    /// Captures read.
    pub captures: u64,
    /// Captures that could not be read.
    pub unreadable: u64,
    /// New posts.
    pub posts: u64,
    /// New revisions of known posts.
    pub revisions: u64,
}
