//! Gathering the hits of one text, each held against the context rules of its term.

use super::context::Known;
use super::hit::Found;
use super::{Confidence, Form, Hit, WatchedTerm};
use crate::fold::Folded;

/// The hits found so far in one text.
pub(super) struct Collector<'m, 't> {
    terms: &'m [WatchedTerm],
    pub(super) text: &'t str,
    pub(super) folded: &'m Folded,
    hits: Vec<Hit<'t>>,
    known: Known,
}

impl<'m, 't> Collector<'m, 't> {
    pub(super) fn new(terms: &'m [WatchedTerm], text: &'t str, folded: &'m Folded) -> Self {
        Collector { terms, text, folded, hits: Vec::new(), known: Known::new() }
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

    /// All hits by place; of several on one span of one term, the surest.
    pub(super) fn finish(self) -> Vec<Hit<'t>> {
        let mut hits = self.hits;
        hits.sort_unstable_by_key(|hit| (hit.start, hit.end, hit.term, hit.confidence, hit.form));
        hits.dedup_by_key(|hit| (hit.start, hit.end, hit.term));
        hits
    }
}
