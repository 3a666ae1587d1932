//! Captures: where the raw bytes of a response lie, with their hash.

use jiff::Timestamp;

/// Identity of a capture: the UUID of its WARC record.
pub type CaptureId = String;

/// A raw response that has been written to a WARC file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCapture {
    /// UUID of the WARC record.
    pub id: CaptureId,
    /// Address after redirects.
    pub url: String,
    /// What was asked for, as JSON written by the crawler; re-extraction starts from it.
    pub request: String,
    /// HTTP status.
    pub status: u16,
    /// When the response was complete.
    pub fetched_at: Timestamp,
    /// WARC file name inside the captures folder.
    pub file: String,
    /// Byte offset of the record's gzip member in the file.
    pub offset: u64,
    /// Length of that member in bytes.
    pub length: u64,
    /// SHA-256 of the record's block, lower-case hex.
    pub sha256: String,
    /// SHA-256 over the previous record's chain value and this hash, lower-case hex.
    pub chain: String,
}

/// A capture with its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capture {
    /// The source it was fetched from.
    pub source: String,
    /// The rest.
    pub capture: NewCapture,
}
