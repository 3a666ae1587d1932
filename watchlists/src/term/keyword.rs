//! Keywords as terms: brands, names, phrases.

use super::{TermError, TermKind};
use crate::fold::fold;

/// Longest keyword, in characters.
pub(super) const MAX_CHARS: usize = 200;

/// Fewest digits of a keyword without a letter: there are brands such as 104 and 591.
const MIN_DIGITS: usize = 3;

/// A keyword as written, when it is selective enough to be watched.
pub(super) fn parse(text: String) -> Result<String, TermError> {
    refuse_long(TermKind::Keyword, &text, MAX_CHARS)?;
    match is_selective(fold(&text).text()) {
        true => Ok(text),
        false => Err(TermError::TooShort { kind: TermKind::Keyword, text }),
    }
}

pub(super) fn refuse_long(kind: TermKind, text: &str, max: usize) -> Result<(), TermError> {
    match text.chars().count() {
        chars if chars > max => Err(TermError::TooLong { kind, chars, max }),
        _ => Ok(()),
    }
}

/// Whether folded text has enough letters and digits not to be found everywhere.
pub(super) fn is_selective(folded: &str) -> bool {
    let significant = || folded.chars().filter(|c| c.is_alphanumeric());
    let fewest = if significant().all(char::is_numeric) { MIN_DIGITS } else { 2 };
    significant().count() >= fewest
}
