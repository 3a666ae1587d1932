//! What can go wrong with the index itself, told to the person who has to act on it.

use std::io;
use std::path::{Path, PathBuf};

use tantivy::TantivyError;
use tantivy::directory::error::{LockError, OpenDirectoryError, OpenReadError};

use crate::query::QueryError;

/// Why the index could not be opened, written or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError {
    /// The files are damaged, or were written with another schema, format or folding.
    #[error(
        "the search index in {} cannot be used: {reason}; nothing is lost, run `nightheron reindex` to rebuild it from the store",
        dir.display()
    )]
    Unusable {
        /// Folder of the index.
        dir: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Somebody else is writing: another process, or another [`Writer`](crate::Writer) of this one.
    #[error(
        "the search index in {} is being written by another process; stop it or use another folder",
        dir.display()
    )]
    Locked {
        /// Folder of the index.
        dir: PathBuf,
    },
    /// The key of a post is too long to be found again, so the document is refused.
    #[error("the post key of sequence {seq} has {bytes} bytes, at most {limit} can be indexed")]
    PostKeyTooLong {
        /// Sequence number of the refused document.
        seq: u64,
        /// Length of its key in bytes.
        bytes: usize,
        /// Longest key accepted, in bytes.
        limit: usize,
    },
    /// An option is outside what the index can work with.
    #[error("index option {option} is {value}, expected {expected}")]
    Option {
        /// Name of the option.
        option: &'static str,
        /// The value given.
        value: usize,
        /// What would have been accepted.
        expected: &'static str,
    },
    /// The file system refused; what was committed before is unharmed.
    #[error("{doing} the search index in {} failed: {source}; check the folder's owner and the free space", dir.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// Folder of the index.
        dir: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// The engine failed; after a failed write drop the writer and open a new one, which starts
    /// again at the last commit.
    #[error("{doing} the search index in {} failed: {source}", dir.display())]
    Engine {
        /// What was being done.
        doing: &'static str,
        /// Folder of the index.
        dir: PathBuf,
        /// The engine's answer.
        source: TantivyError,
    },
}

impl IndexError {
    pub(crate) fn io(doing: &'static str, dir: &Path, source: io::Error) -> Self {
        IndexError::Io { doing, dir: dir.to_owned(), source }
    }

    pub(crate) fn unusable(dir: &Path, reason: impl Into<String>) -> Self {
        IndexError::Unusable { dir: dir.to_owned(), reason: reason.into() }
    }

    /// Sorts an engine error into what the reader has to do about it.
    pub(crate) fn engine(doing: &'static str, dir: &Path, source: TantivyError) -> Self {
        match &source {
            TantivyError::LockFailure(LockError::LockBusy, _) => IndexError::Locked { dir: dir.to_owned() },
            TantivyError::SchemaError(_)
            | TantivyError::DataCorruption(_)
            | TantivyError::IncompatibleIndex(_)
            | TantivyError::DeserializeError(_)
            | TantivyError::OpenReadError(OpenReadError::FileDoesNotExist(_) | OpenReadError::IncompatibleIndex(_)) => {
                Self::unusable(dir, source.to_string())
            }
            _ => match io_cause(&source) {
                Some(io) if is_damage(io.kind()) => Self::unusable(dir, io.to_string()),
                Some(io) => Self::io(doing, dir, io::Error::new(io.kind(), io.to_string())),
                None => IndexError::Engine { doing, dir: dir.to_owned(), source },
            },
        }
    }
}

fn io_cause(error: &TantivyError) -> Option<&io::Error> {
    match error {
        TantivyError::IoError(io)
        | TantivyError::OpenReadError(OpenReadError::IoError { io_error: io, .. })
        | TantivyError::OpenDirectoryError(OpenDirectoryError::IoError { io_error: io, .. })
        | TantivyError::LockFailure(LockError::IoError(io), _) => Some(io),
        _ => None,
    }
}

/// Whether reading found fewer or other bytes than were written, rather than being refused.
fn is_damage(kind: io::ErrorKind) -> bool {
    matches!(kind, io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::NotFound)
}

/// Why a search gave no page: the query is wrong, or the index is.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SearchError {
    /// The query is not one; shown to whoever typed it.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The page lies too deep; a narrower query is needed.
    #[error(
        "results {offset} to {end} were asked for, only the first {limit} can be paged through; narrow the query, by time for example"
    )]
    TooDeep {
        /// First result asked for, from 0.
        offset: usize,
        /// One past the last result asked for.
        end: usize,
        /// How many results can be paged through.
        limit: usize,
    },
    /// The index could not be read.
    #[error(transparent)]
    Index(#[from] IndexError),
}
