//! What the page of a definition shows: a trial on a captured page, differences, the history.

use nightheron_crawlers::walk::PageKind;
use similar::{ChangeTag, TextDiff};

use crate::definitions::{Listed, Row, Tried};
use crate::store::model::{Reread, Revision};
use crate::web::view::{Time, plain, time};

/// Rows of a trial that are shown.
const ROWS: usize = 40;
/// Longest value shown, in characters.
const VALUE: usize = 400;
/// Lines around a difference.
const AROUND: usize = 2;

/// The catalogue's word for a kind of pages.
pub(crate) fn kind_of(kind: PageKind) -> &'static str {
    match kind {
        PageKind::Boards => "boards",
        PageKind::Listing => "listing",
        PageKind::Thread => "thread",
        PageKind::Posts => "posts",
        PageKind::Times => "times",
    }
}

/// A captured page to choose.
pub(crate) struct Choice {
    pub(crate) id: String,
    pub(crate) url: String,
    pub(crate) at: Time,
    pub(crate) kind: &'static str,
    pub(crate) outcome: String,
    pub(crate) good: bool,
    pub(crate) chosen: bool,
}

impl Choice {
    pub(crate) fn of(page: Listed, chosen: Option<&str>) -> Self {
        Self {
            chosen: chosen == Some(page.capture.as_str()),
            id: page.capture,
            url: shown_address(&page.url),
            at: time(page.at),
            kind: page.kind.map_or("unknown", kind_of),
            outcome: page.outcome,
            good: page.good,
        }
    }
}

/// An address of a site, which no reader's program makes a link of.
pub(crate) fn shown_address(url: &str) -> String {
    nightheron_watchlists::defang(&plain(url))
}

/// A row with values fit to be shown.
pub(crate) struct Shown {
    pub(crate) id: String,
    pub(crate) fields: Vec<(String, String)>,
}

/// A text cut off where it grows too long.
pub(crate) fn cut(text: &str) -> String {
    let mut cut: String = text.chars().take(VALUE).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}

impl From<&Row> for Shown {
    fn from(row: &Row) -> Self {
        let fields = row.fields.iter().map(|(name, value)| (name.clone(), cut(value)));
        Self { id: cut(&row.id), fields: fields.collect() }
    }
}

/// How a page was read.
pub(crate) struct Trial {
    pub(crate) outcome: String,
    pub(crate) good: bool,
    pub(crate) count: usize,
    pub(crate) rows: Vec<Shown>,
    pub(crate) links: Vec<(&'static str, String)>,
    pub(crate) source_text: String,
    pub(crate) then: Option<Then>,
}

/// How that differs from the last good reading.
pub(crate) struct Then {
    pub(crate) at: Time,
    pub(crate) lost: Vec<Shown>,
    pub(crate) gained: usize,
    /// Id, field, value then, value now.
    pub(crate) changed: Vec<[String; 4]>,
    pub(crate) same: usize,
}

impl From<Tried> for Trial {
    fn from(tried: Tried) -> Self {
        let then = tried.since_then.map(|(at, difference)| Then {
            at: time(at),
            lost: difference.lost.iter().take(ROWS).map(Shown::from).collect(),
            gained: difference.gained.len(),
            changed: difference.changed.iter().take(ROWS).map(|(a, b, c, d)| [a, b, c, d].map(|s| cut(s))).collect(),
            same: difference.same,
        });
        Self {
            outcome: tried.outcome,
            good: tried.good,
            count: tried.rows.len(),
            rows: tried.rows.iter().take(ROWS).map(Shown::from).collect(),
            links: tried.links.into_iter().take(ROWS).collect(),
            source_text: tried.source_text,
            then,
        }
    }
}

/// A line of a difference: `add`, `del`, `gap` or nothing, and its text.
pub(crate) type Line = (&'static str, String);

/// The lines in which two texts differ, with some around them.
pub(crate) fn difference(old: &str, new: &str) -> Vec<Line> {
    let diff = TextDiff::from_lines(old, new);
    let mut lines = Vec::new();
    for (n, group) in diff.grouped_ops(AROUND).iter().enumerate() {
        if n > 0 {
            lines.push(("gap", "…".to_owned()));
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let tag = match change.tag() {
                ChangeTag::Insert => "add",
                ChangeTag::Delete => "del",
                ChangeTag::Equal => "",
            };
            lines.push((tag, change.value().trim_end_matches('\n').to_owned()));
        }
    }
    lines
}

/// A text of the history.
pub(crate) struct Past {
    pub(crate) number: i64,
    pub(crate) at: Time,
    pub(crate) by: String,
    pub(crate) reason: String,
    pub(crate) lines: Vec<Line>,
    pub(crate) current: bool,
}

/// The history, each text with what it changed of the one before.
pub(crate) fn past(history: &[Revision], current: i64) -> Vec<Past> {
    let each = history.iter().enumerate().map(|(n, revision)| Past {
        number: revision.number,
        at: time(revision.at),
        by: revision.by.clone(),
        reason: revision.reason.clone(),
        lines: history.get(n + 1).map_or_else(Vec::new, |before| difference(&before.text, &revision.text)),
        current: revision.number == current,
    });
    each.collect()
}

/// Captures being read again.
pub(crate) struct Again {
    pub(crate) since: Time,
    pub(crate) queued: Time,
    pub(crate) finished: bool,
    pub(crate) made: Reread,
}

impl From<Reread> for Again {
    fn from(made: Reread) -> Self {
        Self { since: time(made.since), queued: time(made.queued_at), finished: made.finished_at.is_some(), made }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_shows_what_changed_and_a_little_around_it() {
        let old = "a\nb\nc\nd\ne\nf\ng\n";
        let new = "a\nb\nc\nD\ne\nf\ng\n";
        let lines = difference(old, new);
        let lines: Vec<_> = lines.iter().map(|(tag, text)| (*tag, text.as_str())).collect();
        assert_eq!(lines, [("", "b"), ("", "c"), ("del", "d"), ("add", "D"), ("", "e"), ("", "f")]);
        assert!(difference(old, old).is_empty());
    }

    #[test]
    fn a_long_value_is_cut_between_characters() {
        assert_eq!(cut(&"外".repeat(401)).chars().count(), 401);
        assert!(cut(&"外".repeat(401)).ends_with("外…"));
        assert_eq!(cut("short"), "short");
    }
}
