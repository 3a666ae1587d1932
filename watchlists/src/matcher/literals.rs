//! The terms that are found as literals, and in which view of the text.

use std::ops::Range;

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

/// Which patterns are looked for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Sought<'a> {
    /// All of them.
    All,
    /// Those of these numbers, in the order of [`Literals::patterns`].
    These(&'a [u32]),
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

    pub(super) fn compile(self, look_alikes: LookAlikes) -> Result<Literals, MatcherError> {
        let hosts = Automaton::build(self.hosts.into_iter())?;
        Ok(Literals { hosts, words: Automaton::build(self.words.into_iter())?, look_alikes })
    }
}

impl Literals {
    pub(super) fn is_empty(&self) -> bool {
        self.hosts.is_empty() && self.words.is_empty()
    }

    /// All different patterns: those of hosts, then those of words.
    pub(super) fn patterns(&self) -> impl Iterator<Item = &str> + Clone {
        self.hosts.patterns().chain(self.words.patterns())
    }

    pub(super) fn find_words(&self, sought: Sought<'_>, hits: &mut Collector<'_, '_>) {
        let (text, folded) = (hits.text, hits.folded);
        let mut found = |range: Range<usize>, terms: &[usize]| {
            if !hits.takes(&folded.original(range.clone())) {
                return;
            }
            for &term in terms {
                if let Some(watched) = hits.watched(term) {
                    verify::words(watched, text, folded, range.clone(), |found| hits.push(term, found));
                }
            }
        };
        match sought {
            Sought::All => self.words.each_occurrence(folded.text(), found),
            Sought::These(numbers) => {
                for word in numbers.iter().filter_map(|&number| (number as usize).checked_sub(self.hosts.len())) {
                    self.words.each_of(word, folded.text(), &mut found);
                }
            }
        }
    }

    pub(super) fn find_hosts(&self, sought: Sought<'_>, view: &Folded, hits: &mut Collector<'_, '_>) {
        let mut found = |range: Range<usize>, terms: &[usize]| {
            if !hits.takes(&view.original(range.clone())) {
                return;
            }
            for &term in terms {
                let host = |watched| verify::host(watched, hits.text, view, range.clone());
                if let Some(found) = hits.watched(term).and_then(host) {
                    hits.push(term, found);
                }
            }
        };
        match sought {
            Sought::All => self.hosts.each_occurrence(view.text(), found),
            Sought::These(numbers) => {
                for &host in numbers.iter().filter(|&&number| (number as usize) < self.hosts.len()) {
                    self.hosts.each_of(host as usize, view.text(), &mut found);
                }
            }
        }
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
