//! The terms that are found as literals, and in which view of the text.

use super::automaton::{Automaton, MatcherError};
use super::collect::Collector;
use super::hit::Found;
use super::lookalike::LookAlikes;
use super::{Confidence, Form, WatchedTerm, loose, refang, verify};
use crate::fold::{Folded, fold};
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
    /// Keywords and domains by what they look like, for the words whose spelling is suspicious.
    look_alikes: LookAlikes,
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

    pub(super) fn compile(self, look_alikes: LookAlikes) -> Result<Literals, MatcherError> {
        let hosts = Automaton::build(self.hosts.into_iter())?;
        Ok(Literals { hosts, words: Automaton::build(self.words.into_iter())?, look_alikes })
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
            for &term in terms {
                let host = |watched| verify::host(watched, hits.text, view, range.clone());
                if let Some(found) = hits.watched(term).and_then(host) {
                    hits.push(term, found);
                }
            }
        });
    }

    /// Calls `found` with what only looks like a term, and with hosts whose dots are set apart. Both are sought in
    /// the original, around the few places where they may be.
    pub(super) fn find_doubtful(&self, terms: &[WatchedTerm], text: &str, mut found: impl FnMut(usize, Found)) {
        if !self.hosts.is_empty() {
            for part in loose::parts(text) {
                self.find_loose_hosts(terms, text.get(part.clone()).unwrap_or_default(), part.start, &mut found);
            }
        }
        self.look_alikes.each(terms, text, found);
    }

    /// Hosts whose dots are set apart: less sure, because a sentence may end there.
    fn find_loose_hosts(&self, terms: &[WatchedTerm], text: &str, from: usize, found: &mut impl FnMut(usize, Found)) {
        let folded = fold(text);
        let Some(view) = loose::restore(refang::refang(&folded).as_ref().unwrap_or(&folded)) else {
            return;
        };
        self.hosts.each_occurrence(view.text(), |range, owners| {
            // Only where the term itself has such a dot; what is whole is found as it stands.
            let written = text.get(view.original(range.clone())).unwrap_or_default();
            if !written.contains(char::is_whitespace) {
                return;
            }
            for &term in owners {
                let host = |watched| verify::host(watched, text, &view, range.clone());
                if let Some(Found { span, .. }) = terms.get(term).and_then(host) {
                    let span = from + span.start..from + span.end;
                    found(term, Found { span, form: Form::Defanged, confidence: Confidence::Low });
                }
            }
        });
    }
}

/// Kinds that are looked for with their dots and signs restored.
fn is_host(kind: TermKind) -> bool {
    matches!(kind, TermKind::Domain | TermKind::Email | TermKind::EmailDomain)
}
