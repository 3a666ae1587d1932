//! Alerts: what one member is told about one finding, and the life of it.

use jiff::Timestamp;

use super::text_enum::text_enum;

/// Lower-case hex of SHA-256 over source, post, member and class: the same finding has the same identity for ever.
pub type AlertId = String;

text_enum! {
    /// Where an alert stands.
    AlertState {
        /// Stored with its hit; its routing job has not run yet.
        New = "new",
        /// Waits for a reviewer.
        Held = "held",
        /// Released: its notices are queued or sent.
        Released = "released",
        /// A reviewer decided that nobody is told.
        Dismissed = "dismissed",
    }
}

text_enum! {
    /// Why this alert exists beside others for the same post and member.
    Class {
        /// A post that had not named the member before.
        Post = "post",
        /// An edit of a post that adds something grave.
        Edit = "edit",
        /// Found when a term was matched against history.
        History = "history",
    }
}

text_enum! {
    /// How grave.
    Severity {
        /// A mention.
        Low = "low",
        /// Something is said about the member.
        Medium = "medium",
        /// Data or access is claimed.
        High = "high",
        /// A large volume, or access for sale.
        Critical = "critical",
    }
}

text_enum! {
    /// How sure.
    Confidence {
        /// A keyword that may be another word.
        Low = "low",
        /// A keyword with signs of a claim, or a domain in passing.
        Medium = "medium",
        /// An exact domain or address together with a claim.
        High = "high",
    }
}

/// One alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Its identity.
    pub id: AlertId,
    /// Source of the post.
    pub source: String,
    /// The post's key within the source.
    pub post_key: String,
    /// The revision that raised it.
    pub post: i64,
    /// The member concerned.
    pub member: i64,
    /// Its class.
    pub class: Class,
    /// How grave.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// The claim, as JSON.
    pub claim: Option<String>,
    /// Where it stands.
    pub state: AlertState,
    /// The named reason of the last decision: of the router, or the reviewer's own words.
    pub reason: String,
    /// When it was stored.
    pub created_at: Timestamp,
    /// When a person or a rule decided.
    pub decided_at: Option<Timestamp>,
    /// Who decided; `None` for the router.
    pub decided_by: Option<String>,
}

/// An alert with what a reader wants beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertView {
    /// The alert.
    pub alert: Alert,
    /// The member's name.
    pub member_name: String,
    /// `applied`, `approved`…
    pub member_state: super::MemberState,
    /// The source's name.
    pub source_name: String,
    /// Title of the post.
    pub title: String,
    /// When it was posted.
    pub posted_at: Option<Timestamp>,
    /// When it was captured.
    pub captured_at: Timestamp,
}

/// Which alerts to list; newest first.
#[derive(Debug, Clone, Default)]
pub struct AlertFilter {
    /// Only these in this state.
    pub state: Option<AlertState>,
    /// Only of this member.
    pub member: Option<i64>,
    /// How many at most.
    pub limit: i64,
    /// How many to pass over.
    pub offset: i64,
}

/// How many alerts stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AlertCounts {
    /// Not routed yet.
    pub new: i64,
    /// Waiting for a reviewer.
    pub held: i64,
    /// Released.
    pub released: i64,
    /// Dismissed.
    pub dismissed: i64,
}

/// What a person decided about alerts, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict<'a> {
    /// Where they stand from now on.
    pub state: AlertState,
    /// Why, in the person's words.
    pub reason: &'a str,
    /// The person.
    pub by: &'a str,
}
