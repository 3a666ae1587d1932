//! Regular expressions as terms: what is taken, and how it is compiled.

use regex::{Regex, RegexBuilder};
use regex_syntax::ast::ErrorKind;
use regex_syntax::hir::{Class, Hir, HirKind};
use regex_syntax::{Error, ParserBuilder};

use super::keyword::refuse_long;
use super::{TermError, TermKind};

/// Longest expression, in characters.
const MAX_CHARS: usize = 500;

/// Largest expression once compiled, in bytes.
const MAX_COMPILED: usize = 1 << 20;

/// Deepest nesting of groups.
const MAX_NESTING: u32 = 50;

/// What every match must fix at least: a letter counts two, a digit one.
const FEWEST_FIXED: u32 = 4;

/// More characters than that and a class fixes nothing.
const LARGEST_DIGIT_CLASS: usize = 1000;

/// The expression as written, when it is selective enough to be watched.
pub(super) fn parse(text: &str) -> Result<String, TermError> {
    let owned = || text.to_owned();
    refuse_long(TermKind::Regex, text, MAX_CHARS)?;
    let parsed = ParserBuilder::new().case_insensitive(true).nest_limit(MAX_NESTING).build().parse(text);
    let hir = parsed.map_err(|error| refusal(text, &error))?;
    if hir.properties().minimum_len().is_none_or(|len| len == 0) {
        return Err(TermError::RegexEmpty { text: owned() });
    }
    if fixed(&hir) < FEWEST_FIXED {
        return Err(TermError::RegexBroad { text: owned() });
    }
    match compile(text) {
        Ok(_) => Ok(owned()),
        Err(_) => Err(TermError::RegexTooLarge { text: owned() }),
    }
}

/// The expression as it is searched: upper and lower case are equal unless it says otherwise.
pub(crate) fn compile(text: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(text).case_insensitive(true).size_limit(MAX_COMPILED).nest_limit(MAX_NESTING).build()
}

/// The error as a sentence with its place.
fn refusal(text: &str, error: &Error) -> TermError {
    let (column, reason) = match error {
        Error::Parse(error) => (error.span().start.offset, reason(error.kind())),
        Error::Translate(error) => (error.span().start.offset, error.kind().to_string()),
        other => (0, other.to_string()),
    };
    let column = text.get(..column).map_or(0, |before| before.chars().count()) + 1;
    TermError::RegexSyntax { text: text.to_owned(), column, reason }
}

fn reason(kind: &ErrorKind) -> String {
    match kind {
        ErrorKind::UnsupportedLookAround => {
            "look-around is not taken, because its time is not bounded: use a context rule instead".to_owned()
        }
        ErrorKind::UnsupportedBackreference => {
            "back-references are not taken, because their time is not bounded: write the text out".to_owned()
        }
        other => other.to_string(),
    }
}

/// How much of the text the least specific match fixes: two for a letter or sign, one for a digit
/// of any value, none for wider classes.
fn fixed(hir: &Hir) -> u32 {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 0,
        HirKind::Literal(literal) => {
            let text = String::from_utf8_lossy(&literal.0);
            text.chars().map(|c| if c.is_alphanumeric() { 2 } else { 0 }).sum()
        }
        HirKind::Class(Class::Unicode(class)) => {
            let chars: usize = class.iter().map(|range| range.len()).sum();
            of_class(chars, class.iter().all(|range| range.start().is_numeric() && range.end().is_numeric()))
        }
        HirKind::Class(Class::Bytes(class)) => {
            let bytes: usize = class.iter().map(|range| range.len()).sum();
            of_class(bytes, class.iter().all(|range| range.start().is_ascii_digit() && range.end().is_ascii_digit()))
        }
        HirKind::Repetition(repetition) => repetition.min.saturating_mul(fixed(&repetition.sub)),
        HirKind::Capture(capture) => fixed(&capture.sub),
        HirKind::Concat(parts) => parts.iter().map(fixed).fold(0, u32::saturating_add),
        HirKind::Alternation(branches) => branches.iter().map(fixed).min().unwrap_or(0),
    }
}

/// A class of up to four is one letter in its cases.
fn of_class(chars: usize, digits: bool) -> u32 {
    match chars {
        0..=4 => 2,
        _ if digits && chars <= LARGEST_DIGIT_CLASS => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selective_expressions_are_taken() {
        for text in [r"PRJ-\d{4}", r"\bac(me|ne)\b", r"[a-z]+@acme\.example", "台積.{0,5}資料", r"\d{8}", "(?-i)AB"]
        {
            assert!(parse(text).is_ok(), "{text}: {:?}", parse(text));
        }
    }

    #[test]
    fn the_others_are_refused_with_their_place() {
        for text in ["x*", "(abc)?", "^$", r"\b", "a{0}", "|acme"] {
            assert!(matches!(parse(text), Err(TermError::RegexEmpty { .. })), "{text}");
        }
        for text in [".+", ".{9}", r"\w+", "[a-z]{5}", "(acme|.)", r"\S+@\S+", r"\d\d\d", "a"] {
            assert!(matches!(parse(text), Err(TermError::RegexBroad { .. })), "{text}");
        }
        assert!(matches!(parse(r"(acme\w{100}){100}"), Err(TermError::RegexTooLarge { .. })));
        assert!(matches!(parse(&"a".repeat(501)), Err(TermError::TooLong { .. })));
        for (text, place) in [("台(?=x)", 2), (r"(a)\1", 4), ("a(b", 2), ("[z", 1), (r"ab\p{Foo}", 3)] {
            let error = parse(text).expect_err(text);
            assert!(matches!(error, TermError::RegexSyntax { column, .. } if column == place), "{error}");
        }
    }
}
