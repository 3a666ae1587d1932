//! What is already known of a site, to be found again in its new pages.

use std::collections::BTreeMap;

use jiff::{Timestamp, Unit};
use url::Url;

use crate::{
    extract::{PageReading, Post, Thread},
    walk::PageKind,
};

/// A row that was read before: a post of a thread, a thread of a listing, or a link to a board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// `Thread` for a post, `Listing` for a thread, `Boards` for a board.
    pub kind: PageKind,
    /// Its values under the names of a definition's fields: `post_id`, `author`, `posted_at` in RFC 3339 and UTC, `body`…
    /// Addresses are absolute.
    pub fields: BTreeMap<String, String>,
}

impl Known {
    /// A post as it is stored.
    #[must_use]
    pub fn post(post: &Post) -> Self {
        let mut fields = post.extra.clone();
        // Derived from the body, not read by a field.
        fields.remove("links");
        let mut put = |name: &str, value: Option<String>| {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                fields.insert(name.to_owned(), value);
            }
        };
        put("post_id", Some(post.post_id.clone()));
        put("author", post.author.clone());
        put("posted_at", post.posted_at.map(|time| time.to_string()));
        put("edited_at", post.edited_at.map(|time| time.to_string()));
        put("title", Some(post.title.clone()));
        put("body", Some(post.body.clone()));
        put("url", Some(post.url.clone()));
        Self { kind: PageKind::Thread, fields }
    }

    /// A thread as its listing showed it.
    #[must_use]
    pub fn thread(thread: &Thread) -> Self {
        let mut fields = thread.context.fields.clone();
        fields.insert("thread_id".to_owned(), thread.context.id.clone());
        fields.insert("thread_url".to_owned(), thread.url.to_string());
        Self { kind: PageKind::Listing, fields }
    }

    /// A board as a page named it.
    #[must_use]
    pub fn board(url: &Url) -> Self {
        Self { kind: PageKind::Boards, fields: BTreeMap::from([("url".to_owned(), url.to_string())]) }
    }

    /// The rows of a page that could still be read.
    #[must_use]
    pub fn of(reading: &PageReading) -> Vec<Self> {
        let (posts, threads) = (reading.posts.iter().map(Self::post), reading.threads.iter().map(Self::thread));
        posts.chain(threads).chain(reading.boards.iter().map(Self::board)).collect()
    }

    /// The value of a field.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str)
    }

    /// What identifies the row.
    #[must_use]
    pub fn id(&self) -> &str {
        self.get(id_field(self.kind)).unwrap_or_default()
    }
}

/// The field that identifies a row.
pub(super) fn id_field(kind: PageKind) -> &'static str {
    match kind {
        PageKind::Thread | PageKind::Posts => "post_id",
        PageKind::Listing => "thread_id",
        PageKind::Boards | PageKind::Times => "url",
    }
}

/// Text without any white space: what survives a change of markup.
pub(super) fn squeeze(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// How a value that was read compares with the one that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Likeness {
    /// The same, or the same time told more exactly.
    Same,
    /// The same time to the minute, where seconds were known.
    Coarser,
    /// Another value.
    Other,
}

/// Compares two values of a field; `page` resolves addresses.
pub(super) fn compare(name: &str, read: &str, known: &str, page: &Url) -> Likeness {
    let same = |same: bool| if same { Likeness::Same } else { Likeness::Other };
    if name.ends_with("_at") {
        return match (read.parse(), known.parse()) {
            (Ok(read), Ok(known)) => times(read, known),
            _ => Likeness::Other,
        };
    }
    if name == "url" || name.ends_with("_url") {
        return same(page.join(read.trim()).is_ok_and(|url| url.as_str() == known));
    }
    same(squeeze(read) == squeeze(known))
}

/// Compares two times; one that is known in minutes may be told in seconds now.
pub(super) fn times(read: Timestamp, known: Timestamp) -> Likeness {
    let minute = |time: Timestamp| time.as_second().div_euclid(60);
    let seconds = |time: Timestamp| time.round(Unit::Second).map_or(0, |time| time.as_second().rem_euclid(60));
    if read.as_second() == known.as_second() {
        return Likeness::Same;
    }
    match (minute(read) == minute(known), seconds(known), seconds(read)) {
        (true, 0, _) => Likeness::Same,
        (true, _, 0) => Likeness::Coarser,
        _ => Likeness::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_compared_by_what_they_mean() {
        let page = Url::parse("http://forum.example/t/1").unwrap();
        let like = |name: &str, read: &str, known: &str| compare(name, read, known, &page);
        assert_eq!(like("body", "a\n b", "a b"), Likeness::Same);
        assert_eq!(like("author", "bob", "Bob"), Likeness::Other);
        assert_eq!(like("url", "#c1", "http://forum.example/t/1#c1"), Likeness::Same);
        assert_eq!(like("posted_at", "2026-07-09T19:35:12Z", "2026-07-09T19:35:00Z"), Likeness::Same);
        assert_eq!(like("posted_at", "2026-07-09T19:35:00Z", "2026-07-09T19:35:12Z"), Likeness::Coarser);
        assert_eq!(like("posted_at", "2026-07-09T19:36:00Z", "2026-07-09T19:35:12Z"), Likeness::Other);
        assert_eq!(like("posted_at", "yesterday", "2026-07-09T19:35:12Z"), Likeness::Other);
    }
}
