//! A watch term: what is looked for on behalf of one member.

mod address;
mod company;
mod context;
mod domain;
mod email;
mod error;
mod keyword;
mod kind;
mod ordinary;
pub(crate) mod pattern;
pub(crate) mod person;
mod phrase;
pub(crate) mod product;
pub(crate) mod version;
pub(crate) mod words;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use context::{Context, MAX_WITHIN, Near};
pub use error::TermError;
pub use kind::{TermKind, UnknownTermKind};

use crate::business_number::BusinessNumber;
use crate::fold::{fold, script};

/// A term in its canonical form. Two terms with equal kind, [`key`](Term::key) and
/// [`context`](Term::context) find the same.
///
/// As data it is `{"kind": …, "text": …, "context": …}`, the last only where there is one, checked by [`Term::parse`] when it is read back.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct Term {
    kind: TermKind,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<Box<Context>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked {
    kind: TermKind,
    text: String,
    context: Option<Context>,
}

impl Term {
    /// Reads a term as a person wrote it.
    ///
    /// # Errors
    ///
    /// Refuses, with a sentence for the person who wrote it, what cannot be found or would be
    /// found everywhere: see [`TermError`].
    pub fn parse(kind: TermKind, text: &str) -> Result<Term, TermError> {
        let visible: String = text.chars().filter(|&c| !script::is_ignorable(c)).collect();
        let words: Vec<&str> = visible.split_whitespace().collect();
        if words.is_empty() {
            return Err(TermError::Empty { kind });
        }
        if kind == TermKind::Regex {
            return Ok(Term { kind, text: pattern::parse(text.trim())?, context: None });
        }
        let text = words.join(" ");
        let text = match kind {
            TermKind::Domain => domain::parse_watched(&text)?,
            TermKind::Email => email::parse(&text)?,
            TermKind::EmailDomain => domain::parse_mail(&text)?,
            TermKind::Ip => address::parse(&text)?,
            TermKind::Cidr => address::parse_network(&text)?,
            TermKind::Keyword => keyword::parse(text)?,
            TermKind::Phrase => phrase::parse(text)?,
            TermKind::BusinessNumber => BusinessNumber::parse(&text)?.to_string(),
            TermKind::Product => product::parse(text)?,
            TermKind::Person => person::parse(text)?,
            TermKind::Regex => pattern::parse(&text)?,
        };
        Ok(Term { kind, text, context: None })
    }

    /// The same term with rules for what must or must not stand beside it; rules that it had
    /// before are replaced.
    ///
    /// # Errors
    ///
    /// Refuses rules without words, with too many or too long ones, and distances out of bounds.
    pub fn with_context(self, context: Context) -> Result<Term, TermError> {
        let context = Some(context.checked()?).filter(|context| !context.is_empty());
        Ok(Term { context: context.map(Box::new), ..self })
    }

    /// The rules for what must or must not stand beside it.
    pub fn context(&self) -> Option<&Context> {
        self.context.as_deref()
    }

    /// What kind of term it is.
    pub fn kind(&self) -> TermKind {
        self.kind
    }

    /// The canonical text: a domain in lower case and ASCII (`xn--…`), an address in lower case
    /// with such a domain, an e-mail domain with its `@`, an IP address or network in its shortest
    /// writing, eight digits, a product with its range as `>=7.0, <7.2.5`, a regular expression as
    /// written, the others as written with single spaces.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text for people: internationalised domains in their own script.
    pub fn readable(&self) -> String {
        match self.kind {
            TermKind::Domain => domain::to_unicode(&self.text),
            TermKind::Email => email::to_unicode(&self.text),
            TermKind::EmailDomain => format!("@{}", domain::to_unicode(self.host())),
            _ => self.text.clone(),
        }
    }

    /// What the matcher compares: equal for terms that find the same text, so a duplicate is
    /// recognised by it (`ADATA` and `ａｄａｔａ`, 台積電 and 台积电).
    pub fn key(&self) -> String {
        match self.kind {
            TermKind::Regex => self.text.clone(),
            TermKind::Phrase => words::words(&self.text).join(" "),
            TermKind::Person => {
                person::spellings(&self.text).iter().map(|words| words.join(" ")).collect::<Vec<_>>().join(", ")
            }
            _ => fold(&self.text).text().to_owned(),
        }
    }

    /// The folded texts that an automaton looks for: where none of them stands, the term does not.
    /// Addresses and regular expressions have none.
    pub(crate) fn patterns(&self) -> Vec<String> {
        let mut patterns = match self.kind {
            TermKind::Ip | TermKind::Cidr | TermKind::Regex => Vec::new(),
            TermKind::Phrase | TermKind::Person => {
                self.sequences().into_iter().map(|mut words| words.swap_remove(words::anchor(&words))).collect()
            }
            TermKind::Product => vec![fold(&product::Product::of(&self.text).name).text().to_owned()],
            _ => vec![
                fold(self.host()).text().to_owned(),
                fold(self.readable().trim_start_matches('@')).text().to_owned(),
            ],
        };
        if self.kind == TermKind::Keyword {
            let bare = patterns.first().and_then(|name| company::bare(name));
            patterns.extend(bare);
        }
        patterns.sort_unstable();
        patterns.dedup();
        patterns
    }

    /// The sequences of words of a phrase or a person, any of which is a match.
    pub(crate) fn sequences(&self) -> Vec<Vec<String>> {
        match self.kind {
            TermKind::Phrase => vec![words::words(&self.text)],
            TermKind::Person => person::spellings(&self.text),
            _ => Vec::new(),
        }
    }

    /// The text without the `@` of an e-mail domain: what stands in a text of a host.
    pub(crate) fn host(&self) -> &str {
        match self.kind {
            TermKind::EmailDomain => self.text.trim_start_matches('@'),
            _ => &self.text,
        }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.readable())
    }
}

impl TryFrom<Unchecked> for Term {
    type Error = TermError;

    fn try_from(unchecked: Unchecked) -> Result<Self, TermError> {
        let term = Term::parse(unchecked.kind, &unchecked.text)?;
        unchecked.context.map_or(Ok(term.clone()), |context| term.with_context(context))
    }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod refusal_tests;
