//! Why a definition was not changed.

use std::path::PathBuf;

use nightheron_crawlers::definition::{DefinitionError, Problem};

use crate::store::StoreError;

/// Why a definition was not changed: nothing of it was then.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// The source is not watched by this process.
    #[error("the source `{0}` is not watched here; look at `[[source]]` in the configuration")]
    Unknown(String),
    /// No reason was given.
    #[error("say why the definition of `{0}` is changed: its history keeps the reason")]
    Reason(String),
    /// The definition is part of the program.
    #[error(
        "the definition `{0}` is part of the program and has no file: write one that begins with `extends`, or copy it \
         into the folder `crawl.sites_dir`, name it in `[[source]] definition`, and restart the service"
    )]
    Shipped(String),
    /// The text is the one in use.
    #[error("the definition of `{0}` says this already")]
    Same(String),
    /// The text is wrong; every problem with its place.
    #[error(transparent)]
    Wrong(#[from] DefinitionError),
    /// Another source extends this one and could no longer be read.
    #[error("the source `{source}` extends this definition, and would be wrong: {error}", source = .0, error = .1)]
    Extended(String, DefinitionError),
    /// Somebody else changed it since the text was read.
    #[error("the definition of `{source}` was changed meanwhile, its text is number {number} now; look at it again", source = .0, number = .1)]
    Meanwhile(String, i64),
    /// The file was changed by something else.
    #[error(
        "{}: the file was changed on the disk since the service read it, and is left as it is; restart the service to \
         take it into use, or put back what it held", .0.display()
    )]
    OnDisk(PathBuf),
    /// The file cannot be read or written.
    #[error("{}: cannot be changed: {source}; the service needs to write the file and its folder", file.display())]
    Io {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BookError {
    /// A problem at the top-level key of a text.
    pub(super) fn at_key(origin: &str, text: &str, key: &str, message: String) -> Self {
        let begins = |line: &str| line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(':'));
        let line = text.lines().position(begins).map_or(0, |line| line as u64 + 1);
        let problem = Problem { file: origin.to_owned(), line, column: line.min(1), message };
        Self::Wrong(DefinitionError { problems: vec![problem] })
    }
}
