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
    /// Every address at a domain and its subdomains: `@example.com`.
    EmailDomain,
    /// One IPv4 or IPv6 address.
    Ip,
    /// A network of either family, found by any address in it: `203.0.113.0/24`.
    Cidr,
    /// A brand or another name.
    Keyword,
    /// Words in sequence, whatever white space or punctuation stands between them.
    Phrase,
    /// A unified business number (統一編號) with a right check digit.
    BusinessNumber,
    /// A product with the versions of interest: `FortiOS >=7.0, <7.2.5`.
    Product,
    /// A person's name, in either order of family and given name.
    Person,
    /// A regular expression.
    Regex,
}

/// A name that is no kind of term.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown kind of term {0:?}: write one of {all}", all = TermKind::ALL.map(TermKind::name).join(", "))]
pub struct UnknownTermKind(pub String);

impl TermKind {
    /// Every kind, in the order in which they are offered to people.
    pub const ALL: [TermKind; 11] = [
        TermKind::Domain,
        TermKind::Email,
        TermKind::EmailDomain,
        TermKind::Ip,
        TermKind::Cidr,
        TermKind::Keyword,
        TermKind::Phrase,
        TermKind::BusinessNumber,
        TermKind::Product,
        TermKind::Person,
        TermKind::Regex,
    ];

    /// The name in snake case, as in files and data.
    pub const fn name(self) -> &'static str {
        match self {
            TermKind::Domain => "domain",
            TermKind::Email => "email",
            TermKind::EmailDomain => "email_domain",
            TermKind::Ip => "ip",
            TermKind::Cidr => "cidr",
            TermKind::Keyword => "keyword",
            TermKind::Phrase => "phrase",
            TermKind::BusinessNumber => "business_number",
            TermKind::Product => "product",
            TermKind::Person => "person",
            TermKind::Regex => "regex",
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
