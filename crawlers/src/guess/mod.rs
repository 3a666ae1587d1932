//! A first definition for an unknown site, from one page of it: the engine it runs on, or else the structure it repeats.
//!
//! What is guessed is a start for a person: the text says in comments what it rests on.

mod draft;
mod engines;
mod group;
#[cfg(test)]
mod tests;

pub use engines::EngineScore;

use crate::{
    definition::{DefinitionError, Library},
    walk::{PageKind, RawPage},
};

/// What a definition was made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Basis {
    /// A known engine: its base, and the rows that it reads from the page.
    Engine {
        /// Identity of the base.
        base: String,
        /// Rows read; 0 on a page that names boards, is empty or in the way.
        rows: usize,
    },
    /// A structure that the page repeats, and how often.
    Structure {
        /// Rows of the draft.
        rows: usize,
        /// Whether they look like the posts of a thread; else like a listing.
        thread: bool,
    },
}

/// A definition to begin with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    /// YAML that compiles, with comments on what was guessed.
    pub text: String,
    /// What it was made of.
    pub basis: Basis,
    /// All engines that fit, the best first.
    pub engines: Vec<EngineScore>,
}

/// Why nothing could be guessed.
#[derive(Debug, thiserror::Error)]
pub enum GuessError {
    /// The page has no engine's marks and repeats nothing.
    #[error("{0} bears no engine's marks and repeats nothing that looks like rows; give the address of a listing")]
    Nothing(String),
    /// The identity or the address does not fit a definition.
    #[error("a definition cannot be made of this: {0}")]
    Definition(#[from] DefinitionError),
}

/// Guesses a definition with the identity `id` from a page of the site.
///
/// # Errors
/// The page gives nothing to go by, or `id` or the page's address do not fit a definition.
pub fn site(library: &Library, id: &str, raw: &RawPage<'_>) -> Result<Guess, GuessError> {
    let mut link = raw.url.clone();
    link.set_query(None);
    link.set_fragment(None);
    let engines = engines::scores(library, raw);
    if let Some(best) = engines.first() {
        // Where an engine stands on its host a thread does not tell; mostly at its root.
        if best.kind == PageKind::Thread {
            link.set_path("/");
        }
        let text = engines::text(id, &link, best);
        library.parse(&text, id)?;
        let basis = Basis::Engine { base: best.base.clone(), rows: best.rows };
        return Ok(Guess { text, basis, engines });
    }
    let drafted = draft::of(id, &link, raw).ok_or_else(|| GuessError::Nothing(raw.url.to_string()))?;
    library.parse(&drafted.text, id)?;
    let basis = Basis::Structure { rows: drafted.rows, thread: drafted.thread };
    Ok(Guess { text: drafted.text, basis, engines })
}
