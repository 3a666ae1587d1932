//! Sources: what is watched, when next, and how the last visit ended.

use jiff::Timestamp;

use super::{NewCapture, NewPost};

/// A source as the configuration names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSource {
    /// Stable identity, from the definition.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Kind of site: forum, paste, leak_blog…
    pub kind: String,
    /// Schedule class: fast, normal, slow.
    pub class: String,
    /// Admiralty grade A–F of the source.
    pub grade: String,
    /// Default TLP marking of what is found there: clear, green, amber, amber+strict or red.
    pub tlp: String,
    /// `tor` or `clear`.
    pub via: String,
    /// When its definition was last checked by a person: YYYY-MM-DD, or nothing.
    pub verified: String,
}

/// A captured post by its identities at its site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CapturedPost {
    /// The thread's; `None` where a site has no threads.
    pub thread_id: Option<String>,
    /// The post's.
    pub post_id: String,
}

/// A source with its schedule and health.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRow {
    /// What the configuration says of it.
    pub source: NewSource,
    /// Whether it is being watched at all.
    pub enabled: bool,
    /// When it is to be visited next.
    pub next_visit_at: Timestamp,
    /// When the last visit ended; `None` before the first.
    pub last_visit_at: Option<Timestamp>,
    /// The outcome of the last visit, as `nightheron_crawlers` writes it; `None` before the first.
    pub last_outcome: Option<String>,
    /// Since when visits have ended with this outcome's health (well or not well).
    pub health_since: Option<Timestamp>,
    /// Whether the last outcome was a good one.
    pub healthy: bool,
    /// When the last good visit ended.
    pub last_ok_at: Option<Timestamp>,
    /// Rung on the back-off ladder; 0 is none.
    pub rung: i64,
    /// Good and bad visits so far.
    pub visits: i64,
    /// Posts stored so far, revisions not counted.
    pub posts: i64,
    /// Bad visits in a row.
    pub failures: i64,
    /// Whether a person wants it visited now.
    pub wanted: bool,
    /// What the schedule has learnt; `None` before the first visit.
    pub remembered: Option<Remembered>,
    /// How it stands with its session, as JSON written by the crawler; `None` before the first visit.
    pub standing: Option<String>,
    /// Which of its links is in use and which ones failed, as JSON written by the crawler; `None` before the first
    /// visit.
    pub mirrors: Option<String>,
}

/// What the schedule has learnt of a source and its host, as JSON written by the crawler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// How often it posts, and when it was looked at.
    pub watch: String,
    /// What its host is owed.
    pub host_state: String,
}

/// What a listing said of a thread when it was last read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadMark {
    /// The thread's identity at its site.
    pub thread_id: String,
    /// The signals, as JSON written by the crawler.
    pub signal: String,
}

/// The step of the schedule at the end of a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advance {
    /// Outcome to record when this visit brought no new post.
    pub outcome: String,
    /// Outcome to record when it did (a good visit); equal to `outcome` for a bad one.
    pub outcome_if_new: String,
    /// New posts of the visit's earlier pages.
    pub new_so_far: u64,
    /// Whether the outcome is a good one.
    pub healthy: bool,
    /// Whether a bad one is no failure of the source: our own network's fault, or another of its links is visited next.
    pub spared: bool,
    /// Rung of the back-off ladder after this visit.
    pub rung: i64,
    /// When the next visit is due.
    pub next_visit_at: Timestamp,
    /// How it stands with its links now, as JSON written by the crawler; `None` leaves it as it is.
    pub mirrors: Option<String>,
}

/// Everything one fetched page leads to: stored whole or not at all.
#[derive(Debug, Clone)]
pub struct PageCommit {
    /// The source visited.
    pub source: String,
    /// Who holds the source's lease; a commit without the lease is refused.
    pub owner: String,
    /// The lease's new end.
    pub lease_until: Timestamp,
    /// Where the raw response lies.
    pub capture: NewCapture,
    /// Posts read from it, with their hits.
    pub posts: Vec<NewPost>,
    /// A thread that was read to its end with this page.
    pub thread: Option<ThreadMark>,
    /// Set on the visit's last page.
    pub advance: Option<Advance>,
    /// Now.
    pub now: Timestamp,
}

/// What became of the posts of a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageReceipt {
    /// Posts never seen before.
    pub new: u64,
    /// Known posts whose content changed.
    pub revised: u64,
    /// Posts that were stored already, unchanged.
    pub seen: u64,
    /// Alerts made by this page.
    pub alerts: Vec<super::AlertId>,
}
