//! A watch term: what is looked for on behalf of one member.

mod domain;
mod email;
mod error;
mod keyword;
mod kind;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use error::TermError;
pub use kind::{TermKind, UnknownTermKind};

use crate::fold::{fold, script};

/// A term in its canonical form. Two terms with equal kind and [`key`](Term::key) find the same.
///
/// As data it is `{"kind": …, "text": …}`, checked by [`Term::parse`] when it is read back.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct Term {
    kind: TermKind,
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked {
    kind: TermKind,
    text: String,
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
        let text = words.join(" ");
        let text = match kind {
            TermKind::Domain => domain::parse_watched(&text)?,
            TermKind::Email => email::parse(&text)?,
            TermKind::Keyword => keyword::parse(text)?,
        };
        Ok(Term { kind, text })
    }

    /// What kind of term it is.
    pub fn kind(&self) -> TermKind {
        self.kind
    }

    /// The canonical text: a domain in lower case and ASCII (`xn--…`), an address in lower case
    /// with such a domain, a keyword as written with single spaces.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text for people: internationalised domains in their own script.
    pub fn readable(&self) -> String {
        match self.kind {
            TermKind::Domain => domain::to_unicode(&self.text),
            TermKind::Email => email::to_unicode(&self.text),
            TermKind::Keyword => self.text.clone(),
        }
    }

    /// What the matcher compares: equal for terms that find the same text, so a duplicate is
    /// recognised by it (`ADATA` and `ａｄａｔａ`, 台積電 and 台积电).
    pub fn key(&self) -> String {
        fold(&self.text).text().to_owned()
    }

    /// The folded texts that the automaton looks for.
    pub(crate) fn patterns(&self) -> Vec<String> {
        let mut patterns = vec![self.key()];
        let unicode = fold(&self.readable()).text().to_owned();
        if !patterns.contains(&unicode) {
            patterns.push(unicode);
        }
        patterns
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
        Term::parse(unchecked.kind, &unchecked.text)
    }
}

#[cfg(test)]
mod tests;
