//! The terms that are found as literals, and in which view of the text.

use std::ops::Range;

use super::automaton::{Automaton, MatcherError};
use super::collect::Collector;
use super::hit::Found;
use super::{Confidence, Form, WatchedTerm, verify};
use crate::fold::Folded;
use crate::term::TermKind;

/// Patterns with the index of their term, not compiled yet.
#[derive(Default)]
pub(super) struct Patterns {
    pub(super) hosts: Vec<(String, usize)>,
    pub(super) words: Vec<(String, usize)>,
}

/// A part of the terms, compiled.
#[derive(Debug)]
pub(super) struct Literals {
    /// Domains and addresses, searched in the text with its defanged dots and signs restored.
    pub(super) hosts: Automaton,
    /// Keywords, phrases, persons, products and business numbers, searched in the folded text.
    words: Automaton,
}

impl Patterns {
    pub(super) fn of(terms: &[WatchedTerm], choose: fn(&WatchedTerm) -> bool) -> Patterns {
        let mut patterns = Patterns::default();
        for (index, watched) in terms.iter().enumerate().filter(|(_, watched)| choose(watched)) {
            let list = if is_host(watched.term.kind()) { &mut patterns.hosts } else { &mut patterns.words };
            list.extend(watched.term.patterns().into_iter().map(|pattern| (pattern, index)));
        }
        patterns
    }

    pub(super) fn texts(&self) -> impl Iterator<Item = &str> + Clone {
        self.hosts.iter().chain(&self.words).map(|(pattern, _)| pattern.as_str())
    }

    pub(super) fn compile(self) -> Result<Literals, MatcherError> {
        let hosts = Automaton::build(self.hosts.into_iter())?;
        Ok(Literals { hosts, words: Automaton::build(self.words.into_iter())? })
    }
}

impl Literals {
    pub(super) fn is_empty(&self) -> bool {
        self.hosts.is_empty() && self.words.is_empty()
    }

    pub(super) fn find_words(&self, hits: &mut Collector<'_, '_>) {
        let (text, folded) = (hits.text, hits.folded);
        self.words.each_occurrence(folded.text(), |range, terms| {
            if !hits.takes(&folded.original(range.clone())) {
                return;
            }
            for &term in terms {
                if let Some(watched) = hits.watched(term) {
                    verify::words(watched, text, folded, range.clone(), |found| hits.push(term, found));
                }
            }
        });
    }

    pub(super) fn find_hosts(&self, view: &Folded, hits: &mut Collector<'_, '_>) {
        self.hosts.each_occurrence(view.text(), |range, terms| {
            if !hits.takes(&view.original(range.clone())) {
                return;
            }
            push_hosts(terms, view, &range, hits, |found| found);
        });
    }

    /// Hosts whose dots are set apart: less sure, because a sentence may end there.
    pub(super) fn find_loose_hosts(&self, loose: &Folded, hits: &mut Collector<'_, '_>) {
        self.hosts.each_occurrence(loose.text(), |range, terms| {
            // Only where the term itself has such a dot; what is whole is found as it stands.
            let written = hits.text.get(loose.original(range.clone())).unwrap_or_default();
            if written.contains(char::is_whitespace) {
                let unsure = |found| Found { form: Form::Defanged, confidence: Confidence::Low, ..found };
                push_hosts(terms, loose, &range, hits, unsure);
            }
        });
    }
}

fn push_hosts(
    terms: &[usize], view: &Folded, range: &Range<usize>, hits: &mut Collector<'_, '_>,
    as_found: impl Fn(Found) -> Found,
) {
    for &term in terms {
        let host = |watched| verify::host(watched, hits.text, view, range.clone());
        if let Some(found) = hits.watched(term).and_then(host) {
            hits.push(term, as_found(found));
        }
    }
}

/// Kinds that are looked for with their dots and signs restored.
fn is_host(kind: TermKind) -> bool {
    matches!(kind, TermKind::Domain | TermKind::Email | TermKind::EmailDomain)
}
