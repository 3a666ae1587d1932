//! Keywords as terms: brands, names, phrases.

use super::TermError;
use crate::fold::fold;

/// Longest keyword, in characters.
const MAX_CHARS: usize = 200;

/// Fewest digits of a keyword without a letter: there are brands such as 104 and 591.
const MIN_DIGITS: usize = 3;

/// A keyword as written, when it is selective enough to be watched.
pub(super) fn parse(text: String) -> Result<String, TermError> {
    let chars = text.chars().count();
    if chars > MAX_CHARS {
        return Err(TermError::TooLong { chars, max: MAX_CHARS });
    }
    let folded = fold(&text);
    let significant = || folded.text().chars().filter(|c| c.is_alphanumeric());
    let fewest = if significant().all(char::is_numeric) { MIN_DIGITS } else { 2 };
    if significant().count() < fewest {
        return Err(TermError::TooShort { text });
    }
    Ok(text)
}
