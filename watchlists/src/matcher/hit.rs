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
    /// `start..end` of the text: for a domain the whole host with its subdomains, for an e-mail
    /// domain and a network the address, for the other kinds what the term itself covers.
    pub matched: &'t str,
    /// How the text wrote it.
    pub form: Form,
    /// How surely it is the term that is meant.
    pub confidence: Confidence,
}

/// How surely a hit means its term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Confidence {
    /// The text names the term.
    High,
    /// The text may name something else: a person of the same name, a product without its version,
    /// eight digits without a label, a name only written alike.
    Low,
}

impl Confidence {
    /// The name in snake case, as in data.
    pub const fn name(self) -> &'static str {
        match self {
            Confidence::High => "high",
            Confidence::Low => "low",
        }
    }
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
    /// With characters that only look alike: `gig4byte`, Cyrillic letters in a Latin word,
    /// `examp1e.com`.
    LookAlike,
}

impl Form {
    /// The name in snake case, as in data.
    pub const fn name(self) -> &'static str {
        match self {
            Form::Plain => "plain",
            Form::Folded => "folded",
            Form::Defanged => "defanged",
            Form::LookAlike => "look_alike",
        }
    }
}

impl<'t> Hit<'t> {
    /// None only if the span is not one of `text`.
    pub(super) fn new(watched: &WatchedTerm, text: &'t str, found: Found) -> Option<Hit<'t>> {
        let Found { span, form, confidence } = found;
        Some(Hit {
            term: watched.id,
            kind: watched.term.kind(),
            start: span.start,
            end: span.end,
            matched: text.get(span)?,
            form,
            confidence,
        })
    }

    /// The hit with up to `chars` characters of `text` on either side, on character borders;
    /// `text` is the one that was searched.
    pub fn snippet(&self, text: &str, chars: usize) -> Range<usize> {
        let before = text.get(..self.start).unwrap_or_default();
        let after = text.get(self.end..).unwrap_or_default();
        let left: usize = before.chars().rev().take(chars).map(char::len_utf8).sum();
        let right: usize = after.chars().take(chars).map(char::len_utf8).sum();
        self.start - left..self.end + right
    }
}

/// A place of the original text that a verifier has accepted.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) span: Range<usize>,
    pub(super) form: Form,
    pub(super) confidence: Confidence,
}

impl Found {
    pub(super) fn sure(span: Range<usize>, form: Form) -> Found {
        Found { span, form, confidence: Confidence::High }
    }
}
