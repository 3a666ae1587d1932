//! Watch terms as they come from people, ready for the store.

use nightheron_watchlists::{Context, Term, TermError, TermKind};

use crate::store::model::{NewTerm, TermState};

/// Longest text of a term that is tried at all, in characters.
pub(super) const MAX_CHARS: usize = 300;

/// A term in its canonical form, without a date of review.
///
/// # Errors
/// A sentence for the person who wrote it, when it cannot be found or would be found everywhere.
pub fn new_term(
    kind: TermKind, text: &str, state: TermState, author: &str, reason: &str,
) -> Result<NewTerm, TermError> {
    let term = Term::parse(kind, text)?;
    Ok(stored(&term, state, author, reason))
}

/// A stored term as it is matched, with its context rules.
///
/// # Errors
/// A sentence: this version cannot read it.
pub fn watched(stored: &NewTerm) -> Result<Term, String> {
    let kind = stored.kind.parse::<TermKind>().map_err(|error| error.to_string())?;
    let term = Term::parse(kind, &stored.text).map_err(|error| error.to_string())?;
    let Some(context) = stored.context.as_deref() else { return Ok(term) };
    let context: Context =
        serde_json::from_str(context).map_err(|error| format!("its context cannot be read: {error}"))?;
    term.with_context(context).map_err(|error| error.to_string())
}

/// A checked term, ready for the store.
#[must_use]
pub fn stored(term: &Term, state: TermState, author: &str, reason: &str) -> NewTerm {
    NewTerm {
        kind: term.kind().name().to_owned(),
        text: term.text().to_owned(),
        context: term.context().and_then(|context| serde_json::to_string(context).ok()),
        state,
        author: author.to_owned(),
        reason: reason.to_owned(),
        review_at: None,
    }
}

/// Reads a term out of a file; the reason of a refusal is a sentence.
pub(super) fn term(kind: TermKind, text: &str) -> Result<Term, String> {
    let chars = text.chars().count();
    if chars > MAX_CHARS {
        return Err(format!("the {kind} has {chars} characters: write at most {MAX_CHARS}"));
    }
    Term::parse(kind, text).map_err(|error| error.to_string())
}
