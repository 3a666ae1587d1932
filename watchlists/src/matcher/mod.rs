//! The matcher: every term of every member in a text, with spans of the original.

mod address;
mod automaton;
mod collect;
mod context;
mod edges;
mod expressions;
mod form;
mod hit;
mod literals;
mod lookalike;
mod loose;
mod number;
mod outline;
mod pairs;
mod refang;
mod release;
mod runs;
mod sequence;
mod skeleton;
mod suspicion;
mod verify;

use crate::fold::{Folded, fold};
use crate::prefilter::{Prefilter, Window};
use crate::term::product::Product;
use crate::term::{Term, TermKind};

use address::Networks;
pub use automaton::MatcherError;
use collect::Collector;
use context::Rules;
use expressions::Expressions;
use hit::Found;
pub use hit::{Confidence, Form, Hit, TermId};
use literals::{Literals, Patterns, Sought};
use lookalike::LookAlikes;

/// A fixed set of terms, ready to be searched for; shared between threads by reference.
///
/// Changing a term means building another matcher aside and swapping it in.
#[derive(Debug)]
pub struct Matcher {
    terms: Vec<WatchedTerm>,
    /// Terms that the prefilter knows.
    sieved: Literals,
    /// Says where to search for them; without it that is everywhere.
    prefilter: Option<Prefilter>,
    /// Terms whose verifier may look anywhere in the text.
    others: Literals,
    /// Addresses and networks, for the addresses read in the text.
    networks: Networks,
    /// Regular expressions, searched in the text as it is.
    expressions: Expressions,
}

#[derive(Debug)]
struct WatchedTerm {
    id: TermId,
    term: Term,
    /// The term as people write it, if that is not its canonical text.
    readable: Option<String>,
    shape: Shape,
    rules: Option<Box<Rules>>,
}

/// What a verifier needs to know of a term besides its text.
#[derive(Debug)]
enum Shape {
    /// The text is what is looked for.
    Literal,
    /// Words in sequence, of which any sequence counts.
    Sequences(Box<[Vec<String>]>),
    Product(Box<Product>),
    /// A company's whole name, folded, which is also looked for without its legal form.
    Company(Box<str>),
}

impl Matcher {
    /// A matcher for `terms`. The same text may come from any number of members: each has its hits.
    ///
    /// # Errors
    ///
    /// When the automaton would be larger than the engine can address (hundreds of millions of
    /// bytes of terms), or the regular expressions are too large together.
    pub fn new(terms: impl IntoIterator<Item = (TermId, Term)>) -> Result<Matcher, MatcherError> {
        let terms: Vec<WatchedTerm> = terms.into_iter().map(WatchedTerm::new).collect();
        let sieved = Patterns::of(&terms, is_sieved);
        let others = Patterns::of(&terms, |watched| !is_sieved(watched));
        let networks = Networks::build(terms.iter().map(|watched| &watched.term).enumerate());
        let regexes = terms.iter().enumerate().filter(|(_, watched)| watched.term.kind() == TermKind::Regex);
        let expressions = Expressions::build(regexes.map(|(index, watched)| (index, watched.term.text())))?;
        let sieved = sieved.compile(LookAlikes::build(&terms, is_sieved))?;
        let prefilter = Prefilter::build(sieved.patterns(), !sieved.hosts.is_empty());
        let others = others.compile(LookAlikes::build(&terms, |watched| !is_sieved(watched)))?;
        Ok(Matcher { sieved, prefilter, others, networks, expressions, terms })
    }

    /// How many terms are watched.
    pub fn len(&self) -> usize {
        self.terms.len()
    }

    /// Whether nothing is watched.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Every hit of every term in `text`, ordered by start, end and term; a term has at most one
    /// hit on one span.
    pub fn find<'t>(&self, text: &'t str) -> Vec<Hit<'t>> {
        let Some(windows) = self.prefilter.as_ref().and_then(|prefilter| prefilter.windows(text)) else {
            return self.find_everywhere(text);
        };
        let mut hits = Vec::new();
        for window in &windows {
            hits.extend(self.search_window(text, window));
        }
        self.sieved.find_doubtful(&self.terms, text, |term, found| {
            hits.extend(self.terms.get(term).and_then(|watched| Hit::new(watched, text, found)));
        });
        if !(self.others.is_empty() && self.networks.is_empty() && self.expressions.is_empty()) {
            hits.extend(self.search_all(text, &[&self.others]));
        }
        collect::in_order(hits)
    }

    /// What [`find`](Self::find) finds, without the prefilter.
    pub(crate) fn find_everywhere<'t>(&self, text: &'t str) -> Vec<Hit<'t>> {
        collect::in_order(self.search_all(text, &[&self.sieved, &self.others]))
    }

    /// Folds one window and takes what is found in its core.
    fn search_window<'t>(&self, text: &'t str, window: &Window) -> Vec<Hit<'t>> {
        let Some(part) = text.get(window.outer.clone()) else {
            return Vec::new();
        };
        let folded = fold(part);
        let mut hits = Collector::new(&self.terms, part, &folded, window);
        let sought = window.sought.as_ref().map_or(Sought::All, |patterns| Sought::These(patterns));
        self.sieved.find_words(sought, &mut hits);
        if !self.sieved.hosts.is_empty() {
            let refanged = refang::refang(&folded);
            self.sieved.find_hosts(sought, refanged.as_ref().unwrap_or(&folded), &mut hits);
        }
        hits.finish()
    }

    /// Folds the whole text and takes all that is found in it.
    fn search_all<'t>(&self, text: &'t str, literals: &[&Literals]) -> Vec<Hit<'t>> {
        let folded = fold(text);
        let mut hits = Collector::new(&self.terms, text, &folded, &Window::whole(text));
        let refanged = refang::refang(&folded);
        let view = refanged.as_ref().unwrap_or(&folded);
        for literals in literals {
            literals.find_words(Sought::All, &mut hits);
            literals.find_hosts(Sought::All, view, &mut hits);
            literals.find_doubtful(&self.terms, text, |term, found| hits.push(term, found));
        }
        if !self.networks.is_empty() {
            self.find_addresses(view, &mut hits);
        }
        self.expressions.each(text, |term, span| hits.push(term, Found::sure(span, Form::Plain)));
        hits.finish()
    }

    fn find_addresses(&self, view: &Folded, hits: &mut Collector<'_, '_>) {
        address::each(view.text(), |read| {
            for term in self.networks.holding(read.address) {
                hits.push(term, verify::address(hits.text, view, read.range.clone(), read.doubtful));
            }
        });
    }
}

/// Terms that the prefilter can find the place of: those whose verifier reads no further than a host or a word.
fn is_sieved(watched: &WatchedTerm) -> bool {
    watched.rules.is_none() && matches!(watched.term.kind(), TermKind::Domain | TermKind::Email | TermKind::Keyword)
}

impl WatchedTerm {
    fn new((id, term): (TermId, Term)) -> WatchedTerm {
        let readable = Some(term.readable()).filter(|readable| readable != term.text());
        let readable = readable.map(|readable| readable.trim_start_matches('@').to_owned());
        let shape = match term.kind() {
            TermKind::Phrase | TermKind::Person => Shape::Sequences(term.sequences().into()),
            TermKind::Product => Shape::Product(Box::new(Product::of(term.text()))),
            TermKind::Keyword if term.patterns().len() > 1 => Shape::Company(term.key().into()),
            _ => Shape::Literal,
        };
        let rules = term.context().map(|context| Box::new(Rules::of(context)));
        WatchedTerm { id, term, readable, shape, rules }
    }

    fn name(&self) -> &str {
        self.readable.as_deref().unwrap_or(self.term.host())
    }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod kinds_tests;

#[cfg(test)]
mod context_tests;
