//! The archive of raw responses: WARC 1.1 files, each record hashed and chained to the one before it.
//!
//! A response is written and flushed to the disk before anything is parsed. Every record is a gzip member of its
//! own, so a record is read by its offset alone, and a torn last record harms no other.
//! Format: ISO 28500:2017, <https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/>.

mod archive;
mod head;
mod read;
mod record;
#[cfg(test)]
mod tests;
mod verify;

pub use archive::{Archive, Captured};
pub use head::Response;
pub use read::{Scan, info_length, scan};
pub(crate) use record::sha256;
pub use record::{Record, RecordKind};
pub use verify::{Verified, verify};

use std::path::PathBuf;

/// Why the archive could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum CaptureError {
    /// A file could not be read or written.
    #[error("{doing} {}: {source}; check that the folder exists, can be written and has room", file.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// The file or folder.
        file: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The bytes at this place are not a whole record of ours.
    #[error("{} at byte {offset}: {reason}", file.display())]
    Broken {
        /// The file.
        file: PathBuf,
        /// Byte offset of the record in it.
        offset: u64,
        /// What is wrong.
        reason: String,
    },
}
