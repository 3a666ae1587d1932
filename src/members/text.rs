//! From a file's bytes to text: UTF-8, or a sentence that says how to get there.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, GBK};

use super::errors::Fault;

/// Largest file, in bytes: ten thousand members with a kilobyte each fit with room.
const MAX_BYTES: usize = 16 << 20;

const CONVERT: &str = "save it again as \"CSV UTF-8\" (in Excel: Save As → CSV UTF-8 (Comma delimited)), \
                       or convert it with: iconv -f";

/// The text without its byte order mark.
pub(super) fn decode(bytes: &[u8]) -> Result<&str, Fault> {
    if bytes.len() > MAX_BYTES {
        let mib = MAX_BYTES >> 20;
        return Err(Fault::file(format!("the file has {} bytes, more than {mib} MiB: split it", bytes.len())));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(Fault::file(format!("the file is in UTF-16, and UTF-8 is expected: {CONVERT} UTF-16 -t UTF-8")));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, error.valid_up_to()))
}

fn not_utf8(bytes: &[u8], at: usize) -> Fault {
    // The bytes in front of a wrong one are valid, so line ends among them are line ends.
    let line = Lines::of(&bytes[..at]).line_at(at);
    let (looks, from) = match guess(bytes) {
        Some(name) => (format!("it looks like {name}"), name),
        None => ("it is in another encoding".to_owned(), "BIG5"),
    };
    Fault::line(line, format!("the file is not UTF-8 from here on; {looks}: {CONVERT} {from} -t UTF-8"))
}

/// Name of the encoding for iconv, when it is one that is usual for Chinese.
fn guess(bytes: &[u8]) -> Option<&'static str> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    [(BIG5, "BIG5"), (GBK, "GB18030")].iter().find(|(known, _)| *known == encoding).map(|(_, name)| *name)
}

/// Where the lines of a text begin.
pub(super) struct Lines(Vec<usize>);

impl Lines {
    /// Lines end with `\n`, `\r` or both, as in CSV.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let ends = bytes.iter().enumerate().filter(|&(at, &byte)| match byte {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        });
        Self(ends.map(|(at, _)| at + 1).collect())
    }

    /// The line of a byte, from 1.
    pub(super) fn line_at(&self, offset: usize) -> u64 {
        self.0.partition_point(|&start| start <= offset) as u64 + 1
    }
}
