//! Why a term is refused.

use super::TermKind;

/// A refused term. The message is one sentence for the person who wrote the term; text is quoted
/// with control characters escaped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TermError {
    /// Nothing but white space and invisible characters.
    #[error("the {kind} is empty: write what to watch for")]
    Empty {
        /// The kind that was asked for.
        kind: TermKind,
    },
    /// A keyword that would be found in nearly every post.
    #[error(
        "the keyword {text:?} is too short and would be found everywhere: write at least two letters or three digits"
    )]
    TooShort {
        /// The keyword.
        text: String,
    },
    /// A keyword longer than any name.
    #[error("the keyword has {chars} characters: write at most {max}")]
    TooLong {
        /// Its length in characters.
        chars: usize,
        /// The longest that is taken.
        max: usize,
    },
    /// A link where a domain is wanted.
    #[error("{text:?} is a link or an address: write the domain alone, such as example.com")]
    NotADomain {
        /// What was written.
        text: String,
    },
    /// A host name of one label.
    #[error("the domain {text:?} has no dot: write it in full, such as example.com")]
    NoDot {
        /// What was written.
        text: String,
    },
    /// A label or the whole is not a valid domain name.
    #[error(
        "the domain {text:?} is not valid: its labels take letters, digits and inner hyphens, 1 to 63 bytes each and 253 in all"
    )]
    BadDomain {
        /// What was written.
        text: String,
    },
    /// An IP address where a domain is wanted.
    #[error("{text:?} is an IP address, not a domain")]
    IpAddress {
        /// What was written.
        text: String,
    },
    /// A name under which strangers register domains.
    #[error(
        "{text:?} is a public suffix, so every domain under it would match: write the organisation's own domain, such as example.{text}"
    )]
    PublicSuffix {
        /// The suffix.
        text: String,
    },
    /// A domain shared by strangers' mailboxes.
    #[error(
        "{text:?} is a free-mail domain, so strangers' addresses would match: write single e-mail addresses instead"
    )]
    FreeMail {
        /// The domain.
        text: String,
    },
    /// No `@`, or more than one.
    #[error("the e-mail address {text:?} needs one @ between name and domain")]
    NoAt {
        /// What was written.
        text: String,
    },
    /// The part before `@` is not one.
    #[error(
        "the e-mail address {text:?} has a bad name before the @: 1 to 64 letters, digits or symbols, no spaces, no dot at its ends or twice in a row"
    )]
    BadLocalPart {
        /// What was written.
        text: String,
    },
}
