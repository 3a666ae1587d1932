//! Posts, their revisions, and the hits found in them.

use jiff::Timestamp;

use super::{AlertId, Confidence, Severity};

/// Place of a post revision in the order of commits; the index tails it. Starts at 1, never reused.
pub type PostSeq = i64;

/// A post as extracted, with what matching and assessment found.
#[derive(Debug, Clone, PartialEq)]
pub struct NewPost {
    /// Identity within its source (the definition's dedupe key).
    pub key: String,
    /// The site's own id.
    pub post_id: String,
    /// The thread's id at the site.
    pub thread_id: Option<String>,
    /// Address of the post.
    pub url: String,
    /// Author as shown.
    pub author: Option<String>,
    /// When it was posted.
    pub posted_at: Option<Timestamp>,
    /// When the site says it was edited.
    pub edited_at: Option<Timestamp>,
    /// Title of the thread or paste.
    pub title: String,
    /// Text of the post.
    pub body: String,
    /// SHA-256 over the content that makes a revision, lower-case hex.
    pub content_hash: String,
    /// Further fields of the definition, a JSON object.
    pub extra: String,
    /// The claim read from it, as JSON; `None` when there is none.
    pub claim: Option<String>,
    /// What was found in it, one entry a member.
    pub findings: Vec<NewFinding>,
}

/// What a post holds for one member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFinding {
    /// The member.
    pub member: i64,
    /// The alert of this post and member.
    pub alert: AlertId,
    /// The alert to raise instead when that one was decided already and this revision adds something.
    pub edit_alert: AlertId,
    /// How grave it is.
    pub severity: Severity,
    /// How sure that is.
    pub confidence: Confidence,
    /// The terms found; at least one.
    pub hits: Vec<NewHit>,
}

/// A term found in a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewHit {
    /// The term.
    pub term: i64,
    /// `title`, `body`, `author`, `url` or `links`.
    pub field: String,
    /// Byte offset of the start in the field's original text.
    pub start: u64,
    /// Byte offset of the end.
    pub end: u64,
    /// The text as it stands in the post.
    pub matched: String,
}

/// A stored revision of a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostRow {
    /// Its place in the order of commits.
    pub seq: PostSeq,
    /// The source.
    pub source: String,
    /// Identity within the source.
    pub key: String,
    /// 1 for the first text, 2 after the first edit…
    pub revision: i64,
    /// The site's own id.
    pub post_id: String,
    /// The thread's id at the site.
    pub thread_id: Option<String>,
    /// Address.
    pub url: String,
    /// Author as shown.
    pub author: Option<String>,
    /// When it was posted.
    pub posted_at: Option<Timestamp>,
    /// When it was captured.
    pub captured_at: Timestamp,
    /// Title.
    pub title: String,
    /// Text.
    pub body: String,
    /// The capture it was read from.
    pub capture: String,
    /// The claim, as JSON.
    pub claim: Option<String>,
}

/// A stored hit, with names for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HitRow {
    /// The post revision.
    pub post: PostSeq,
    /// The term.
    pub term: i64,
    /// The term's text.
    pub term_text: String,
    /// The term's kind.
    pub term_kind: String,
    /// The member.
    pub member: i64,
    /// `title`, `body`, `author`, `url` or `links`.
    pub field: String,
    /// Byte offset of the start in the field.
    pub start: u64,
    /// Byte offset of the end.
    pub end: u64,
    /// The text as it stands in the post.
    pub matched: String,
    /// The alert it belongs to.
    pub alert: AlertId,
}
