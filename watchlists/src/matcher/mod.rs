//! The matcher: every term of every member in a text, with spans of the original.

mod address;
mod automaton;
mod collect;
mod context;
mod edges;
mod expressions;
mod form;
mod hit;
mod lookalike;
mod loose;
mod number;
mod refang;
mod release;
mod sequence;
mod skeleton;
mod suspicion;
mod verify;

use crate::fold::{Folded, fold};
use crate::term::product::Product;
use crate::term::{Term, TermKind};

use address::Networks;
use automaton::Automaton;
pub use automaton::MatcherError;
use collect::Collector;
use context::Rules;
use expressions::Expressions;
use hit::Found;
pub use hit::{Confidence, Form, Hit, TermId};
use lookalike::LookAlikes;

/// A fixed set of terms, ready to be searched for; shared between threads by reference.
///
/// Changing a term means building another matcher aside and swapping it in.
#[derive(Debug)]
pub struct Matcher {
    terms: Vec<WatchedTerm>,
    /// Domains and addresses, searched in the text with its defanged dots and signs restored.
    hosts: Automaton,
    /// Keywords, phrases, persons, products and business numbers, searched in the folded text.
    keywords: Automaton,
    /// Addresses and networks, for the addresses read in the text.
    networks: Networks,
    /// Regular expressions, searched in the text as it is.
    expressions: Expressions,
    /// Keywords and domains by what they look like, for the words whose spelling is suspicious.
    look_alikes: LookAlikes,
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
        let chosen = |choose: fn(TermKind) -> bool| {
            terms.iter().enumerate().filter(move |(_, watched)| choose(watched.term.kind()))
        };
        let patterns = |choose| {
            chosen(choose).flat_map(|(index, watched)| watched.term.patterns().into_iter().map(move |p| (p, index)))
        };
        let hosts = Automaton::build(patterns(is_host))?;
        let keywords = Automaton::build(patterns(|kind| !is_host(kind)))?;
        let networks = Networks::build(chosen(|_| true).map(|(index, watched)| (index, &watched.term)));
        let regexes = chosen(|kind| kind == TermKind::Regex).map(|(index, watched)| (index, watched.term.text()));
        let expressions = Expressions::build(regexes)?;
        let look_alikes = LookAlikes::build(&terms);
        Ok(Matcher { hosts, keywords, networks, expressions, look_alikes, terms })
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
        let folded = fold(text);
        let mut hits = Collector::new(&self.terms, text, &folded);
        self.find_words(&mut hits);
        if !(self.hosts.is_empty() && self.networks.is_empty()) {
            let refanged = refang::refang(&folded);
            let view = refanged.as_ref().unwrap_or(&folded);
            self.find_hosts(view, &mut hits);
            self.find_addresses(view, &mut hits);
        }
        self.expressions.each(text, |term, span| hits.push(term, Found::sure(span, Form::Plain)));
        self.find_loose_hosts(&mut hits);
        self.look_alikes.each(&self.terms, text, |term, found| hits.push(term, found));
        hits.finish()
    }

    fn find_words(&self, hits: &mut Collector<'_, '_>) {
        let (text, folded) = (hits.text, hits.folded);
        self.keywords.each_occurrence(folded.text(), |range, terms| {
            for &term in terms {
                if let Some(watched) = hits.watched(term) {
                    verify::words(watched, text, folded, range.clone(), |found| hits.push(term, found));
                }
            }
        });
    }

    fn find_hosts(&self, view: &Folded, hits: &mut Collector<'_, '_>) {
        self.hosts.each_occurrence(view.text(), |range, terms| {
            for &term in terms {
                let host = |watched| verify::host(watched, hits.text, view, range.clone());
                if let Some(found) = hits.watched(term).and_then(host) {
                    hits.push(term, found);
                }
            }
        });
    }

    /// Hosts whose dots are set apart: less sure, because a sentence may end there.
    fn find_loose_hosts(&self, hits: &mut Collector<'_, '_>) {
        if self.hosts.is_empty() {
            return;
        }
        for part in loose::parts(hits.text) {
            let text = hits.text.get(part.clone()).unwrap_or_default();
            let folded = fold(text);
            let Some(view) = loose::restore(refang::refang(&folded).as_ref().unwrap_or(&folded)) else {
                continue;
            };
            self.hosts.each_occurrence(view.text(), |range, terms| {
                // Only where the term itself has such a dot; what is whole was found before.
                let written = text.get(view.original(range.clone())).unwrap_or_default();
                if !written.contains(char::is_whitespace) {
                    return;
                }
                for &term in terms {
                    let host = |watched| verify::host(watched, text, &view, range.clone());
                    if let Some(Found { span, .. }) = hits.watched(term).and_then(host) {
                        let span = part.start + span.start..part.start + span.end;
                        hits.push(term, Found { span, form: Form::Defanged, confidence: Confidence::Low });
                    }
                }
            });
        }
    }

    fn find_addresses(&self, view: &Folded, hits: &mut Collector<'_, '_>) {
        if self.networks.is_empty() {
            return;
        }
        address::each(view.text(), |read| {
            for term in self.networks.holding(read.address) {
                hits.push(term, verify::address(hits.text, view, read.range.clone(), read.doubtful));
            }
        });
    }
}

/// Kinds that are looked for with their dots and signs restored.
fn is_host(kind: TermKind) -> bool {
    matches!(kind, TermKind::Domain | TermKind::Email | TermKind::EmailDomain)
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
