//! The exact look at what passed the sieve: is it an anchor, and does the right thing follow?

use super::Prefilter;
use super::anchor::{bigram_hash, word_hash};
use super::class::{self, Class};
use super::element::{self, Next};
use super::index::{Reach, pair};
use super::scan::Visit;
use super::window::Event;
use crate::fold::script::is_ignorable;

/// The anchors in `text` that may belong to a pattern, and its exotic characters.
pub(super) fn events(prefilter: &Prefilter, text: &str) -> Vec<Event> {
    let mut finder = Finder { prefilter, text, events: Vec::new() };
    prefilter.sieve.scan(text.as_bytes(), &mut finder);
    if let Some((search, reach)) = &prefilter.lone {
        search.find_iter(text).for_each(|found| finder.push(found.start(), *reach, None));
    }
    finder.events
}

struct Finder<'a> {
    prefilter: &'a Prefilter,
    text: &'a str,
    events: Vec<Event>,
}

impl Visit for Finder<'_> {
    fn word(&mut self, at: usize, len: usize) {
        let hash = word_hash(self.text, at, len);
        if let Some(&reach) = self.prefilter.anchors.reach.get(&hash) {
            let rest = self.text.get(at..).unwrap_or_default();
            let end = rest.find(|c| class::of(c) != Class::Word).map_or(self.text.len(), |len| at + len);
            self.confirm(hash, reach, at, end);
        }
    }

    fn cjk(&mut self, at: usize) {
        let before = self.text.get(..at).and_then(|text| text.chars().next_back());
        let mut from = self.text.get(at..).unwrap_or_default().chars();
        let (Some(this), after) = (from.next(), from.next()) else {
            return;
        };
        if let Some(before) = before {
            self.bigram(before, at.saturating_sub(before.len_utf8()), this, at);
        }
        if let Some(after) = after {
            self.bigram(this, at, after, at + this.len_utf8());
        }
    }

    fn rare(&mut self, at: usize) {
        let at = self.text.floor_char_boundary(at);
        let Some(c) = self.text.get(at..).and_then(|text| text.chars().next()) else {
            return;
        };
        match class::of(c) {
            Class::Exotic if self.is_harmless(at, c) => {}
            Class::Exotic => self.push(at, self.prefilter.exotic, None),
            Class::Space => self.gap(at),
            _ => {}
        }
    }
}

impl Finder<'_> {
    /// An invisible character beside one that no word has: without it nothing new stands together.
    fn is_harmless(&self, at: usize, c: char) -> bool {
        let separates = |c: Option<char>| c.is_some_and(|c| class::of(c) == Class::Separator);
        let (before, after) = self.text.split_at_checked(at).unwrap_or_default();
        is_ignorable(c) && (separates(before.chars().next_back()) || separates(after.chars().nth(1)))
    }

    /// Folding removes white space between Han and kana.
    fn gap(&mut self, at: usize) {
        let Some((left, rest)) = self.text.split_at_checked(at) else {
            return;
        };
        let after = rest.char_indices().find(|&(_, c)| class::of(c) != Class::Space);
        if let (Some(first), Some((skipped, second))) = (left.chars().next_back(), after) {
            self.bigram(first, at.saturating_sub(first.len_utf8()), second, at + skipped);
        }
    }

    /// Two characters, the second of which begins at `second_at`.
    fn bigram(&mut self, first: char, at: usize, second: char, second_at: usize) {
        if class::of(first) == Class::Cjk && class::of(second) == Class::Cjk {
            let hash = bigram_hash(element::fold_cjk(first), element::fold_cjk(second));
            if let Some(&reach) = self.prefilter.anchors.reach.get(&hash) {
                self.confirm(hash, reach, at, second_at + second.len_utf8());
            }
        }
    }

    /// Takes the anchor at `at..end` if it needs nothing more or what stands beside it belongs to it.
    fn confirm(&mut self, hash: u64, reach: Reach, at: usize, end: usize) {
        if reach.alone {
            self.push(at, reach, Some(hash));
        }
        if reach.ahead {
            let pair = |next: u64| pair(hash, next);
            self.confirm_beside(reach, at, element::next(self.text, end, true), pair);
        }
        if reach.back {
            let pair = |last: u64| pair(last, hash);
            self.confirm_beside(reach, at, element::last(self.text, at), pair);
        }
    }

    fn confirm_beside(&mut self, reach: Reach, at: usize, beside: Next, pair: impl Fn(u64) -> u64) {
        match beside {
            Next::Element(beside) => {
                let told = Some(pair(beside.hash)).filter(|pair| self.prefilter.anchors.pairs.contains(pair));
                if told.is_some() {
                    self.push(at, reach, told);
                }
            }
            Next::Unknown => self.push(at, reach, None),
            Next::End => {}
        }
    }

    /// `told` is the hash that tells which patterns it may be, if that is known.
    fn push(&mut self, at: usize, reach: Reach, told: Option<u64>) {
        let (left, right) = (usize::from(reach.left) + 1, usize::from(reach.right) + 1);
        self.events.push(Event { first: at, last: at, left, right, told });
    }
}
