//! A place where a term was found.

use std::ops::Range;

use super::WatchedTerm;
use crate::term::TermKind;

/// The caller's number of a term.
pub type TermId = i64;

/// One term found at one place. Offsets are bytes of the text that was searched, on character
/// borders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Hit<'t> {
    /// The number the term was given to the matcher with.
    pub term: TermId,
    /// The term's kind.
    pub kind: TermKind,
    /// Where the match begins.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
    /// `start..end` of the text: for a domain the whole host with its subdomains, for the other
    /// kinds what the term itself covers.
    pub matched: &'t str,
    /// How the text wrote it.
    pub form: Form,
}

/// How a match was written, from the most to the least certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Form {
    /// As the term is written, but for upper and lower case.
    Plain,
    /// Equal after folding: full width, Traditional or Simplified, spaces, marks, hidden characters.
    Folded,
    /// With its dots, its `@` or its scheme disarmed: `example[.]com`, `a (at) b.com`, `hxxp://`.
    Defanged,
}

impl Form {
    /// The name in snake case, as in data.
    pub const fn name(self) -> &'static str {
        match self {
            Form::Plain => "plain",
            Form::Folded => "folded",
            Form::Defanged => "defanged",
        }
    }
}

impl<'t> Hit<'t> {
    /// None only if the span is not one of `text`.
    pub(super) fn new(watched: &WatchedTerm, text: &'t str, span: Range<usize>, form: Form) -> Option<Hit<'t>> {
        Some(Hit {
            term: watched.id,
            kind: watched.term.kind(),
            start: span.start,
            end: span.end,
            matched: text.get(span)?,
            form,
        })
    }
}
