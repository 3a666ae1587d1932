//! A page to be asked for, and a page that came.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

/// What kind of page it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PageKind {
    /// Names the boards.
    Boards,
    /// Lists threads or pastes.
    Listing,
    /// Holds posts.
    Thread,
    /// Holds posts that no listing leads to: a feed, a channel, the cards of a blog.
    Posts,
    /// Tells the same times as another page does, in UTC or as all pages show them, or names the zone.
    Times,
}

/// What the listing said of a thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadContext {
    /// The thread's id.
    pub id: String,
    /// The listing's other fields: title, replies, last_post_at…
    pub fields: BTreeMap<String, String>,
}

impl ThreadContext {
    /// What changes in a listing when a thread does: reply count and time of the last post.
    #[must_use]
    pub fn signal(&self) -> String {
        let part = |name: &str| self.fields.get(name).map(String::as_str).unwrap_or_default();
        format!("{}|{}", part("replies"), part("last_post_at"))
    }
}

/// A page to be asked for. It is kept with the capture, so that the page can be read again later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRequest {
    /// Address.
    pub url: Url,
    /// What is expected there.
    pub kind: PageKind,
    /// Page of its listing or thread, from 1; 0 for a page of a thread that is read from its end.
    pub page: u32,
    /// The thread it belongs to.
    pub thread: Option<ThreadContext>,
    /// The zone of the site as far as it was learnt: its name, or an offset such as `UTC+05:30`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
}

/// A page that came, its content codings undone.
#[derive(Debug, Clone, Copy)]
pub struct RawPage<'a> {
    /// Address after redirects.
    pub url: &'a Url,
    /// HTTP status.
    pub status: u16,
    /// The Content-Type header; empty when there was none.
    pub content_type: &'a str,
    /// The bytes.
    pub body: &'a [u8],
    /// When it came; times such as "3 hours ago" count from here, also when an archived page is read again.
    pub received_at: Timestamp,
    /// The Retry-After header, if there was one.
    pub retry_after: Option<&'a str>,
}
