//! Notices (one delivery of an alert to one contact over one channel) and jobs.

use jiff::Timestamp;

use super::{AlertId, text_enum::text_enum};

text_enum! {
    /// Whom a notice addresses.
    Audience {
        /// The member's own contact.
        Member = "member",
        /// The reviewer on duty: something waits.
        Reviewer = "reviewer",
        /// The SOC: a source has gone blind.
        Soc = "soc",
    }
}

text_enum! {
    /// How it travels.
    Channel {
        /// SMTP.
        Mail = "mail",
        /// A signed HTTP POST.
        Webhook = "webhook",
    }
}

text_enum! {
    /// Where a notice stands.
    NoticeState {
        /// To be sent.
        Queued = "queued",
        /// The server accepted it.
        Sent = "sent",
        /// Given up after the last try, or refused for good: a person must look.
        Dead = "dead",
    }
}

/// A notice to be queued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNotice {
    /// The alert it tells of; empty for a notice of the SOC about a source.
    pub alert: AlertId,
    /// Whom it addresses.
    pub audience: Audience,
    /// The member's contact; `None` for a reviewer.
    pub contact: Option<i64>,
    /// How it travels.
    pub channel: Channel,
    /// Mail address or URL.
    pub address: String,
    /// `zh-TW` or `en`.
    pub language: String,
    /// For a notice that is not about an alert: the text of it, as JSON.
    pub payload: Option<String>,
}

/// A stored notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its number here.
    pub id: i64,
    /// What was asked for.
    pub notice: NewNotice,
    /// Where it stands.
    pub state: NoticeState,
    /// Tries so far.
    pub attempts: i64,
    /// When to try next.
    pub next_try_at: Timestamp,
    /// Why the last try failed.
    pub last_error: Option<String>,
    /// When it was queued.
    pub created_at: Timestamp,
    /// When the server accepted it.
    pub sent_at: Option<Timestamp>,
    /// What the server said when it accepted.
    pub receipt: Option<String>,
}

/// A notice with names for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeView {
    /// The notice.
    pub notice: Notice,
    /// The member's name; empty for notices of the SOC.
    pub member_name: String,
    /// Title of the post.
    pub title: String,
}

/// A leased job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its number here.
    pub id: i64,
    /// `route_alert`…
    pub kind: String,
    /// What it is about; one job a kind and key.
    pub key: String,
    /// Tries before this one.
    pub attempts: i64,
    /// Why the last try failed.
    pub last_error: Option<String>,
}
