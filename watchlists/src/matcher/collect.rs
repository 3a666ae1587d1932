//! Gathering the hits of one text, each held against the context rules of its term.

use std::ops::Range;

use super::context::Known;
use super::hit::Found;
use super::{Confidence, Form, Hit, WatchedTerm};
use crate::fold::Folded;
use crate::prefilter::Window;

/// The hits found so far in one text.
pub(super) struct Collector<'m, 't> {
    terms: &'m [WatchedTerm],
    pub(super) text: &'t str,
    pub(super) folded: &'m Folded,
    /// The bytes of `text` in which an occurrence counts.
    core: Range<usize>,
    /// Bytes of the whole text before `text`.
    before: usize,
    hits: Vec<Hit<'t>>,
    known: Known,
}

impl<'m, 't> Collector<'m, 't> {
    pub(super) fn new(terms: &'m [WatchedTerm], text: &'t str, folded: &'m Folded, window: &Window) -> Self {
        let before = window.outer.start;
        let core = window.core.start.saturating_sub(before)..window.core.end.saturating_sub(before);
        Collector { terms, text, folded, core, before, hits: Vec::new(), known: Known::new() }
    }

    /// Whether an occurrence at `range` of the original counts here; if not, another window has it.
    pub(super) fn takes(&self, range: &Range<usize>) -> bool {
        self.core.start <= range.start && range.end <= self.core.end
    }

    pub(super) fn watched(&self, term: usize) -> Option<&'m WatchedTerm> {
        self.terms.get(term)
    }

    /// Takes what was found of a term, if its context rules hold there.
    pub(super) fn push(&mut self, term: usize, mut found: Found) {
        let Some(watched) = self.terms.get(term) else {
            return;
        };
        if let Some(rules) = &watched.rules {
            if !rules.hold(self.folded, &found.span, term, &mut self.known) {
                return;
            }
            // The words that were asked for tell the person or number from another one.
            if rules.asks_for_words() && found.form < Form::LookAlike {
                found.confidence = Confidence::High;
            }
        }
        self.hits.extend(Hit::new(watched, self.text, found));
    }

    /// All hits, with their places in the whole text.
    pub(super) fn finish(self) -> Vec<Hit<'t>> {
        let mut hits = self.hits;
        for hit in &mut hits {
            hit.start += self.before;
            hit.end += self.before;
        }
        hits
    }
}

/// Hits by place; of several on one span of one term, the surest.
pub(super) fn in_order(mut hits: Vec<Hit<'_>>) -> Vec<Hit<'_>> {
    hits.sort_unstable_by_key(|hit| (hit.start, hit.end, hit.term, hit.confidence, hit.form));
    hits.dedup_by_key(|hit| (hit.start, hit.end, hit.term));
    hits
}
