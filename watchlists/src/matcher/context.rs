//! Context rules held against the text around a hit.

use std::collections::HashMap;
use std::ops::Range;

use memchr::memmem::Finder;

use super::edges;
use crate::fold::{Folded, fold};
use crate::term::{Context, Near};

/// The context rules of one term, ready to be held against a text.
#[derive(Debug)]
pub(super) struct Rules {
    near: Option<Nearby>,
    all_of: Vec<Finder<'static>>,
    unless_near: Option<Nearby>,
}

#[derive(Debug)]
struct Nearby {
    words: Vec<Finder<'static>>,
    within: usize,
}

/// What was found of the rules that look at the whole text, term by term.
pub(super) type Known = HashMap<usize, bool>;

impl Rules {
    pub(super) fn of(context: &Context) -> Rules {
        let nearby = |near: &Near| Nearby { words: finders(&near.any_of), within: near.within };
        Rules {
            near: context.near.as_ref().map(nearby),
            all_of: finders(&context.all_of),
            unless_near: context.unless_near.as_ref().map(nearby),
        }
    }

    /// Whether a word was asked for, so that finding it makes the hit surer.
    pub(super) fn asks_for_words(&self) -> bool {
        self.near.is_some() || !self.all_of.is_empty()
    }

    /// Whether a hit at `span` of the original counts.
    pub(super) fn hold(&self, folded: &Folded, span: &Range<usize>, term: usize, known: &mut Known) -> bool {
        let text = folded.text();
        let hit = folded.folded(span.clone());
        let everywhere = |word: &Finder<'_>| occurrences(text, 0..text.len(), word).next().is_some();
        *known.entry(term).or_insert_with(|| self.all_of.iter().all(everywhere))
            && self.near.as_ref().is_none_or(|near| near.holds(text, &hit))
            && self.unless_near.as_ref().is_none_or(|near| !near.holds(text, &hit))
    }
}

impl Nearby {
    /// Whether a word stands near the hit. One that is no more than a part of the hit says
    /// nothing; one that goes beyond it (`Delta Air Lines` for Delta) counts.
    fn holds(&self, text: &str, hit: &Range<usize>) -> bool {
        let left = reach_left(text, hit.start, self.within);
        let right = reach_right(text, hit.end, self.within);
        self.words.iter().any(|word| {
            // One that begins before the window and ends in it is within the distance too.
            let from = text.floor_char_boundary(left.saturating_sub(word.needle().len()));
            let to = text.ceil_char_boundary((right + word.needle().len()).min(text.len()));
            let beyond = |found: &Range<usize>| found.start < hit.start || found.end > hit.end;
            occurrences(text, from..to, word).any(|found| beyond(&found) && found.end >= left && found.start <= right)
        })
    }
}

fn finders(words: &[String]) -> Vec<Finder<'static>> {
    words.iter().map(|word| Finder::new(fold(word).text()).into_owned()).collect()
}

/// The places in `within` where a word stands as a keyword would.
fn occurrences<'a>(
    text: &'a str, within: Range<usize>, word: &'a Finder<'_>,
) -> impl Iterator<Item = Range<usize>> + 'a {
    let mut at = within.start;
    std::iter::from_fn(move || {
        let found = at + word.find(text.as_bytes().get(at..within.end)?)?;
        at = found + 1;
        Some(found..found + word.needle().len())
    })
    .filter(|found| edges::keyword(text, found.clone()))
}

fn reach_left(text: &str, from: usize, chars: usize) -> usize {
    from - text[..from].chars().rev().take(chars).map(char::len_utf8).sum::<usize>()
}

fn reach_right(text: &str, from: usize, chars: usize) -> usize {
    from + text[from..].chars().take(chars).map(char::len_utf8).sum::<usize>()
}
