//! The matcher: every term of every member in a text, with spans of the original.

mod automaton;
mod edges;
mod form;
mod hit;
mod refang;

use std::ops::Range;

use crate::fold::{Folded, fold};
use crate::prefilter::{Prefilter, Window};
use crate::term::{Term, TermKind};

use automaton::Automaton;
pub use automaton::MatcherError;
pub use hit::{Form, Hit, TermId};

/// A fixed set of terms, ready to be searched for; shared between threads by reference.
///
/// Changing a term means building another matcher aside and swapping it in.
#[derive(Debug)]
pub struct Matcher {
    terms: Vec<WatchedTerm>,
    /// Domains and addresses, searched in the text with its defanged dots and signs restored.
    hosts: Automaton,
    /// Keywords, searched in the folded text.
    keywords: Automaton,
    /// Says where to search; without it that is everywhere.
    prefilter: Option<Prefilter>,
}

#[derive(Debug)]
struct WatchedTerm {
    id: TermId,
    term: Term,
    /// The term as people write it, if that is not its canonical text.
    readable: Option<String>,
}

impl Matcher {
    /// A matcher for `terms`. The same text may come from any number of members: each has its hits.
    ///
    /// # Errors
    ///
    /// When the automaton would be larger than the engine can address (hundreds of millions of
    /// bytes of terms).
    pub fn new(terms: impl IntoIterator<Item = (TermId, Term)>) -> Result<Matcher, MatcherError> {
        let terms: Vec<WatchedTerm> = terms.into_iter().map(WatchedTerm::new).collect();
        let of_kind = |keyword: bool| {
            let chosen = terms.iter().enumerate();
            chosen
                .filter(move |(_, t)| (t.term.kind() == TermKind::Keyword) == keyword)
                .flat_map(|(index, t)| t.term.patterns().into_iter().map(move |p| (p, index)))
                .collect()
        };
        let (hosts, keywords): (Vec<_>, Vec<_>) = (of_kind(false), of_kind(true));
        let patterns = hosts.iter().chain(&keywords).map(|(pattern, _)| pattern.as_str());
        let prefilter = Prefilter::build(patterns, !hosts.is_empty());
        let hosts = Automaton::build(hosts.into_iter())?;
        let keywords = Automaton::build(keywords.into_iter())?;
        Ok(Matcher { hosts, keywords, prefilter, terms })
    }

    /// How many terms are watched.
    pub fn len(&self) -> usize {
        self.terms.len()
    }

    /// Whether nothing is watched.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// What [`find`](Self::find) must find, without the prefilter.
    #[cfg(test)]
    pub(crate) fn find_everywhere<'t>(&self, text: &'t str) -> Vec<Hit<'t>> {
        let mut hits = Vec::new();
        self.search(text, &Window { outer: 0..text.len(), core: 0..text.len() }, &mut hits);
        hits.sort_unstable_by_key(|hit| (hit.start, hit.end, hit.term, hit.form));
        hits.dedup_by_key(|hit| (hit.start, hit.end, hit.term));
        hits
    }

    /// Every hit of every term in `text`, ordered by start, end and term; a term has at most one
    /// hit on one span.
    pub fn find<'t>(&self, text: &'t str) -> Vec<Hit<'t>> {
        let mut hits = Vec::new();
        match self.prefilter.as_ref().and_then(|prefilter| prefilter.windows(text)) {
            Some(windows) => windows.iter().for_each(|window| self.search(text, window, &mut hits)),
            None => self.search(text, &Window { outer: 0..text.len(), core: 0..text.len() }, &mut hits),
        }
        hits.sort_unstable_by_key(|hit| (hit.start, hit.end, hit.term, hit.form));
        hits.dedup_by_key(|hit| (hit.start, hit.end, hit.term));
        hits
    }

    /// Folds one window and takes what is found in its core.
    fn search<'t>(&self, text: &'t str, window: &Window, hits: &mut Vec<Hit<'t>>) {
        let Some(part) = text.get(window.outer.clone()) else {
            return;
        };
        let from = window.outer.start;
        let core = window.core.start - from..window.core.end - from;
        let known = hits.len();
        let folded = fold(part);
        self.find_keywords(part, &folded, &core, hits);
        if !self.hosts.is_empty() {
            match refang::refang(&folded) {
                Some(refanged) => self.find_hosts(part, &refanged, &core, hits),
                None => self.find_hosts(part, &folded, &core, hits),
            }
        }
        for hit in hits.iter_mut().skip(known) {
            hit.start += from;
            hit.end += from;
        }
    }

    fn find_keywords<'t>(&self, text: &'t str, folded: &Folded, core: &Range<usize>, hits: &mut Vec<Hit<'t>>) {
        self.keywords.each_occurrence(folded.text(), |range, terms| {
            let original = folded.original(range.clone());
            if !lies_in(core, &original) || !edges::keyword(folded.text(), range) {
                return;
            }
            for watched in terms.iter().filter_map(|&index| self.terms.get(index)) {
                let form = form::of_keyword(&watched.term, text, original.clone());
                hits.extend(Hit::new(watched, text, original.clone(), form));
            }
        });
    }

    fn find_hosts<'t>(&self, text: &'t str, view: &Folded, core: &Range<usize>, hits: &mut Vec<Hit<'t>>) {
        self.hosts.each_occurrence(view.text(), |range, terms| {
            if !lies_in(core, &view.original(range.clone())) {
                return;
            }
            for watched in terms.iter().filter_map(|&index| self.terms.get(index)) {
                let edges = match watched.term.kind() {
                    TermKind::Email => edges::email(view.text(), range.clone()),
                    _ => edges::domain(view.text(), range.clone()),
                };
                if let Some(host) = edges
                    && form::keeps_marks(watched, text, view, range.clone())
                {
                    let form = form::of_host(watched, text, view, range.clone(), host.clone());
                    hits.extend(Hit::new(watched, text, view.original(host), form));
                }
            }
        });
    }
}

fn lies_in(core: &Range<usize>, range: &Range<usize>) -> bool {
    core.start <= range.start && range.end <= core.end
}

impl WatchedTerm {
    fn new((id, term): (TermId, Term)) -> WatchedTerm {
        let readable = Some(term.readable()).filter(|readable| readable != term.text());
        WatchedTerm { id, term, readable }
    }

    fn name(&self) -> &str {
        self.readable.as_deref().unwrap_or(self.term.text())
    }
}

#[cfg(test)]
mod tests;
