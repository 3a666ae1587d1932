//! One WARC record as bytes, and back.

use std::fmt::Write as _;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// What the block of a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordKind {
    /// An HTTP response with its head (`response`).
    Response,
    /// A file as it lay on the disk (`resource`).
    File {
        /// Whether only its first bytes were read (`WARC-Truncated: length`).
        truncated: bool,
    },
}

impl RecordKind {
    /// The names of the type and of the block's media type.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Response => ("response", "application/http;msgtype=response"),
            Self::File { .. } => ("resource", "application/octet-stream"),
        }
    }
}

/// A `response` or `resource` record: what was fetched or read, with where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// What the block is.
    pub kind: RecordKind,
    /// UUID of the record.
    pub id: String,
    /// When the response was complete.
    pub date: Timestamp,
    /// The source it was fetched for.
    pub source: String,
    /// Address after redirects.
    pub url: String,
    /// What was asked for, as JSON on one line.
    pub request: String,
    /// SHA-256 of the block, lower-case hex.
    pub sha256: String,
    /// SHA-256 over the previous record's chain value and `sha256`, lower-case hex.
    pub chain: String,
    /// Status line, headers and body as received; of a file its bytes.
    pub block: Vec<u8>,
}

/// SHA-256 in lower-case hex.
#[must_use]
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// The chain value that follows `previous`.
#[must_use]
pub(super) fn link(previous: &str, block_sha256: &str) -> String {
    sha256(format!("{previous}\n{block_sha256}").as_bytes())
}

impl Record {
    /// Header and block, ready for a gzip member.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let (kind, media) = self.kind.names();
        let mut head = format!("WARC/1.1\r\nWARC-Type: {kind}\r\n");
        if self.kind == (RecordKind::File { truncated: true }) {
            head.push_str("WARC-Truncated: length\r\n");
        }
        let fields = [
            ("WARC-Record-ID", format!("<urn:uuid:{}>", self.id)),
            ("WARC-Date", self.date.to_string()),
            ("WARC-Target-URI", self.url.clone()),
            ("WARC-Block-Digest", format!("sha256:{}", self.sha256)),
            ("Content-Type", media.to_owned()),
            ("Nightheron-Source", self.source.clone()),
            ("Nightheron-Request", self.request.clone()),
            ("Nightheron-Chain", self.chain.clone()),
            ("Content-Length", self.block.len().to_string()),
        ];
        for (name, value) in fields {
            // A captured address must not be able to begin a header line of its own.
            let value = value.replace(['\r', '\n'], " ");
            write!(head, "{name}: {value}\r\n").ok();
        }
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(&self.block);
        bytes.extend_from_slice(b"\r\n\r\n");
        bytes
    }

    /// Reads a record back; `None` for one of another type (`warcinfo`).
    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Option<Self>, String> {
        let end = bytes.windows(4).position(|w| w == b"\r\n\r\n").ok_or("the record has no end of its header")?;
        let head = std::str::from_utf8(&bytes[..end]).map_err(|_| "the header is not UTF-8")?;
        let field = |name: &str| {
            let line = head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            line.map(str::to_owned).ok_or_else(|| format!("the header has no {name}"))
        };
        if !head.starts_with("WARC/1.1\r\n") {
            return Err("this is no WARC/1.1 record".into());
        }
        let kind = match field("WARC-Type")?.as_str() {
            "response" => RecordKind::Response,
            "resource" => RecordKind::File { truncated: field("WARC-Truncated").is_ok() },
            _ => return Ok(None),
        };
        let length: usize = field("Content-Length")?.parse().map_err(|_| "Content-Length is not a number")?;
        let block = bytes.get(end + 4..end + 4 + length).ok_or("the block is shorter than its Content-Length")?;
        let sha256 = field("WARC-Block-Digest")?.trim_start_matches("sha256:").to_owned();
        let id = field("WARC-Record-ID")?.trim_start_matches("<urn:uuid:").trim_end_matches('>').to_owned();
        Ok(Some(Self {
            kind,
            id,
            date: field("WARC-Date")?.parse().map_err(|_| "WARC-Date is not a time")?,
            source: field("Nightheron-Source")?,
            url: field("WARC-Target-URI")?,
            request: field("Nightheron-Request")?,
            sha256,
            chain: field("Nightheron-Chain")?,
            block: block.to_vec(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(url: &str) -> Record {
        let block = b"HTTP/1.1 200 OK\r\n\r\nbody \xa4\xa4\r\n\r\n".to_vec();
        Record {
            kind: RecordKind::Response,
            id: "0a0b0c0d-0000-4000-8000-000000000001".into(),
            date: Timestamp::UNIX_EPOCH,
            source: "a".into(),
            url: url.into(),
            request: r#"{"title":"台積電"}"#.into(),
            sha256: sha256(&block),
            chain: link("", &sha256(&block)),
            block,
        }
    }

    #[test]
    fn a_record_comes_back_as_it_went() {
        let record = record("http://a.example/");
        assert_eq!(Record::from_bytes(&record.to_bytes()), Ok(Some(record.clone())));
        for truncated in [false, true] {
            let file =
                Record { kind: RecordKind::File { truncated }, url: "file:///drop/a.txt".into(), ..record.clone() };
            assert_eq!(Record::from_bytes(&file.to_bytes()), Ok(Some(file)));
        }
    }

    #[test]
    fn an_address_cannot_forge_a_header() {
        let forged = record("http://a.example/\r\nNightheron-Source: b");
        let read = Record::from_bytes(&forged.to_bytes()).unwrap().unwrap();
        assert_eq!(read.source, "a");
    }

    #[test]
    fn a_cut_record_is_refused() {
        let bytes = record("http://a.example/").to_bytes();
        for end in [0, 10, bytes.len() - 20] {
            assert!(Record::from_bytes(&bytes[..end]).is_err(), "cut at {end}");
        }
    }
}
