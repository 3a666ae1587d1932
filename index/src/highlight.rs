//! Where a query's words stand in a text, as spans of text; never as markup.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use serde::Serialize;

use crate::fold::Folding;
use crate::query::{Leaf, Scope};
use crate::tokens::{Kind, Token, Tokens};

/// Length of a snippet, in characters.
const SNIPPET_CHARS: usize = 160;
/// Characters of a snippet before its first highlight.
const LEAD_CHARS: usize = 40;
/// Highlights closer than this many bytes are tried to be shown together.
const REACH_BYTES: usize = 240;
/// Most token matches looked at in one text; the page shows a handful.
const MAX_PARTIAL: usize = 20_000;

/// A piece of a captured text. It is text: whoever shows it escapes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Span {
    /// The piece, exactly as captured.
    pub text: String,
    /// Whether the query asked for it.
    pub highlighted: bool,
}

/// The places where terms of one phrase stand: position the phrase would begin at, bytes.
type Partial = Vec<(usize, Range<usize>)>;

/// The parts of a query that can be seen in one field.
pub(crate) struct Highlighter<'a> {
    folding: &'a Folding,
    /// For each term, the phrases it is in: (phrase, offset in the phrase).
    terms: HashMap<&'a str, Vec<(usize, usize)>>,
    /// For each phrase, how many terms it has.
    sizes: Vec<usize>,
    lone: HashSet<char>,
}

impl<'a> Highlighter<'a> {
    /// For the field that `scope` names, of the leaves those that look there.
    pub(crate) fn new(folding: &'a Folding, leaves: &[&'a Leaf], wanted: Scope) -> Self {
        let mut highlighter = Highlighter { folding, terms: HashMap::new(), sizes: Vec::new(), lone: HashSet::new() };
        for leaf in leaves {
            let Leaf::Terms { scope, terms } = leaf else {
                continue;
            };
            if *scope != Scope::Any && *scope != wanted {
                continue;
            }
            if let Some(character) = leaf.lone() {
                highlighter.lone.insert(character);
                continue;
            }
            let phrase = highlighter.sizes.len();
            highlighter.sizes.push(terms.len());
            for (offset, _, text) in terms {
                let uses = highlighter.terms.entry(text.as_str()).or_default();
                uses.push((phrase, *offset));
            }
        }
        highlighter
    }

    /// The whole text, its matches highlighted.
    pub(crate) fn whole(&self, text: &str) -> Vec<Span> {
        spans(text, 0..text.len(), &self.matches(text))
    }

    /// The part of the text with the most matches close together, or its beginning.
    pub(crate) fn snippet(&self, text: &str) -> Vec<Span> {
        let matches = self.matches(text);
        let first = densest(&matches);
        let start = first.map_or(0, |first| lead(text, first.start));
        let length: usize = text[start..].chars().take(SNIPPET_CHARS).map(char::len_utf8).sum();
        spans(text, start..start + length, &matches)
    }

    /// Byte ranges of the matches, in order, not overlapping.
    fn matches(&self, text: &str) -> Vec<Range<usize>> {
        if self.sizes.is_empty() && self.lone.is_empty() {
            return Vec::new();
        }
        let (mut found, partial) = self.scan(text);
        for (phrase, mut partial) in partial.into_iter().enumerate() {
            partial.sort_by_key(|(base, range)| (*base, range.start));
            let complete =
                partial.chunk_by(|(a, _), (b, _)| a == b).filter(|chunk| self.sizes.get(phrase) == Some(&chunk.len()));
            found.extend(complete.filter_map(|chunk| {
                let start = chunk.iter().map(|(_, range)| range.start).min()?;
                let end = chunk.iter().map(|(_, range)| range.end).max()?;
                Some(start..end)
            }));
        }
        merge(found)
    }

    /// Matches of single characters, and for each phrase where each of its terms stands, with the
    /// position the phrase would begin at.
    fn scan(&self, text: &str) -> (Vec<Range<usize>>, Vec<Partial>) {
        let mut found = Vec::new();
        let mut partial = vec![Partial::new(); self.sizes.len()];
        let mut seen = 0;
        let mut tokens = Tokens::new(self.folding, text);
        let mut token = Token::empty();
        while seen < MAX_PARTIAL && tokens.advance(&mut token) {
            let head = token.text.chars().next();
            if token.kind != Kind::Word && head.is_some_and(|head| self.lone.contains(&head)) {
                found.push(token.start..token.head_end);
                seen += 1;
            }
            for &(phrase, offset) in self.terms.get(token.text.as_str()).into_iter().flatten() {
                if let Some(base) = token.position.checked_sub(offset) {
                    partial[phrase].push((base, token.start..token.end));
                    seen += 1;
                }
            }
        }
        (found, partial)
    }
}

/// Sorted, with overlapping and touching ranges made one.
fn merge(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| range.start);
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// The match that has the most others within reach after it; the first of equals.
fn densest(matches: &[Range<usize>]) -> Option<&Range<usize>> {
    let mut best = (0, matches.first()?);
    let mut end = 0;
    for (start, range) in matches.iter().enumerate() {
        while matches.get(end).is_some_and(|next| next.end <= range.start + REACH_BYTES) {
            end += 1;
        }
        let count = end.saturating_sub(start);
        if count > best.0 {
            best = (count, range);
        }
    }
    Some(best.1)
}

/// Where a snippet begins that shows the match at `at`: some characters before, not inside a word.
fn lead(text: &str, at: usize) -> usize {
    let before = &text[..at];
    let Some((start, _)) = before.char_indices().rev().nth(LEAD_CHARS - 1) else {
        return 0;
    };
    let is_word = |c: char| c.is_ascii_alphanumeric();
    if !before[..start].ends_with(is_word) {
        return start;
    }
    let rest = &before[start..];
    start + rest.find(|c| !is_word(c)).unwrap_or(rest.len())
}

/// The `window` of `text` as spans. Matches are in order and do not overlap.
fn spans(text: &str, window: Range<usize>, matches: &[Range<usize>]) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut push = |range: Range<usize>, highlighted| {
        if let Some(piece) = text.get(range).filter(|piece| !piece.is_empty()) {
            spans.push(Span { text: piece.to_owned(), highlighted });
        }
    };
    let mut at = window.start;
    for found in matches {
        let start = found.start.clamp(at, window.end);
        let end = found.end.clamp(start, window.end);
        push(at..start, false);
        push(start..end, true);
        at = end;
    }
    push(at..window.end, false);
    spans
}

#[cfg(test)]
mod tests;
