//! The kinds of watch term.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What a term is, which decides how it is written and where it counts as found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TermKind {
    /// A domain, found with its subdomains.
    Domain,
    /// One e-mail address, found exactly.
    Email,
    /// A brand or another word or phrase.
    Keyword,
}

/// A name that is no kind of term.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown kind of term {0:?}: write domain, email or keyword")]
pub struct UnknownTermKind(pub String);

impl TermKind {
    /// Every kind, in the order in which they are offered to people.
    pub const ALL: [TermKind; 3] = [TermKind::Domain, TermKind::Email, TermKind::Keyword];

    /// The name in snake case, as in files and data.
    pub const fn name(self) -> &'static str {
        match self {
            TermKind::Domain => "domain",
            TermKind::Email => "email",
            TermKind::Keyword => "keyword",
        }
    }
}

impl fmt::Display for TermKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for TermKind {
    type Err = UnknownTermKind;

    fn from_str(name: &str) -> Result<Self, UnknownTermKind> {
        TermKind::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| UnknownTermKind(name.to_owned()))
    }
}
