//! Where known values stand in a page, and which row of it is which known one.

use super::{
    known::{Known, Likeness, id_field, squeeze, times},
    view::View,
};
use crate::walk::PageKind;

/// Fewest points by which a row is taken for a known one: an id with one more value, or a text with its time.
const ENOUGH: u32 = 4;
/// A value that is found in more places than this says nothing.
const TOO_OFTEN: usize = 200;

/// Where the values of one known row stand in one page.
#[derive(Debug, Default)]
pub(super) struct Places {
    id: Vec<usize>,
    /// Body of a post, title of a thread.
    text: Vec<usize>,
    time: Vec<usize>,
    author: Vec<usize>,
}

impl Places {
    /// Looks the values of a known row up in a page.
    pub(super) fn find(view: &View<'_>, known: &Known) -> Self {
        let mut places = Self::default();
        let (text, time) = match known.kind {
            PageKind::Thread => ("body", "posted_at"),
            _ => ("title", "last_post_at"),
        };
        let (text, author) = (known.get(text).map(squeeze), known.get("author").map(squeeze));
        let address = known.get("url").or_else(|| known.get("thread_url"));
        for (at, element) in view.elements.iter().enumerate() {
            let shown = view.shown(at);
            if !shown.is_empty() && text.as_deref() == Some(shown) {
                places.text.push(at);
            }
            let attribute = |name: &str| element.attr(name).map(squeeze);
            if author.is_some() && (author.as_deref() == Some(shown) || attribute("data-author") == author) {
                places.author.push(at);
            }
            let leads = || element.attr("href").and_then(|link| view.url.join(link).ok());
            let names = || element.value().attrs().any(|(name, value)| may_name(name) && has_token(value, known.id()));
            if names() || address.is_some_and(|url| leads().is_some_and(|link| link.as_str() == url)) {
                places.id.push(at);
            }
        }
        if let Some(time) = known.get(time).and_then(|time| time.parse().ok()) {
            let told = view.times.iter().filter(|(_, told)| times(*told, time) != Likeness::Other);
            places.time = told.map(|(at, _)| *at).collect();
        }
        if places.id.len() > TOO_OFTEN {
            places.id.clear();
        }
        // The page of a paste tells the id by its address alone.
        if view.kind == PageKind::Thread && places.id.is_empty() && has_token(view.url.as_str(), known.id()) {
            places.id.push(0);
        }
        places
    }

    /// How surely the element from `from` up to `to` is the known row.
    pub(super) fn points(&self, from: usize, to: usize) -> u32 {
        let inside = |places: &[usize], points: u32| {
            if places.iter().any(|at| *at == 0 || (from..to).contains(at)) { points } else { 0 }
        };
        let (id, time) = (inside(&self.id, 3), inside(&self.time, 2));
        let points = id + time + inside(&self.text, 2) + inside(&self.author, 1);
        // A text and a name alone may be a quotation.
        if points >= ENOUGH && id + time > 0 { points } else { 0 }
    }

    /// Elements from which the search for the row begins.
    pub(super) fn seeds(&self) -> impl Iterator<Item = usize> {
        self.text.iter().chain(&self.id).chain(&self.time).copied().take(24)
    }
}

/// Attributes that name things: not those of looks, where any number may stand.
fn may_name(attribute: &str) -> bool {
    matches!(attribute, "id" | "name" | "href" | "class" | "value" | "for" | "content" | "action")
        || attribute.starts_with("data-")
}

/// Whether a value names an id: no letter or digit touches it.
pub(super) fn has_token(value: &str, id: &str) -> bool {
    !id.is_empty() && token_at(value, id).is_some()
}

/// Where a value names an id.
pub(super) fn token_at(value: &str, id: &str) -> Option<usize> {
    let touches = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    // A letter before a number is a mark, as in `p12`; a digit is not.
    let number = id.chars().all(|c| c.is_ascii_digit());
    value.match_indices(id).map(|(at, _)| at).find(|at| {
        let before = value[..*at].chars().next_back();
        let before = if number { before.is_some_and(|c| c.is_ascii_digit()) } else { touches(before) };
        !before && !touches(value[at + id.len()..].chars().next())
    })
}

/// Which of the known rows each row of a page is; every known one is at most one row.
pub(super) fn assign(view: &View<'_>, rows: &[usize], places: &[Places]) -> Vec<Option<usize>> {
    let mut pairs = Vec::new();
    for (row, from) in rows.iter().enumerate() {
        let to = view.ends[*from];
        for (known, places) in places.iter().enumerate() {
            let points = places.points(*from, to);
            if points > 0 {
                pairs.push((std::cmp::Reverse(points), to - from, row, known));
            }
        }
    }
    // The surest first; of rows inside one another the inner.
    pairs.sort_unstable();
    let (mut assigned, mut taken) = (vec![None; rows.len()], vec![false; places.len()]);
    for (_, _, row, known) in pairs {
        if assigned[row].is_none() && !taken[known] {
            assigned[row] = Some(known);
            taken[known] = true;
        }
    }
    assigned
}

/// The names of the fields that identify rows of a kind, or lead to them.
pub(super) fn is_id(kind: PageKind, name: &str) -> bool {
    name == id_field(kind) || (kind == PageKind::Thread && name == "thread_id")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_whole_word() {
        for (value, id, expected) in [
            ("post-12", "12", true),
            ("p12", "12", true),
            ("post-112", "12", false),
            ("post-121", "12", false),
            ("?t=12&p=3", "12", true),
            ("div-comment-2", "comment-2", true),
            ("xcomment-2", "comment-2", false),
            ("anything", "", false),
        ] {
            assert_eq!(has_token(value, id), expected, "{value}");
        }
    }
}
