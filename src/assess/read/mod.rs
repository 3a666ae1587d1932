//! The readers: one a kind of statement, each giving values with the words they were read from.

mod action;
mod contact;
mod data;
mod price;
mod records;
mod sample;
mod volume;

use regex::{Captures, Match, Regex};

use super::claim::{Action, Claim, DataKind, Field, MAX_READINGS, Reading};
use super::fold::Folded;

/// Longest wording kept with a value, in bytes.
const MAX_WORDING: usize = 200;

/// One of the two texts of a post.
pub(super) struct Source<'a> {
    field: Field,
    folded: Folded<'a>,
}

impl Source<'_> {
    /// The folded text.
    fn text(&self) -> &str {
        &self.folded.text
    }

    fn reading<T>(&self, value: T, found: &Match<'_>) -> Reading<T> {
        let span = self.folded.original_span(found.range());
        let wording = self.folded.wording(&span);
        let wording = wording.get(..wording.floor_char_boundary(MAX_WORDING)).unwrap_or_default().to_owned();
        Reading { value, field: self.field, start: span.start as u64, end: span.end as u64, wording }
    }
}

/// Title and text, folded once for all readers.
pub(super) struct Post<'a>([Source<'a>; 2]);

impl Post<'_> {
    /// What `read` makes of each place where `pattern` matches; the place is the group `span`, or the whole match.
    fn readings<T>(&self, pattern: &Regex, read: impl Fn(&Captures<'_>) -> Option<T>) -> Vec<Reading<T>> {
        let found = self.0.iter().flat_map(|source| {
            pattern.captures_iter(source.text()).filter_map(|captures| {
                let place = captures.name("span").or_else(|| captures.get(0))?;
                Some(source.reading(read(&captures)?, &place))
            })
        });
        found.take(MAX_READINGS).collect()
    }
}

/// The claim of a post; `None` when nothing is claimed.
pub(super) fn claim(title: &str, body: &str, author: Option<&str>) -> Option<Claim> {
    let post = Post([
        Source { field: Field::Title, folded: Folded::new(title) },
        Source { field: Field::Body, folded: Folded::new(body) },
    ]);
    let mut claim = Claim {
        actor: author.map(str::trim).filter(|a| !a.is_empty()).map(str::to_owned),
        action: Action::Talk,
        actions: Vec::new(),
        volumes: volume::read(&post),
        records: records::read(&post),
        data: data::read(&post),
        prices: price::read(&post),
        contacts: contact::read(&post),
        samples: sample::read(&post),
    };
    (claim.action, claim.actions) = action::read(&post, &claim)?;
    Some(claim)
}

/// A pattern of whole Latin words, Cyrillic beginnings of words, and Chinese words anywhere. An empty part is left out.
///
/// A Latin word may touch a Chinese one ("DB資料"), so its boundaries are those of ASCII.
fn words(latin: &str, cyrillic: &str, han: &str) -> Regex {
    let mut parts = Vec::new();
    if !latin.is_empty() {
        parts.push(format!(r"(?-u:\b)(?:{latin})(?-u:\b)"));
    }
    if !cyrillic.is_empty() {
        parts.push(format!(r"\b(?:{cyrillic})"));
    }
    if !han.is_empty() {
        parts.push(format!("(?:{han})"));
    }
    pattern(&parts.join("|"))
}

/// A pattern of this program's own; every one is compiled by a test.
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern of this program")
}

/// Kinds of data that are traded for themselves: a price beside one of them is an offer.
fn is_traded(kind: DataKind) -> bool {
    !matches!(kind, DataKind::Unspecified | DataKind::Documents | DataKind::Mail)
}
