//! What is wrong with a query, and where.

use super::lexer::FIELD_NAMES;

/// A query that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("query, column {column}: {reason}")]
pub struct QueryError {
    /// Where it is wrong, in characters from 1.
    pub column: usize,
    /// What is wrong there and what was expected.
    pub reason: QueryReason,
}

/// The kinds of error, so that a page can tell them in the reader's language.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QueryReason {
    /// A phrase was opened and not closed.
    #[error("this quote is not closed, expected another `\"` after the phrase")]
    UnclosedQuote,
    /// A group was opened and not closed.
    #[error("this parenthesis is not closed, expected `)` after the group")]
    UnclosedGroup,
    /// A group was closed that was not opened.
    #[error("this `)` closes nothing, expected a word, a phrase or the end")]
    UnopenedGroup,
    /// An operator or a parenthesis is not followed by something to search for.
    #[error("expected a word, a phrase, a field or `(` after {after}")]
    ExpectedTerm {
        /// What came before.
        after: String,
    },
    /// An operator stands where a word should.
    #[error("expected a word, a phrase, a field or `(` before {operator}")]
    ExpectedTermBefore {
        /// The operator.
        operator: &'static str,
    },
    /// A word with a colon that names no field.
    #[error("there is no field `{field}:`, expected one of {known}; put it in quotes to search for it as text", known = FIELD_NAMES)]
    UnknownField {
        /// The name that was given.
        field: String,
    },
    /// A field name without a value.
    #[error("expected a value right after `{field}:`")]
    ExpectedValue {
        /// The field.
        field: &'static str,
    },
    /// A field inside the group of another field.
    #[error("`{inner}:` cannot stand inside the group of `{outer}:`, expected words and phrases")]
    NestedField {
        /// The field found.
        inner: &'static str,
        /// The field whose group it is in.
        outer: &'static str,
    },
    /// A group given to a field that takes one time.
    #[error("`{field}:` takes one time, not a group")]
    GroupedTime {
        /// The field.
        field: &'static str,
    },
    /// Punctuation alone.
    #[error("there is nothing to search for in `{text}`, expected letters, digits or Chinese characters")]
    NothingSearchable {
        /// The text that was given.
        text: String,
    },
    /// Not a time.
    #[error("`{text}` is not a time, expected a UTC day like 2026-11-01 or RFC 3339 like 2026-11-01T08:00:00+08:00")]
    BadTime {
        /// The text that was given.
        text: String,
    },
    /// More characters than a query may have.
    #[error("the query is too long, expected at most {limit} characters")]
    TooLong {
        /// The most allowed.
        limit: usize,
    },
    /// More words, phrases and fields than a query may have.
    #[error("the query has too many parts, expected at most {limit} words, phrases and fields")]
    TooManyTerms {
        /// The most allowed.
        limit: usize,
    },
    /// Groups in groups, or negations of negations, too deep.
    #[error("the query is nested too deeply, expected at most {limit} levels")]
    TooDeep {
        /// The most allowed.
        limit: usize,
    },
}
