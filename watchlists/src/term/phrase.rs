//! Phrases as terms.

use super::keyword::{MAX_CHARS, is_selective, refuse_long};
use super::words::{anchor, words};
use super::{TermError, TermKind};

/// A phrase as written: two words or more, one of them worth looking for.
pub(super) fn parse(text: String) -> Result<String, TermError> {
    let kind = TermKind::Phrase;
    refuse_long(kind, &text, MAX_CHARS)?;
    let words = words(&text);
    match words.len() {
        0 => Err(TermError::TooShort { kind, text }),
        1 => Err(TermError::OneWord { text }),
        _ if !is_selective(&words[anchor(&words)]) => Err(TermError::TooShort { kind, text }),
        _ => Ok(text),
    }
}
