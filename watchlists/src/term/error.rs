//! Why a term is refused.

use super::TermKind;
use crate::business_number::BusinessNumberError;

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
    /// A term that would be found in nearly every post.
    #[error(
        "the {kind} {text:?} is too short and would be found everywhere: write at least two letters or three digits"
    )]
    TooShort {
        /// The kind that was asked for.
        kind: TermKind,
        /// What was written.
        text: String,
    },
    /// A term longer than any name.
    #[error("the {kind} has {chars} characters: write at most {max}")]
    TooLong {
        /// The kind that was asked for.
        kind: TermKind,
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
    /// A whole address where its domain is wanted.
    #[error("{text:?} is an e-mail address: write its domain alone, such as @example.com, or watch it as an email")]
    NotAnEmailDomain {
        /// What was written.
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
    /// Not one IP address.
    #[error("{text:?} is not an IP address: write one such as 203.0.113.5 or 2001:db8::1")]
    NotAnAddress {
        /// What was written.
        text: String,
    },
    /// Not a network with its prefix length.
    #[error("{text:?} is not a network: write it with its prefix length, such as 203.0.113.0/24 or 2001:db8::/48")]
    NotANetwork {
        /// What was written.
        text: String,
    },
    /// An address inside a network where the network is wanted.
    #[error("{text:?} names an address inside the network {network}: write {network}, or the address alone as an ip")]
    HostBits {
        /// What was written.
        text: String,
        /// The network it lies in.
        network: String,
    },
    /// A network of more addresses than one organisation has.
    #[error("the network {text:?} is too wide to be one organisation's: write prefixes of /{shortest} or longer")]
    TooWide {
        /// What was written.
        text: String,
        /// The shortest prefix that is taken, in bits.
        shortest: u8,
    },
    /// Addresses that every network uses for itself, or nobody does.
    #[error("{text:?} is reserved for {purpose} and says nothing about its owner: write a public address")]
    SpecialAddress {
        /// What was written.
        text: String,
        /// What the addresses are for.
        purpose: &'static str,
    },
    /// A phrase without a second word.
    #[error("the phrase {text:?} is one word: watch it as a keyword")]
    OneWord {
        /// What was written.
        text: String,
    },
    /// No unified business number.
    #[error(transparent)]
    BusinessNumber(#[from] BusinessNumberError),
    /// A product without its name.
    #[error("the product {text:?} has no name before its versions: write it such as FortiOS >=7.0, <7.2.5")]
    NoProductName {
        /// What was written.
        text: String,
    },
    /// A part of the version range that cannot be read.
    #[error("{part:?} of the product {text:?} is no version: write such as >=7.0, <7.2.5 or 7.x")]
    BadVersion {
        /// What was written.
        text: String,
        /// The part that cannot be read.
        part: String,
    },
    /// A range that no version is in.
    #[error("no version is in the range of the product {text:?}: compare its limits")]
    EmptyRange {
        /// What was written.
        text: String,
    },
    /// A person with one name only.
    #[error("{text:?} is one name, which many people bear: write family and given name")]
    OneName {
        /// What was written.
        text: String,
    },
    /// A regular expression that cannot be read.
    #[error("the regular expression {text:?} cannot be read at character {column}: {reason}")]
    RegexSyntax {
        /// What was written.
        text: String,
        /// Where, in characters from 1.
        column: usize,
        /// What is wrong there.
        reason: String,
    },
    /// A regular expression that matches nothing at all, everywhere.
    #[error(
        "the regular expression {text:?} matches the empty text, so it would be found everywhere: require a character"
    )]
    RegexEmpty {
        /// What was written.
        text: String,
    },
    /// A regular expression that matches nearly any text.
    #[error(
        "the regular expression {text:?} matches nearly any text: fix at least two letters or four digits of what it finds"
    )]
    RegexBroad {
        /// What was written.
        text: String,
    },
    /// A regular expression that takes too much memory.
    #[error("the regular expression {text:?} is too large once compiled: shorten it or its repetitions")]
    RegexTooLarge {
        /// What was written.
        text: String,
    },
    /// A context rule without a word.
    #[error("the context rule {rule} has no words: write one or leave the rule out")]
    ContextEmpty {
        /// The rule.
        rule: &'static str,
    },
    /// A context rule with more words than can be held against every hit.
    #[error("the context rule {rule} has {words} words: write at most {max}")]
    ContextLong {
        /// The rule.
        rule: &'static str,
        /// How many it has.
        words: usize,
        /// The most that are taken.
        max: usize,
    },
    /// A context rule that looks nowhere, or through the whole text.
    #[error("the context rule {rule} looks {within} characters far: write a distance from 1 to {max}")]
    ContextDistance {
        /// The rule.
        rule: &'static str,
        /// Its distance.
        within: usize,
        /// The farthest that is taken.
        max: usize,
    },
    /// A word of a context rule that cannot be found, or is a text of its own.
    #[error("{word:?} in the context rule {rule} is no word: write up to {max} characters with a letter or digit")]
    ContextWord {
        /// The rule.
        rule: &'static str,
        /// The word.
        word: String,
        /// The longest that is taken, in characters.
        max: usize,
    },
}
