//! What is known of a watch term beside itself: its edits, its verdicts, and its match against history.

use jiff::Timestamp;

use super::{AlertId, Confidence, NewHit, NewTerm, PostSeq, Severity};

/// A stored term and what it is to become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermChange {
    /// The term.
    pub id: i64,
    /// The version the change was made from.
    pub version: i64,
    /// All of it anew; the author stays the first one.
    pub term: NewTerm,
}

/// What became of terms that were saved together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TermsSaved {
    /// Terms that were not there before.
    pub added: Vec<i64>,
    /// Terms that were there and differ now.
    pub changed: Vec<i64>,
    /// The look back that matches them against history; `None` when nothing new is watched for.
    pub look_back: Option<i64>,
}

/// One entry of a term's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermEdit {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
    /// What it was, as a JSON object; `None` when it was added.
    pub before: Option<String>,
    /// What it is since, as a JSON object.
    pub after: String,
    /// Why, where it had to be said; may be empty.
    pub note: String,
}

/// How people judged the alerts in which a term was found. An alert of several terms counts for each of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TermVerdicts {
    /// Alerts that a reviewer confirmed.
    pub confirmed: i64,
    /// Alerts that a reviewer dismissed.
    pub dismissed: i64,
}

impl TermVerdicts {
    /// Confirmed among the judged, from 0 to 1; `None` before the first verdict.
    #[must_use]
    pub fn precision(&self) -> Option<f64> {
        let judged = self.confirmed + self.dismissed;
        // Counts of verdicts stay far below 2^52.
        #[expect(clippy::cast_precision_loss, reason = "people do not judge 2^52 alerts")]
        (judged > 0).then(|| self.confirmed as f64 / judged as f64)
    }
}

/// A match of terms against everything captured before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookBack {
    /// Its number here.
    pub id: i64,
    /// When the terms were saved.
    pub queued_at: Timestamp,
    /// By whom.
    pub queued_by: String,
    /// When the first batch was matched.
    pub started_at: Option<Timestamp>,
    /// When the last was.
    pub finished_at: Option<Timestamp>,
    /// Posts up to this one are done.
    pub done: PostSeq,
    /// The last post there was when it was last looked.
    pub until: PostSeq,
    /// Hits found.
    pub hits: i64,
    /// Alerts made.
    pub alerts: i64,
    /// How many terms.
    pub terms: i64,
    /// One of the terms' texts.
    pub text: String,
}

impl LookBack {
    /// How much is done, in whole percent.
    #[must_use]
    pub fn percent(&self) -> i64 {
        match (self.finished_at, self.until) {
            (Some(_), _) => 100,
            (None, 0) => 0,
            (None, until) => (self.done.saturating_mul(100) / until).clamp(0, 99),
        }
    }
}

/// A stored revision of a post as far as terms are matched against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostText {
    /// Its place in the order of commits.
    pub seq: PostSeq,
    /// The source.
    pub source: String,
    /// Identity within the source.
    pub key: String,
    /// When it was captured.
    pub captured_at: Timestamp,
    /// Title.
    pub title: String,
    /// Text.
    pub body: String,
    /// Author as shown; empty when there is none.
    pub author: String,
    /// Address.
    pub url: String,
    /// Links that the page cut short, as the definition's field `links` holds them; empty when there are none.
    pub links: String,
}

/// What a look back found in one revision for one member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookBackFinding {
    /// The revision.
    pub post: PostSeq,
    /// Its source.
    pub source: String,
    /// Its key within the source.
    pub post_key: String,
    /// The member.
    pub member: i64,
    /// The alert to raise, of the class "history".
    pub alert: AlertId,
    /// How grave.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// The claim, as JSON.
    pub claim: Option<String>,
    /// The terms found; at least one.
    pub hits: Vec<NewHit>,
}
